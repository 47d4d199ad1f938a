"""Finds the user's backend, or starts it: as a process of its own, by the environment file that the installer wrote.

Everything here blocks; call it from a worker thread.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from huefill_protocol import PROTOCOL, locations
from huefill_protocol.connection import Connection
from huefill_protocol.endpoint import Endpoint
from huefill_protocol.errors import BackendError, Cancelled

# An editor that comes as an AppImage, snap or flatpak sets these for itself; in the backend they would load the editor's
# libraries and Python modules instead of the environment's own.
_EDITORS_OWN = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONPLATLIBDIR",
    "PYTHONEXECUTABLE",
    "__PYVENV_LAUNCHER__",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "DYLD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_FRAMEWORK_PATH",
)
_NOT_INSTALLED = "Huefill's backend is not installed, or its installation is damaged."
_INSTALL = "In a terminal, in Huefill's folder, run: python3 installer krita (in GIMP: python3 installer gimp)"


class Supervisor:
    """``endpoint_file`` and ``environment_file`` default to the user's own; ``patience_s`` bounds a start."""

    def __init__(self, endpoint_file: Path | None = None, environment_file: Path | None = None, patience_s: float = 60.0) -> None:
        self._endpoint_file = endpoint_file or locations.endpoint_file()
        self._environment_file = environment_file or locations.environment_file()
        self._patience_s = patience_s
        self._process: subprocess.Popen[bytes] | None = None

    def find(self) -> Endpoint | None:
        """The running backend, or None. Raises `BackendError` ("version") where it speaks another protocol than this plugin."""
        endpoint = Endpoint.read(self._endpoint_file)
        if endpoint is None or not Connection(endpoint, timeout=5.0).is_backend():
            return None
        if endpoint.protocol != PROTOCOL:
            raise BackendError(
                "version",
                f"The running Huefill backend {endpoint.version} speaks protocol {endpoint.protocol}, this plugin speaks {PROTOCOL}.",
                "Close every editor that uses Huefill, run the installer again, and start anew.",
            )
        return endpoint

    def ensure(self, stopped: Callable[[], bool] = lambda: False) -> Endpoint:
        """The running backend; started if there is none. Raises `BackendError` with a sentence, `Cancelled` once ``stopped()`` is true."""
        endpoint = self.find()
        if endpoint:
            return endpoint
        process = self._start()
        deadline = time.monotonic() + self._patience_s
        while time.monotonic() < deadline:
            # Asked before looking for the endpoint: a second start ends with 0 because the first one is there to be found.
            ended = process.poll()
            endpoint = self.find()
            if endpoint:
                return endpoint
            if ended is not None:
                raise self._failure(f"The Huefill backend ended while it was starting (exit status {ended}).")
            if stopped():
                raise Cancelled
            time.sleep(0.05)
        process.kill()
        process.wait()
        raise self._failure(f"The Huefill backend was not ready after {self._patience_s:.0f} seconds.")

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The backend's process if this object has started it; None if it was found running."""
        return self._process

    def _command(self) -> list[str]:
        try:
            values = json.loads(self._environment_file.read_text("utf-8"))
            command = [str(values["python"]), *(str(item) for item in values["arguments"])]
        except (OSError, ValueError, TypeError, KeyError):
            raise BackendError("not_installed", _NOT_INSTALLED, _INSTALL) from None
        if not os.path.isfile(command[0]):
            raise BackendError("not_installed", f"{_NOT_INSTALLED} ({command[0]} is missing.)", _INSTALL)
        return command

    def _start(self) -> subprocess.Popen[bytes]:
        command = self._command()
        log = locations.start_log_file()
        try:
            locations.make_private_folder(log.parent)
            with open(log, "wb") as output:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=child_environment(os.environ),
                    cwd=str(Path.home()),
                    # Not of the editor's session: closing its terminal or its process group must not take away the
                    # backend that another editor is using.
                    start_new_session=True,
                    creationflags=_windows_flags(),
                )
        except OSError as error:
            raise BackendError("start_failed", f"The Huefill backend could not be started: {error}.", _INSTALL) from error
        return self._process

    def _failure(self, message: str) -> BackendError:
        last = last_lines(locations.start_log_file(), 1)
        said = f" It said: {last[0]}" if last else ""
        return BackendError(
            "start_failed", message + said, f"See {locations.start_log_file()} and {locations.log_file()}, or run the installer again."
        )


def child_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The editor's environment without what only the editor itself may use."""
    return {name: value for name, value in variables.items() if name not in _EDITORS_OWN}


def last_lines(file: Path, count: int) -> list[str]:
    """The last non-empty lines of a log; empty where there is none."""
    try:
        with open(file, "rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - 65536))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]


def _windows_flags() -> int:
    if sys.platform != "win32":
        return 0
    return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
