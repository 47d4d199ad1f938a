"""The house's import rules can fail, and hold where the linter cannot look (code that runs inside an editor)."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDITOR_MODULES = {"krita", "PyQt5", "PyQt6", "huefill_client", "huefill_protocol"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house that a test may damage: its rules and its rooms."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in ("backend/huefill", "models/huefill_models", "plugin/huefill_client", "plugin/huefill_protocol"):
        shutil.copytree(ROOT / package, copy / Path(package).name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    # In the folder itself, so that the copy is looked at and not the installed packages.
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", code], cwd=house, capture_output=True, text=True, check=False)


def test_the_house_keeps_its_rules(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("huefill/errors.py", "import huefill.tasks", "A room uses only rooms below it"),
        ("huefill/imaging/__init__.py", "import huefill.runtime.progress", "A room uses only rooms below it"),
        ("huefill/runtime/__init__.py", "import huefill.internal", "A room uses only rooms below it"),
        ("huefill/internal/__init__.py", "import huefill.server", "A room uses only rooms below it"),
        ("huefill/tasks/__init__.py", "import huefill.server", "A room uses only rooms below it"),
        ("huefill/server/__init__.py", "import huefill.files", "A room uses only rooms below it"),
        ("huefill/utils.py", "import json", "A room uses only rooms below it"),
        ("huefill/imaging/__init__.py", "import torch", "Imaging is functions on arrays"),
        ("huefill/imaging/__init__.py", "import PIL.Image", "Imaging is functions on arrays"),
        ("huefill/server/__init__.py", "import cv2", "The server does no image arithmetic"),
        ("huefill/server/__init__.py", "import huefill.imaging", "The server does no image arithmetic"),
        ("huefill/tasks/__init__.py", "import starlette", "Tasks and what they stand on know no HTTP"),
        ("huefill/tasks/__init__.py", "import huefill_client.live", "Tasks and what they stand on know no HTTP"),
        ("huefill/server/__init__.py", "import huefill_client.supervisor", "The backend knows the protocol, not the client"),
        ("huefill_protocol/__init__.py", "import huefill_client.jobs", "The protocol stands on nothing"),
        ("huefill_models/__init__.py", "import huefill.errors", "Networks know neither backend nor editors"),
        ("huefill_client/__init__.py", "import huefill.errors", "The client knows neither backend nor networks"),
    ],
)
def test_an_import_that_breaks_a_rule_is_found(house: Path, room: str, line: str, broken: str) -> None:
    file = house / room
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        done = lint(house)
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before, encoding="utf-8")
    assert done.returncode != 0
    assert any(broken in text and text.rstrip().endswith("BROKEN") for text in _joined(done.stdout)), done.stdout + done.stderr


def test_the_client_is_standard_library_and_protocol_alone() -> None:
    assert foreign(ROOT / "plugin/huefill_client", {"huefill_client", "huefill_protocol"}) == []


def test_the_protocol_is_standard_library_alone() -> None:
    assert foreign(ROOT / "plugin/huefill_protocol", {"huefill_protocol"}) == []


def test_the_plugin_is_krita_qt_standard_library_and_client_alone() -> None:
    assert foreign(ROOT / "plugin/krita/huefill_krita", EDITOR_MODULES) == []


def test_the_installer_is_standard_library_and_client_alone() -> None:
    assert foreign(ROOT / "installer", {"installer", "huefill_protocol"}) == []


def test_a_foreign_import_is_found_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("import json\ndef late():\n    from numpy import array\n    return array\n", encoding="utf-8")
    assert foreign(tmp_path, set()) == ["module.py:3 imports numpy"]


def foreign(folder: Path, allowed: set[str]) -> list[str]:
    """Every import below ``folder`` that is neither relative, nor of the standard library, nor allowed."""
    files = sorted(folder.rglob("*.py"))
    assert files, f"{folder} holds no code"
    return [
        f"{file.relative_to(folder)}:{line} imports {name}"
        for file in files
        for line, name in imports(ast.parse(file.read_text(encoding="utf-8")))
        if name not in sys.stdlib_module_names | allowed
    ]


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, item.name.split(".")[0]) for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]


def _joined(text: str) -> list[str]:
    """The report's lines, with those that were wrapped put together again."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and lines[-1].strip() and not lines[-1].rstrip().endswith(("KEPT", "BROKEN")):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return lines
