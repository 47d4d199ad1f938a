"""A backend that answers what a test lets it answer, for the color state of both editors."""

from __future__ import annotations

from typing import Any

from huefill_client.color_changes import Change
from huefill_client.color_hints import Photo, Reference
from huefill_client.coloring import Coloring
from huefill_client.geometry import Rect
from huefill_client.live import Preview
from huefill_client.requests import Job
from huefill_protocol.wire import Tensor

RED, BLUE = (200.0, 30.0, 40.0), (30.0, 40.0, 200.0)
WHOLE = Rect(0, 0, 200, 100)
BEACH = Reference("beach", Tensor("U8", (1, 1, 3), b"\x40\x80\xc0"))


class Live:
    """Stands for the backend: keeps what is asked; ``answer`` and ``refuse`` are called as it would."""

    def __init__(self, session: Any, job: Job, answer: Any, refuse: Any, offer: Any) -> None:
        self.job, self.answer, self.refuse, self.offer = job, answer, refuse, offer
        self.asked: list[dict[str, Any]] = []
        self.closed = False

    def show(self, **hints: Any) -> None:
        self.asked.append(hints)

    def apply(self, on_update: Any, on_end: Any, **hints: Any) -> tuple[Any, Any, dict[str, Any]]:
        return on_update, on_end, hints

    def close(self) -> None:
        self.closed = True


def photo(area: Rect = WHOLE, **more: Any) -> Photo:
    return Photo(None, area, lambda hints: Job("colorize", "Colorize", {"model": hints.network}, {}), **more)  # type: ignore[arg-type]


def told(coloring: Coloring) -> list[Change]:
    heard: list[Change] = []
    for change in Change:
        coloring.listen(lambda change=change: heard.append(change), change)
    return heard


def preview(number: int = 1, **values: Any) -> Preview:
    picture = Tensor("U8", (1, 2, 3), bytes((10, 20, 30, 40, 50, 60)))
    return Preview(number, picture, values.get("palette"), values.get("out_of_gamut", []), values.get("at"))
