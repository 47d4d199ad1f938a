"""What is said of one photo's colors, and what came of it: the one state that both editors show. Knows no editor and no toolkit.

Everything happens on the thread of the editor's windows: what the backend answers is handed over by ``deliver``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from huefill_client.color_hints import Hints, Photo, Reference, Suggestion
from huefill_client.color_points import ANCHOR, Color, ColorPoint, PointHistory
from huefill_client.jobs import Begin, JobRunner
from huefill_client.likely import LikelyColors
from huefill_client.live import LivePhoto, Preview
from huefill_client.said import Said
from huefill_client.sent_photo import Opened
from huefill_client.sentences import Sentence
from huefill_protocol.choices import MOST_STRENGTH
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import Tensor

_RECENT = 10
# So many suggestions for the whole picture an editor shows side by side.
VARIANTS = 6


class Change(Enum):
    """What a listener is told of. ``POINTS``: points or the selected one, with every move of the hand; ``STEP``: a change of the points is
    complete, and worth keeping with the document; ``PICTURE``: another preview; ``SUGGESTIONS``: other colors for the selected point;
    ``SOURCES``: painted layer, reference, saturation, strength, network, what is shown; ``VARIANTS``: others were asked for, have come, or
    another one is chosen; ``PHOTO``: another photo, or none; ``MESSAGE``."""

    PHOTO, POINTS, STEP, PICTURE, SUGGESTIONS, SOURCES, VARIANTS, MESSAGE = range(8)


_ALL = tuple(change for change in Change if change is not Change.STEP)


class _Asked(NamedTuple):
    """What a preview was asked for: the hints, how many variants, whether the map, and the place whose likely colors are wanted."""

    hints: Hints
    variants: int
    confidence: bool
    place: tuple[float, float] | None

    def answers(self, other: _Asked) -> bool:
        """Whether what comes for this says all that ``other`` asks."""
        more = self.variants >= other.variants and self.confidence >= other.confidence
        return more and self.hints == other.hints and other.place in (None, self.place)


class Coloring(Said):
    """The points are in ``history``; change them by the methods here, which tell listeners and ask for another preview."""

    def __init__(self, deliver: Callable[[Callable[[], None]], None], open_live: Callable[..., LivePhoto] = LivePhoto) -> None:
        self._deliver, self._open_live = deliver, open_live
        self._listeners: list[tuple[frozenset[Change], Callable[[], None]]] = []
        self._asked: _Asked | None = None
        self._longest = 0
        super().__init__()

    def _reset(self) -> None:
        super()._reset()
        self.live: LivePhoto | None = None
        self._is_live = False
        # So many variants are still to come.
        self._proposing = 0
        self.with_confidence = False
        self.message: Sentence | None = None
        self._of_photo: tuple[Sentence, ...] = ()
        self._warned: Sentence | None = None
        self._forget_answers()

    def _forget_answers(self) -> None:
        self._asked = None
        self.picture: Tensor | None = None
        self.confidence: Tensor | None = None
        self._likely = LikelyColors()
        self._shown_for: tuple[Suggestion, ...] = ()
        self._moving = False
        self.beyond: frozenset[int] = frozenset()

    def listen(self, call: Callable[[], None], *changes: Change) -> None:
        """Have ``call()`` made after each of ``changes``."""
        self._listeners.append((frozenset(changes), call))

    def silence(self) -> None:
        """What has listened is gone: nothing is told any more."""
        self._listeners.clear()

    # the photo

    def begin(self, photo: Photo, points: tuple[ColorPoint, ...] = (), *, live: bool = True) -> None:
        """Color another photo, with the points that its document has kept; previews come only where it is ``live``."""
        if self.live is not None:
            self.live.close()
        self._reset()
        self.history, self._is_live = PointHistory(points), live
        self.go_on_with(photo)

    def go_on_with(self, photo: Photo) -> None:
        """Keep all that was said, for the same photo in another task."""
        self.photo = photo
        self._proposing = 0 if self.variants or self.anchors else photo.variants
        self._reopen()
        self._tell(*_ALL)
        self._ask()

    def end(self) -> None:
        """Close the photo, here and in the backend."""
        if self.live is not None:
            self.live.close()
        self._reset()
        self._tell(*_ALL)

    def rest(self) -> None:
        """Let go of the photo, here and in the backend, and keep what was said of its colors for `go_on_with`."""
        if self.live is not None:
            self.live.close()
        self.photo = self.live = None
        self._forget_answers()
        self._tell(*_ALL)

    def look_closer(self, longest: int) -> None:
        """Have previews of so many pixels on the longer side."""
        if longest != self._longest:
            self._longest = longest
            self._asked = None
            self._ask()

    def say(self, sentence: Sentence | None) -> None:
        """Show a sentence, or none."""
        if sentence != self.message:
            self.message = sentence
            self._tell(Change.MESSAGE)

    # points

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """The likely colors of the selected point, the likeliest first. They stay until it is moved: choosing one keeps the others."""
        return self._likely.of(self.selected)

    @property
    def warning(self) -> Sentence | None:
        """What a person should know of the likely colors of the selected point, or else of the photo."""
        return next(iter((*self._likely.warnings_of(self.selected), *self._of_photo)), None)

    @property
    def said(self) -> Sentence | None:
        """What is shown beside the picture: what went wrong, or else the `warning`."""
        return self.message or self.warning

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

    def color_at(self, x: float, y: float) -> Color | None:
        """The preview's color at a pixel of the canvas; None where it shows none."""
        if self.photo is None or self.picture is None:
            return None
        (height, width), area = self.picture.shape[:2], self.photo.area
        column, row = int((x - area.x + 0.5) * width / area.width), int((y - area.y + 0.5) * height / area.height)
        at = 3 * (min(height - 1, max(0, row)) * width + min(width - 1, max(0, column)))
        red, green, blue = memoryview(self.picture.data).cast("B")[at : at + 3]
        return float(red), float(green), float(blue)

    # suggestions for the whole picture

    @property
    def proposing(self) -> bool:
        """Whether variants were asked for that have not come yet."""
        return self._proposing > 0 and self.may_propose

    def propose(self, count: int, seed: int | None = None) -> None:
        """Ask for ``count`` suggestions for the whole picture; another ``seed`` brings others. The points stay as they are."""
        self._asked = None
        self._proposing, self.seed = count, self.seed if seed is None else seed
        self._tell(Change.VARIANTS)
        self._ask()

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

    def show_confidence(self, shown: bool) -> None:
        """Ask for the map that says where the colors are unsure, or no more."""
        if not shown:
            self.confidence = None
        self._after_source("with_confidence", shown)

    # what guides the whole picture

    def paint(self, layer: Tensor | None) -> None:
        """The hint layer as it is now (H W 4 of the area, in the photo's own dtype and encoding), or none."""
        self._after_source("painted", layer)

    def refer(self, reference: Reference | None) -> None:
        """Take the colors of a picture, or of none."""
        self._after_source("reference", reference)

    def saturate(self, value: float | None) -> None:
        """Ask for a saturation in [0, 1], or leave it to the network."""
        self._after_source("saturation", value)

    def strengthen(self, strength: float) -> None:
        """All colors weaker (0 is gray) or stronger; at 1 the points' colors are exact."""
        self._after_source("strength", min(MOST_STRENGTH, max(0.0, strength)))

    def match_by(self, way: str) -> None:
        """Use the colors of a reference in one of the ways of `huefill_protocol.choices.MATCHES`."""
        self._after_source("match", way)

    def use(self, network: str) -> None:
        """Color with the network of that name."""
        if network == self.network:
            return
        self.network = network
        self._reopen()
        self._tell(Change.SOURCES)
        self._ask()

    # what is asked and what comes

    def application(self) -> Begin:
        """What starts the job that makes the layers under the hints of now: from the photo that the backend has, or by sending it."""
        assert self.photo is not None
        hints, live, photo = self.hints, self.live, self.photo
        if live is None:
            return lambda on_update, on_end: JobRunner(photo.session, photo.job(hints), on_update, on_end).start()
        return partial(
            live.apply,
            points=hints.points,
            hints=hints.painted,
            reference=hints.reference,
            saturation=hints.saturation,
            how=hints.how,
        )

    def _reopen(self) -> None:
        if self.live is not None:
            self.live.close()
        self.live = None
        self._forget_answers()
        if self.photo is None or not self._is_live:
            return
        # Answers of a session that was closed meanwhile are let go.
        current: list[LivePhoto] = []

        def handed(call: Callable[..., None]) -> Callable[..., None]:
            def deliver(*values: Any) -> None:
                self._deliver(lambda: call(*values) if current and self.live is current[0] else None)

            return deliver

        job = self.photo.job(Hints(network=self.network))
        self.live = self._open_live(self.photo.session, job, handed(self._take), handed(self._refused), handed(self._opened))
        current.append(self.live)

    def _ask(self) -> None:
        if self.live is None or self.photo is None or not self.ready:
            return
        asked = self._wanted()
        if self._asked is None or not self._asked.answers(asked):
            self._asked, hints = asked, asked.hints
            self.live.show(
                points=hints.points,
                hints=hints.painted,
                reference=hints.reference,
                saturation=hints.saturation,
                palette_at=asked.place,
                longest=max(self._longest, self.photo.longest),
                how=hints.how,
                variants=asked.variants,
                confidence=asked.confidence,
            )

    def _wanted(self) -> _Asked:
        """Variants that were asked for come before all else: what changes meanwhile is asked after them."""
        assert self.photo is not None
        if self._proposing and self.can_propose and self.photo.pointed:
            return _Asked(self.hints_to_propose, self._proposing, self.with_confidence, None)
        # Suggestions cost the network a second run: they are asked for once, and a moving hand wants the picture.
        at = self.selected if self.photo.pointed and not self._moving else None
        wanted = at is not None and not self._likely.found_at(at) and at in self._sent()
        place = (at.x - self.photo.area.x, at.y - self.photo.area.y) if at is not None and wanted else None
        return _Asked(self.hints, 0, self.with_confidence, place)

    def _take(self, preview: Preview) -> None:
        if preview.variants:
            self.variants, self._proposing = preview.variants, 0
            self._tell(Change.VARIANTS)
        # What comes with variants shows the first of them, not the anchors that were chosen before.
        if not preview.variants or not self.anchors:
            self._take_picture(preview)
        self.say(None)
        self._tell_warning()
        self._ask()

    def _take_picture(self, preview: Preview) -> None:
        self.picture = preview.image
        self.confidence = preview.confidence if self.with_confidence else None
        if preview.palette is not None and preview.palette_at is not None and self.photo is not None:
            place = (preview.palette_at[0] + self.photo.area.x, preview.palette_at[1] + self.photo.area.y)
            self._likely.learn(self.points, place, preview.palette, preview.warnings)
        sent = self._sent()
        anchors = [point for point in sent if point.kind == ANCHOR]
        if len(anchors) == len(preview.anchors):
            self._likely.offer(anchors, preview.anchors)
        self.beyond = frozenset(sent[index].id for index in preview.out_of_gamut if index < len(sent))
        self._shown_for = self.suggestions
        self._tell(Change.PICTURE, Change.SUGGESTIONS)

    def _refused(self, error: BackendError) -> None:
        # What was asked was not answered: the same may be asked again.
        self._asked = None
        if self._proposing and self.can_propose:
            self._proposing = 0
            self._tell(Change.VARIANTS)
        self.say(Sentence(error.code, error.message, error.remedy))

    def _opened(self, opened: Opened) -> None:
        self.networks, self.methods, self._of_photo = opened.networks, opened.methods, opened.warnings
        self._tell(Change.SOURCES, Change.VARIANTS)
        self._tell_warning()
        # Only now it is known whether the backend has variants to offer.
        self._ask()

    def _after_change(self, changed: bool) -> None:
        if not changed:
            return
        if self.suggestions != self._shown_for:
            self._shown_for = self.suggestions
            self._tell(Change.SUGGESTIONS)
        self._tell(Change.POINTS)
        self._tell_warning()
        self._ask()

    def _after_step(self, changed: bool) -> None:
        self._after_change(changed)
        if changed:
            self._tell(Change.STEP)

    def _after_source(self, name: str, value: Any) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self._tell(Change.SOURCES)
            self._ask()

    def _tell_warning(self) -> None:
        if self.warning != self._warned:
            self._warned = self.warning
            self._tell(Change.MESSAGE)

    def _tell(self, *changes: Change) -> None:
        for wanted, call in self._listeners:
            if not wanted.isdisjoint(changes):
                call()
