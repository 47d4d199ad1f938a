"""Before and after in one picture: all of it before, or before on the left of a line that is dragged. Knows no toolkit."""

from __future__ import annotations

from huefill_client.view import Frame, View

_REACH = 6.0  # pixels of the screen on either side of the line that take hold of it
_STEP = 0.05


class Comparison:
    """Of the photo in ``view``; what it says are places and parts of the widget. ``whole`` shows all of the photo as it was."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.whole = False
        self.divided = False
        # Of the part of the photo that is seen: closer or moved, the line stays in sight.
        self._share = 0.5
        self._held = False

    def divide(self, divided: bool) -> None:
        """Show the line, or take it away; it comes back where it was."""
        self.divided, self._held = divided, False

    @property
    def line(self) -> float | None:
        """Where the line is, from the widget's left; None where there is none."""
        seen = self._view.seen
        return seen.x + self._share * seen.width if self.divided and not self.whole and seen.width > 0 else None

    @property
    def before(self) -> Frame | None:
        """The part that shows the photo as it was."""
        seen, line = self._view.seen, self.line
        if self.whole:
            return seen
        return None if line is None else Frame(seen.x, seen.y, line - seen.x, seen.height)

    @property
    def after(self) -> Frame | None:
        """The part that shows the new colors."""
        seen, line = self._view.seen, self.line
        if self.whole:
            return None
        return seen if line is None else Frame(line, seen.y, seen.x + seen.width - line, seen.height)

    def near(self, x: float, y: float) -> bool:
        """Whether a hand at that place would take hold of the line."""
        seen, line = self._view.seen, self.line
        return line is not None and abs(x - line) <= _REACH and seen.y <= y <= seen.y + seen.height

    def grab(self, x: float, y: float) -> bool:
        """Take hold of the line if it is there; whether it is held."""
        self._held = self.near(x, y)
        return self._held

    def pull(self, x: float) -> bool:
        """Move the line if it is held; whether it is."""
        seen = self._view.seen
        if self._held and seen.width > 0:
            self._share = min(1.0, max(0.0, (x - seen.x) / seen.width))
        return self._held

    def let_go(self) -> None:
        self._held = False

    def step(self, steps: float) -> None:
        """Move the line to the right by ``steps``, to the left where negative."""
        self._share = min(1.0, max(0.0, self._share + _STEP * steps))
