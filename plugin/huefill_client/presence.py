"""Tells the backend that this client lives, by a stream that is held open; when it breaks, the backend cancels the client's jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable

from huefill_protocol.connection import Connection
from huefill_protocol.endpoint import Endpoint
from huefill_protocol.errors import BackendError


class Presence:
    """Present from the constructor's return until `close` or until the backend goes.

    ``on_lost`` is called from a thread of its own when the backend goes, not after `close`. The constructor raises `BackendError` where
    the backend cannot be reached.
    """

    def __init__(self, endpoint: Endpoint, client: str, on_lost: Callable[[], None] = lambda: None) -> None:
        # Signs of life come every two seconds; this many without one means that the backend hangs.
        self._stream = Connection(endpoint, client, timeout=60.0).events(f"/v1/presence?client={client}")
        self._on_lost = on_lost
        self._closed = False
        self._signs = iter(self._stream)
        self._lost = False
        for _ in self._signs:
            break
        else:
            raise BackendError("unreachable", "The Huefill backend is just ending.", "Try again: it is started anew.")
        self._thread = threading.Thread(target=self._hold, name="huefill-presence", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return not self._lost and not self._closed

    def close(self) -> None:
        """Say goodbye. Does not block."""
        self._closed = True
        self._stream.close()

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)

    def _hold(self) -> None:
        try:
            for _ in self._signs:
                pass
        except BackendError:
            pass
        self._lost = True
        if not self._closed:
            self._on_lost()
