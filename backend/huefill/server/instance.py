"""One backend per user: a lock held for the life of the process, and the endpoint file by which clients find it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import time
from pathlib import Path

from filelock import FileLock, Timeout

from huefill.errors import HuefillError
from huefill_protocol.connection import Connection
from huefill_protocol.endpoint import Endpoint
from huefill_protocol.locations import make_private_folder

_PATIENCE_S = 20.0


class Instance:
    """The right to be the backend behind one endpoint file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._withdrawn = False
        make_private_folder(file.parent)
        self._lock = FileLock(f"{file}.lock", mode=0o600)

    def claim(self) -> Endpoint | None:
        """None if this process now is the backend; else the endpoint of the one that runs.

        Waits while another is still starting or just ending. What a dead process left is no obstacle: the system has released its lock.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(Timeout):
                self._lock.acquire(timeout=0)
                return None
            endpoint = Endpoint.read(self._file)
            if endpoint and Connection(endpoint, timeout=5.0).is_backend():
                return endpoint
            time.sleep(0.1)
        raise HuefillError(
            "locked",
            "Another Huefill backend holds the lock but does not answer.",
            f"End it in the system's list of processes and try again. (Lock: {self._lock.lock_file})",
        )

    def publish(self, endpoint: Endpoint) -> None:
        """Write the endpoint file, readable by its user alone from the first byte on, whole or not at all."""
        beside = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(handle, "w", encoding="utf-8") as stream:
                json.dump(dataclasses.asdict(endpoint), stream)
            os.replace(beside, self._file)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise

    def withdraw(self) -> None:
        """Remove the endpoint file and release the lock; a second time nothing, for they may be another backend's by then."""
        if self._withdrawn:
            return
        self._withdrawn = True
        with contextlib.suppress(OSError):
            self._file.unlink()
        self._lock.release()
