"""What names the actions outside the table is made from it, and is what lies in the repository."""

from __future__ import annotations

import importlib.util
import re
import sys
import types
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from huefill_protocol.actions import ACTIONS, REMOVE_OBJECT, offered
from installer import generated

ROOT = Path(__file__).resolve().parents[2]
KRITA = ROOT / "plugin/krita"
FILES = generated.files(ROOT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_generated_file_is_what_the_table_says(file: Path) -> None:
    assert file.read_text("utf-8") == FILES[file], "run: python3 installer generate"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_generated_file_names_every_action_of_krita(file: Path) -> None:
    text = file.read_text("utf-8")
    assert [action.title for action in offered("krita") if action.title not in text] == []


def test_kritas_action_file_is_xml_with_an_entry_for_each_action() -> None:
    # Made here, from our own table.
    tree = ElementTree.fromstring(FILES[KRITA / "huefill_krita.action"])
    entries = {entry.get("name"): entry.findtext("text") for entry in tree.iter("Action")}
    assert entries == {f"huefill_{action.id}": f"Huefill: {action.title}" for action in offered("krita")}


def test_what_a_table_row_says_cannot_break_a_file() -> None:
    odd = replace(REMOVE_OBJECT, id="odd", title="Cut & <Paste>", details="a < b & c.")
    tree = ElementTree.fromstring(generated.krita_actions([odd]))
    assert [entry.findtext("whatsThis") for entry in tree.iter("Action")] == ["a < b & c."]
    assert "<Paste>" not in generated.manual_table([odd])


def test_writing_changes_only_what_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in FILES:
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text("utf-8"), "utf-8")
    readme = tmp_path / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("Remove Object", "Erase"), "utf-8")
    monkeypatch.setattr(generated, "files", lambda made=generated.files: made(tmp_path))
    assert generated.run() == [readme]
    assert "**Remove Object**" in readme.read_text("utf-8")
    assert generated.run() == []


@pytest.fixture
def fallback(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """The plugin's fallback, with stand-ins for Krita and Qt."""
    qt = types.ModuleType("plugin_under_test.qt")
    krita = types.ModuleType("krita")
    package = types.ModuleType("plugin_under_test")
    package.__path__ = [str(KRITA / "huefill_krita")]
    for module, names in ((qt, ("Qt", "QtWidgets")), (krita, ("Extension", "Krita"))):
        for name in names:
            setattr(module, name, type(name, (), {}))
    for name, module in {"plugin_under_test": package, "plugin_under_test.qt": qt, "krita": krita}.items():
        monkeypatch.setitem(sys.modules, name, module)
    source = importlib.util.spec_from_file_location("plugin_under_test.fallback", KRITA / "huefill_krita/fallback.py")
    assert source is not None and source.loader is not None
    made = importlib.util.module_from_spec(source)
    source.loader.exec_module(made)
    yield made


def test_a_plugin_that_cannot_start_still_has_all_its_menu_entries(fallback: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {f"huefill_{action.id}": action.title for action in offered("krita")}
    assert fallback._entries() == entries
    monkeypatch.setitem(sys.modules, "huefill_protocol.actions", None)
    assert fallback._entries() == entries


def test_the_manual_names_no_number_of_actions_that_could_be_wrong() -> None:
    manual = (KRITA / "huefill_krita/Manual.html").read_text("utf-8")
    assert not re.search(r"\b(three|four|five|six) actions\b", manual)
    assert len(re.findall(r'<tr id="huefill_', manual)) == len([action for action in ACTIONS if action.menu("krita")])
