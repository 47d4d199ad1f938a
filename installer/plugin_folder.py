"""A plugin's folder in an editor: put in whole, compared with this clone's, taken out; and the file that tells it how the backend starts.

Both editors' plugins start the same backend by the same file, so the file goes with the last of them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from installer import paths
from installer.files import write_whole

PLUGIN = paths.ROOT / "plugin"
BACKEND = ("-m", "huefill.server", "--managed")
# What every editor's plugin brings along beside itself.
LIBRARIES = ("huefill_protocol", "huefill_client")
_SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


def put(source: Path, plugin: Path, target: Path, staging: Path) -> None:
    """Copy ``source``, with the `LIBRARIES` of ``plugin`` in its lib folder, in place of ``target``; the old one stays if that raises
    `OSError`."""
    try:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.copytree(source, staging, ignore=_SKIPPED)
        for library in LIBRARIES:
            shutil.copytree(plugin / library, staging / "lib" / library, ignore=_SKIPPED)
        target.parent.mkdir(parents=True, exist_ok=True)
        _exchange(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def faults(source: Path, plugin: Path, target: Path, files: Sequence[tuple[Path, Path]] = ()) -> list[str]:
    """What differs between this clone's plugin and the one in ``target``; ``files`` are further ones, by where they come from."""
    pairs = list(files)
    for begin, end in ((source, target), *((plugin / name, target / "lib" / name) for name in LIBRARIES)):
        pairs += [(file, end / file.relative_to(begin)) for file in begin.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    found = [f"{target} is missing" for _, target in pairs if not target.is_file()]
    return found + [
        f"{target} is of another version" for source, target in pairs if target.is_file() and source.read_bytes() != target.read_bytes()
    ]


def delete(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def tell_backend(file: Path, backend: Sequence[str], plugin: Path) -> None:
    """Write into ``file`` that ``backend`` (a program and its arguments) starts the backend, and that ``plugin`` reads it."""
    program, *arguments = backend
    readers = sorted({*_readers(file), str(plugin)})
    description = {"python": program, "arguments": arguments, "root": str(paths.ROOT), "plugins": readers}
    write_whole(file, json.dumps(description, indent=1).encode(), 0o600)


def forget_backend(file: Path, plugin: Path) -> None:
    """Take ``plugin`` from the readers of ``file``; without another that is still there, the file goes, too."""
    if any(os.path.isdir(reader) for reader in _readers(file) if reader != str(plugin)):
        description = json.loads(file.read_text(encoding="utf-8"))
        description["plugins"] = [reader for reader in description["plugins"] if reader != str(plugin)]
        write_whole(file, json.dumps(description, indent=1).encode(), 0o600)
    else:
        file.unlink(missing_ok=True)


def _readers(file: Path) -> list[str]:
    try:
        return [str(reader) for reader in json.loads(file.read_text(encoding="utf-8"))["plugins"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _exchange(fresh: Path, target: Path) -> None:
    """Put the folder ``fresh`` in place of ``target``; the old one is back if that fails, or at the next try if it was cut off."""
    old = fresh.with_name(".huefill-old")
    if old.exists() and not target.exists():
        os.rename(old, target)
    delete(old)
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        os.rename(target, old)
    try:
        os.rename(fresh, target)
    except OSError:
        if old.exists():
            os.rename(old, target)
        raise
    delete(old)
