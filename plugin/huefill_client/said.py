"""What is said of one photo's colors, and the hints that this makes. Plain data: it asks nothing, and tells nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from huefill_client.anchors import Variant, nearest
from huefill_client.color_hints import Hints, Photo, Reference
from huefill_client.color_points import ANCHOR, POINT, Color, ColorPoint, PointHistory
from huefill_client.geometry import Rect
from huefill_client.requests import How, Point
from huefill_protocol.choices import ANCHORS, HINTS
from huefill_protocol.wire import Tensor


class Said:
    """``painted`` is the hint layer (H W 4 of the photo's area), ``strength`` that of all colors, ``match`` how a reference's are used,
    ``seed`` the number of the proposal, ``variants`` what was proposed last; ``recent`` colors, the ``network``, ``networks`` to choose
    from and ``methods`` outlive a photo."""

    def __init__(self) -> None:
        self.recent: tuple[Color, ...] = ()
        self.network = "auto"
        self.networks: tuple[str, ...] = ()
        # How the backend can color; None until it has opened a photo.
        self.methods: tuple[str, ...] | None = None
        self._reset()

    def _reset(self) -> None:
        self.photo: Photo | None = None
        self.history = PointHistory()
        self.painted: Tensor | None = None
        self.reference: Reference | None = None
        self.saturation: float | None = None
        self.strength = 1.0
        self.match = "auto"
        self.seed = 0
        self.variants: tuple[Variant, ...] = ()

    @property
    def points(self) -> tuple[ColorPoint, ...]:
        return self.history.points

    @property
    def selected(self) -> ColorPoint | None:
        return self.history.selected

    @property
    def anchors(self) -> tuple[ColorPoint, ...]:
        """The points that came with a suggestion for the whole picture."""
        return tuple(point for point in self.points if point.kind == ANCHOR)

    @property
    def chosen(self) -> int | None:
        """The index of the variant whose anchors the points are, for the greater part; None where there is none."""
        area = self._area
        return nearest(self.variants, self.points, area.x, area.y)

    @property
    def can_propose(self) -> bool:
        """Whether the backend has a network that proposes anchors."""
        return self.methods is not None and ANCHORS in self.methods

    @property
    def may_propose(self) -> bool:
        """The same, as long as nothing else is known: before it has answered, the backend is taken to have what made the anchors."""
        return self.can_propose or self.methods is None

    @property
    def ready(self) -> bool:
        """Whether there is something to color by."""
        return self.photo is not None and (self.photo.pointed or self.reference is not None or self.saturation is not None)

    @property
    def hints(self) -> Hints:
        """What is said of the colors, for a preview as for the layer."""
        points = self._sent()
        how = self._how
        if self.may_propose and any(point.kind == ANCHOR for point in points):
            how = replace(how, method=ANCHORS, anchored=True)
        elif self.photo is not None and self.photo.variants and self.can_propose:
            how = self._proposal
        elif self.network == "auto" and HINTS in (self.methods or ()):
            # With the first point the rest of the picture must not become another one's.
            how = replace(how, method=HINTS)
        return self._hints(points, how)

    @property
    def hints_to_propose(self) -> Hints:
        """The same without anchors, which are to be proposed."""
        return self._hints((point for point in self._sent() if point.kind != ANCHOR), self._proposal)

    @property
    def _proposal(self) -> How:
        return replace(self._how, method=ANCHORS, seed=self.seed)

    @property
    def _how(self) -> How:
        return How(strength=self.strength, match=self.match)

    def _hints(self, points: Iterable[ColorPoint], how: How) -> Hints:
        reference = None if self.reference is None else self.reference.picture
        if self.photo is None or not self.photo.pointed:
            return Hints((), None, reference, self.saturation, self.network, self._how)
        return Hints(tuple(map(self._as_sent, points)), self.painted, reference, self.saturation, self.network, how)

    def _sent(self) -> list[ColorPoint]:
        """The points on the photo: what lies beside it says nothing."""
        area = self._area
        return [p for p in self.points if area.x - 0.5 <= p.x < area.right - 0.5 and area.y - 0.5 <= p.y < area.bottom - 0.5]

    def _as_sent(self, point: ColorPoint) -> Point:
        assert self.photo is not None
        kind, area = point.kind if self.may_propose else POINT, self._area
        # What the backend found there is in the photo's own space already: it goes back as it came.
        own = point.asked if point.asked == point.base else self.photo.own_color(point.asked)
        return Point(point.x - area.x, point.y - area.y, own, point.radius, kind)

    @property
    def _area(self) -> Rect:
        return Rect(0, 0, 0, 0) if self.photo is None else self.photo.area
