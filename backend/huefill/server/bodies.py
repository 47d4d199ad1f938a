"""What clients send: read within limits of size and time, and taken apart."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request

from huefill.runtime import devices
from huefill.runtime.memory import available_memory
from huefill.server.clients import Clients
from huefill.server.failures import Refusal
from huefill.server.jobs import Order
from huefill.server.scheduler import Scheduler
from huefill.server.wire import arrays_from_body
from huefill.tasks import registry
from huefill_protocol.wire import BODY_LIMIT, PIXEL_ORDERS, RGBA, WireError

_LONGEST_PAUSE_S = 20.0
# Slower than this over the loopback is nobody who has anything to say.
_SLOWEST_BYTES_PER_S = 10 << 20


@contextlib.asynccontextmanager
async def received(request: Request, clients: Clients, scheduler: Scheduler) -> AsyncIterator[tuple[str, bytearray]]:
    """The name of a client that is present, and the body it sent, whose room is claimed meanwhile."""
    client, size = request.headers.get("x-huefill-client", ""), _announced_size(request)
    try:
        _check_present(client, clients)
        scheduler.reserve(size)
    except Refusal:
        # An answer before the body is read would be lost: the client is still sending when the connection closes.
        with contextlib.suppress(Refusal):
            await _body(request, size, keep=False)
        raise
    try:
        body = await _body(request, size)
        # It may have gone since; nobody would cancel what it asked for.
        _check_present(client, clients)
        yield client, body
    finally:
        scheduler.unreserve(size)


def parts(body: bytearray) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays and the JSON values of a body; raises `Refusal`."""
    try:
        return arrays_from_body(body)
    except WireError as error:
        raise Refusal(400, "bad_request", f"The request cannot be read. {error}") from None


def order(body: bytearray) -> Order:
    """What is to be done; raises `Refusal` for a body that is no order."""
    tensors, values = parts(body)
    task, request, device = values.get("task"), values.get("request"), values.get("device", "auto")
    pixels = values.get("pixels", RGBA)
    if not isinstance(task, str) or not isinstance(request, Mapping) or set(request) & set(tensors):
        raise Refusal(400, "bad_request", "The request does not say its task and its fields.")
    if task not in registry.TASKS:
        raise Refusal(400, "unknown_task", f"There is no task '{task[:64]}'.", f"Known tasks: {', '.join(registry.TASKS)}.")
    if device not in devices.CHOICES:
        raise Refusal(400, "bad_request", "There is no such device.", f"Devices: {', '.join(devices.CHOICES)}.")
    if pixels not in PIXEL_ORDERS:
        raise Refusal(400, "bad_request", "There is no such order of pixels.", f"Orders: {', '.join(PIXEL_ORDERS)}.")
    return Order(task, tensors, request, device, pixels)


def _check_present(client: str, clients: Clients) -> None:
    if client not in clients:
        raise Refusal(409, "not_present", "A job was sent by a client that does not hold its presence stream open.")


def _announced_size(request: Request) -> int:
    text = request.headers.get("content-length", "")
    # Beside a coding of the transfer the announced length would count for nothing.
    if not text.isdecimal() or "transfer-encoding" in request.headers:
        raise Refusal(411, "length_required", "The request does not say how long its body is.")
    size = int(text[:20])
    if size > BODY_LIMIT:
        raise Refusal(
            413, "too_large", f"The picture is larger than {BODY_LIMIT >> 20} MB.", "Select a smaller region, or reduce the image."
        )
    if size > available_memory():
        raise Refusal(
            507, "memory", "There is not enough free memory to receive the picture.", "Close other programs, or select a smaller region."
        )
    return size


async def _body(request: Request, size: int, keep: bool = True) -> bytearray:
    """Grown as it comes, so that a client that announces much and sends little costs little; neither longer nor slower than allowed."""
    body, come = bytearray(), 0
    latest = anyio.current_time() + _LONGEST_PAUSE_S + size / _SLOWEST_BYTES_PER_S
    try:
        with anyio.fail_after(_LONGEST_PAUSE_S) as pause:
            async for piece in request.stream():
                pause.deadline = min(latest, anyio.current_time() + _LONGEST_PAUSE_S)
                come += len(piece)
                if come > size:
                    raise Refusal(400, "bad_request", f"The client sent more than the {size} bytes that it had announced.")
                if keep:
                    body += piece
    except (ClientDisconnect, TimeoutError):
        raise Refusal(400, "bad_request", f"The client did not send the {size} bytes that it had announced.") from None
    return body
