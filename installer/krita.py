"""``python3 installer krita``: put the plugin into Krita and enable it, or take it out again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from installer import environment, krita_places, kritarc, paths
from installer.console import tell
from installer.errors import InstallerError
from installer.files import write_whole
from installer.krita_places import Place
from installer.pip import Sources

PLUGIN = paths.ROOT / "plugin"
BACKEND = ("-m", "huefill.server", "--managed")
_SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


def command(home: Path | None, *, uninstall: bool, sources: Sources) -> int:
    places = [krita_places.under_home(home.absolute())] if home else krita_places.find()
    if not places:
        raise InstallerError(
            "No Krita was found. Install it, or start it once if you have it, then run this again; --home DIR names another home."
        )
    if uninstall:
        for place in places:
            remove(place)
            tell(f"Huefill is out of Krita ({place.kind}: {place.resources}).")
        tell(f"The environment stays in {paths.environment_folder()}; delete this folder to be rid of everything.")
    else:
        python = environment.prepare(sources)
        for place in places:
            deploy(place, [str(python), *BACKEND])
            tell(f"Huefill is in Krita ({place.kind}: {place.resources}). {place.remark}".rstrip())
        tell("In Krita: Tools > Scripts > Huefill, and Settings > Dockers > Huefill.")
    if krita_places.is_running():
        tell("Krita is open: close it and start it again, it reads its plugins when it starts.")
    return 0


def deploy(place: Place, backend: Sequence[str], plugin: Path = PLUGIN) -> None:
    """Put the plugin into ``place``, enable it, and tell it that ``backend`` (a program and its arguments) starts the backend.

    Whatever goes wrong, the plugin that was there before stays there. Raises `InstallerError` where a folder cannot be written.
    """
    staging = place.resources / ".huefill-new"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.copytree(plugin / "krita" / "huefill_krita", staging, ignore=_SKIPPED)
        shutil.copytree(plugin / "huefill_client", staging / "lib" / "huefill_client", ignore=_SKIPPED)
        place.plugin.parent.mkdir(parents=True, exist_ok=True)
        _exchange(staging, place.plugin)
        for source, target in _single_files(place, plugin):
            write_whole(target, source.read_bytes())
        program, *arguments = backend
        description = {"python": program, "arguments": arguments, "root": str(paths.ROOT)}
        write_whole(place.environment_file, json.dumps(description, indent=1).encode(), 0o600)
        before = kritarc.read(place.config)
        if (after := kritarc.enabled(before)) != before:
            write_whole(place.config, after, 0o600)
    except OSError as problem:
        raise InstallerError(f"The plugin could not be put into {place.resources}: {problem.strerror}: {problem.filename}") from problem
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    if wrong := faults(place, plugin):
        raise InstallerError(f"The plugin is not whole after copying: {wrong[0]}")


def remove(place: Place) -> None:
    """Take out what `deploy` has put in; Krita's other settings and plugins stay as they are."""
    try:
        _delete(place.plugin)
        for _, target in _single_files(place, PLUGIN):
            target.unlink(missing_ok=True)
        place.environment_file.unlink(missing_ok=True)
        before = kritarc.read(place.config)
        after = kritarc.disabled(before)
        if before and not after:
            place.config.unlink()
        elif after != before:
            write_whole(place.config, after, 0o600)
    except OSError as problem:
        raise InstallerError(f"The plugin could not be taken out of {place.resources}: {problem.strerror}: {problem.filename}") from problem


def faults(place: Place, plugin: Path = PLUGIN) -> list[str]:
    """What keeps the deployed plugin from being this clone's, enabled; empty if nothing does."""
    folders = {plugin / "krita" / "huefill_krita": place.plugin, plugin / "huefill_client": place.plugin / "lib" / "huefill_client"}
    pairs = _single_files(place, plugin)
    for source, target in folders.items():
        pairs += [
            (file, target / file.relative_to(source)) for file in source.rglob("*") if file.is_file() and "__pycache__" not in file.parts
        ]
    found = [f"{target} is missing" for _, target in pairs if not target.is_file()]
    found += [
        f"{target} is of another version" for source, target in pairs if target.is_file() and source.read_bytes() != target.read_bytes()
    ]
    if not kritarc.is_enabled(kritarc.read(place.config)):
        found.append(f"the plugin is not enabled in {place.config}")
    if not place.environment_file.is_file():
        found.append(f"{place.environment_file} is missing")
    return found


def _single_files(place: Place, plugin: Path) -> list[tuple[Path, Path]]:
    return [
        (plugin / "krita" / "huefill_krita.desktop", place.resources / "pykrita" / "huefill_krita.desktop"),
        (plugin / "krita" / "huefill_krita.action", place.resources / "actions" / "huefill_krita.action"),
    ]


def _exchange(fresh: Path, target: Path) -> None:
    """Put the folder ``fresh`` in place of ``target``; the old one is back if that fails, or at the next try if it was cut off."""
    old = fresh.with_name(".huefill-old")
    if old.exists() and not target.exists():
        os.rename(old, target)
    _delete(old)
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
    _delete(old)


def _delete(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
