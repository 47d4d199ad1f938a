"""Where GIMP 3 keeps its plug-ins: native, AppImage, Flatpak, Snap, macOS, Windows; one profile for every minor version."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from installer.krita_places import environment_file

# The versions that the plug-in is made for; a profile of another 3.x that exists is taken, too.
VERSIONS = ("3.0", "3.2")
_SANDBOXED = "This GIMP runs in a sandbox, from which the backend cannot be started. Use GIMP from your distribution or the AppImage."


@dataclass(frozen=True)
class Place:
    """One profile of one GIMP of this person: ``profile`` holds plug-ins/; the other fields as in `krita_places.Place`."""

    kind: str
    profile: Path
    environment_file: Path
    program: Path | None = None
    remark: str = ""

    @property
    def plugin(self) -> Path:
        return self.profile / "plug-ins" / "huefill"


def under_home(home: Path) -> list[Place]:
    """The profiles of a native GIMP whose user's home is ``home``, with the usual folders below it."""
    return _profiles("native", home / ".config/GIMP", home / ".local/share/huefill/environment.json", _native_program() or Path("gimp"))


def find() -> list[Place]:
    """Every GIMP 3 that this person has, or has ever started."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        program = _existing("/Applications/GIMP.app/Contents/MacOS/gimp", "~/Applications/GIMP.app/Contents/MacOS/gimp")
        return _profiles("macOS", Path.home() / "Library/Application Support/GIMP", environment_file(), program)
    return _linux()


def _linux() -> list[Place]:
    home = Path.home()
    named = os.environ.get("XDG_CONFIG_HOME", "")
    config = Path(named) if os.path.isabs(named) else home / ".config"
    flatpak = home / ".var/app/org.gimp.GIMP"
    program = _existing("/var/lib/flatpak/exports/bin/org.gimp.GIMP", "~/.local/share/flatpak/exports/bin/org.gimp.GIMP")
    return [
        *_profiles("native", config / "GIMP", environment_file(), _native_program()),
        *_profiles("Flatpak", flatpak / "config/GIMP", flatpak / "data/huefill/environment.json", program, _SANDBOXED),
        *_profiles("Snap", home / "snap/gimp/current/.config/GIMP", environment_file(), _existing("/snap/bin/gimp"), _SANDBOXED),
    ]


def _windows() -> list[Place]:
    roaming = Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming")
    local = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    roots = [os.environ.get("PROGRAMFILES", ""), str(local / "Programs")]
    programs = [path for root in roots if root for path in sorted(Path(root, "GIMP 3", "bin").glob("gimp-3*.exe"))]
    places = _profiles("Windows", roaming / "GIMP", environment_file(), programs[0] if programs else None)
    for package in sorted((local / "Packages").glob("*GIMP*")):
        places += _profiles("Microsoft Store", package / "LocalCache/Roaming/GIMP", environment_file(), None)
    return places


def _profiles(kind: str, folder: Path, backend: Path, program: Path | None, remark: str = "") -> list[Place]:
    """Those profiles that exist; where only the program is there, the one that it will make when it is first started."""
    existing = sorted(path for path in folder.glob("3.*") if path.is_dir())
    if not existing and program is not None:
        existing = [folder / VERSIONS[0]]
    return [Place(kind, profile, backend, program, remark) for profile in existing]


def _native_program() -> Path | None:
    """GIMP 3 of the system or an AppImage; an older GIMP has no such plug-ins."""
    for name in ("gimp-3.2", "gimp-3.0", "gimp-3"):
        if found := shutil.which(name):
            return Path(found)
    for folder in ("~/Applications", "~/.local/bin", "~/bin", "~/Downloads", "~/Desktop", "/opt"):
        images = sorted(Path(folder).expanduser().glob("GIMP-3*.AppImage"))
        if images:
            return images[-1]
    return None


def _existing(*candidates: str) -> Path | None:
    return next((path for path in (Path(candidate).expanduser() for candidate in candidates) if path.exists()), None)
