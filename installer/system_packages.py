"""Programs from the system's package manager: Debian and its family through apt; elsewhere a person is told what is missing."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence

from installer.console import say, step
from installer.errors import InstallerError

# What the tests in the real Krita need. PyQt5 is only recommended by Debian's krita, and without it Krita has no Python plugins.
FOR_TESTS = ("krita", "python3-pyqt5", "xvfb", "xdotool", "xauth", "openbox", "imagemagick")


def is_debian() -> bool:
    """True on Debian itself, where everything must be testable."""
    return _release().get("ID") == "debian"


def uses_apt() -> bool:
    return shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def missing(packages: Sequence[str]) -> list[str]:
    """Those of the Debian packages that are not installed."""
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *packages], capture_output=True, text=True, check=False
    )
    present = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in present]


def install(packages: Sequence[str], why: str) -> None:
    """Install what is missing of ``packages``; raises `InstallerError` with the command to type where that is not allowed or fails."""
    if not uses_apt():
        raise InstallerError(
            f"Needed, because {why}: {', '.join(packages)}. Install it with your system's package manager, then run the command again."
        )
    needed = missing(packages)
    if not needed:
        return
    become = _become_root()
    by_hand = f"sudo apt-get install --no-install-recommends {' '.join(needed)}"
    if become is None:
        raise InstallerError(f"Needed, because {why}. Type this, then run the command again: {by_hand}")
    with step(f"Installing {', '.join(needed)} through apt, because {why}"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # The lists may be stale or absent on a fresh machine; where they cannot be renewed, installing says what is wrong.
        subprocess.run([*become, "apt-get", "update", "-qq"], env=quiet, capture_output=True, check=False)
        command = [*become, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *needed]
        done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.startswith("E:")] or done.stderr.splitlines()[-1:]
            raise InstallerError(f"apt could not install {', '.join(needed)}: {' '.join(said)} Try it by hand: {by_hand}")


def say_what_is_missing() -> None:
    """Elsewhere than on Debian's family: name the programs whose tests will be skipped."""
    programs = {"krita": "Krita", "Xvfb": "a virtual X server", "xdotool": "xdotool", "openbox": "openbox", "import": "ImageMagick"}
    absent = [f"{name} ({program})" for program, name in programs.items() if shutil.which(program) is None]
    if absent:
        say(f"Not on this machine: {', '.join(absent)}. The tests that need them are skipped.")


def _become_root() -> list[str] | None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None


def _release() -> dict[str, str]:
    try:
        return platform.freedesktop_os_release()
    except (OSError, AttributeError):
        return {}
