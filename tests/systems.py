"""Where an editor of the tests runs: in this machine's own system, or in the Debian 13 that `python3 installer test` makes in a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from installer import debian13


@dataclass(frozen=True)
class System:
    """``inside`` whether it is the Debian 13 in a folder."""

    inside: bool

    def command(self, command: Sequence[str]) -> list[str]:
        """What is to be started here so that ``command`` runs there."""
        return debian13.inside(command) if self.inside else list(command)

    def backend(self, command: Sequence[str]) -> list[str]:
        """What an editor there has to start so that ``command``, the backend in the tests' own Python, runs here."""
        return debian13.outside(command) if self.inside else list(command)

    def has(self, program: str) -> bool:
        if self.inside:
            return debian13.is_ready() and (debian13.folder() / "usr/bin" / program).exists()
        return shutil.which(program) is not None

    def name_for(self, editor: str) -> str:
        return f"{editor}-debian13" if self.inside else editor


NATIVE, DEBIAN13 = System(False), System(True)


def krita_system() -> System:
    """This machine's own, or the other with ``HUEFILL_TEST_KRITA=debian13``."""
    return DEBIAN13 if os.environ.get("HUEFILL_TEST_KRITA") == "debian13" else NATIVE


def gimp_system() -> System:
    """This machine's own where it has GIMP 3."""
    return NATIVE if NATIVE.has("gimp-console-3.0") and NATIVE.has("gimp-3.0") else DEBIAN13


def missing(system: System, *programs: str) -> str:
    """Why a test that needs ``programs`` there and a screen here cannot run; empty if it can."""
    absent = [program for program in programs if not system.has(program)]
    absent += [program for program in ("Xvfb", "openbox", "xdotool", "import") if not NATIVE.has(program)]
    return f"not installed: {', '.join(absent)}" if absent else ""
