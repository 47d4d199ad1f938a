"""Where a photo lies in a widget that shows it, closer or whole."""

from __future__ import annotations

from ..qt import QtCore

_CLOSEST = 16.0  # pixels of the screen for one of the photo
_STEP = 1.25


class View:
    """``zoom`` 1 shows the whole photo; ``middle`` (0..1, 0..1) is the place of the photo in the widget's middle."""

    def __init__(self) -> None:
        self.zoom = 1.0
        self._middle = QtCore.QPointF(0.5, 0.5)
        self._size = QtCore.QSizeF(1, 1)
        self._photo = (0, 0)

    def fit(self) -> None:
        """Show the whole photo."""
        self.zoom, self._middle = 1.0, QtCore.QPointF(0.5, 0.5)

    def lay_out(self, widget: QtCore.QSize, photo: tuple[int, int]) -> None:
        """The sizes of the widget and of the photo in pixels; another photo is shown whole."""
        if photo != self._photo:
            self._photo = photo
            self.fit()
        self._size = QtCore.QSizeF(max(1, widget.width()), max(1, widget.height()))

    @property
    def scale(self) -> float:
        """Pixels of the screen for one of the photo."""
        across, down = self._photo
        return self.zoom * min(self._size.width() / across, self._size.height() / down) if across and down else 1.0

    @property
    def frame(self) -> QtCore.QRectF:
        """The whole photo in the widget's pixels; beyond its edges where it is shown closer."""
        across, down = (side * self.scale for side in self._photo)
        width, height = self._size.width(), self._size.height()
        x = (width - across) / 2 if across <= width else min(0.0, max(width - across, width / 2 - self._middle.x() * across))
        y = (height - down) / 2 if down <= height else min(0.0, max(height - down, height / 2 - self._middle.y() * down))
        return QtCore.QRectF(x, y, across, down)

    def closer(self, steps: float, about: QtCore.QPointF | None = None) -> None:
        """Zoom in by ``steps`` (out where negative), so that the photo stays where it is at the place ``about`` of the widget."""
        self.zoom_to(self.zoom * _STEP**steps, about)

    def full_size(self, about: QtCore.QPointF | None = None) -> None:
        """One pixel of the photo for one of the screen."""
        self.zoom_to(self.zoom / self.scale, about)

    def zoom_to(self, zoom: float, about: QtCore.QPointF | None = None) -> None:
        about = about or QtCore.QPointF(self._size.width() / 2, self._size.height() / 2)
        before = self.frame
        share = (about - before.topLeft()).x() / max(1.0, before.width()), (about - before.topLeft()).y() / max(1.0, before.height())
        self.zoom = min(max(1.0, zoom), max(1.0, _CLOSEST * self.zoom / self.scale))
        across, down = (side * self.scale for side in self._photo)
        self._look_at(
            share[0] + (self._size.width() / 2 - about.x()) / max(1.0, across),
            share[1] + (self._size.height() / 2 - about.y()) / max(1.0, down),
        )

    def drag(self, by: QtCore.QPointF) -> None:
        """Move the photo by so many pixels of the screen."""
        frame = self.frame
        middle = QtCore.QPointF(self._size.width() / 2, self._size.height() / 2) - frame.topLeft() - by
        self._look_at(middle.x() / max(1.0, frame.width()), middle.y() / max(1.0, frame.height()))

    def _look_at(self, x: float, y: float) -> None:
        self._middle = QtCore.QPointF(min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))

    def on_screen(self, x: float, y: float) -> QtCore.QPointF:
        """The middle of a pixel of the photo, in the widget."""
        frame = self.frame
        return QtCore.QPointF(frame.x() + (x + 0.5) * self.scale, frame.y() + (y + 0.5) * self.scale)

    def to_photo(self, place: QtCore.QPointF) -> tuple[float, float] | None:
        """The pixel of the photo at a place of the widget; None beside the photo."""
        frame, (across, down) = self.frame, self._photo
        if not across or not frame.contains(place):
            return None
        x, y = (place.x() - frame.x()) / self.scale - 0.5, (place.y() - frame.y()) / self.scale - 0.5
        return min(across - 1.0, max(0.0, x)), min(down - 1.0, max(0.0, y))
