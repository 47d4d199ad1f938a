"""``python3 installer test``: everything the tests need, then every check there is."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from installer import debian13, environment, paths, system_packages
from installer.console import say
from installer.errors import InstallerError
from installer.parts import Part, processors, report
from installer.parts import run as run_parts
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
    python = environment.prepare(sources, tests=True)
    parts = [*_checks(python), *(_chosen(python, pytest_arguments) if pytest_arguments else _everything(python, newer))]
    # The editors wait more than they work, but they answer a clock: one at a time, beside one part that computes.
    return report(run_parts(parts, _settings(strict), at_once=max(2, processors() // 2)))


def _checks(python: Path) -> list[Part]:
    ruff = str(paths.beside(python, "ruff"))
    return [
        Part("ruff check", [ruff, "check"]),
        Part("ruff format", [ruff, "format", "--check"]),
        Part("import contracts", [str(paths.beside(python, "lint-imports"))]),
        Part("mypy", [str(paths.beside(python, "mypy"))]),
    ]


def _chosen(python: Path, pytest_arguments: Sequence[str]) -> list[Part]:
    return [Part("tests", [str(python), "-m", "pytest", *pytest_arguments], is_pytest=True, alone=True)]


def _everything(python: Path, newer: bool) -> list[Part]:
    """The longest first. What is in no group is in the last, so that no folder of tests can be forgotten."""
    rest = [f"--ignore=tests/{folder}" for folder in ("krita", "gimp", "editors", "unit")]
    parts = [
        _tests(python, "tests in Krita", "tests/krita", lane="editors"),
        _tests(python, "unit tests", "tests/unit"),
        _tests(python, "tests of backend and command line", "tests", *rest),
        _tests(python, "tests in GIMP and in both editors", "tests/gimp", "tests/editors", lane="editors"),
    ]
    if newer:
        again = {"HUEFILL_TEST_KRITA": "debian13"}
        parts.append(_tests(python, "the Krita tests again, in Debian 13's newer Krita", "tests/krita", lane="editors", more=again))
    return parts


def _tests(python: Path, name: str, *arguments: str, lane: str = "", more: Mapping[str, str] | None = None) -> Part:
    # Several pytest at once must not write one cache.
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return Part(name, command, lane=lane, more=more or {}, is_pytest=True)


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


def _settings(strict: bool) -> dict[str, str]:
    # Passive: threads that wait for work must not take a core from the other part that runs.
    settings = clean_environment() | {"PATH": _system_path(), "PYTHONUNBUFFERED": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    return settings | ({"HUEFILL_NO_SKIPS": "1"} if strict else {})


def _system_path() -> str:
    """The PATH with the system's own programs first: the Python inside Krita takes its modules from the first ``python3`` that it finds."""
    given = os.environ.get("PATH", "")
    return given if sys.platform == "win32" else os.pathsep.join(["/usr/bin", "/bin", given])
