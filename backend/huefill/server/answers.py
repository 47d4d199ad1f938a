"""Answers that every route shares."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from starlette.responses import Response, StreamingResponse

from huefill.server.failures import Refusal
from huefill_protocol.wire import MEDIA_TYPE

_PIECE = 1 << 20


def refused(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """In plain ASCII, so that no sentence, whatever it repeats of a request, can fail to be sent."""
    return Response(json.dumps({"error": refusal.failure.to_wire()}), refusal.status, headers, "application/json")


def body(buffers: Sequence[Any]) -> StreamingResponse:
    """The buffers one after another, in pieces: neither joined in memory nor sent in one long write that holds up other clients."""
    length = str(sum(memoryview(buffer).nbytes for buffer in buffers))
    return StreamingResponse(_pieces(buffers), media_type=MEDIA_TYPE, headers={"Content-Length": length})


async def _pieces(buffers: Sequence[Any]) -> AsyncIterator[bytes]:
    for buffer in buffers:
        view = memoryview(buffer).cast("B")
        for begin in range(0, len(view), _PIECE):
            yield bytes(view[begin : begin + _PIECE])
