"""A photo as the backend has it, with the pictures that were sent to it: each once, and again only to a backend that was started anew."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from huefill_client.requests import USUAL, How, Job, Point, live_hints
from huefill_client.sentences import Sentence, told
from huefill_client.session import Session
from huefill_protocol.connection import Connection
from huefill_protocol.errors import BackendError, Cancelled
from huefill_protocol.wire import MEDIA_TYPE, Tensor, pack

_PATIENCE_S = 60.0
# What the backend answers, or does not, when it was started anew or has dropped the photo or a picture.
_FORGOTTEN = ("unreachable", "unknown_session", "not_present", "unknown_picture")
T = TypeVar("T")


@dataclass(frozen=True)
class Hints:
    """All that is asked of a live photo at one moment; see `huefill_client.live.LivePhoto.show`."""

    points: Sequence[Point]
    hints: Tensor | None
    reference: Tensor | None
    saturation: float | None
    palette_at: tuple[float, float] | None = None
    longest: int = 1024
    how: How = USUAL
    variants: int = 0
    confidence: bool = False


@dataclass(frozen=True)
class Opened:
    """What the backend says of an open photo: ``networks`` that a job may ask for, the best first, ``methods`` of coloring that are
    installed (`How.method`), ``warnings`` what a person should know of the photo."""

    networks: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    warnings: tuple[Sentence, ...] = ()


class SentPhoto:
    """Threads may share it. ``on_open(opened)`` is called whenever the photo was opened."""

    def __init__(self, session: Session, job: Job, on_open: Callable[[Opened], None]) -> None:
        self._session, self._job, self._on_open = session, job, on_open
        self._name = ""
        self._times = 0
        self._pictures: dict[str, str] = {}
        self._digests: dict[str, tuple[Tensor, str]] = {}
        self._sending = threading.Lock()

    def call(self, hints: Hints, ask: Callable[[Connection, str, dict[str, Any]], T], stopped: Callable[[], bool]) -> T:
        """What ``ask(connection, path of the session, hints as they are sent)`` returns. Raises `Cancelled` or `BackendError`."""
        for attempt in (1, 2):
            self._session.connect(stopped)
            connection = self._session.connection(_PATIENCE_S)
            times = self._times
            try:
                return ask(connection, *self._ready(connection, hints, stopped))
            except BackendError as error:
                if error.code not in _FORGOTTEN or attempt == 2 or stopped():
                    raise
                self._forget(times, photo=error.code != "unknown_picture")
        raise AssertionError("every attempt returns or raises")

    def close(self) -> None:
        """Have the backend forget it."""
        with self._sending:
            name, self._name = self._name, ""
        if name:
            with contextlib.suppress(BackendError):
                self._session.connection(2.0).json("DELETE", f"/v1/sessions/{name}")

    def _ready(self, connection: Connection, hints: Hints, stopped: Callable[[], bool]) -> tuple[str, dict[str, Any]]:
        """The session's path, and the hints, whose pictures the backend has by then."""
        with self._sending:
            if stopped():
                raise Cancelled
            if not self._name:
                opened = connection.send("/v1/sessions", self._job.body(), MEDIA_TYPE, stopped)
                self._name = str(opened["session"])
                networks, methods = (tuple(map(str, opened.get(name, ()))) for name in ("models", "methods"))
                self._on_open(Opened(networks, methods, told(opened.get("warnings"))))
            path = f"/v1/sessions/{self._name}"
            values = live_hints(
                points=hints.points,
                painted=self._sent(connection, path, "painted", hints.hints, stopped),
                reference=self._sent(connection, path, "reference", hints.reference, stopped),
                saturation=hints.saturation,
                palette_at=hints.palette_at,
                longest=hints.longest,
                variants=hints.variants,
                confidence=hints.confidence,
                **hints.how.values,
            )
            return path, values

    def _sent(self, connection: Connection, path: str, kind: str, picture: Tensor | None, stopped: Callable[[], bool]) -> str | None:
        """The backend's name of a picture, which is sent only if the same pixels were not sent before."""
        if picture is None:
            return None
        known = self._digests.get(kind)
        if known is None or known[0] is not picture:
            known = self._digests[kind] = (picture, _digest(kind, picture))
        digest = known[1]
        if digest not in self._pictures:
            answer = connection.send(f"{path}/pictures", pack({kind: picture}, {"picture": {"version": 1}}), MEDIA_TYPE, stopped)
            self._pictures[digest] = str(answer["picture"])
        return self._pictures[digest]

    def _forget(self, times: int, photo: bool) -> None:
        """Send the pictures anew, and the ``photo``, unless another thread has come to that meanwhile."""
        with self._sending:
            if self._times == times:
                self._times += 1
                self._pictures.clear()
                self._name = "" if photo else self._name


def _digest(kind: str, picture: Tensor) -> str:
    digest = hashlib.sha256(f"{kind} {picture.dtype} {picture.shape}".encode())
    digest.update(memoryview(picture.data).cast("B"))
    return digest.hexdigest()
