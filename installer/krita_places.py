"""Where Krita keeps its plugins and settings: native, AppImage, Flatpak, Snap, macOS, Windows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from installer import paths

_SANDBOXED = "This Krita runs in a sandbox, from which the backend cannot be started. Use Krita from your distribution or the AppImage."


@dataclass(frozen=True)
class Place:
    """One Krita of this person.

    ``resources`` holds pykrita/ and actions/, ``config`` is its kritarc, ``environment_file`` is where the plugin learns how
    the backend is started, ``program`` starts Krita if that is known, ``remark`` is what a person must know about it.
    """

    kind: str
    resources: Path
    config: Path
    environment_file: Path
    program: Path | None = None
    remark: str = ""

    @property
    def plugin(self) -> Path:
        return self.resources / "pykrita" / "huefill_krita"


def under_home(home: Path) -> Place:
    """The place of a native Krita whose user's home is ``home``, with the usual folders below it."""
    data = home / ".local" / "share"
    return Place("native", data / "krita", home / ".config" / "kritarc", data / "huefill" / "environment.json", _native_program())


def find() -> list[Place]:
    """Every Krita that this person has, or has ever started."""
    if sys.platform == "win32":
        candidates = _windows()
    elif sys.platform == "darwin":
        candidates = _macos()
    else:
        candidates = _linux()
    return [place for place in candidates if place.program or place.resources.is_dir() or place.config.is_file()]


def is_running() -> bool:
    """True if a Krita is open on this machine; False also where that cannot be told."""
    command = ["tasklist", "/FI", "IMAGENAME eq krita.exe", "/NH"] if sys.platform == "win32" else ["ps", "-A", "-o", "comm="]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return any(os.path.basename(line.split()[0]).lower() in ("krita", "krita.exe") for line in listed.splitlines() if line.strip())


def environment_file() -> Path:
    paths.use_protocol()
    from huefill_protocol import locations

    return Path(locations.environment_file())


def _linux() -> list[Place]:
    home = Path.home()
    data, config = _folder("XDG_DATA_HOME", home / ".local/share"), _folder("XDG_CONFIG_HOME", home / ".config")
    flatpak, snap = home / ".var/app/org.kde.krita", home / "snap/krita/current"
    inside = flatpak / "data/huefill/environment.json"
    return [
        Place("native", data / "krita", config / "kritarc", environment_file(), _native_program()),
        Place("Flatpak", flatpak / "data/krita", flatpak / "config/kritarc", inside, _flatpak_program(), _SANDBOXED),
        Place("Snap", snap / ".local/share/krita", snap / ".config/kritarc", environment_file(), _existing("/snap/bin/krita"), _SANDBOXED),
    ]


def _macos() -> list[Place]:
    library = Path.home() / "Library"
    program = _existing("/Applications/krita.app/Contents/MacOS/krita", "~/Applications/krita.app/Contents/MacOS/krita")
    return [Place("macOS", library / "Application Support/krita", library / "Preferences/kritarc", environment_file(), program)]


def _windows() -> list[Place]:
    roaming = _folder("APPDATA", Path.home() / "AppData/Roaming")
    local = _folder("LOCALAPPDATA", Path.home() / "AppData/Local")
    program = _existing(*(f"{os.environ.get(name, '')}/Krita (x64)/bin/krita.exe" for name in ("PROGRAMFILES", "PROGRAMW6432")))
    places = [Place("Windows", roaming / "krita", local / "kritarc", environment_file(), program)]
    for package in sorted((local / "Packages").glob("*Krita*")):
        cache = package / "LocalCache"
        places.append(Place("Microsoft Store", cache / "Roaming/krita", cache / "Local/kritarc", environment_file()))
    return places


def _native_program() -> Path | None:
    found = shutil.which("krita")
    if found and not found.startswith(("/snap/", "/var/lib/flatpak/")):
        return Path(found)
    # An AppImage lies wherever its user has put it; these are the usual folders.
    for folder in ("~/Applications", "~/.local/bin", "~/bin", "~/Downloads", "~/Desktop", "/opt", "/opt/krita"):
        images = sorted(Path(folder).expanduser().glob("[kK]rita*.[aA]pp[iI]mage"))
        if images:
            return images[-1]
    return None


def _flatpak_program() -> Path | None:
    return _existing("/var/lib/flatpak/exports/bin/org.kde.krita", "~/.local/share/flatpak/exports/bin/org.kde.krita")


def _existing(*candidates: str) -> Path | None:
    expanded = [Path(candidate).expanduser() for candidate in candidates]
    return next((path for path in expanded if path.exists()), None)


def _folder(variable: str, otherwise: Path) -> Path:
    value = os.environ.get(variable, "")
    return Path(value) if os.path.isabs(value) else otherwise
