"""A text for the clipboard that helps to help: versions, places, the last lines of the logs; no token, no name of the user."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path

from huefill_client.session import Session
from huefill_client.supervisor import last_lines
from huefill_protocol import PROTOCOL, __version__, locations
from huefill_protocol.endpoint import Endpoint
from huefill_protocol.errors import BackendError

_LOG_LINES = 40


def collect(session: Session | None = None, facts: Mapping[str, str] | None = None) -> str:
    """``facts`` are the editor's own, by name (its version, its Qt). May block for seconds: asks the backend if connected."""
    lines = [f"Huefill plugin {__version__}, protocol {PROTOCOL}", f"Python {platform.python_version()} on {platform.platform()}"]
    lines += [f"{name}: {value}" for name, value in (facts or {}).items()]
    lines += [f"backend: {_backend(session)}"]
    for name, file in [
        ("endpoint", locations.endpoint_file()),
        ("environment", locations.environment_file()),
        ("settings", locations.settings_file()),
        ("log", locations.log_file()),
    ]:
        lines.append(f"{name}: {file} ({'there' if file.exists() else 'absent'})")
    for log in (locations.start_log_file(), locations.log_file()):
        lines += ["", f"The end of {log}:", *last_lines(log, _LOG_LINES)]
    return redacted("\n".join(lines)) + "\n"


def redacted(text: str) -> str:
    """Without the home folder, the user's name in paths, and anything that looks like a token."""
    endpoint = Endpoint.read(locations.endpoint_file())
    if endpoint:
        text = text.replace(endpoint.token, "[token]")
    home = str(Path.home())
    if home != os.path.sep:
        text = text.replace(home, "~")
    text = re.sub(r"(?i)bearer\s+\S+", "Bearer [token]", text)
    return re.sub(r"(/home/|/Users/|\\Users\\)[^/\\\s]+", r"\1[user]", text)


def _backend(session: Session | None) -> str:
    if session is None or session.endpoint is None:
        return session.state if session else "not asked"
    try:
        return repr(session.about())
    except BackendError as error:
        return str(error)
