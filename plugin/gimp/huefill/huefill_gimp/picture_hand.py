"""What a hand does to the picture: sets, moves and removes points, drags the line between before and after, looks closer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gi.repository import Gdk

from . import marks

if TYPE_CHECKING:
    from .picture import Picture


class Hand:
    """Over ``picture``."""

    def __init__(self, picture: Picture) -> None:
        self._picture, self._coloring = picture, picture.coloring
        self._dragged: int | None = None
        self._panned: tuple[float, float] | None = None
        mask = Gdk.EventMask
        picture.box.add_events(mask.BUTTON_PRESS_MASK | mask.BUTTON_RELEASE_MASK | mask.POINTER_MOTION_MASK | mask.SCROLL_MASK)
        for signal, act in (
            ("button-press-event", self._pressed),
            ("motion-notify-event", self._moved),
            ("button-release-event", self._released),
            ("scroll-event", self._scrolled),
        ):
            picture.box.connect(signal, act)

    def _pressed(self, box: Any, event: Any) -> bool:
        box.grab_focus()
        if event.type != Gdk.EventType.BUTTON_PRESS:
            return True
        if event.button == 2:
            self._panned = event.x, event.y
            return True
        near = self._near(event.x, event.y)
        if near is None and event.button == 1 and self._picture.comparison.grab(event.x, event.y):
            return True
        if not self._picture.pointed:
            return True
        where, self._picture.cross = self._picture.pixel(event.x, event.y), None
        if event.button == 3 and near is not None:
            self._coloring.delete(near)
        elif event.button == 1 and near is not None:
            self._coloring.select(near)
            self._dragged = near
        elif event.button == 1 and where is not None and self._coloring.picture is not None:
            self._coloring.place(*where)
            self._dragged = None if self._coloring.selected is None else self._coloring.selected.id
        return True

    def _near(self, x: float, y: float) -> int | None:
        """The id of the point there, the uppermost first."""
        points = reversed(self._coloring.points if self._picture.pointed else ())
        return next((point.id for point in points if marks.near(self._picture.spot(point), x, y)), None)

    def _moved(self, _box: Any, event: Any) -> bool:
        picture = self._picture
        if self._panned is not None:
            picture.view.drag(event.x - self._panned[0], event.y - self._panned[1])
            self._panned = event.x, event.y
            picture.redraw()
        elif picture.comparison.pull(event.x):
            picture.redraw()
        elif self._dragged is None:
            picture.point_to(event.x, event.y)
        elif (where := picture.pixel(event.x, event.y)) is not None:
            self._coloring.move(self._dragged, *where)
        return True

    def _released(self, _box: Any, _event: Any) -> bool:
        self._panned = self._dragged = None
        self._picture.comparison.let_go()
        self._coloring.settle()
        return True

    def _scrolled(self, _box: Any, event: Any) -> bool:
        steps = {Gdk.ScrollDirection.UP: 1, Gdk.ScrollDirection.DOWN: -1}.get(event.direction, 0)
        if steps:
            self._picture.view.closer(steps, (event.x, event.y))
            self._picture.looked()
        return True
