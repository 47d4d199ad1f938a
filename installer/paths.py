"""Where things lie: the clone, its environment, the folders inside both."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "installer" / "lock"


def environment_folder() -> Path:
    """The environment's name: ``HUEFILL_ENV`` if it is set, else ``.venv`` in the clone. A link to the build in use, once it is made."""
    named = os.environ.get("HUEFILL_ENV")
    return Path(named).expanduser().absolute() if named else ROOT / ".venv"


def script(environment: Path, name: str) -> Path:
    """A program of the environment."""
    return environment / ("Scripts" if sys.platform == "win32" else "bin") / (name + (".exe" if sys.platform == "win32" else ""))


def beside(python: Path, name: str) -> Path:
    """Another program of the environment that has this Python."""
    return python.with_name(name + python.suffix)


def python(environment: Path) -> Path:
    return script(environment, "python")


def use_protocol() -> None:
    """Make `huefill_protocol` importable: the standard library is all it needs, so the installer may ask it where things lie."""
    folder = str(ROOT / "plugin")
    if folder not in sys.path:
        sys.path.insert(0, folder)
