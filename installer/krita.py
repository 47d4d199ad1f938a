"""``python3 installer krita``: put the plugin into Krita and enable it, or take it out again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from installer import into_editor, krita_places, kritarc, plugin_folder
from installer.console import tell
from installer.errors import InstallerError
from installer.files import write_whole
from installer.krita_places import Place
from installer.pip import Sources
from installer.plugin_folder import PLUGIN, delete, forget_backend, put, tell_backend


def command(home: Path | None, *, uninstall: bool, sources: Sources) -> int:
    places = [krita_places.under_home(home.absolute())] if home else krita_places.find()
    then = "In Krita: Tools > Scripts > Huefill, and Settings > Dockers > Huefill."
    status = into_editor.command("Krita", places, deploy, remove, uninstall=uninstall, sources=sources, then=then)
    if krita_places.is_running():
        tell("Krita is open: close it and start it again, it reads its plugins when it starts.")
    return status


def deploy(place: Place, backend: Sequence[str], plugin: Path = PLUGIN) -> None:
    """Put the plugin into ``place``, enable it, and tell it that ``backend`` (a program and its arguments) starts the backend.

    Whatever goes wrong, the plugin that was there before stays there. Raises `InstallerError` where a folder cannot be written.
    """
    try:
        put(plugin / "krita" / "huefill_krita", plugin, place.plugin, place.resources / ".huefill-new")
        for source, target in _single_files(place, plugin):
            write_whole(target, source.read_bytes())
        tell_backend(place.environment_file, backend, place.plugin)
        before = kritarc.read(place.config)
        if (after := kritarc.enabled(before)) != before:
            write_whole(place.config, after, 0o600)
    except OSError as problem:
        raise InstallerError(f"The plugin could not be put into {place.resources}: {problem.strerror}: {problem.filename}") from problem
    if wrong := faults(place, plugin):
        raise InstallerError(f"The plugin is incomplete after copying: {wrong[0]}")


def remove(place: Place) -> None:
    """Take out what `deploy` has put in; Krita's other settings and plugins stay as they are."""
    try:
        delete(place.plugin)
        for _, target in _single_files(place, PLUGIN):
            target.unlink(missing_ok=True)
        forget_backend(place.environment_file, place.plugin)
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
    found = plugin_folder.faults(plugin / "krita" / "huefill_krita", plugin, place.plugin, _single_files(place, plugin))
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
