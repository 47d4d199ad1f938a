"""Photos that are worked at live: sent once, then hints alone travel; a newer hint supersedes an older one."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
import numpy.typing as npt

from huefill.errors import Cancelled
from huefill.runtime.progress import Progress
from huefill.server.failures import Refusal, explain
from huefill.server.jobs import Order, PreparedOrder
from huefill.server.wire import body, in_rgba
from huefill.tasks import registry
from huefill.tasks.contract import request_from_wire
from huefill.tasks.live import LivePhoto
from huefill_protocol.wire import BODY_LIMIT

_log = logging.getLogger(__name__)

_MOST, _MOST_OF_CLIENT = 16, 4
Tensors = Mapping[str, npt.NDArray[Any]]
Values = Mapping[str, Any]
T = TypeVar("T")


@dataclass
class _Session:
    """``live`` is the task's own object, None while it is still being made; ``latest`` the number of the newest hints."""

    client: str
    task: str
    device: str
    pixels: str
    sent: int
    live: LivePhoto | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    latest: int = -1
    closed: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def bytes(self) -> int:
        return self.sent if self.live is None else self.live.bytes


class LiveSessions:
    """Used from the event loop; the work itself is done in threads. Previews run beside the jobs and share the cores with them."""

    def __init__(self, log_file: Path | None) -> None:
        self._log_file = log_file
        self._sessions: dict[str, _Session] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    async def open(self, client: str, order: Order) -> dict[str, Any]:
        """Have a photo prepared; raises `Refusal`, also when the client went meanwhile."""
        session = _Session(client, order.task, order.device, order.pixels, sum(tensor.nbytes for tensor in order.tensors.values()))
        mine = sum(other.client == client for other in self._sessions.values())
        if len(self._sessions) >= _MOST or mine >= _MOST_OF_CLIENT or not self._has_room(session.sent):
            raise Refusal(503, "busy", "Too many photos are being colored at once.", "Close the colors of another document.")
        # It counts from now on: many that are opened at once must not get past the limit.
        self._sessions[session.id] = session
        begin = time.perf_counter()
        try:
            session.live = await self._in_thread(order.task, partial(_open, order))
        finally:
            if session.live is None:
                self._sessions.pop(session.id, None)
        if session.closed:
            raise Refusal(409, "not_present", "The client that opened the session has gone.")
        _log.info("live session %s (%s) opened in %.2f s", session.id[:8], order.task, time.perf_counter() - begin)
        return {"session": session.id, **session.live.facts}

    async def add_picture(self, client: str, name: str, tensors: Tensors, values: Values) -> str:
        """Have a picture made ready for the hints to come; its name."""
        session, live = self._find(client, name)
        if not self._has_room(sum(tensor.nbytes for tensor in tensors.values())):
            raise Refusal(503, "busy", "The backend already holds as many pictures as it can.", "Close the colors of another document.")

        def work() -> str:
            return live.add_picture(_decoded(live.picture_kind, "picture", in_rgba(tensors, session.pixels), values))

        return await self._in_thread(session.task, work)

    async def preview(self, client: str, name: str, tensors: Tensors, values: Values) -> list[Any]:
        """The photo under these hints as the buffers of a body; raises `Refusal` "superseded" once newer ones have come."""
        session, live = self._find(client, name)
        number = values.get("number")
        if not isinstance(number, int) or isinstance(number, bool):
            raise Refusal(400, "bad_request", "The hints have no number.")
        if number <= session.latest:
            raise _superseded()
        session.latest = number
        given_up = threading.Event()

        def stopped() -> bool:
            return session.latest != number or session.closed or given_up.is_set()

        def work() -> list[Any]:
            said = {key: value for key, value in values.items() if key != "number"}
            made = live.preview(_decoded(live.hints_kind, "hints", tensors, said), Progress(stopped=stopped))
            return body(made.tensors, {"number": number, **made.values})

        async with session.turn:
            if stopped():
                raise _superseded()
            try:
                return await self._in_thread(session.task, work)
            except Refusal:
                if session.latest == number:
                    # Hints that were refused were not shown: they may come again, with a picture that was missing.
                    session.latest = number - 1
                raise
            finally:
                given_up.set()

    async def apply(self, client: str, name: str, tensors: Tensors, values: Values) -> tuple[PreparedOrder, int]:
        """The job that makes the photo under these hints at full resolution, also once the session is closed, and its bytes."""
        session, live = self._find(client, name)
        work = await self._in_thread(session.task, lambda: live.apply(_decoded(live.hints_kind, "hints", tensors, values)))
        return PreparedOrder(session.task, session.device, session.pixels, work), live.bytes

    def close(self, client: str, name: str) -> None:
        self._find(client, name)
        self._forget(name)

    def close_client(self, client: str) -> None:
        """Forget the photos of a client that has gone."""
        for name in [name for name, session in self._sessions.items() if session.client == client]:
            self._forget(name)

    def _forget(self, name: str) -> None:
        session = self._sessions.pop(name)
        session.closed = True  # a preview that still runs stops at its next look
        _log.info("live session %s closed", name[:8])

    def _find(self, client: str, name: str) -> tuple[_Session, LivePhoto]:
        session = self._sessions.get(name)
        if session is None or session.client != client or session.live is None:
            raise Refusal(404, "unknown_session", "The backend does not know this photo: it was closed.", "Open it again.")
        return session, session.live

    def _has_room(self, size: int) -> bool:
        return sum(session.bytes for session in self._sessions.values()) + size <= BODY_LIMIT

    async def _in_thread(self, task: str, work: Callable[[], T]) -> T:
        try:
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        except Cancelled:
            raise _superseded() from None
        except Refusal:
            raise
        except Exception as error:
            failure = explain(error, task, self._log_file)
            raise Refusal(500 if failure.code == "internal" else 400, failure.code, failure.message, failure.remedy) from error


def _open(order: Order) -> LivePhoto:
    kind, _ = registry.load(order.task)
    return registry.load_live(order.task)(order.request(kind), order.device)


def _decoded(kind: type[T], field: str, tensors: Tensors, values: Values) -> T:
    """What the call holds under ``field`` (its JSON fields) and as tensors."""
    said = values.get(field)
    unknown = set(values) - {field}
    if not isinstance(said, Mapping) or unknown or set(said) & set(tensors):
        raise Refusal(400, "bad_request", f"The call does not hold its {field}, each field once, and nothing else.")
    return request_from_wire(kind, tensors, said)


def _superseded() -> Refusal:
    return Refusal(409, "superseded", "Newer hints have come.")
