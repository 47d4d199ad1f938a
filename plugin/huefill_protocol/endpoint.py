"""The endpoint file: where the running backend listens, and the secret that its own user may read (docs/protocol.md)."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Endpoint:
    """One start of a backend. ``started`` is in seconds since 1970."""

    port: int
    token: str
    pid: int
    version: str
    protocol: int
    started: float

    @staticmethod
    def read(file: Path) -> Endpoint | None:
        """What ``file`` says, or None where it is absent, unreadable or damaged: then no backend can be found by it."""
        try:
            values = json.loads(file.read_text("utf-8"))
            endpoint = Endpoint(
                int(values["port"]),
                str(values["token"]),
                int(values["pid"]),
                str(values["version"]),
                int(values["protocol"]),
                float(values["started"]),
            )
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return endpoint if 0 < endpoint.port < 65536 and endpoint.token else None


def proof(token: str, nonce: str) -> str:
    """What only the holder of ``token`` can answer to ``nonce``.

    A client asks for it before it says the token or sends a picture: the port of a backend that has died may by now belong to
    another program, or to another user of the machine.
    """
    return hmac.new(token.encode(), nonce.encode(), hashlib.sha256).hexdigest()
