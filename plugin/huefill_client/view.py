"""Where a photo lies in a widget that shows it, closer or whole: the same in both editors. Knows no toolkit; places are (x, y)."""

from __future__ import annotations

from typing import NamedTuple

_CLOSEST = 16.0  # pixels of the screen for one of the photo
_STEP = 1.25

Place = tuple[float, float]


class Frame(NamedTuple):
    """The whole photo in the widget's pixels."""

    x: float
    y: float
    width: float
    height: float


class View:
    """``zoom`` 1 shows the whole photo."""

    def __init__(self) -> None:
        self.zoom = 1.0
        # The place of the photo (0..1, 0..1) that is in the widget's middle.
        self._middle: Place = (0.5, 0.5)
        self._size: Place = (1.0, 1.0)
        self._photo = (0, 0)

    def fit(self) -> None:
        """Show the whole photo."""
        self.zoom, self._middle = 1.0, (0.5, 0.5)

    def lay_out(self, widget: tuple[int, int], photo: tuple[int, int]) -> None:
        """The sizes (width, height) of the widget and of the photo in pixels; another photo is shown whole."""
        if photo != self._photo:
            self._photo = photo
            self.fit()
        self._size = float(max(1, widget[0])), float(max(1, widget[1]))

    @property
    def scale(self) -> float:
        """Pixels of the screen for one of the photo."""
        across, down = self._photo
        return self.zoom * min(self._size[0] / across, self._size[1] / down) if across and down else 1.0

    @property
    def frame(self) -> Frame:
        """Where the photo lies; beyond the widget's edges where it is shown closer."""
        sides = [side * self.scale for side in self._photo]
        starts = [_start(room, side, middle) for room, side, middle in zip(self._size, sides, self._middle, strict=True)]
        return Frame(*starts, *sides)

    @property
    def seen(self) -> Frame:
        """The part of the widget in which the photo is seen."""
        frame, (across, down) = self.frame, self._size
        left, top = max(0.0, frame.x), max(0.0, frame.y)
        return Frame(left, top, min(across, frame.x + frame.width) - left, min(down, frame.y + frame.height) - top)

    def closer(self, steps: float, about: Place | None = None) -> None:
        """Zoom in by ``steps`` (out where negative), so that the photo stays where it is at the place ``about`` of the widget."""
        self._zoom_to(self.zoom * _STEP**steps, about)

    def full_size(self, about: Place | None = None) -> None:
        """One pixel of the photo for one of the screen; not less than the whole photo."""
        self._zoom_to(self.zoom / self.scale, about)

    def _zoom_to(self, zoom: float, about: Place | None) -> None:
        about = about or (self._size[0] / 2, self._size[1] / 2)
        frame = self.frame
        shares = (about[0] - frame.x) / max(1.0, frame.width), (about[1] - frame.y) / max(1.0, frame.height)
        self.zoom = min(max(1.0, zoom), max(1.0, _CLOSEST * self.zoom / self.scale))
        sides = [max(1.0, side * self.scale) for side in self._photo]
        self._look_at(*(share + (room / 2 - at) / side for share, room, at, side in zip(shares, self._size, about, sides, strict=True)))

    def drag(self, x: float, y: float) -> None:
        """Move the photo by so many pixels of the screen."""
        frame = self.frame
        self._look_at((self._size[0] / 2 - frame.x - x) / max(1.0, frame.width), (self._size[1] / 2 - frame.y - y) / max(1.0, frame.height))

    def _look_at(self, x: float, y: float) -> None:
        self._middle = min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    def on_screen(self, x: float, y: float) -> Place:
        """The middle of a pixel of the photo, in the widget."""
        frame = self.frame
        return frame.x + (x + 0.5) * self.scale, frame.y + (y + 0.5) * self.scale

    def to_photo(self, x: float, y: float) -> Place | None:
        """The pixel of the photo at a place of the widget; None beside the photo."""
        frame, (across, down) = self.frame, self._photo
        if not across or not (frame.x <= x <= frame.x + frame.width and frame.y <= y <= frame.y + frame.height):
            return None
        return min(across - 1.0, max(0.0, (x - frame.x) / self.scale - 0.5)), min(down - 1.0, max(0.0, (y - frame.y) / self.scale - 0.5))


def _start(room: float, side: float, middle: float) -> float:
    """Centred where it fits, else so that ``middle`` is in the middle and no edge comes inside."""
    return (room - side) / 2 if side <= room else min(0.0, max(room - side, room / 2 - middle * side))
