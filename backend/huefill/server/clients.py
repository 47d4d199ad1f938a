"""Who uses the backend: each client holds a stream open, and is gone when its last one breaks."""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Callable

from huefill.server.failures import Refusal

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST = 64


class Clients:
    """``on_gone(client)`` is called when a client's last stream has broken. Used from the event loop alone."""

    def __init__(self, on_gone: Callable[[str], None]) -> None:
        self._on_gone = on_gone
        self._streams: Counter[str] = Counter()
        self._seen_any = False
        self._closed = False
        self._empty_since = time.monotonic()

    def __len__(self) -> int:
        return len(self._streams)

    def __contains__(self, client: str) -> bool:
        return client in self._streams

    def enter(self, client: str) -> None:
        """Raises `Refusal` for a name that is none, when there are too many streams, or after `close`."""
        if self._closed:
            raise Refusal(503, "leaving", "The Huefill backend is just ending, because nobody used it.", "Try again: it is started anew.")
        if not _NAME.fullmatch(client):
            raise Refusal(400, "bad_request", "The client's name is missing, or is not of letters, digits, '-' and '_'.")
        if self._streams.total() >= _MOST:
            raise Refusal(503, "busy", "Too many clients are connected.", "Close an editor that uses Huefill.")
        if client not in self._streams:
            _log.info("client %s came", client[:8])
        self._streams[client] += 1
        self._seen_any = True

    def leave(self, client: str) -> None:
        self._streams[client] -= 1
        if self._streams[client] > 0:
            return
        del self._streams[client]
        self._empty_since = time.monotonic()
        _log.info("client %s has gone", client[:8])
        self._on_gone(client)

    def close(self) -> None:
        """Take nobody in any more."""
        self._closed = True

    def unused_for(self, linger_s: float, first_client_s: float) -> bool:
        """Whether nobody has been there for ``linger_s`` seconds, or nobody ever came in ``first_client_s``."""
        patience = linger_s if self._seen_any else first_client_s
        return not self._streams and time.monotonic() - self._empty_since > patience
