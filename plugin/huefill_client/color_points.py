"""Color points with a selection and undo, and the form in which a document keeps them (Krita: an annotation, GIMP: a parasite)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

# sRGB-encoded, 0 to 255.
Color = tuple[float, float, float]

# The name under which a document keeps its points, in both editors.
KEPT_NAME = "huefill-points"
_VERSION = 2
# A color that a person gave a place, and one that the network chose by itself: both are points, to be moved, colored and deleted.
POINT, ANCHOR = "point", "anchor"


@dataclass(frozen=True)
class ColorPoint:
    """A place and the color that belongs there. ``x``, ``y`` in pixels of the canvas, ``radius`` in pixels, ``id`` as long as it lives.

    ``strength`` in [0, 1] says how much of the color is asked for; the rest is ``base``, the color that was there before any was chosen.
    ``kind`` is `POINT` for a person's own, `ANCHOR` for one that came with a suggestion of colors for the whole picture.
    """

    id: int
    x: float
    y: float
    rgb: Color
    radius: float = 0.0
    strength: float = 1.0
    base: Color | None = None
    kind: str = POINT

    @property
    def asked(self) -> Color:
        """The color that is asked for here."""
        if self.base is None or self.strength >= 1:
            return self.rgb
        red, green, blue = (self.strength * new + (1 - self.strength) * old for new, old in zip(self.rgb, self.base, strict=True))
        return red, green, blue


@dataclass(frozen=True)
class _State:
    points: tuple[ColorPoint, ...] = ()
    selected: int | None = None


class PointHistory:
    """Every method says whether it has changed anything."""

    def __init__(self, points: Iterable[ColorPoint] = ()) -> None:
        self._state = _State(tuple(points))
        self._done: list[_State] = []
        self._undone: list[_State] = []
        self._moving: int | None = None
        self._next = 1 + max((point.id for point in self.points), default=0)

    @property
    def points(self) -> tuple[ColorPoint, ...]:
        return self._state.points

    @property
    def selected(self) -> ColorPoint | None:
        return self.find(self._state.selected)

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def find(self, number: int | None) -> ColorPoint | None:
        """The point of that id."""
        return next((point for point in self.points if point.id == number), None)

    def add(self, x: float, y: float, rgb: Color, radius: float) -> bool:
        """A new point, which is selected; ``rgb`` is the color that is there."""
        point = ColorPoint(self._next, x, y, rgb, radius, base=rgb)
        self._next += 1
        return self._step(_State((*self.points, point), point.id))

    def take_anchors(self, anchors: Iterable[ColorPoint]) -> bool:
        """These anchors instead of the present ones, with new ids; a person's own points stay. One step for undo."""
        own = tuple(point for point in self.points if point.kind != ANCHOR)
        new = tuple(replace(anchor, id=number, kind=ANCHOR) for number, anchor in enumerate(anchors, self._next))
        self._next += len(new)
        if [replace(point, id=0) for point in (*own, *new)] == [replace(point, id=0) for point in self.points]:
            return False
        selected = self._state.selected if any(point.id == self._state.selected for point in own) else None
        return self._step(_State((*own, *new), selected))

    def select(self, number: int | None) -> bool:
        """Select a point, or none; not a step for undo."""
        former, self._state = self._state, replace(self._state, selected=number)
        return former != self._state

    def move(self, number: int, x: float, y: float) -> bool:
        """Move a point and select it; with what was moved before until `settle`, one step for undo."""
        former = self.find(number)
        if former is None or (former.x, former.y) == (x, y):
            return self.select(number)
        return self._pull(former, replace(former, x=x, y=y))

    def settle(self) -> bool:
        """Whatever moved has come to rest."""
        moving, self._moving = self._moving, None
        return moving is not None

    def recolor(self, rgb: Color) -> bool:
        """Give the selected point a color."""
        former = self.selected
        return former is not None and former.rgb != rgb and self._step(self._with(replace(former, rgb=rgb)))

    def adjust(self, *, radius: float | None = None, strength: float | None = None) -> bool:
        """Give the selected point another radius or strength; with what was adjusted before until `settle`, one step for undo."""
        former = self.selected
        if former is None:
            return False
        changed = replace(
            former,
            radius=former.radius if radius is None else max(0.0, radius),
            strength=former.strength if strength is None else min(1.0, max(0.0, strength)),
        )
        return self._pull(former, changed)

    def delete(self, number: int) -> bool:
        """Delete a point; the last of the others is selected in its place if it was the selected one."""
        left = tuple(point for point in self.points if point.id != number)
        selected = self._state.selected if self._state.selected != number else left[-1].id if left else None
        return len(left) < len(self.points) and self._step(_State(left, selected))

    def clear(self) -> bool:
        return bool(self.points) and self._step(_State())

    def undo(self) -> bool:
        return self._exchange(self._done, self._undone)

    def redo(self) -> bool:
        return self._exchange(self._undone, self._done)

    def _pull(self, former: ColorPoint, changed: ColorPoint) -> bool:
        """All changes of one point by a hand that has not let go are one step."""
        if former == changed:
            return False
        state = self._with(changed)
        if self._moving == former.id:
            self._state = state
            return True
        self._step(state)
        self._moving = former.id
        return True

    def _with(self, changed: ColorPoint) -> _State:
        return _State(tuple(changed if point.id == changed.id else point for point in self.points), changed.id)

    def _step(self, state: _State) -> bool:
        self._done.append(self._state)
        self._undone.clear()
        self._state, self._moving = state, None
        return True

    def _exchange(self, source: list[_State], target: list[_State]) -> bool:
        if not source:
            return False
        target.append(self._state)
        self._state, self._moving = source.pop(), None
        return True


def to_kept(points: Iterable[ColorPoint]) -> bytes:
    """The points as a document keeps them."""
    return json.dumps({"version": _VERSION, "points": [asdict(point) for point in points]}).encode()


def from_kept(data: bytes) -> tuple[ColorPoint, ...]:
    """What `to_kept` wrote, or Huefill 0.1 (in Krita a list without ids, in GIMP points without a radius); nothing where it is damaged."""
    try:
        found = json.loads(data or b"[]")
        items = found["points"] if isinstance(found, dict) else found
        if isinstance(found, dict) and found["version"] > _VERSION:
            return ()
        return tuple(_read(item, number) for number, item in enumerate(items, 1))
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def _read(item: Any, number: int) -> ColorPoint:
    base = item.get("base")
    return ColorPoint(
        int(item.get("id", number)),
        float(item["x"]),
        float(item["y"]),
        _color(item["rgb"]),
        float(item.get("radius", 0.0)),
        float(item.get("strength", 1.0)),
        None if base is None else _color(base),
        ANCHOR if item.get("kind") == ANCHOR else POINT,
    )


def _color(values: Any) -> Color:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
