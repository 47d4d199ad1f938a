"""Server-sent events as an answer that knows when its reader has gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from huefill.server.jobs import FINAL, Job
from huefill.server.scheduler import Scheduler

# How often a job's progress is looked at, and how often a quiet stream gives a sign of life, in seconds.
_PACE = 0.1
SIGN_OF_LIFE = 2.0


class EventStream(Response):
    """Sends ``events`` (bytes) until they end, the reader goes, or ``stopping`` is set."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], stopping: asyncio.Event) -> None:
        super().__init__(headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self._events = events
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        sending = asyncio.create_task(self._send(send))
        ends = [sending, asyncio.create_task(_gone(receive)), asyncio.create_task(self._stopping.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
            await self._events.aclose()  # type: ignore[attr-defined]
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b""})

    async def _send(self, send: Send) -> None:
        async for event in self._events:
            await send({"type": "http.response.body", "body": event, "more_body": True})


async def presence_events() -> AsyncIterator[bytes]:
    """Signs of life, for ever."""
    while True:
        yield b": here\n\n"
        await asyncio.sleep(SIGN_OF_LIFE)


async def job_events(job: Job, scheduler: Scheduler) -> AsyncIterator[bytes]:
    """A job's state now, then its changes, at most ten a second but for changes from one state to another; the final state is the last."""
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        # The worker may end a job while the loop is already closed.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(changed.set)

    last: dict[str, Any] = {}
    said = loop.time()
    with job.watched(wake):
        while True:
            changed.clear()
            event = job.to_wire(scheduler.position(job))
            if event != last:
                yield b"data: " + json.dumps(event).encode() + b"\n\n"
                last, said = event, loop.time()
            elif loop.time() - said > SIGN_OF_LIFE:
                yield b": still at it\n\n"
                said = loop.time()
            if event["state"] in FINAL:
                return
            with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
                await asyncio.wait_for(changed.wait(), _PACE)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
