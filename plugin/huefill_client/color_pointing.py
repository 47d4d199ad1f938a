"""Points and anchors changed by a person's hand: each change is told, can be undone, and asks for another preview."""

from __future__ import annotations

from huefill_client.color_asking import Asking
from huefill_client.color_changes import Change
from huefill_client.color_points import Color

_RECENT = 10


class Pointing(Asking):
    """The points are in ``history``; change them by the methods here."""

    def place(self, x: float, y: float) -> None:
        """A new point of the color that the preview shows there: it changes little until another color is chosen."""
        radius = 0.0 if self.photo is None else self.photo.radius
        self._after_step(self.history.add(x, y, self.color_at(x, y) or (128.0, 128.0, 128.0), radius))

    def select(self, number: int | None) -> None:
        self._after_change(self.history.select(number))

    def move(self, number: int, x: float, y: float) -> None:
        """All moves of a point until `settle` are one step for undo; its likely colors are asked for when it lies still."""
        self._moving = True
        self._after_change(self.history.move(number, x, y))

    def settle(self) -> None:
        """The hand has let go of the point."""
        if self._moving:
            self._moving = False
            self._ask()
        if self.history.settle():
            self._tell(Change.STEP)

    def recolor(self, rgb: Color) -> None:
        """Give the selected point a color."""
        if self.history.recolor(rgb):
            self.recent = (rgb, *(other for other in self.recent if other != rgb))[:_RECENT]
            self._after_step(True)

    def adjust(self, *, radius: float | None = None, strength: float | None = None) -> None:
        """Give the selected point another radius (pixels) or strength (0 to 1); all until `settle` is one step for undo."""
        self._after_change(self.history.adjust(radius=radius, strength=strength))

    def delete(self, number: int) -> None:
        self._after_step(self.history.delete(number))

    def clear(self) -> None:
        self._after_step(self.history.clear())

    def undo(self) -> None:
        self._after_step(self.history.undo())

    def redo(self) -> None:
        self._after_step(self.history.redo())

    def choose(self, index: int) -> None:
        """Take the anchors of a variant among the points, in place of those that are there: one step for undo."""
        if self.photo is None or not 0 <= index < len(self.variants):
            return
        variant, area = self.variants[index], self.photo.area
        if self.history.take_anchors(anchor.point(area.x, area.y) for anchor in variant.anchors):
            self._likely.offer(self.anchors, variant.anchors)
            # Of a person's own points it knows nothing: that picture is still to come.
            if len(self.anchors) == len(self.points):
                self.picture = variant.image
                self._tell(Change.PICTURE)
            self._after_step(True)

    def _after_change(self, changed: bool) -> None:
        if changed:
            self._tell_suggestions()
            self._tell(Change.POINTS)
            self._tell_warning()
            self._ask()

    def _after_step(self, changed: bool) -> None:
        self._after_change(changed)
        if changed:
            self._tell(Change.STEP)
