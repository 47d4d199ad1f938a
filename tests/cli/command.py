"""The command line as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
# What docs/command-line.md promises of every command.
RECORD = {
    *("task", "input", "output", "size", "layer", "layers", "anchors", "variants", "networks", "engine", "method", "why"),
    *("preset", "seed", "device", "stages"),
    *("seconds", "peak_memory_mb", "notes", "warnings", "recipe"),
}


def start(*arguments: object, cwd: Path | None = None, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """``huefill`` running, with its output and its errors in pipes."""
    command = [sys.executable, "-m", "huefill.cli", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, cwd=cwd, env={**os.environ, **(environment or {})}, **pipes)


def huefill(*arguments: object, cwd: Path | None = None, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """``huefill`` run to its end; ``home`` a HUEFILL_HOME of its own."""
    with start(*arguments, cwd=cwd, environment={"HUEFILL_HOME": str(home)} if home else None) as process:
        try:
            out, errors = process.communicate(timeout=300)
        except BaseException:
            process.kill()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)
