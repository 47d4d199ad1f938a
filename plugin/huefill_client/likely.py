"""Which colors are likely at each point: what the backend found where it lies, or else what came with it as an anchor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from huefill_client.anchors import Anchor
from huefill_client.color_hints import Suggestion
from huefill_client.color_points import ColorPoint
from huefill_client.sentences import Sentence

_Place = tuple[float, float]


class LikelyColors:
    """They stay until their point is moved: choosing one keeps the others."""

    def __init__(self) -> None:
        # By the point's id: where it lay, what was likely there, and what is to be said of that.
        self._found: dict[int, tuple[_Place, tuple[Suggestion, ...], tuple[Sentence, ...]]] = {}
        self._alternatives: dict[int, tuple[Suggestion, ...]] = {}

    def of(self, point: ColorPoint | None) -> tuple[Suggestion, ...]:
        """The likely colors of a point, the likeliest first."""
        if point is None:
            return ()
        return self._found[point.id][1] if point.id in self._found else self._alternatives.get(point.id, ())

    def warnings_of(self, point: ColorPoint | None) -> tuple[Sentence, ...]:
        return () if point is None or point.id not in self._found else self._found[point.id][2]

    def found_at(self, point: ColorPoint) -> bool:
        """Whether the likely colors of a point were found where it lies now."""
        return point.id in self._found and self._found[point.id][0] == (point.x, point.y)

    def learn(self, points: Iterable[ColorPoint], place: _Place, palette: Iterable[Mapping[str, Any]], said: tuple[Sentence, ...]) -> None:
        """What the backend found at a place is of the points that lie there."""
        known = (place, tuple(map(Suggestion.of, palette)), said)
        self._found.update({point.id: known for point in points if (point.x, point.y) == place})

    def offer(self, points: Iterable[ColorPoint], anchors: Iterable[Anchor]) -> None:
        """Each of these points came as, or was answered by, the anchor of the same number."""
        self._alternatives.update({point.id: anchor.alternatives for point, anchor in zip(points, anchors, strict=True)})
