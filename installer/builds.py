"""The builds of the environment: each lies in a folder of its own for good, and one name points to the one that is used.

An environment cannot be moved: its programs name its folder. And a backend that runs out of it loads files long after its start. So
a build is never renamed, overwritten or deleted while something uses it. ``.venv`` is a link to the current build, which is exchanged
in one step; the builds lie beside it, in ``.venv-builds``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import gimp_places, krita_places, paths
from installer.console import say
from installer.errors import InstallerError


def current() -> Path:
    """The folder of the environment that is used; the name's own folder where there is none yet, or one made by hand."""
    return Path(os.path.realpath(paths.environment_folder()))


def folder_for(name: str) -> Path:
    """Where the build ``name`` lies, made or not. The name's folder is found through links, so that a build keeps one path."""
    link = paths.environment_folder()
    return Path(os.path.realpath(link.parent)) / f"{link.name}-builds" / name


def check_name() -> None:
    """Raises `InstallerError` where the environment's name is taken by something that is not ours to replace."""
    named = paths.environment_folder()
    if named.is_dir() and any(named.iterdir()) and not (named / "pyvenv.cfg").exists():
        raise InstallerError(f"{named} holds other things. Name an empty or new folder for the environment: HUEFILL_ENV=DIR.")


def use(build: Path) -> None:
    """Let the environment's name point to ``build``.

    An environment that stands there as a folder (by hand, or by an earlier version) is put among the builds, unless a program of it runs:
    then the name stays for now, and the next run of the installer tries again.
    """
    link = paths.environment_folder()
    if os.path.realpath(link) == str(build):
        return
    try:
        if _is_link(link):
            _unlink_on_windows(link)
        elif link.is_dir() and any(link.iterdir()):
            if is_in_use(link):
                say(f"  {link} still is the environment before: a program of it is running. The next run of the installer exchanges it.")
                return
            shutil.rmtree(build.parent / "before", ignore_errors=True)
            os.rename(link, build.parent / "before")
        elif link.is_dir():
            link.rmdir()
        _point(link, build)
    except OSError as problem:
        raise InstallerError(
            f"{link} cannot be exchanged: {problem.strerror}. Close what uses it and run the same command again."
        ) from None


def delete_old(kept: Path) -> None:
    """Delete every build but ``kept`` that no plugin starts and no running program uses."""
    started = [str(Path(program)) for program in _started_by_plugins()]
    for build in kept.parent.iterdir() if kept.parent.is_dir() else ():
        if build == kept or not build.is_dir():
            continue
        if any(program.startswith(str(build) + os.sep) for program in started) or is_in_use(build):
            say(f"  The environment before stays in {build}: it is still in use.")
            continue
        doomed = build.with_name(build.name + ".old")
        with contextlib.suppress(OSError):  # on Windows a folder of which a file is open can't be renamed: it is in use
            os.rename(build, doomed)
            shutil.rmtree(doomed, ignore_errors=True)


def is_in_use(folder: Path) -> bool:
    """Whether a running program was started from ``folder`` or has loaded something of it, as far as this system tells."""
    inside = str(folder) + os.sep
    if sys.platform == "win32":
        return False
    if not Path("/proc/self/cmdline").exists():
        listed = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, errors="replace", check=False)
        return inside in listed.stdout
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal() or process.name == str(os.getpid()):
            continue
        for file in ("cmdline", "maps"):
            with contextlib.suppress(OSError):
                # The first word of a command line stands at its beginning, a loaded file behind a blank.
                told = (process / file).read_bytes().decode(errors="replace")
                if told.startswith(inside) or (" " + inside) in told or ("\0" + inside) in told:
                    return True
    return False


def _started_by_plugins() -> list[str]:
    """The Python that each deployed plugin starts the backend with."""
    paths.use_protocol()
    from huefill_protocol import locations

    files = [locations.environment_file(), *(place.environment_file for place in krita_places.find())]
    files += [place.environment_file for place in gimp_places.find()]
    found = []
    for file in files:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            found.append(str(json.loads(file.read_text(encoding="utf-8"))["python"]))
    return found


def _is_link(path: Path) -> bool:
    # A junction is no symbolic link for Python, but its real path is another.
    return path.is_symlink() or (path.exists() and os.path.realpath(path) != str(Path(os.path.realpath(path.parent)) / path.name))


def _unlink_on_windows(link: Path) -> None:
    if sys.platform == "win32":
        os.rmdir(link)


def _point(link: Path, build: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        import _winapi

        _winapi.CreateJunction(str(build), str(link))  # symbolic links need a privilege there, junctions do not
        return
    fresh = link.with_name(link.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(build)
    os.replace(fresh, link)
