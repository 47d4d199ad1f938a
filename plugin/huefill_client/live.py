"""A photo that is colored live: sent once, then hints; the newest counts. Knows no editor and no toolkit."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huefill_client.requests import Job, live_hints
from huefill_client.session import Session
from huefill_protocol.connection import Connection
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE, Tensor, WireError, unpack

# A second call is sent while the first is still answered, so that the backend can break that one off; but not at once: a hand that moves
# all the time would otherwise see nothing.
_HANDS = 2
_HURRY_S = 0.2
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Preview:
    """``image`` h w 3 U8; ``palette`` a list of {"rgb", "probability", "ab"} or None; ``out_of_gamut`` indices of points."""

    number: int
    image: Tensor
    palette: list[dict[str, Any]] | None
    out_of_gamut: list[int]


class LivePhoto:
    """``on_preview(preview)`` and ``on_error(error)`` are called from its threads, previews in rising order. Nothing blocks.

    ``job`` is the request without hints (`huefill_client.requests.colorize_points`). ``on_models(names)`` is told once the photo is open:
    the networks that a job may ask for, the default first.
    """

    def __init__(
        self,
        session: Session,
        job: Job,
        on_preview: Callable[[Preview], None],
        on_error: Callable[[BackendError], None],
        on_models: Callable[[list[str]], None] = lambda names: None,
    ) -> None:
        self._session, self._job = session, job
        self._on_preview, self._on_error, self._on_models = on_preview, on_error, on_models
        self._name = ""
        self._number = 0
        self._shown = 0
        self._wanted: dict[str, Any] | None = None
        self._under_way: list[float] = []
        self._closed = False
        self._change = threading.Condition()
        self._opening = threading.Lock()
        for hand in range(_HANDS):
            threading.Thread(target=self._work, name=f"huefill-live-{hand}", daemon=True).start()

    def show(self, **hints: Any) -> None:
        """Ask for the photo under ``hints`` (the arguments of `huefill_client.requests.live_hints`); what was asked before is dropped."""
        with self._change:
            self._wanted = hints
            self._change.notify_all()

    def close(self) -> None:
        """Forget the photo, here and in the backend."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        if self._name:
            threading.Thread(target=self._tell_backend, name="huefill-live-close", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._change:
                while not self._closed and (self._wanted is None or self._left() > 0):
                    self._change.wait(None if self._wanted is None else self._left())
                if self._closed:
                    return
                hints, self._wanted = self._wanted, None
                self._number += 1
                number, begun = self._number, time.monotonic()
                self._under_way.append(begun)
            try:
                self._take(self._preview(number, hints or {}))
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

    def _preview(self, number: int, hints: Mapping[str, Any]) -> Preview:
        for attempt in (1, 2):
            connection, name = self._opened()
            try:
                body = connection.exchange(f"/v1/sessions/{name}/hints", live_hints(number, **hints), MEDIA_TYPE)
                break
            except BackendError as error:
                # The backend was started anew, or has dropped the photo: it is sent again, once.
                if error.code not in ("unreachable", "unknown_session", "not_present") or attempt == 2 or self._closed:
                    raise
                with self._opening:
                    if self._name == name:
                        self._name = ""
        try:
            tensors, values = unpack(body)
            return Preview(int(values["number"]), tensors["preview"], values["palette"], list(values["out_of_gamut"]))
        except (WireError, KeyError, TypeError, ValueError) as error:
            raise BackendError("bad_answer", f"The backend's preview cannot be read: {error}.", "Update Huefill.") from error

    def _opened(self) -> tuple[Connection, str]:
        with self._opening:
            self._session.connect(lambda: self._closed)
            connection = self._session.connection(_PATIENCE_S)
            if not self._name:
                opened = connection.send("/v1/sessions", self._job.body(), MEDIA_TYPE, lambda: self._closed)
                self._name = str(opened["session"])
                self._on_models([str(name) for name in opened.get("models", ())])
            return connection, self._name

    def _take(self, preview: Preview) -> None:
        with self._change:
            if self._closed or preview.number <= self._shown:
                return
            self._shown = preview.number
        self._on_preview(preview)

    def _tell_backend(self) -> None:
        with contextlib.suppress(BackendError):
            self._session.connection(2.0).json("DELETE", f"/v1/sessions/{self._name}")
