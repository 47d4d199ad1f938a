"""Runs the real Krita under a virtual X server with the plugin deployed as a user's would be, and returns what the driver saw."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tests.outcome
from installer import krita_places
from installer.krita import deploy
from tests.desktop import Desktop
from tests.systems import System, krita_system

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "test-artefacts" / krita_system().name_for("krita")
DRIVER = Path(__file__).resolve().parent / "driver"
BACKEND_ARGUMENTS = ("-m", "huefill.server", "--managed", "--linger", "2")


@dataclass
class Outcome(tests.outcome.Outcome):
    """``home`` of the user who ran Krita."""

    home: Path


@dataclass
class User:
    """A user with a home of their own, in which Krita and Huefill are installed."""

    home: Path
    system: System = field(default_factory=krita_system)

    @staticmethod
    def fresh(home: Path, template: Path | None) -> User:
        """A new user; ``template`` a home that Krita has seen before, whose resource database is taken over to save its making."""
        if template is not None:
            shutil.copytree(template, home, symlinks=True)
        (home / ".config").mkdir(parents=True, exist_ok=True)
        (home / "run").mkdir(mode=0o700, exist_ok=True)
        return User(home)

    @property
    def pykrita(self) -> Path:
        return self.home / ".local/share/krita/pykrita"

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "HUEFILL_", "PYTHON"))}
        # The system's own Python must be the first that is found: Krita takes its modules from there, PyQt among them.
        return {
            **ours,
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "OMP_NUM_THREADS": "2",
            "LC_ALL": "C.UTF-8",
        }

    @property
    def place(self) -> krita_places.Place:
        return krita_places.under_home(self.home)

    def install(self, backend: Sequence[str] = (sys.executable, *BACKEND_ARGUMENTS)) -> None:
        """As `python3 installer krita` does it, with the Python that runs the tests and a ``backend`` that leaves soon."""
        deploy(self.place, self.system.backend(list(backend)))

    def install_driver(self) -> None:
        shutil.copytree(DRIVER, self.pykrita, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        self._enable("huefill_test_driver")

    def run_krita(
        self, desktop: Desktop, scenarios: Sequence[str], out: Path, files: Mapping[str, Path] | None = None, seconds: float = 570
    ) -> Outcome:
        """Start Krita, let the driver run ``scenarios``, wait until Krita has closed itself; ended by force after ``seconds``."""
        out.mkdir(parents=True, exist_ok=True)
        environment = {
            **self.environment,
            "DISPLAY": desktop.display,
            "HUEFILL_TEST_OUT": str(out),
            "HUEFILL_TEST_SCENARIOS": " ".join(scenarios),
            "HUEFILL_TEST_PHOTOS": str(ROOT / "examples/photos"),
            **{f"HUEFILL_TEST_{name.upper()}": str(path) for name, path in (files or {}).items()},
        }
        with open(out / "krita.log", "wb") as log:
            krita = subprocess.Popen(self.system.command(["krita", "--nosplash"]), env=environment, stdout=log, stderr=subprocess.STDOUT)
            try:
                status = krita.wait(seconds)
            except subprocess.TimeoutExpired:
                krita.kill()
                status = krita.wait()
        _keep_pictures(out)
        unforeseen = out / "unforeseen.txt"
        assert not unforeseen.exists(), unforeseen.read_text()
        return Outcome(tests.outcome.records_in(out), out, (out / "krita.log").read_text(errors="replace"), status, self.home)

    def endpoint(self) -> Path:
        return self.home / "run/huefill/endpoint.json"

    def _enable(self, name: str) -> None:
        file = self.home / ".config/kritarc"
        text = file.read_text() if file.exists() else ""
        if "[python]" not in text:
            text += "\n[python]\n"
        file.write_text(text.replace("[python]\n", f"[python]\nenable_{name}=true\n"))


def _keep_pictures(out: Path) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for picture in out.glob("*.png"):
        shutil.copy(picture, ARTEFACTS / picture.name)
