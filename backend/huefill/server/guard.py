"""Who may call: this machine's own programs, with this start's token, and nobody's web page."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from huefill.server.answers import refused
from huefill.server.failures import Refusal

_OPEN = "/v1/ping"


class Guard:
    """Refuses a foreign ``Host`` (a name that was bent to the loopback), any ``Origin`` (a browser), and a wrong token."""

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self._app = app
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._authorization = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._check(Headers(scope=scope), scope["path"])
        await (refused(refusal) if refusal else self._app)(scope, receive, send)

    def _check(self, headers: Headers, path: str) -> Refusal | None:
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return Refusal(403, "host", "The request was not made to this machine's own address.")
        if "origin" in headers:
            return Refusal(403, "origin", "Huefill's backend does not talk to web pages.")
        if path != _OPEN and not hmac.compare_digest(headers.get("authorization", "").encode("latin-1"), self._authorization):
            return Refusal(
                401, "token", "The request does not carry this backend's token.", "Restart the editor, so that it finds the backend anew."
            )
        return None
