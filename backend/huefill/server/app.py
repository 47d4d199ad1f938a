"""The calls of docs/protocol.md."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from huefill.server import answers, bodies
from huefill.server.about import about
from huefill.server.clients import Clients
from huefill.server.failures import Refusal
from huefill.server.guard import Guard
from huefill.server.jobs import DONE, FAILED, FINAL, Job
from huefill.server.live import LiveSessions
from huefill.server.scheduler import Scheduler
from huefill.server.streams import EventStream, job_events, presence_events
from huefill_protocol.endpoint import Endpoint, proof

_log = logging.getLogger(__name__)
_LONGEST_NONCE = 128


@dataclass(frozen=True)
class Services:
    """What the routes work on. ``stopping`` ends open streams, ``exit`` asks the server to end."""

    endpoint: Endpoint
    scheduler: Scheduler
    sessions: LiveSessions
    clients: Clients
    stopping: asyncio.Event
    exit: Callable[[], None]
    log_file: str


def make_app(services: Services) -> Starlette:
    routes = _Routes(services)
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
        middleware=[Middleware(Guard, port=services.endpoint.port, token=services.endpoint.token)],
        exception_handlers={Refusal: _refusal, HTTPException: _http_error, Exception: _fault},
    )


class _Routes:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def ping(self, request: Request) -> Response:
        nonce = request.query_params.get("nonce", "")[:_LONGEST_NONCE]
        endpoint = self._services.endpoint
        return JSONResponse({"huefill": endpoint.version, "protocol": endpoint.protocol, "proof": proof(endpoint.token, nonce)})

    async def about(self, request: Request) -> Response:
        services = self._services
        # In a thread: it reads the networks' cards, and no Cancel is to wait for a disk.
        work = partial(about, services.endpoint, services.scheduler, len(services.clients), services.log_file)
        return JSONResponse(await anyio.to_thread.run_sync(work))

    async def presence(self, request: Request) -> Response:
        return _Presence(request.query_params.get("client", ""), self._services)

    async def create(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            job = self._services.scheduler.submit(client, bodies.order(body), len(body))
        return JSONResponse({"job": job.id, "position": self._services.scheduler.position(job)}, 201)

    async def open_session(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            opened = await self._services.sessions.open(client, bodies.order(body))
        return JSONResponse(opened, 201)

    async def pictures(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            name = await self._services.sessions.add_picture(client, request.path_params["session"], *bodies.parts(body))
        return JSONResponse({"picture": name}, 201)

    async def hints(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            buffers = await self._services.sessions.preview(client, request.path_params["session"], *bodies.parts(body))
        return answers.body(buffers)

    async def apply(self, request: Request) -> Response:
        async with self._received(request) as (client, body):
            order, size = await self._services.sessions.apply(client, request.path_params["session"], *bodies.parts(body))
            job = self._services.scheduler.submit(client, order, size)
        return JSONResponse({"job": job.id, "position": self._services.scheduler.position(job)}, 201)

    async def close_session(self, request: Request) -> Response:
        self._services.sessions.close(request.headers.get("x-huefill-client", ""), request.path_params["session"])
        return JSONResponse({}, 202)

    def _received(self, request: Request) -> contextlib.AbstractAsyncContextManager[tuple[str, bytearray]]:
        return bodies.received(request, self._services.clients, self._services.scheduler)

    async def events(self, request: Request) -> Response:
        return EventStream(job_events(self._find(request), self._services.scheduler), self._services.stopping)

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
            self._services.scheduler.forget(job)
        else:
            self._services.scheduler.cancel(job)
        return JSONResponse({"job": job.id}, 202)

    async def shutdown(self, request: Request) -> Response:
        _log.info("asked to shut down")
        self._services.exit()
        return JSONResponse({}, 202)

    def _find(self, request: Request) -> Job:
        job = self._services.scheduler.find(request.path_params["job"])
        if job is None:
            raise Refusal(404, "unknown_job", "The backend does not know this job: it was fetched, or is too old.", "Run the action again.")
        return job


class _Presence(EventStream):
    """The client is there from the first byte of this answer to its end."""

    def __init__(self, client: str, services: Services) -> None:
        super().__init__(presence_events(), services.stopping)
        self._client, self._clients = client, services.clients
        services.clients.enter(client)

    async def __call__(self, *connection: Any) -> None:
        try:
            await super().__call__(*connection)
        finally:
            self._clients.leave(self._client)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return answers.refused(error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refusal = Refusal(error.status_code, "not_found", "There is no such call.", "Update Huefill: run the installer again.")
    return answers.refused(refusal, error.headers)


async def _fault(request: Request, error: Exception) -> Response:
    # Starlette raises it again for the server, which writes the traceback to the log.
    return answers.refused(Refusal(500, "internal", f"The backend met a fault ({type(error).__name__}).", "The details are in its log."))
