"""``python3 installer krita`` and ``gimp``: what both say and do in the same order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from installer import environment, paths
from installer.console import tell
from installer.errors import InstallerError
from installer.pip import Sources
from installer.plugin_folder import BACKEND


class Place(Protocol):
    """An editor of one kind ("native", "Flatpak", …), and where its plugin lies."""

    @property
    def kind(self) -> str: ...
    @property
    def plugin(self) -> Path: ...
    @property
    def remark(self) -> str: ...


P = TypeVar("P", bound=Place)


def command(
    editor: str,
    places: Sequence[P],
    deploy: Callable[[P, Sequence[str]], None],
    remove: Callable[[P], None],
    *,
    uninstall: bool,
    sources: Sources,
    then: str,
) -> int:
    """Put the plugin into every place, or take it out of each; ``then`` says where it is found in the editor."""
    if not places:
        raise InstallerError(
            f"No {editor} was found. Install it, or start it once if you have it, then run this again; --home DIR names another home."
        )
    if uninstall:
        for place in places:
            remove(place)
            tell(f"Huefill was removed from {editor} ({place.kind}: {place.plugin}).")
        tell(f"The environment stays in {paths.environment_folder()}; delete that folder to remove everything.")
        return 0
    python = environment.prepare(sources)
    for place in places:
        deploy(place, [str(python), *BACKEND])
        tell(f"Huefill was added to {editor} ({place.kind}: {place.plugin}). {place.remark}".rstrip())
    tell(then)
    return 0
