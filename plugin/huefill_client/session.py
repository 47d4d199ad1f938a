"""One editor's bond with the backend: found or started when first needed, held by presence, found again after a loss."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

from huefill_client.presence import Presence
from huefill_client.supervisor import Supervisor
from huefill_protocol.connection import Connection
from huefill_protocol.endpoint import Endpoint
from huefill_protocol.errors import BackendError

# What `Session.state` may be.
OFF, STARTING, READY, LOST = "off", "starting", "ready", "lost"
_ATTEMPTS = 3


class Session:
    """An editor makes one of these and keeps it until it closes.

    ``on_state(state)`` is called from whichever thread saw the change, with "off", "starting", "ready" or "lost". Only `connect` and the
    methods that need a connection block; the constructor, `state` and `close` return at once.
    """

    def __init__(self, supervisor: Supervisor | None = None, on_state: Callable[[str], None] = lambda state: None) -> None:
        self.client = uuid.uuid4().hex
        self._supervisor = supervisor or Supervisor()
        self._on_state = on_state
        self._state = OFF
        self._endpoint: Endpoint | None = None
        self._presence: Presence | None = None
        self._lock = threading.Lock()

    @property
    def state(self) -> str:
        return self._state

    @property
    def endpoint(self) -> Endpoint | None:
        """The backend this session is connected to, if it is."""
        return self._endpoint if self._state == READY else None

    def connect(self, stopped: Callable[[], bool] = lambda: False) -> Endpoint:
        """The backend, present in it. Blocks while one is started. Raises `BackendError` or, once ``stopped()`` is true, `Cancelled`."""
        with self._lock:
            if self._endpoint and self._presence and self._presence.alive:
                return self._endpoint
            self._enter(STARTING)
            try:
                self._endpoint, self._presence = self._join(stopped)
            except BaseException:
                self._enter(OFF)
                raise
            self._enter(READY)
            return self._endpoint

    def connection(self, timeout: float = 30.0) -> Connection:
        """Calls to the connected backend. Raises `BackendError` ("unreachable") where there is none."""
        if self._endpoint is None:
            raise BackendError("unreachable", "The Huefill backend is not running.", "Start an action: the backend starts by itself.")
        return Connection(self._endpoint, self.client, timeout)

    def about(self) -> dict[str, Any]:
        """What the connected backend says of itself (docs/protocol.md)."""
        return self.connection(5.0).json("GET", "/v1/about")

    def close(self) -> None:
        """Leave the backend, which cancels this client's jobs; a managed one exits soon after its last client. Does not block."""
        if self._presence:
            self._presence.close()
        self._endpoint = self._presence = None
        self._enter(OFF)

    def _join(self, stopped: Callable[[], bool]) -> tuple[Endpoint, Presence]:
        for attempt in range(_ATTEMPTS):
            endpoint = self._supervisor.ensure(stopped)
            try:
                return endpoint, Presence(endpoint, self.client, self._lose)
            except BackendError:
                # It was just about to exit for lack of clients: the next attempt starts another.
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("every attempt returns or raises")

    def _lose(self) -> None:
        self._enter(LOST)

    def _enter(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._on_state(state)
