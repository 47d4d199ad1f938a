"""A photo that is colored live: sent once, then hints; the newest counts. Knows no editor and no toolkit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from huefill_client.anchors import Anchor, Variant, anchors_in, variants_in
from huefill_client.jobs import JobRunner, Outcome, Update
from huefill_client.requests import USUAL, How, Job, Point
from huefill_client.sent_photo import Hints, Opened, SentPhoto
from huefill_client.sentences import Sentence, told
from huefill_client.session import Session
from huefill_protocol.connection import Connection
from huefill_protocol.errors import BackendError, Cancelled
from huefill_protocol.wire import MEDIA_TYPE, Tensor, WireError, pack, unpack

# A second call is sent while the first is still answered, so that the backend can break that one off; but not at once: a hand that moves
# all the time would otherwise see nothing.
_HANDS = 2
_HURRY_S = 0.2


@dataclass(frozen=True)
class Preview:
    """``image`` h w 3 U8; ``palette`` a list of {"rgb", "probability", "ab"} of the pixel ``palette_at``, or None; ``out_of_gamut``
    indices of points; ``warnings`` what a person should know of the palette; ``anchors`` those that colored it; ``variants`` those asked
    for; ``confidence`` h w U8 (255: sure), where it was asked for."""

    number: int
    image: Tensor
    palette: list[dict[str, Any]] | None
    out_of_gamut: list[int]
    palette_at: tuple[float, float] | None = None
    warnings: tuple[Sentence, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    variants: tuple[Variant, ...] = ()
    confidence: Tensor | None = None


class LivePhoto:
    """``on_preview(preview)`` and ``on_error(error)`` are called from its threads, previews in rising order. Nothing blocks.

    ``job`` is the request without hints (`huefill_client.requests.job`). ``on_open(opened)`` is told once the photo is open. The photo, a
    hint layer and a reference are sent once each, and again only to another backend.
    """

    def __init__(
        self,
        session: Session,
        job: Job,
        on_preview: Callable[[Preview], None],
        on_error: Callable[[BackendError], None],
        on_open: Callable[[Opened], None] = lambda opened: None,
    ) -> None:
        self._session, self._job = session, job
        self._on_preview, self._on_error = on_preview, on_error
        self._number = 0
        self._shown = 0
        self._wanted: Hints | None = None
        self._under_way: list[float] = []
        self._applying = 0
        self._closed = False
        self._change = threading.Condition()
        self._photo = SentPhoto(session, job, on_open)
        for hand in range(_HANDS):
            threading.Thread(target=self._work, name=f"huefill-live-{hand}", daemon=True).start()

    def show(
        self,
        *,
        points: Sequence[Point] = (),
        hints: Tensor | None = None,
        reference: Tensor | None = None,
        saturation: float | None = None,
        palette_at: tuple[float, float] | None = None,
        longest: int = 1024,
        how: How = USUAL,
        variants: int = 0,
        confidence: bool = False,
    ) -> None:
        """Ask for a preview under these hints; what was asked before is dropped.

        ``points``, ``hints`` (a painted layer), ``reference`` and ``saturation`` as in `huefill_client.requests.job`; ``palette_at`` the
        pixel (x, y) for which colors are to be suggested; ``longest`` pixels on the longer side of the preview; ``variants`` how many
        suggestions for the whole picture come with it; ``confidence`` whether the map of it does.
        """
        with self._change:
            self._wanted = Hints(points, hints, reference, saturation, palette_at, longest, how, variants, confidence)
            self._change.notify_all()

    def apply(
        self,
        on_update: Callable[[Update], None],
        on_end: Callable[[Outcome], None],
        *,
        points: Sequence[Point] = (),
        hints: Tensor | None = None,
        reference: Tensor | None = None,
        saturation: float | None = None,
        how: How = USUAL,
    ) -> JobRunner:
        """The job that makes the photo under these hints at full resolution, from what the backend has already; it is running.

        As `JobRunner` does it for any job; the photo may be closed at once afterwards.
        """
        with self._change:
            self._applying += 1
        order = partial(self._order, Hints(points, hints, reference, saturation, how=how))
        return JobRunner(self._session, self._job, on_update, on_end, order).start()

    def close(self) -> None:
        """Forget the photo, here and in the backend."""
        with self._change:
            self._closed = True
            self._change.notify_all()
            self._leave()

    def _leave(self) -> None:
        """Close the backend's session once nothing more will ask for it."""
        if self._closed and not self._applying:
            threading.Thread(target=self._photo.close, name="huefill-live-close", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._change:
                while not self._closed and (self._wanted is None or self._left() > 0):
                    self._change.wait(None if self._wanted is None else self._left())
                if self._closed or self._wanted is None:
                    return
                hints, self._wanted = self._wanted, None
                self._number += 1
                number, begun = self._number, time.monotonic()
                self._under_way.append(begun)
            try:
                self._take(self._preview(number, hints))
            except Cancelled:
                pass
            except BackendError as error:
                if error.code != "superseded" and not self._closed:
                    self._on_error(error)
            finally:
                with self._change:
                    self._under_way.remove(begun)
                    self._change.notify_all()

    def _left(self) -> float:
        """Seconds that a newer wish has to wait for the latest call."""
        return max(self._under_way, default=float("-inf")) + _HURRY_S - time.monotonic()

    def _preview(self, number: int, hints: Hints) -> Preview:
        def ask(connection: Connection, address: str, values: dict[str, Any]) -> bytes:
            return connection.exchange(f"{address}/hints", pack({}, {"number": number, "hints": values}), MEDIA_TYPE)

        body = self._photo.call(hints, ask, lambda: self._closed)
        try:
            tensors, values = unpack(body)
            return Preview(
                int(values["number"]),
                tensors["preview"],
                values["palette"],
                list(values["out_of_gamut"]),
                hints.palette_at,
                told(values.get("warnings")),
                anchors_in(values),
                variants_in(tensors, values),
                tensors.get("confidence"),
            )
        except (WireError, KeyError, TypeError, ValueError) as error:
            raise BackendError("bad_answer", f"The backend's preview cannot be read: {error}.", "Update Huefill.") from error

    def _order(self, hints: Hints, stopped: Callable[[], bool]) -> tuple[Connection, dict[str, Any]]:
        def ask(connection: Connection, address: str, values: dict[str, Any]) -> tuple[Connection, dict[str, Any]]:
            return connection, connection.send(f"{address}/apply", pack({}, {"hints": values}), MEDIA_TYPE, stopped)

        try:
            return self._photo.call(hints, ask, stopped)
        finally:
            with self._change:
                self._applying -= 1
                self._leave()

    def _take(self, preview: Preview) -> None:
        with self._change:
            if self._closed or preview.number <= self._shown:
                return
            self._shown = preview.number
        self._on_preview(preview)
