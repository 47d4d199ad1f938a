"""What keys do over the docker's picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..qt import Qt, QtCore

if TYPE_CHECKING:
    from .picture import Picture

_Key = Qt.Key
_ARROWS = {_Key.Key_Left: (-1, 0), _Key.Key_Right: (1, 0), _Key.Key_Up: (0, -1), _Key.Key_Down: (0, 1)}
_CROSS_STEP = 4  # it has the whole picture to cross
# How the picture is used, in words.
HELP = (
    "Click: a point. Drag: move it. Right click or Delete: remove it. Wheel: closer. Middle button or Space: move the picture. "
    "Keys: arrows move the point, or a cross where none is selected; Enter places one; N selects the next, Escape none; 1 to 9 take a "
    "likely color; B, held, shows the photo before; S splits the picture into before and after, comma and full stop move the line; "
    "+ − 0 zoom; Ctrl+Z undoes a change of the points. A round point is yours, a diamond came with a suggestion."
)


class Keys:
    """Over ``picture``."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._holds_before = False

    def act_of(self, event: Any) -> Callable[[], Any] | None:
        """What a key does here, or None."""
        key, coloring, picture = event.key(), self._picture.studio.coloring, self._picture
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            redo = key == _Key.Key_Y or (key == _Key.Key_Z and far > 1)
            return coloring.redo if redo else coloring.undo if key == _Key.Key_Z else None
        acts: dict[Any, Callable[[], Any]] = {
            _Key.Key_Space: lambda: setattr(picture, "space", True),
            _Key.Key_B: self._hold_before,
            _Key.Key_S: lambda: picture.divide(not picture.comparison.divided),
            _Key.Key_Comma: lambda: self._move_line(-1),
            _Key.Key_Period: lambda: self._move_line(1),
            _Key.Key_Plus: lambda: picture.zoom(1),
            _Key.Key_Minus: lambda: picture.zoom(-1),
            _Key.Key_0: lambda: picture.zoom(0),
        }
        if picture.takes_points:
            acts |= {arrow: lambda by=by: self._step(far * by[0], far * by[1]) for arrow, by in _ARROWS.items()}
            acts |= {_Key.Key_Return: self._place, _Key.Key_Enter: self._place, _Key.Key_N: self._next}
            acts |= {_Key.Key_Escape: lambda: coloring.select(None), _Key.Key_Delete: self._delete, _Key.Key_Backspace: self._delete}
            acts |= {getattr(_Key, f"Key_{number}"): lambda number=number: self._take(number) for number in range(1, 10)}
        return acts.get(key)

    def released(self, key: Any) -> bool:
        """A key was let go of; whether that means something here."""
        if key == _Key.Key_Space:
            self._picture.space = False
        elif key == _Key.Key_B:
            self.forget()
        elif key in _ARROWS:
            self._picture.studio.coloring.settle()
        else:
            return False
        return True

    def forget(self) -> None:
        """No key is held any more."""
        if self._holds_before:
            self._holds_before = False
            self._picture.show_before(False)

    def _hold_before(self) -> None:
        self._holds_before = True
        self._picture.show_before(True)

    def _move_line(self, steps: int) -> None:
        self._picture.comparison.step(steps)
        self._picture.update()

    def _step(self, x: float, y: float) -> None:
        """Move the selected point by pixels of the screen, or the cross where none is selected."""
        picture = self._picture
        selected = picture.studio.coloring.selected
        if selected is not None:
            to = picture.spot(selected) + QtCore.QPointF(x, y)
        else:
            to = (picture.cross or QtCore.QPointF(picture.rect().center())) + _CROSS_STEP * QtCore.QPointF(x, y)
        where = picture.pixel(to)
        if where is None:
            return
        if selected is not None:
            picture.studio.coloring.move(selected.id, *where)
        else:
            picture.cross = to
            picture.update()

    def _place(self) -> None:
        picture = self._picture
        where = picture.pixel(picture.cross or QtCore.QPointF(picture.rect().center()))
        if where is not None:
            picture.cross = None
            picture.studio.coloring.place(*where)

    def _next(self) -> None:
        points, selected = self._picture.studio.coloring.points, self._picture.studio.coloring.selected
        if points:
            number = -1 if selected is None else points.index(selected)
            self._picture.studio.coloring.select(points[(number + 1) % len(points)].id)

    def _delete(self) -> None:
        selected = self._picture.studio.coloring.selected
        if selected is not None:
            self._picture.studio.coloring.delete(selected.id)

    def _take(self, number: int) -> None:
        likely = self._picture.studio.coloring.suggestions
        if number <= len(likely):
            red, green, blue = likely[number - 1].rgb
            self._picture.studio.coloring.recolor((float(red), float(green), float(blue)))
