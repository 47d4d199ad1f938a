"""A Debian 13 in a folder, for the tests alone: GIMP 3 and Krita 5.2 where the machine itself has other versions or none.

It is entered with its own programs and libraries but the machine's own devices, homes, temporary files and network, at the same paths. The
machine's whole file system lies in it under ``/host``, from where the backend is started with the Python that runs the tests.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from installer import system_packages
from installer.console import say, step
from installer.errors import InstallerError

SUITE = "trixie"
PACKAGES = ("gimp", "python3-gi", "gir1.2-gimp-3.0", "krita", "python3-pyqt5", "dbus", "fonts-dejavu-core", "adwaita-icon-theme")
_TOOLS = ("debootstrap", "debian-archive-keyring")
_STAMP = ".huefill-complete"
_TAKES = "a download of about 400 MB and 1.6 GB on the disk; three to six minutes, once"
_WAY_ON = "Install GIMP 3 yourself, or leave these tests out with HUEFILL_ALLOW_SKIPS=1."
# Bound as they are: everything of the machine that is not its operating system, so that a path means the same inside and outside.
_ENTER = """
set -e
root=$1; shift
for folder in /*; do
  case $folder in /bin|/boot|/etc|/host|/lib*|/lost+found|/sbin|/usr|/var|/*.*) continue ;; esac
  [ -d "$folder" ] && [ ! -L "$folder" ] || continue
  mkdir -p "$root$folder"
  mount --rbind "$folder" "$root$folder"
done
mount --rbind / "$root/host"
exec /usr/sbin/chroot "$root" "$@"
"""


def folder() -> Path:
    """``HUEFILL_DEBIAN13`` if it is set, else a folder of the user's cache: every clone uses the same."""
    named = os.environ.get("HUEFILL_DEBIAN13")
    if named:
        return Path(named).expanduser().absolute()
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if os.path.isabs(cache) else Path.home() / ".cache") / "huefill" / "debian13"


def is_ready() -> bool:
    """Whether it was made to the end, of these packages, and may be entered."""
    stamp = folder() / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _fingerprint() and _may_enter()


def inside(command: Sequence[str]) -> list[str]:
    """The command that runs ``command`` in it. It ends with the program it becomes, and its mounts end with it."""
    return ["unshare", "--mount", "sh", "-c", _ENTER, "sh", str(folder()), *command]


def outside(command: Sequence[str]) -> list[str]:
    """For a program that runs inside: the command that runs ``command``, a program and its arguments, in the machine's own system."""
    return ["/usr/sbin/chroot", "/host", *command]


def prepare() -> Path:
    """Make it unless that is done. Raises `InstallerError` with a sentence where this machine does not allow it."""
    target = folder()
    if is_ready():
        return target
    if not _may_enter():
        raise InstallerError(f"The tests in GIMP 3 need a Debian 13 in a folder, and making one needs root on Linux. {_WAY_ON}")
    system_packages.install(_TOOLS, "the tests in GIMP 3 and Krita 5.2 run in a Debian 13 in a folder")
    if shutil.which("debootstrap") is None:
        raise InstallerError(f"The tests in GIMP 3 need a Debian 13 in a folder, and there is no debootstrap to make it with. {_WAY_ON}")
    say(f"The tests in GIMP 3 and Krita 5.2 run in a Debian 13 in {target}. It is made now: {_TAKES}.")
    staging = target.with_name(target.name + "-new")
    shutil.rmtree(staging, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    mirror = _mirror()
    with step("Debian 13's base system"):
        # In a mount namespace of its own, so that an interruption leaves nothing mounted.
        arguments = ["--variant=minbase", SUITE, str(staging), *([mirror] if mirror else [])]
        _run(["unshare", "--mount", "debootstrap", *arguments], "Debian 13's base system could not be made")
    with step(f"{', '.join(PACKAGES[:4])} and what they need"):
        # No service is to be started by an installation in a folder.
        policy = staging / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        policy.chmod(0o755)
        _run(["chroot", str(staging), "apt-get", "update", "-qq"], "Debian 13's package lists could not be had")
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-unsafe-io", *PACKAGES]
        _run(["chroot", str(staging), *install], "Debian 13's programs could not be installed")
        _run(["chroot", str(staging), "apt-get", "clean"], "Debian 13's downloads could not be deleted")
    (staging / "host").mkdir(exist_ok=True)
    (staging / _STAMP).write_text(_fingerprint(), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    staging.rename(target)
    return target


def _may_enter() -> bool:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


def _mirror() -> str:
    """Where this machine has its own Debian packages from; empty on other systems: debootstrap knows a place itself."""
    if not (system_packages.is_debian() and system_packages.uses_apt()):
        return ""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    # Updates and security are archives of their own, which lack most packages.
    whole = [line.split() for line in listed if line.endswith(" main")]
    return next((uri for uri, release, _ in whole if uri.rstrip("/").endswith("debian") and "-" not in release), "")


def _fingerprint() -> str:
    return hashlib.sha256(" ".join((SUITE, *PACKAGES)).encode()).hexdigest()


def _run(command: Sequence[str], failure: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        lines = (done.stdout + done.stderr).splitlines()
        said = [line for line in lines if line.startswith("E:")] or lines[-1:]
        raise InstallerError(f"{failure}: {' '.join(said)[:500]} {_WAY_ON}")
