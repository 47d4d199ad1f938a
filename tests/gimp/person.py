"""Who sits before a GIMP with windows: presses keys, moves the mouse, looks at the screen."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.desktop import Desktop
from tests.gimp.harness import ARTEFACTS


class Person:
    """Who sits before the GIMP on ``desktop`` and looks at what it tells in ``out``."""

    def __init__(self, desktop: Desktop, out: Path, gimp: subprocess.Popen[bytes]) -> None:
        self.desktop, self.out, self.gimp = desktop, out, gimp

    def xdotool(self, *arguments: str) -> str:
        environment = {**os.environ, "DISPLAY": self.desktop.display}
        return subprocess.run(["xdotool", *arguments], env=environment, capture_output=True, text=True, check=False).stdout.strip()

    def sees(self) -> dict[str, Any]:
        file = self.out / "told.json"
        told: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        return told

    def until(self, happened: Callable[[], Any], what: str, seconds: float = 120) -> Any:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit and self.gimp.poll() is None:
            if found := happened():
                return found
            time.sleep(0.2)
        self.picture("missed")
        raise AssertionError(
            f"{what} did not happen (status {self.gimp.poll()}); {self.sees()}\n{(self.out / 'gimp.log').read_text()[-2000:]}"
        )

    def window(self, title: str) -> str:
        """The window of that title, given the keyboard."""
        found = self.until(lambda: self.xdotool("search", "--onlyvisible", "--name", title), f"the window “{title}”")
        window = str(found.splitlines()[-1])
        self.xdotool("windowactivate", "--sync", window)
        time.sleep(2.0)  # until it is drawn
        return window

    def size(self, window: str) -> tuple[int, int]:
        """Width and height of a window."""
        told = dict(line.split("=", 1) for line in self.xdotool("getwindowgeometry", "--shell", window).splitlines())
        return int(told["WIDTH"]), int(told["HEIGHT"])

    def moves(self, window: str, x: int, y: int) -> None:
        """The pointer to a place of a window."""
        self.xdotool("mousemove", "--window", window, str(x), str(y))
        time.sleep(0.3)

    def drags(self, window: str, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Something in a window, with the left button."""
        for place, act in ((start, "mousedown"), (end, "mouseup")):
            self.moves(window, *place)
            self.xdotool(act, "1")
            time.sleep(0.8)

    def puts_messages_away(self) -> None:
        """GIMP's own boxes with what was said; they lie over whatever comes next."""
        for window in self.xdotool("search", "--onlyvisible", "--name", "^GIMP Message$").split():
            self.xdotool("windowactivate", "--sync", window, "key", "Escape")
            time.sleep(0.5)

    def picture(self, name: str, window: str = "root") -> None:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "DISPLAY": self.desktop.display}
        subprocess.run(["import", "-window", window, str(ARTEFACTS / f"{name}.png")], env=environment, check=False)

    def goes_on(self, part: str) -> None:
        (self.out / part).touch()

    def has_come_to(self, part: str) -> dict[str, Any]:
        told: dict[str, Any] = self.until(lambda: self.sees() if self.sees().get("part") == part else None, f"the part “{part}”", 240)
        return told
