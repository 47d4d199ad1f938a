"""What the tests of the backend share: starting it, speaking to it, waiting for what must come."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

from huefill_client.jobs import JobRunner, Outcome
from huefill_client.requests import Job
from huefill_client.session import Session
from huefill_protocol import locations
from huefill_protocol.connection import Connection
from huefill_protocol.endpoint import Endpoint
from huefill_protocol.wire import Tensor

LAUNCH = Path(__file__).parent / "launch.py"
PATIENCE_S = 30.0


def until(condition: Callable[[], Any]) -> Any:
    """Wait for something that must come; what it gave. A failure if it does not come."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)
    return value


def write_environment(*options: str) -> None:
    command = {"python": sys.executable, "arguments": [str(LAUNCH), *options]}
    locations.environment_file().write_text(json.dumps(command), "utf-8")


class Server:
    """A backend that a test has started itself."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen([sys.executable, str(LAUNCH), *options], stdout=subprocess.PIPE, text=True)
        self.endpoint: Endpoint = until(self._look)

    def _look(self) -> Endpoint | None:
        assert self.process.poll() is None, "the backend ended while it was starting"
        endpoint = Endpoint.read(locations.endpoint_file())
        return endpoint if endpoint and endpoint.pid == self.process.pid else None

    def connection(self, client: str = "") -> Connection:
        return Connection(self.endpoint, client)

    def raw(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
        """A request as any program could make it: status and JSON answer."""
        http = HTTPConnection("127.0.0.1", self.endpoint.port, timeout=PATIENCE_S)
        try:
            http.request(method, path, body, headers or {})
            response = http.getresponse()
            return response.status, json.loads(response.read())
        finally:
            http.close()

    @property
    def authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.endpoint.token}"}

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=PATIENCE_S)


def probe(do: str = "invert", image: Tensor | None = None, **values: Any) -> Job:
    """A job for the probe task on a picture of six pixels, or on ``image``, at (10, 20) of its document."""
    pixels = image or Tensor("U8", (2, 3, 3), bytes(range(18)))
    return Job("probe", "Probe", {"version": 1, "do": do, **values}, {"image": pixels}, (10, 20))


def outcome_of(session: Session, job: Job) -> Outcome:
    ends: list[Outcome] = []
    runner = JobRunner(session, job, on_end=ends.append).start()
    assert runner.wait(PATIENCE_S)
    return until(lambda: ends)[0]


def backends_of(folder: Path) -> list[psutil.Process]:
    """The processes of backends whose home is ``folder``."""
    return [process for process in psutil.process_iter(["cmdline", "environ"]) if _is_backend_of(process, folder)]


def _is_backend_of(process: psutil.Process, folder: Path) -> bool:
    environment = process.info["environ"] or {}
    return str(LAUNCH) in (process.info["cmdline"] or ()) and environment.get("HUEFILL_HOME") == str(folder)
