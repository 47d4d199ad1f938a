"""The editors offer the networks that are installed, by the names that the backend has given; none is named in the plugins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huefill.runtime.store import model_store
from huefill_client.networks import engines_of, installed
from huefill_client.recipes import details, differences

ROOT = Path(__file__).resolve().parents[2]
ABOUT = {
    "networks": [
        {"name": "second", "role": "inpainting", "title": "Second network"},
        {"name": "of_hints", "role": "hints", "title": "Hints"},
        {"name": "third", "role": "inpainting"},
        "nonsense",
        {"role": "inpainting"},
    ]
}


def test_the_installed_inpainting_networks_stand_between_automatic_and_patch() -> None:
    assert [(engine.value, engine.title) for engine in engines_of(ABOUT)] == [
        ("auto", "Automatic"),
        ("second", "Second network"),
        ("third", "third"),
        ("patch", "Patch"),
    ]
    assert all(engine.tip for engine in engines_of(ABOUT))
    assert [network.value for network in installed(ABOUT, "hints")] == ["of_hints"]


@pytest.mark.parametrize("about", [{}, {"networks": None}, {"networks": {}}, {"networks": []}])
def test_a_backend_that_names_no_networks_leaves_what_every_huefill_has(about: dict[str, object]) -> None:
    assert [engine.value for engine in engines_of(about)] == ["auto", "patch"]


def test_a_result_says_what_it_was_made_with_and_what_differs_from_another() -> None:
    recipe = {"regions": [{"engine": "second"}, {"engine": "patch"}], "request": {"preset": "fast", "seed": 3}}
    assert details(recipe, {}).splitlines()[-2:] == ["Quality: Fast", "Seed: 3"]
    other = {"regions": [{"engine": "patch"}], "request": {"preset": "best", "seed": 4}}
    assert differences(other, recipe, engines_of(ABOUT)) == "Patch, Best"
    assert differences(recipe, other, engines_of(ABOUT)) == "Second network and Patch, Fast"
    assert differences({**recipe, "request": {"preset": "fast", "seed": 9}}, recipe, ()) == "another try"
    assert differences(recipe, recipe, ()) == ""


def test_no_plugin_and_no_protocol_names_a_network() -> None:
    names = {card.name for card in model_store().cards()} | {"gatedconv"}
    code = {
        file: file.read_text("utf-8") for file in (ROOT / "plugin").rglob("*") if file.suffix in (".py", ".html", ".action", ".desktop")
    }
    assert len(code) > 50
    assert [(file.name, name) for file, text in code.items() for name in names if re.search(rf"\b{re.escape(name)}\b", text)] == []
