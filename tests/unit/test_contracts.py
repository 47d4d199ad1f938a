"""The house's import rules can fail, and hold where the linter cannot look (code that runs inside an editor)."""

from __future__ import annotations

import ast
import copy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import importlinter.configuration
import pytest
from importlinter.application import use_cases
from importlinter.application.app_config import settings
from importlinter.application.ports.building import GraphBuilder

ROOT = Path(__file__).resolve().parents[2]
RULES = str(ROOT / "pyproject.toml")
EDITOR_MODULES = {"krita", "PyQt5", "PyQt6", "huefill_client", "huefill_protocol"}


class Imports:
    """Builds the graph of all imports once; a test may add imports to it that no file has."""

    def __init__(self, builder: GraphBuilder) -> None:
        self._builder, self._graph = builder, None
        self.added: tuple[str, str] | None = None

    def build(self, **options: Any) -> Any:
        self._graph = self._graph or self._builder.build(**options)
        graph = copy.deepcopy(self._graph)
        if self.added:
            importer, imported = self.added
            graph.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
        return graph


@pytest.fixture(scope="module")
def house() -> Iterator[Imports]:
    """The linter with the rules of this repository, in this process: a process for each rule took 80 seconds."""
    importlinter.configuration.configure()
    before = settings.GRAPH_BUILDER
    imports = Imports(before)
    settings.configure(GRAPH_BUILDER=imports)
    assert use_cases.lint_imports(RULES, cache_dir=None), "the rules are broken: run lint-imports"
    yield imports
    settings.configure(GRAPH_BUILDER=before)


def broken_rules(house: Imports, added: tuple[str, str] | None) -> list[str]:
    house.added = added
    report = use_cases.create_report(use_cases.read_user_options(RULES), cache_dir=None)
    house.added = None
    return [contract.name for contract, check in report.get_contracts_and_checks() if not check.kept]


def test_the_house_keeps_its_rules(house: Imports) -> None:
    assert broken_rules(house, None) == []


@pytest.mark.parametrize(
    ("importer", "imported", "broken"),
    [
        ("huefill.errors", "huefill.tasks", "A room uses only rooms below it"),
        ("huefill.imaging", "huefill.runtime.progress", "A room uses only rooms below it"),
        ("huefill.runtime", "huefill.internal", "A room uses only rooms below it"),
        ("huefill.internal", "huefill.server", "A room uses only rooms below it"),
        ("huefill.tasks", "huefill.server", "A room uses only rooms below it"),
        ("huefill.server", "huefill.console", "A room uses only rooms below it"),
        ("huefill.utils", "json", "A room uses only rooms below it"),
        ("huefill.imaging", "torch", "Imaging is functions on arrays"),
        ("huefill.imaging", "PIL", "Imaging is functions on arrays"),
        ("huefill.server", "cv2", "The server does no image arithmetic"),
        ("huefill.server", "huefill.imaging", "The server does no image arithmetic"),
        ("huefill.tasks", "starlette", "Tasks and what they stand on know no HTTP"),
        ("huefill.tasks", "huefill_client.live", "Tasks and what they stand on know no HTTP"),
        ("huefill.server", "huefill_client.supervisor", "The backend knows the protocol, not the client"),
        ("huefill_protocol", "huefill_client.jobs", "The protocol stands on nothing"),
        ("huefill_models", "huefill.errors", "Networks know neither backend nor editors"),
        ("huefill_client", "huefill.errors", "The client knows neither backend nor networks"),
    ],
)
def test_an_import_that_breaks_a_rule_is_found(house: Imports, importer: str, imported: str, broken: str) -> None:
    assert any(name.startswith(broken) for name in broken_rules(house, (importer, imported)))


def test_the_command_fails_where_a_file_breaks_a_rule(tmp_path: Path) -> None:
    shutil.copy(RULES, tmp_path)
    for package in ("backend/huefill", "models/huefill_models", "plugin/huefill_client", "plugin/huefill_protocol"):
        shutil.copytree(ROOT / package, tmp_path / Path(package).name, ignore=shutil.ignore_patterns("__pycache__", "*.onnx", "*.pt"))
    (tmp_path / "huefill/errors.py").write_text("import huefill.tasks\n", encoding="utf-8")
    # In the folder itself, so that the copy is looked at and not the installed packages.
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout, done.stdout + done.stderr


def test_the_client_is_standard_library_and_protocol_alone() -> None:
    assert foreign(ROOT / "plugin/huefill_client", {"huefill_client", "huefill_protocol"}) == []


def test_the_protocol_is_standard_library_alone() -> None:
    assert foreign(ROOT / "plugin/huefill_protocol", {"huefill_protocol"}) == []


def test_the_plugin_is_krita_qt_standard_library_and_client_alone() -> None:
    assert foreign(ROOT / "plugin/krita/huefill_krita", EDITOR_MODULES) == []


def test_the_gimp_plugin_is_gimp_gtk_standard_library_and_client_alone() -> None:
    assert foreign(ROOT / "plugin/gimp/huefill", {"gi", "huefill_gimp", "huefill_client", "huefill_protocol"}) == []


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
