"""What is asked of the backend for a photo that is colored live, and when."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from huefill_client.color_answers import Answered
from huefill_client.color_changes import Change
from huefill_client.color_hints import Hints
from huefill_client.jobs import Begin, JobRunner
from huefill_client.live import LivePhoto, Preview
from huefill_client.sent_photo import Opened
from huefill_client.sentences import Sentence
from huefill_protocol.errors import BackendError


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


class Asking(Answered):
    """``live`` is the photo in the backend. Everything happens on the thread of the editor's windows: what the backend answers is handed
    over by ``deliver``."""

    def __init__(self, deliver: Callable[[Callable[[], None]], None], open_live: Callable[..., LivePhoto] = LivePhoto) -> None:
        self._deliver, self._open_live = deliver, open_live
        self._longest = 0
        super().__init__()

    def _reset(self) -> None:
        super()._reset()
        self.live: LivePhoto | None = None
        self._is_live = False
        # So many variants are still to come.
        self._proposing = 0

    def _forget_answers(self) -> None:
        super()._forget_answers()
        self._asked: _Asked | None = None
        # Whether a hand moves a point just now.
        self._moving = False

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

    def look_closer(self, longest: int) -> None:
        """Have previews of so many pixels on the longer side."""
        if longest != self._longest:
            self._longest = longest
            self._asked = None
            self._ask()

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

    def _close(self) -> None:
        """Let go of the photo in the backend."""
        if self.live is not None:
            self.live.close()
        self.live = None

    def _reopen(self) -> None:
        self._close()
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
