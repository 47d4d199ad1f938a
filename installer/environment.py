"""The environment: a build made from the lock files, and gone on with where it stopped if that was interrupted.

Only the stamp says what of an environment is whole. It is written last, and a part is struck from it before that part is changed, so a
half-made environment is never trusted: the next run looks for damaged packages, removes them, and lets pip go on. An environment that
is whole is used whatever Python starts the installer. Another one is made beside it (`builds`), which takes its place once it works.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from installer import builds, hardware, locks, paths, system_packages
from installer.console import say, step
from installer.errors import InstallerError
from installer.files import write_whole
from installer.pip import NoSuchBuild, Pip, Sources, clean_environment

NEWEST_PYTHON = (3, 14)
NEEDED_BYTES = {"cpu": 2_500_000_000, "cuda": 8_000_000_000}
CUDA_DOWNLOAD = "about 2.2 GB"

# Removes every distribution whose files are not all there, so that pip installs it again. Runs inside the environment.
REMOVE_DAMAGED = """
import importlib.metadata, pathlib, shutil
for found in importlib.metadata.distributions():
    folder = pathlib.Path(found._path)
    record = folder / "RECORD"
    whole = record.exists() and found.files is not None and all(
        item.locate().exists() and (item.size is None or item.locate().stat().st_size == item.size) for item in found.files
    )
    if not whole and folder.name.endswith(".dist-info"):
        print(folder.name.split("-")[0])
        shutil.rmtree(folder)
"""
# What must import before an environment is called whole; prints which build of torch it has.
TRY_OUT = (
    "import cv2, numpy, onnxruntime, scipy, starlette, torch, huefill, huefill_client, huefill_protocol; print(torch.version.cuda or 'cpu')"
)
# Which build of torch came; read without importing it, because a CUDA build cannot be imported before its libraries are there.
TORCH_BUILD = """
import importlib.util, pathlib, runpy
folder = pathlib.Path(importlib.util.find_spec("torch").origin).parent
print(runpy.run_path(folder / "version.py")["cuda"] or "cpu")
"""


def prepare(sources: Sources | None = None, *, tests: bool = False) -> Path:
    """Make the environment if it is not there, whole and of this lock; return its Python. Seconds where nothing is to be done."""
    parts = fingerprints(hardware.accelerator())
    if not tests:
        del parts["test"]
    sources, folder = sources or Sources(), builds.current()
    if not is_whole(folder, parts, among=("base", "runtime")):
        folder = _build(parts, sources)
    if not is_whole(folder, parts):
        _bring_up_to_date(folder, parts, sources)
        say(f"The environment is ready: {folder}")
    return paths.python(folder)


def fingerprints(build: str) -> dict[str, str]:
    """What an environment must have been made from to be used, by its parts.

    A change of ``base`` (the machine's kind, the place of this folder, the kind of build) or ``runtime`` (exact versions of packages) needs
    another environment; ``project`` and ``test`` are brought up to date in the one that is there. The Python that starts the installer is
    none of them: an environment has its own.
    """
    base = "|".join([sys.platform, platform.machine(), str(paths.ROOT), build])
    runtime = (locks.BOOTSTRAP, locks.TORCH, locks.TORCH_CPU, locks.CUDA, locks.RUNTIME, locks.ONNXRUNTIME[build])
    return {"base": base, "runtime": locks.digest(*runtime), "project": _project(), "test": locks.digest(locks.TEST)}


def _project() -> str:
    """Of pyproject.toml, what an installation depends on: not the settings of linters and tests."""
    text = (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    tables = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    kept = [table for table in tables if re.match(r"\[(project|build-system|tool\.setuptools)\b", table)]
    return hashlib.sha256("".join(kept).encode()).hexdigest()


def stamp_file(folder: Path) -> Path:
    return folder / "huefill.json"


def read_stamp(folder: Path) -> dict[str, Any]:
    """What the environment was made from; empty if there is none, or if it was never finished."""
    try:
        stamp = json.loads(stamp_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def is_whole(folder: Path, wanted: dict[str, str], among: tuple[str, ...] = ("base", "runtime", "project", "test")) -> bool:
    """Whether the environment in ``folder`` runs and was made from what is ``wanted``, as far as its parts ``among`` go."""
    stamp = read_stamp(folder)
    same = all(stamp.get(part) == value for part, value in wanted.items() if part in among)
    # An environment works where it was made, and nowhere else.
    return same and stamp.get("folder") == str(folder) and _runs(folder)


def _check_python() -> None:
    if sys.version_info[:2] > NEWEST_PYTHON:
        raise InstallerError(
            f"This is Python {sys.version.split()[0]}, for which there is no torch yet. "
            f"Start the installer with Python 3.10 to {NEWEST_PYTHON[0]}.{NEWEST_PYTHON[1]}."
        )
    if sys.maxsize < 2**32:
        raise InstallerError("This is a 32-bit Python, for which there is no torch. Start the installer with a 64-bit one.")


def _build(parts: dict[str, str], sources: Sources) -> Path:
    """An environment of its own for this Python and these locks, made beside the one in use, which it replaces once it works."""
    _check_python()
    builds.check_name()
    made_by = "|".join([parts["base"], parts["runtime"], sys.version.split()[0], os.path.realpath(sys.executable)])
    version = ".".join(str(number) for number in sys.version_info[:2])
    folder = builds.folder_for(f"python{version}-{hashlib.sha256(made_by.encode()).hexdigest()[:8]}")
    if not is_whole(folder, parts, among=("base", "runtime")):
        _make(folder, parts, sources, made_by)
    builds.use(folder)
    builds.delete_old(folder)
    return folder


def _make(folder: Path, parts: dict[str, str], sources: Sources, made_by: str) -> None:
    build = parts["base"].split("|")[-1]
    stamp_file(folder).unlink(missing_ok=True)
    _check_room(folder, build)
    # Written between the making of a bare environment and the first package: from here on an interrupted run is gone on with.
    begun = folder / "huefill-begun.txt"
    if _text(begun) == made_by and _runs(folder, "-m", "pip", "--version"):
        _remove_damaged(folder)
    else:
        with step(f"Making an environment in {folder}"):
            _create(folder)
            begun.write_text(made_by, encoding="utf-8")
    pip = Pip(paths.python(folder), folder / "pip.log", sources)
    with step("Installing pip and setuptools"):
        pip.install("-r", str(locks.BOOTSTRAP))
    with step(f"Installing torch ({'CUDA' if build == 'cuda' else 'CPU'} build, if there is one)"):
        _install_torch(pip, build)
    if (came := _ask(folder, TORCH_BUILD)) != "cpu":
        why = (
            ""
            if build == "cuda"
            else " There is no NVIDIA driver here, but no CPU build for this Python was found (--wheels or --index may name one)."
        )
        _check_room(folder, "cuda")
        with step(f"Installing the CUDA {came} libraries that this build of torch needs, {CUDA_DOWNLOAD} to download.{why}"):
            pip.install("--no-deps", "-r", str(locks.CUDA))
    with step("Installing what Huefill runs on"):
        pip.install("-r", str(locks.RUNTIME), "-r", str(locks.ONNXRUNTIME[build]), "--no-deps")
    _install_project(pip)
    with step("Trying it out"):
        _ask(folder, TRY_OUT)
    made = {part: parts[part] for part in ("base", "runtime", "project")}
    _write_stamp(folder, made | {"folder": str(folder), "torch": came, "python": sys.version.split()[0]})


def _bring_up_to_date(folder: Path, parts: dict[str, str], sources: Sources) -> None:
    """Install anew what differs of an environment whose packages are those of the lock: Huefill itself, and what the tests need."""
    stamp = read_stamp(folder)
    changed = [part for part in ("project", "test") if part in parts and stamp.get(part) != parts[part]]
    _write_stamp(folder, {part: value for part, value in stamp.items() if part not in changed})
    pip = Pip(paths.python(folder), folder / "pip.log", sources)
    if "test" in changed:
        with step("Installing what the tests need"):
            again = [locks.RUNTIME, locks.TEST] if _remove_damaged(folder) else [locks.TEST]
            pip.install(*(word for lock in again for word in ("-r", str(lock))), "--no-deps")
    if "project" in changed:
        _install_project(pip)
    _write_stamp(folder, stamp | {part: parts[part] for part in changed})


def _install_project(pip: Pip) -> None:
    with step("Installing Huefill itself, from this folder"):
        pip.run("install", "--no-input", "--no-deps", "--no-index", "--no-build-isolation", "--editable", str(paths.ROOT))
        pip.run("check")


def _create(folder: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        system_packages.install(["python3-venv"], "this Python lacks its module for environments (venv)")
    done = subprocess.run(
        [sys.executable, "-I", "-m", "venv", "--clear", str(folder)], capture_output=True, text=True, env=clean_environment(), check=False
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise InstallerError(f"The environment could not be made in {folder}: {said[-1] if said else 'Python said nothing'}")


def _install_torch(pip: Pip, build: str) -> None:
    # One lock cannot serve both: among files of a version pip prefers those whose hash the index tells, so a CPU build
    # in a folder of wheels would never be taken.
    first, second = (locks.TORCH, locks.TORCH_CPU) if build == "cuda" else (locks.TORCH_CPU, locks.TORCH)
    try:
        pip.install("--no-deps", "-r", str(first))
    except NoSuchBuild:
        pip.install("--no-deps", "-r", str(second))


def _remove_damaged(folder: Path) -> bool:
    """Whether there was something damaged, so that it has to be installed again."""
    damaged = _ask(folder, REMOVE_DAMAGED).split()
    if damaged:
        say(f"  An earlier run was interrupted; these are installed again: {', '.join(damaged)}")
    return bool(damaged)


def _check_room(folder: Path, build: str) -> None:
    there = folder
    while not there.exists():
        there = there.parent
    used = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) if folder.exists() else 0
    free = shutil.disk_usage(there).free
    if free + used < NEEDED_BYTES[build]:
        raise InstallerError(
            f"The disk of {there} has {free / 1e9:.1f} GB left and about {(NEEDED_BYTES[build] - used) / 1e9:.1f} GB are needed. "
            "Make room, or choose another place for the environment: HUEFILL_ENV=DIR."
        )


def _runs(folder: Path, *arguments: str) -> bool:
    try:
        command = [str(paths.python(folder)), "-I", *(arguments or ("-c", ""))]
        return subprocess.run(command, capture_output=True, env=clean_environment(), check=False).returncode == 0
    except OSError:
        return False


def _ask(folder: Path, code: str) -> str:
    done = subprocess.run(
        [str(paths.python(folder)), "-I", "-c", code], capture_output=True, text=True, env=clean_environment(), check=False
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise InstallerError(
            f"The environment does not work: {said[-1] if said else 'it said nothing'}. Delete {folder} and run the command again."
        )
    return done.stdout.strip()


def _write_stamp(folder: Path, stamp: dict[str, str]) -> None:
    write_whole(stamp_file(folder), json.dumps(stamp, indent=1).encode())
