"""The text of a report: versions, places, the ends of the logs; no token, no home folder, no name of the user."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from pathlib import Path

from huefill_client.redaction import redacted
from huefill_client.session import Session
from huefill_client.supervisor import last_lines
from huefill_protocol import PROTOCOL, __version__, locations
from huefill_protocol.actions import EDITORS
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
        *(("log", file) for file in _logs()),
    ]:
        lines.append(f"{name}: {file} ({'there' if file.exists() else 'absent'})")
    for log in (file for file in _logs() if file.exists()):
        lines += ["", f"The end of {log}:", *last_lines(log, _LOG_LINES)]
    return redacted("\n".join(lines)) + "\n"


def _logs() -> list[Path]:
    return [*(locations.plugin_log_file(editor) for editor in EDITORS), locations.start_log_file(), locations.log_file()]


def _backend(session: Session | None) -> str:
    if session is None or session.endpoint is None:
        return session.state if session else "not asked"
    try:
        return repr(session.about())
    except BackendError as error:
        return str(error)
