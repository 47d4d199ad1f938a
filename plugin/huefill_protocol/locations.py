"""Where Huefill keeps its things, per user, on every operating system.

``HUEFILL_HOME`` puts everything below one folder instead (tests, portable installations). Nothing here creates a folder
but `make_private_folder`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """What an installation puts there and an uninstallation removes: the environment, downloaded models."""
    if sys.platform == "win32":
        return _home() or _variable("LOCALAPPDATA", "AppData/Local") / "Huefill"
    if sys.platform == "darwin":
        return _home() or Path.home() / "Library" / "Application Support" / "Huefill"
    return _home() or _variable("XDG_DATA_HOME", ".local/share") / "huefill"


def config_folder() -> Path:
    """The person's own choices."""
    if sys.platform in ("win32", "darwin"):
        return data_folder()
    return _home() or _variable("XDG_CONFIG_HOME", ".config") / "huefill"


def log_folder() -> Path:
    home = _home()
    if home:
        return home / "logs"
    if sys.platform == "win32":
        return data_folder() / "Logs"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "Huefill"
    return _variable("XDG_STATE_HOME", ".local/state") / "huefill"


def runtime_folder() -> Path:
    """What lives no longer than a login on this machine: the endpoint file and its lock."""
    home = _home()
    if home or sys.platform in ("win32", "darwin"):
        return (home or data_folder()) / "run"
    # /run/user/UID is asked for even where the variable is missing (sudo, cron, some desktops), so that every program
    # of one user looks in the same place.
    candidates = [os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{os.getuid()}"]
    for folder in candidates:
        if folder and os.path.isdir(folder) and os.access(folder, os.W_OK):
            return Path(folder) / "huefill"
    return log_folder() / "run"


def endpoint_file() -> Path:
    """Written by the backend: its port and token (docs/protocol.md)."""
    return runtime_folder() / "endpoint.json"


def environment_file() -> Path:
    """Written by the installer: how the backend is started, ``{"python": PATH, "arguments": ["-m", "huefill.server", "--managed"]}``."""
    return data_folder() / "environment.json"


def models_folder() -> Path:
    """Networks of the person's own: one folder each, with its card."""
    return data_folder() / "models"


def times_file() -> Path:
    """How long each kind of work took on this computer, as the backend has learned."""
    return data_folder() / "times.json"


def settings_file() -> Path:
    return config_folder() / "settings.json"


def log_file() -> Path:
    """The backend's log; older ones lie beside it as ``backend.log.1`` and so on."""
    return log_folder() / "backend.log"


def plugin_log_file(editor: str) -> Path:
    """The log of the plugin in "krita" or "gimp"; older ones lie beside it as ``krita.log.1`` and so on."""
    return log_folder() / f"{editor}.log"


def start_log_file() -> Path:
    """What a backend that was started by a plugin printed before its own log was open."""
    return log_folder() / "backend-start.log"


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` so that only its user can enter it; a folder that exists is left as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _home() -> Path | None:
    folder = os.environ.get("HUEFILL_HOME", "")
    return Path(folder).expanduser() if folder else None


def _variable(name: str, otherwise: str) -> Path:
    value = os.environ.get(name, "")
    return Path(value) if os.path.isabs(value) else Path.home() / otherwise
