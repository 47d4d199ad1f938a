"""Photos that are worked at live: sent once, then hints alone travel; a newer hint supersedes an older one."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy.typing as npt

from huefill.errors import Cancelled
from huefill.runtime.progress import Progress
from huefill.server.failures import Refusal, explain
from huefill.server.jobs import Order
from huefill.tasks import registry
from huefill.tasks.contract import points_from_json
from huefill_protocol.wire import BODY_LIMIT, Tensor, pack

_log = logging.getLogger(__name__)

_MOST, _MOST_OF_CLIENT = 16, 4
_FIELDS = ("saturation", "palette_at", "longest")


@dataclass
class _Session:
    """``order`` is the photo and what was said with it, ``live`` the task's own object; ``latest`` the number of the newest hints."""

    client: str
    order: Order
    live: Any
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    latest: int = -1
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def bytes(self) -> int:
        return int(self.live.bytes) + sum(tensor.nbytes for tensor in self.order.tensors.values())


class LiveSessions:
    """Used from the event loop; the work itself is done in threads. Previews run beside the jobs and share the cores with them."""

    def __init__(self, log_file: Path | None) -> None:
        self._log_file = log_file
        self._sessions: dict[str, _Session] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    async def open(self, client: str, order: Order, still_there: Callable[[], bool]) -> dict[str, Any]:
        """Look at a photo; raises `Refusal`, also when the client went meanwhile."""
        mine = sum(session.client == client for session in self._sessions.values())
        size = sum(tensor.nbytes for tensor in order.tensors.values())
        held = sum(session.bytes for session in self._sessions.values())
        if len(self._sessions) >= _MOST or mine >= _MOST_OF_CLIENT or held + size > BODY_LIMIT:
            raise Refusal(503, "busy", "Too many photos are being colored at once.", "Close the colors of another document.")
        begin = time.perf_counter()
        live = await self._in_thread(order.task, partial(_open, order))
        session = _Session(client, order, live)
        if not still_there():
            raise Refusal(409, "not_present", "The client that opened the session has gone.")
        self._sessions[session.id] = session
        _log.info("live session %s (%s) opened in %.2f s", session.id[:8], order.task, time.perf_counter() - begin)
        return {"session": session.id, "size": list(live.shape), "models": live.models}

    async def preview(self, client: str, name: str, tensors: Mapping[str, npt.NDArray[Any]], values: Mapping[str, Any]) -> list[Any]:
        """The photo under these hints as the buffers of a body; raises `Refusal` "superseded" once newer ones have come."""
        session = self._find(client, name)
        number = values.get("number")
        if not isinstance(number, int) or isinstance(number, bool):
            raise Refusal(400, "bad_request", "The hints have no number.")
        if number <= session.latest:
            raise _superseded()
        session.latest = number
        stop = threading.Event()
        async with session.turn:
            if session.latest != number:
                raise _superseded()
            progress = Progress(stopped=lambda: session.latest != number or stop.is_set())
            work = partial(_preview, session.live, dict(tensors), dict(values), progress)
            try:
                made = await self._in_thread(session.order.task, work)
            finally:
                stop.set()
        header = {"number": number, "palette": made.palette, "out_of_gamut": made.out_of_gamut, "seconds": made.seconds}
        return pack({"preview": Tensor("U8", made.image.shape, made.image.data)}, header)

    def order_of(self, client: str, name: str, tensors: Mapping[str, npt.NDArray[Any]], values: Mapping[str, Any]) -> tuple[Order, int]:
        """The job that makes the photo under these hints at full resolution, and its size in bytes."""
        session = self._find(client, name)
        kept = {key: value for key, value in values.items() if key in ("points", "saturation")}
        given = {key: value for key, value in tensors.items() if key in ("hints", "reference")}
        order = session.order
        whole = {**order.tensors, **given}
        return replace(order, tensors=whole, values={**order.values, **kept}), sum(tensor.nbytes for tensor in whole.values())

    def close(self, client: str, name: str) -> None:
        self._find(client, name)
        self._forget(name)

    def close_client(self, client: str) -> None:
        """Forget the photos of a client that has gone."""
        for name in [name for name, session in self._sessions.items() if session.client == client]:
            self._forget(name)

    def _forget(self, name: str) -> None:
        session = self._sessions.pop(name)
        session.latest = 1 << 62  # whatever still runs stops at its next look
        _log.info("live session %s closed", name[:8])

    def _find(self, client: str, name: str) -> _Session:
        session = self._sessions.get(name)
        if session is None or session.client != client:
            raise Refusal(404, "unknown_session", "The backend does not know this photo: it was closed.", "Open it again.")
        return session

    async def _in_thread(self, task: str, work: Callable[[], Any]) -> Any:
        try:
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        except Refusal:
            raise
        except Cancelled:
            raise _superseded() from None
        except Exception as error:
            failure = explain(error, task, self._log_file)
            raise Refusal(500 if failure.code == "internal" else 400, failure.code, failure.message, failure.remedy) from error


def _open(order: Order) -> Any:
    kind, _ = registry.load(order.task)
    return registry.load_live(order.task)(order.request(kind), order.device)


def _preview(live: Any, tensors: dict[str, Any], values: dict[str, Any], progress: Progress) -> Any:
    options = {key: values[key] for key in _FIELDS if values.get(key) is not None}
    unknown = (set(values) - {"number", "points", *_FIELDS}) | (set(tensors) - {"hints", "reference"})
    if unknown:
        raise Refusal(400, "bad_request", f"The hints have fields nobody knows: {', '.join(sorted(unknown))[:200]}.")
    longest = options.get("longest", 1024)
    if not isinstance(longest, int) or isinstance(longest, bool) or not 16 <= longest <= 4096:
        raise Refusal(400, "bad_request", "The preview's size is not between 16 and 4096 pixels.")
    if "saturation" in options and not isinstance(options["saturation"], (int, float)):
        raise Refusal(400, "bad_request", "The saturation is not a number.")
    if "palette_at" in options:
        place = options["palette_at"]
        if not isinstance(place, list) or len(place) != 2 or not all(isinstance(value, (int, float)) for value in place):
            raise Refusal(400, "bad_request", "The palette's place is not a pair of numbers.")
        options["palette_at"] = tuple(place)
    return live.preview(points_from_json(values.get("points", [])), progress=progress, **options, **tensors)


def _superseded() -> Refusal:
    return Refusal(409, "superseded", "Newer hints have come.")
