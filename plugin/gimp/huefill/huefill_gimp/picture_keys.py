"""What keys do over the picture: all that a hand can do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gi.repository import Gdk

from huefill_client.geometry import Rect

if TYPE_CHECKING:
    from .picture import Picture

_ARROWS = {Gdk.KEY_Left: (-1, 0), Gdk.KEY_Right: (1, 0), Gdk.KEY_Up: (0, -1), Gdk.KEY_Down: (0, 1)}
_CROSS_STEP = 4  # it has the whole picture to cross
# How the picture is used, in words.
HELP = (
    "Click: a point. Drag: move it. Right click or Delete: remove it. Wheel: closer. Middle button: move the picture. Keys: arrows move "
    "the point, or a cross where none is selected; P sets one; N selects the next, U none; 1 to 9 take a likely color; B, while it is "
    "held, shows the photo before; S splits it by a line to drag, before on its left (comma and full stop move it, too); + − 0 zoom; "
    "Ctrl+Z undoes a change of the points."
)


class Keys:
    """Over ``picture``."""

    def __init__(self, picture: Picture) -> None:
        self._picture, self._coloring = picture, picture.coloring
        mask = Gdk.EventMask
        picture.box.add_events(mask.KEY_PRESS_MASK | mask.KEY_RELEASE_MASK | mask.FOCUS_CHANGE_MASK)
        for signal, act in (
            ("key-press-event", self._pressed),
            ("key-release-event", self._released),
            ("focus-in-event", self._focus),
            ("focus-out-event", self._focus),
        ):
            picture.box.connect(signal, act)

    def _focus(self, _box: Any, _event: Any) -> bool:
        self._picture.redraw()
        return False

    def _pressed(self, _box: Any, event: Any) -> bool:
        act = self._act_of(event)
        if act is not None:
            act()
        return act is not None

    def _released(self, _box: Any, event: Any) -> bool:
        if event.keyval in (Gdk.KEY_b, Gdk.KEY_B):
            self._picture.show_before(False)
        elif event.keyval in _ARROWS:
            self._coloring.settle()
        return False

    def _act_of(self, event: Any) -> Callable[[], Any] | None:
        """What a key does here, or None."""
        key, coloring, picture = event.keyval, self._coloring, self._picture
        far = bool(event.state & Gdk.ModifierType.SHIFT_MASK)
        if event.state & Gdk.ModifierType.CONTROL_MASK:
            again = key in (Gdk.KEY_y, Gdk.KEY_Y) or (far and key in (Gdk.KEY_z, Gdk.KEY_Z))
            return coloring.redo if again else coloring.undo if key in (Gdk.KEY_z, Gdk.KEY_Z) else None
        if event.state & Gdk.ModifierType.MOD1_MASK:
            return None
        acts: dict[int, Callable[[], Any]] = {Gdk.KEY_b: lambda: picture.show_before(True), Gdk.KEY_0: lambda: picture.zoom(0)}
        acts |= {key: lambda: picture.zoom(1) for key in (Gdk.KEY_plus, Gdk.KEY_KP_Add)}
        acts |= {key: lambda: picture.zoom(-1) for key in (Gdk.KEY_minus, Gdk.KEY_KP_Subtract)}
        acts |= {Gdk.KEY_s: lambda: picture.divide(not picture.comparison.divided)}
        if picture.comparison.divided:
            acts |= {Gdk.KEY_comma: lambda: self._step_line(-1), Gdk.KEY_period: lambda: self._step_line(1)}
        if picture.pointed and coloring.picture is not None:
            way = 10 if far else 1
            acts |= {arrow: lambda by=by: self._step(way * by[0], way * by[1]) for arrow, by in _ARROWS.items()}
            acts |= {Gdk.KEY_p: self._place, Gdk.KEY_n: self._next, Gdk.KEY_u: lambda: coloring.select(None)}
            acts |= {Gdk.KEY_Delete: self._delete, Gdk.KEY_BackSpace: self._delete}
            acts |= {Gdk.KEY_1 + number: lambda number=number: self._take(number) for number in range(9)}
        return acts.get(key)

    def _step_line(self, steps: int) -> None:
        self._picture.comparison.step(steps)
        self._picture.redraw()

    def _step(self, x: float, y: float) -> None:
        """Move the selected point by pixels of the photo, or the cross by some of the screen where none is selected."""
        selected, picture = self._coloring.selected, self._picture
        if selected is not None:
            moved = Rect(int(selected.x + x), int(selected.y + y), 1, 1) if selected.x + x >= 0 <= selected.y + y else None
            if moved is not None and picture.area.contains(moved):
                self._coloring.move(selected.id, moved.x, moved.y)
            return
        at = picture.cross or picture.middle
        then = at[0] + _CROSS_STEP * x, at[1] + _CROSS_STEP * y
        if picture.view.to_photo(*then) is not None:
            picture.cross = then
            picture.redraw()

    def _place(self) -> None:
        where = self._picture.pixel(*(self._picture.cross or self._picture.middle))
        if where is not None:
            self._picture.cross = None
            self._coloring.place(*where)

    def _next(self) -> None:
        points, selected = self._coloring.points, self._coloring.selected
        if points:
            self._coloring.select(points[(-1 if selected is None else points.index(selected)) + 1 - len(points)].id)

    def _delete(self) -> None:
        if self._coloring.selected is not None:
            self._coloring.delete(self._coloring.selected.id)

    def _take(self, number: int) -> None:
        likely = self._coloring.suggestions
        if number < len(likely):
            red, green, blue = likely[number].rgb
            self._coloring.recolor((float(red), float(green), float(blue)))
