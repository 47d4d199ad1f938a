"""A virtual screen for editors, and waiting for processes to go."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass, field

import psutil


@dataclass
class Desktop:
    """A virtual screen with a window manager, for as long as the context lasts."""

    size: str = "1440x900x24"
    display: str = ""
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Desktop:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", self.size, "-nolisten", "tcp"]
        self._processes.append(subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = ":" + pipe.readline().strip()
        environment = {**os.environ, "DISPLAY": self.display}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._processes.append(subprocess.Popen(["openbox"], env=environment, **quiet))
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(10)


def gone(pid: int, seconds: float) -> bool:
    """Whether the process ends within ``seconds``; one that has ended and was not waited for counts as ended."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False
