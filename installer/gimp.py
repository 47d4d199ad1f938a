"""``python3 installer gimp``: put the plug-in into GIMP 3, or take it out again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from installer import gimp_places, gimp_shortcuts, into_editor, plugin_folder
from installer.errors import InstallerError
from installer.gimp_places import Place
from installer.pip import Sources
from installer.plugin_folder import PLUGIN, delete, forget_backend, put, tell_backend


def command(home: Path | None, *, uninstall: bool, sources: Sources) -> int:
    places = gimp_places.under_home(home.absolute()) if home else gimp_places.find()
    then = "In GIMP: Filters > Enhance, and Colors. If GIMP is open, close it and start it again: it looks for plug-ins when it starts."
    return into_editor.command("GIMP 3", places, deploy, remove, uninstall=uninstall, sources=sources, then=then)


def deploy(place: Place, backend: Sequence[str], plugin: Path = PLUGIN) -> None:
    """Put the plug-in into ``place``, and tell it that ``backend`` (a program and its arguments) starts the backend.

    Whatever goes wrong, the plug-in that was there before stays there. Raises `InstallerError` where a folder cannot be written.
    """
    try:
        put(plugin / "gimp" / "huefill", plugin, place.plugin, place.profile / ".huefill-new")
        # GIMP takes what it may execute for a plug-in; a copy from a ZIP file may have lost that.
        (place.plugin / "huefill.py").chmod(0o755)
        tell_backend(place.environment_file, backend, place.plugin)
        gimp_shortcuts.propose(place.profile)
    except OSError as problem:
        raise InstallerError(f"The plug-in could not be put into {place.profile}: {problem.strerror}: {problem.filename}") from problem
    if wrong := faults(place, plugin):
        raise InstallerError(f"The plug-in is incomplete after copying: {wrong[0]}")


def remove(place: Place) -> None:
    """Take out what `deploy` has put in; GIMP's other plug-ins and settings stay as they are."""
    try:
        delete(place.plugin)
        gimp_shortcuts.withdraw(place.profile)
        forget_backend(place.environment_file, place.plugin)
    except OSError as problem:
        raise InstallerError(f"The plug-in could not be taken out of {place.profile}: {problem.strerror}: {problem.filename}") from problem


def faults(place: Place, plugin: Path = PLUGIN) -> list[str]:
    """What keeps the deployed plug-in from being this clone's and from being started; empty if nothing does."""
    found = plugin_folder.faults(plugin / "gimp" / "huefill", plugin, place.plugin)
    script = place.plugin / "huefill.py"
    if script.is_file() and not os.access(script, os.X_OK):
        found.append(f"{script} may not be executed")
    if not place.environment_file.is_file():
        found.append(f"{place.environment_file} is missing")
    return found
