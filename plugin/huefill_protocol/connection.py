"""HTTP to the backend: one request a connection, straight to the loopback (proxies of the environment are never asked)."""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from huefill_protocol.endpoint import Endpoint, proof
from huefill_protocol.errors import BackendError, Cancelled

_PIECE = 1 << 20


class Connection:
    """Calls to one backend on behalf of one client. Cheap to make, safe to use from several threads at once.

    ``timeout`` in seconds is for connecting and for every single read or write. All methods raise `BackendError`: with what the backend
    said where it refused, with the code ``unreachable`` where nothing answers.
    """

    def __init__(self, endpoint: Endpoint, client: str = "", timeout: float = 30.0) -> None:
        self._endpoint = endpoint
        self._client = client
        self._timeout = timeout

    def is_backend(self) -> bool:
        """Whether the program at this port is the backend that wrote the endpoint file."""
        nonce = secrets.token_hex(16)
        try:
            with self._open("GET", f"/v1/ping?nonce={nonce}", authorized=False) as response:
                answer = json.loads(response.read(65536))
            return secrets.compare_digest(str(answer.get("proof")), proof(self._endpoint.token, nonce))
        except (BackendError, OSError, ValueError, HTTPException, AttributeError):
            return False

    def json(self, method: str, path: str) -> dict[str, Any]:
        """A call without a body; its JSON answer."""
        with self._open(method, path) as response:
            return self._answer(response)

    def send(self, path: str, buffers: Iterable[Any], media_type: str, stopped: Callable[[], bool] = lambda: False) -> dict[str, Any]:
        """POST the buffers one after another; the JSON answer. Raises `Cancelled` as soon as ``stopped()`` is true."""
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        headers = {"Content-Type": media_type, "Content-Length": str(sum(len(view) for view in views))}
        with self._open("POST", path, views, headers, stopped) as response:
            return self._answer(response)

    def exchange(self, path: str, buffers: Iterable[Any], media_type: str) -> bytes:
        """POST the buffers one after another; the body of the answer."""
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        headers = {"Content-Type": media_type, "Content-Length": str(sum(len(view) for view in views))}
        with self._open("POST", path, views, headers) as response:
            try:
                return response.read()
            except (OSError, HTTPException) as error:
                raise _unreachable(error) from error

    def fetch(self, path: str) -> bytes:
        """The body of the answer."""
        with self._open("GET", path) as response:
            try:
                return response.read()
            except (OSError, HTTPException) as error:
                raise _unreachable(error) from error

    def events(self, path: str) -> EventStream:
        """An open stream of server-sent events."""
        return EventStream(self, path)

    @contextlib.contextmanager
    def _open(
        self,
        method: str,
        path: str,
        views: Iterable[memoryview] = (),
        headers: Mapping[str, str] | None = None,
        stopped: Callable[[], bool] = lambda: False,
        authorized: bool = True,
    ) -> Iterator[HTTPResponse]:
        http = HTTPConnection("127.0.0.1", self._endpoint.port, timeout=self._timeout)
        try:
            response = self.request(http, method, path, views, headers or {}, stopped, authorized)
            with response:
                yield response
        finally:
            http.close()

    def request(
        self,
        http: HTTPConnection,
        method: str,
        path: str,
        views: Iterable[memoryview] = (),
        headers: Mapping[str, str] | None = None,
        stopped: Callable[[], bool] = lambda: False,
        authorized: bool = True,
    ) -> HTTPResponse:
        """Send a request on ``http`` and return its response; a refusal becomes a `BackendError`."""
        try:
            http.putrequest(method, path)
            http.putheader("Connection", "close")
            if authorized:
                http.putheader("Authorization", f"Bearer {self._endpoint.token}")
                http.putheader("X-Huefill-Client", self._client)
            for name, value in (headers or {}).items():
                http.putheader(name, value)
            http.endheaders()
            # A backend that refuses a body answers and hangs up before it has read everything; its answer says why.
            with contextlib.suppress(ConnectionError):
                for view in views:
                    for begin in range(0, len(view), _PIECE):
                        if stopped():
                            raise Cancelled
                        http.send(view[begin : begin + _PIECE])
            response = http.getresponse()
            if response.status >= 400:
                raise _refusal(response.status, response.read(65536))
            return response
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error

    def _answer(self, response: HTTPResponse) -> dict[str, Any]:
        try:
            answer = json.loads(response.read())
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        except ValueError as error:
            raise BackendError("bad_answer", "The Huefill backend gave an answer that cannot be read.", "Restart the backend.") from error
        return answer if isinstance(answer, dict) else {}

    @property
    def timeout(self) -> float:
        return self._timeout

    @property
    def port(self) -> int:
        return self._endpoint.port


class EventStream:
    """The events of one stream, as JSON objects; None stands for a sign of life in between. Ends when the backend ends it.

    `close` may be called from another thread and ends the iteration there.
    """

    def __init__(self, connection: Connection, path: str) -> None:
        self._http = HTTPConnection("127.0.0.1", connection.port, timeout=connection.timeout)
        try:
            self._http.connect()
            # Kept because http.client lets go of it once the response has begun, and `close` needs it.
            self._socket = self._http.sock
            self._response = connection.request(self._http, "GET", path, headers={"Accept": "text/event-stream"})
        except OSError as error:
            raise _unreachable(error) from error
        except BaseException:
            self._http.close()
            raise

    def __iter__(self) -> Iterator[dict[str, Any] | None]:
        """Raises `BackendError` ("unreachable") when the backend falls silent or the connection breaks."""
        try:
            while True:
                line = self._response.readline(1 << 20)
                if not line:
                    return
                if line.startswith(b"data:"):
                    event = json.loads(line[5:])
                    yield event if isinstance(event, dict) else None
                elif line.startswith(b":"):
                    yield None
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            raise _unreachable(error) from error
        finally:
            self._response.close()
            self._http.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


def _unreachable(error: Exception) -> BackendError:
    return BackendError(
        "unreachable", "The Huefill backend does not answer.", f"Try again: it is started anew. ({error or type(error).__name__})"
    )


def _refusal(status: int, body: bytes) -> BackendError:
    try:
        error = json.loads(body)["error"]
        return BackendError(str(error["code"]), str(error["message"]), str(error["remedy"]))
    except (ValueError, TypeError, KeyError):
        return BackendError(
            f"http_{status}", f"The Huefill backend refused the request (HTTP {status}).", "Update Huefill: run the installer again."
        )
