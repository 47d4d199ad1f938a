"""Starts the backend and keeps it: `run` returns when it has ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import time
from pathlib import Path

import uvicorn

from huefill import __version__
from huefill.errors import HuefillError
from huefill.server import memory
from huefill.server.app import Services, make_app
from huefill.server.clients import Clients
from huefill.server.instance import Instance
from huefill.server.live import LiveSessions
from huefill.server.logs import open_log
from huefill.server.scheduler import Scheduler
from huefill_protocol import PROTOCOL, locations
from huefill_protocol.endpoint import Endpoint

_log = logging.getLogger(__name__)

LINGER_S = 10.0
FIRST_CLIENT_S = 60.0
_WATCH_S = 0.25
_LAST_WAIT_S = 5.0


def run(
    endpoint: Path | None = None,
    *,
    managed: bool = False,
    linger_s: float = LINGER_S,
    first_client_s: float = FIRST_CLIENT_S,
    log_file: Path | None = None,
) -> int:
    """Be the user's backend until told to end; the exit status.

    A second start finds the first, says so and returns 0. ``managed``: end ``linger_s`` seconds after the last client has gone, or when
    none came in ``first_client_s`` seconds; otherwise only a signal or ``POST /v1/shutdown`` ends it. ``endpoint`` and ``log_file`` default
    to the user's own (`huefill_protocol.locations`).
    """
    file = endpoint or locations.endpoint_file()
    log = log_file or locations.log_file()
    try:
        instance = Instance(file)
        running = instance.claim()
    except (HuefillError, OSError) as error:
        print(error, flush=True)
        return 1
    if running:
        print(f"Huefill's backend {running.version} is already running (process {running.pid}, port {running.port}).", flush=True)
        return 0
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    here = Endpoint(port, secrets.token_urlsafe(32), os.getpid(), __version__, PROTOCOL, time.time())
    open_log(log, here.token)
    scheduler = Scheduler(memory.release, log)
    server = _Server(here, instance, scheduler, log, (linger_s, first_client_s) if managed else None)
    # Ctrl+C is raised again once uvicorn has shut down in order.
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not scheduler.stop(_LAST_WAIT_S):
        _log.warning("a task does not let go; the process ends without it")
        logging.shutdown()
        # A library that hangs in native code would keep the interpreter from ending, and the process would be orphaned.
        os._exit(0)
    return 0


class _Server(uvicorn.Server):
    """uvicorn, announcing itself when it can answer, and watching for reasons to end."""

    def __init__(
        self, endpoint: Endpoint, instance: Instance, scheduler: Scheduler, log: Path, patience: tuple[float, float] | None
    ) -> None:
        self._stopping = asyncio.Event()
        sessions = LiveSessions(log)

        def gone(client: str) -> None:
            scheduler.cancel_client(client)
            sessions.close_client(client)

        self._clients = Clients(gone)
        app = make_app(Services(endpoint, scheduler, sessions, self._clients, self._stopping, self._exit, str(log)))
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                http="h11",
                loop="asyncio",
                server_header=False,
                timeout_graceful_shutdown=2,
            )
        )
        self._endpoint, self._instance, self._scheduler, self._patience = endpoint, instance, scheduler, patience

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._instance.publish(self._endpoint)
        _log.info("Huefill %s listens on port %d, process %d", self._endpoint.version, self._endpoint.port, self._endpoint.pid)
        if self._patience is None:
            print(f"Huefill's backend {self._endpoint.version} listens on port {self._endpoint.port}; Ctrl+C ends it.", flush=True)
        self._watching = asyncio.create_task(self._watch())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Withdrawn here and not after `run`: uvicorn raises a signal again at the end, and that ends the process.
        self._instance.withdraw()
        self._watching.cancel()
        self._stopping.set()
        await super().shutdown(sockets)
        _log.info("ended")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_S)
            self._scheduler.tidy()
            if self._patience and self._clients.unused_for(*self._patience):
                _log.info("nobody uses the backend any more")
                # In one step: who comes from here on is sent to the next backend instead of being dropped in the middle of a job.
                self._clients.close()
                self._instance.withdraw()
                self._exit()

    def _exit(self) -> None:
        self.should_exit = True
