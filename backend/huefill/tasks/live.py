"""What a task that can be worked at live gives the server: a photo that is prepared once, previews of it, and the job for the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from huefill.imaging.pixels import Array
from huefill.runtime.progress import Progress
from huefill.tasks.contract import Context, Result


@dataclass(frozen=True)
class Preview:
    """A quick picture of what the job would make: ``tensors`` and JSON ``values`` as the task's client knows them."""

    tensors: Mapping[str, Array]
    values: Mapping[str, Any]


class LivePhoto(Protocol):
    """An open photo. Threads may use it at once. Everything raises `HuefillError` for what cannot be done."""

    @property
    def hints_kind(self) -> type[Any]:
        """A frozen dataclass as `huefill.tasks.contract.Request`: what `preview` and `apply` take."""
        ...

    @property
    def picture_kind(self) -> type[Any]:
        """The same of what `add_picture` takes."""
        ...

    @property
    def bytes(self) -> int:
        """What it holds in memory, pictures included."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the client is told when the photo is open; JSON-serialisable."""
        ...

    def add_picture(self, picture: Any) -> str:
        """Make a picture ready once, for hints that name it by what this returns."""
        ...

    def preview(self, hints: Any, progress: Progress) -> Preview:
        """The photo under these hints."""
        ...

    def apply(self, hints: Any) -> Callable[[Context], Result]:
        """The work that makes the photo under these hints at full resolution; it needs nothing more of the session."""
        ...
