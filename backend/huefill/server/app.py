"""The calls of docs/protocol.md."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from huefill.runtime import devices
from huefill.runtime.memory import available_memory
from huefill.server import answers
from huefill.server.about import about
from huefill.server.clients import Clients
from huefill.server.failures import Refusal
from huefill.server.guard import Guard
from huefill.server.jobs import DONE, FAILED, FINAL, Job, Order
from huefill.server.live import LiveSessions
from huefill.server.scheduler import Scheduler
from huefill.server.streams import EventStream, job_events, presence_events
from huefill.server.wire import arrays_from_body
from huefill.tasks import registry
from huefill_protocol.endpoint import Endpoint, proof
from huefill_protocol.wire import BODY_LIMIT, PIXEL_ORDERS, RGBA, WireError

_log = logging.getLogger(__name__)
_LONGEST_NONCE = 128
_LONGEST_PAUSE_S = 20.0


@dataclass(frozen=True)
class House:
    """What the routes work on. ``stopping`` ends open streams, ``exit`` asks the server to end."""

    endpoint: Endpoint
    scheduler: Scheduler
    sessions: LiveSessions
    clients: Clients
    stopping: asyncio.Event
    exit: Callable[[], None]
    log_file: str


def make_app(house: House) -> Starlette:
    routes = _Routes(house)
    return Starlette(
        routes=[
            Route("/v1/ping", routes.ping),
            Route("/v1/about", routes.about),
            Route("/v1/presence", routes.presence),
            Route("/v1/jobs", routes.create, methods=["POST"]),
            Route("/v1/jobs/{job}/events", routes.events),
            Route("/v1/jobs/{job}/result", routes.result),
            Route("/v1/jobs/{job}", routes.delete, methods=["DELETE"]),
            Route("/v1/sessions", routes.open_session, methods=["POST"]),
            Route("/v1/sessions/{session}/pictures", routes.pictures, methods=["POST"]),
            Route("/v1/sessions/{session}/hints", routes.hints, methods=["POST"]),
            Route("/v1/sessions/{session}/apply", routes.apply, methods=["POST"]),
            Route("/v1/sessions/{session}", routes.close_session, methods=["DELETE"]),
            Route("/v1/shutdown", routes.shutdown, methods=["POST"]),
        ],
        middleware=[Middleware(Guard, port=house.endpoint.port, token=house.endpoint.token)],
        exception_handlers={Refusal: _refusal, HTTPException: _http_error, Exception: _fault},
    )


class _Routes:
    def __init__(self, house: House) -> None:
        self._house = house

    async def ping(self, request: Request) -> Response:
        nonce = request.query_params.get("nonce", "")[:_LONGEST_NONCE]
        endpoint = self._house.endpoint
        return JSONResponse({"huefill": endpoint.version, "protocol": endpoint.protocol, "proof": proof(endpoint.token, nonce)})

    async def about(self, request: Request) -> Response:
        return JSONResponse(about(self._house.endpoint, self._house.scheduler, len(self._house.clients), self._house.log_file))

    async def presence(self, request: Request) -> Response:
        return _Presence(request.query_params.get("client", ""), self._house)

    async def create(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            job = self._house.scheduler.submit(client, _order(body), len(body))
        return JSONResponse({"job": job.id, "position": self._house.scheduler.position(job)}, 201)

    async def open_session(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            opened = await self._house.sessions.open(client, _order(body))
        return JSONResponse(opened, 201)

    async def pictures(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            name = await self._house.sessions.add_picture(client, request.path_params["session"], *_parts(body))
        return JSONResponse({"picture": name}, 201)

    async def hints(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            buffers = await self._house.sessions.preview(client, request.path_params["session"], *_parts(body))
        return answers.body(buffers)

    async def apply(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            order, size = await self._house.sessions.apply(client, request.path_params["session"], *_parts(body))
            job = self._house.scheduler.submit(client, order, size)
        return JSONResponse({"job": job.id, "position": self._house.scheduler.position(job)}, 201)

    async def close_session(self, request: Request) -> Response:
        self._house.sessions.close(request.headers.get("x-huefill-client", ""), request.path_params["session"])
        return JSONResponse({}, 202)

    @contextlib.asynccontextmanager
    async def _received(self, request: Request) -> AsyncIterator[tuple[str, bytearray]]:
        """The name of a client that is present, and the body it sent, whose room is claimed meanwhile."""
        client, size = request.headers.get("x-huefill-client", ""), _announced_size(request)
        try:
            self._check_present(client)
            self._house.scheduler.reserve(size)
        except Refusal:
            # An answer before the body is read would be lost: the client is still sending when the connection closes.
            with contextlib.suppress(Refusal):
                await _body(request, size, keep=False)
            raise
        try:
            body = await _body(request, size)
            # It may have gone since; nobody would cancel what it asked for.
            self._check_present(client)
            yield client, body
        finally:
            self._house.scheduler.unreserve(size)

    async def events(self, request: Request) -> Response:
        return EventStream(job_events(self._find(request), self._house.scheduler), self._house.stopping)

    async def result(self, request: Request) -> Response:
        job = self._find(request)
        if job.state.name == FAILED and job.state.error:
            error = job.state.error
            raise Refusal(409, error.code, error.message, error.remedy)
        if job.state.name != DONE or job.result is None:
            raise Refusal(409, "not_ready", f"The job has no result: it is {job.state.name}.")
        return answers.body(job.result)

    async def delete(self, request: Request) -> Response:
        job = self._find(request)
        if job.state.name in FINAL:
            self._house.scheduler.forget(job)
        else:
            self._house.scheduler.cancel(job)
        return JSONResponse({"job": job.id}, 202)

    async def shutdown(self, request: Request) -> Response:
        _log.info("asked to shut down")
        self._house.exit()
        return JSONResponse({}, 202)

    def _check_present(self, client: str) -> None:
        if client not in self._house.clients:
            raise Refusal(409, "not_present", "A job was sent by a client that does not hold its presence stream open.")

    def _find(self, request: Request) -> Job:
        job = self._house.scheduler.find(request.path_params["job"])
        if job is None:
            raise Refusal(404, "unknown_job", "The backend does not know this job: it was fetched, or is too old.", "Run the action again.")
        return job


class _Presence(EventStream):
    """The client is there from the first byte of this answer to its end."""

    def __init__(self, client: str, house: House) -> None:
        super().__init__(presence_events(), house.stopping)
        self._client, self._clients = client, house.clients
        house.clients.enter(client)

    async def __call__(self, *connection: Any) -> None:
        try:
            await super().__call__(*connection)
        finally:
            self._clients.leave(self._client)


def _announced_size(request: Request) -> int:
    text = request.headers.get("content-length", "")
    if not text.isdecimal():
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
    """Grown as it comes, so that a client that announces much and sends little costs little. HTTP itself ends it at ``size``."""
    body = bytearray()
    try:
        with anyio.fail_after(_LONGEST_PAUSE_S) as pause:
            async for piece in request.stream():
                pause.deadline = anyio.current_time() + _LONGEST_PAUSE_S
                if keep:
                    body += piece
    except (ClientDisconnect, TimeoutError):
        raise Refusal(400, "bad_request", f"The client did not send the {size} bytes that it had announced.") from None
    return body


def _parts(body: bytearray) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        return arrays_from_body(body)
    except WireError as error:
        raise Refusal(400, "bad_request", f"The request cannot be read. {error}") from None


def _order(body: bytearray) -> Order:
    tensors, values = _parts(body)
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


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return answers.refused(error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answers.refused(Refusal(error.status_code, "not_found", "There is no such call.", "Update Huefill: run the installer again."))


async def _fault(request: Request, error: Exception) -> Response:
    # Starlette raises it again for the server, which writes the traceback to the log.
    return answers.refused(Refusal(500, "internal", f"The backend met a fault ({type(error).__name__}).", "The details are in its log."))
