"""Runs the real GIMP 3 with the plug-in deployed as a user's would be, and returns what the driver saw."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import tests.outcome
from installer import gimp_places
from installer.gimp import deploy
from tests.systems import System, gimp_system

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "test-artefacts" / "gimp"
DRIVER = Path(__file__).resolve().parent / "driver"
# The real backend, with the tasks of the tests beside its own.
BACKEND_ARGUMENTS = (str(ROOT / "tests/backend/launch.py"), "--managed", "--linger", "2")
_SETTINGS = '(show-welcome-dialog no)\n(check-updates no)\n(config-version "3.0.4")\n'


class Outcome(tests.outcome.Outcome):
    """With the pixels that the driver dumped."""

    def pixels(self, scenario: str, name: str) -> np.ndarray:
        """A dump, H W 4 float32: sRGB-encoded R, G, B in 0..1, and alpha."""
        height, width = self[scenario]["dumps"][name]
        return np.fromfile(self.out / f"{scenario}-{name}.bin", np.float32).reshape(height, width, 4)


@dataclass
class User:
    """A user with a home of their own, in which GIMP and Huefill are installed."""

    home: Path
    system: System = field(default_factory=gimp_system)

    @property
    def place(self) -> gimp_places.Place:
        return gimp_places.Place(
            "native", self.home / ".config/GIMP/3.0", self.home / ".local/share/huefill/environment.json", Path("gimp-3.0")
        )

    @property
    def models(self) -> Path:
        """Where networks of their own lie."""
        return self.home / ".local/share/huefill/models"

    def install(self) -> None:
        """As `python3 installer gimp` does it, with the Python that runs the tests and a backend that leaves soon."""
        (self.home / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        deploy(self.place, self.system.backend([sys.executable, *BACKEND_ARGUMENTS]))
        (self.place.profile / "gimprc").write_text(_SETTINGS)

    def environment(self, out: Path, files: Mapping[str, object]) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "HUEFILL_", "PYTHON"))}
        return {
            **ours,
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "OMP_NUM_THREADS": "2",
            "LC_ALL": "C.UTF-8",
            "HUEFILL_TEST_OUT": str(out),
            **{f"HUEFILL_TEST_{name.upper()}": str(value) for name, value in files.items()},
        }

    def start(self, scenarios: Sequence[str], out: Path, files: Mapping[str, object]) -> subprocess.Popen[bytes]:
        """GIMP without a window, which runs ``scenarios`` and closes itself."""
        code = f"import sys; sys.path.insert(0, {str(DRIVER)!r}); sys.dont_write_bytecode = True; import session; session.run()"
        command = ["gimp-console-3.0", "--new-instance", "--no-interface", "--batch-interpreter=python-fu-eval", "--batch", code, "--quit"]
        return self._started(command, out, {**files, "scenarios": " ".join(scenarios)})

    def run(self, scenarios: Sequence[str], out: Path, files: Mapping[str, object], seconds: float = 1500) -> Outcome:
        """`start`, and wait for it; ended by force after ``seconds``."""
        gimp = self.start(scenarios, out, files)
        try:
            status = gimp.wait(seconds)
        except subprocess.TimeoutExpired:
            gimp.kill()
            status = gimp.wait()
        return outcome(out, status)

    def start_window(self, out: Path, files: Mapping[str, object], display: str, driver: str = "watching") -> subprocess.Popen[bytes]:
        """GIMP as a person sees it on ``display``; see driver/``driver``.py for what happens in it and what it tells in ``out``."""
        code = f"import sys; sys.path.insert(0, {str(DRIVER)!r}); sys.dont_write_bytecode = True; import {driver}; {driver}.run()"
        command = ["gimp-3.0", "--new-instance", "--no-splash", "--batch-interpreter=python-fu-eval", "--batch", code]
        return self._started(command, out, files, {"DISPLAY": display})

    def _started(
        self, command: Sequence[str], out: Path, files: Mapping[str, object], more: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        out.mkdir(parents=True, exist_ok=True)
        with open(out / "gimp.log", "wb") as log:
            environment = {**self.environment(out, files), **(more or {})}
            return subprocess.Popen(self.system.command(command), env=environment, stdout=log, stderr=subprocess.STDOUT)


def outcome(out: Path, status: int) -> Outcome:
    return Outcome(tests.outcome.records_in(out), out, (out / "gimp.log").read_text(errors="replace"), status)
