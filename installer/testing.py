"""``python3 installer test``: everything the tests need, then every check there is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from installer import debian13, environment, paths, system_packages
from installer.console import say
from installer.errors import InstallerError
from installer.pip import Sources, clean_environment


def run(pytest_arguments: Sequence[str], sources: Sources) -> int:
    """The exit status: 0 only if every check passed. On Debian a skipped test counts as failed (tests/conftest.py)."""
    strict = system_packages.is_debian() and os.environ.get("HUEFILL_ALLOW_SKIPS") != "1"
    if system_packages.uses_apt():
        try:
            system_packages.install(system_packages.FOR_TESTS, "the tests drive the real Krita under a virtual X server")
        except InstallerError as problem:
            if strict:
                raise InstallerError(f"{problem} (HUEFILL_ALLOW_SKIPS=1 leaves those tests out.)") from None
            say(str(problem))
    else:
        system_packages.say_what_is_missing()
    newer = _newer_editors(strict)
    environment.prepare(sources, tests=True)
    folder = paths.environment_folder()
    checks = {
        "ruff check": [str(paths.script(folder, "ruff")), "check"],
        "ruff format": [str(paths.script(folder, "ruff")), "format", "--check"],
        "mypy": [str(paths.script(folder, "mypy"))],
        "import contracts": [str(paths.script(folder, "lint-imports"))],
        "tests": [str(paths.python(folder)), "-m", "pytest", *pytest_arguments],
    }
    failed = [name for name, command in checks.items() if _fails(name, command, strict)]
    if newer and not pytest_arguments:
        command = [str(paths.python(folder)), "-m", "pytest", "tests/krita"]
        if _fails("the Krita tests again, in Debian 13's newer Krita", command, strict, HUEFILL_TEST_KRITA="debian13"):
            failed.append("tests in the newer Krita")
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def _newer_editors(strict: bool) -> bool:
    """Whether there is the Debian 13 in a folder, where the tests find GIMP 3 and a second version of Krita; made if it is not."""
    if not system_packages.is_debian():
        return False
    try:
        debian13.prepare()
    except InstallerError as problem:
        if strict:
            raise
        say(str(problem))
        return False
    return True


def _fails(name: str, command: list[str], strict: bool, **more: str) -> bool:
    say(f"- {name}")
    settings = clean_environment() | {"PATH": _system_path(), "PYTHONUNBUFFERED": "1"} | more
    if strict:
        settings["HUEFILL_NO_SKIPS"] = "1"
    return subprocess.run(command, cwd=paths.ROOT, env=settings, check=False).returncode != 0


def _system_path() -> str:
    """The PATH with the system's own programs first: the Python inside Krita takes its modules from the first ``python3`` that it finds."""
    given = os.environ.get("PATH", "")
    return given if sys.platform == "win32" else os.pathsep.join(["/usr/bin", "/bin", given])
