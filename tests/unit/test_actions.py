"""One table says what Huefill can do: the backend's tasks, the command line and both editors follow it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from huefill.cli import main
from huefill.runtime import devices
from huefill.tasks import checks, registry
from huefill_protocol import choices
from huefill_protocol.actions import ACTIONS, NEEDS, is_color_result_name, is_result_name, offered

ROOT = Path(__file__).resolve().parents[2]


def test_every_action_has_its_task_in_a_file_of_that_name() -> None:
    assert set(registry.TASKS) == {action.task for action in ACTIONS}
    for task, module in registry.TASKS.items():
        assert module.rpartition(".")[2] == task
        assert callable(importlib.import_module(module).run)


def test_every_action_is_a_command_in_the_shell() -> None:
    commands = {action.command.partition(" ")[0] for action in ACTIONS if not action.painted}
    assert commands <= set(main.list_commands(None)) and "" not in commands  # type: ignore[arg-type]


def test_every_field_that_an_option_fills_can_be_given_in_the_shell() -> None:
    for action in [action for action in ACTIONS if action.command]:
        command = main.get_command(None, action.command)  # type: ignore[arg-type]
        assert command is not None
        assert {option.name for option in action.options if option.sent} <= {parameter.name for parameter in command.params}, action.id


def test_an_action_says_what_it_needs_in_words_that_a_person_is_told() -> None:
    for action in ACTIONS:
        assert set(action.needs) <= set(NEEDS)
        assert action.tip.endswith(".") and action.details.endswith(".")
        assert len({option.name for option in action.options}) == len(action.options)


def test_what_the_editors_offer() -> None:
    fills = ["remove_object", "remove_by_brush", "recolor_selection", "extend_canvas"]
    all_of_them = [*fills, "find_scratches", "restore_photo", "colorize", "colorize_points", "match_colors"]
    assert [action.id for action in offered("krita")] == all_of_them
    assert [action.id for action in offered("gimp")] == all_of_them


def test_a_result_is_known_by_its_name() -> None:
    assert is_result_name("Match Colors – Huefill")
    assert is_result_name("Recolor Selection – fast") and is_result_name("Repair Colors – fast")
    assert is_result_name("Removed: lower left, 3.5 s") and is_result_name("Matched: a reference, 12 s #1")
    assert is_color_result_name("Colored: 3 points, 2.1 s (2)") and not is_color_result_name("Removed: left, 2.1 s")
    assert not is_result_name("Removed: what I did not like")
    assert not is_result_name("Match Colors")
    assert not is_result_name("Photo – Remove Object – ")


def test_choices_are_the_same_everywhere() -> None:
    assert choices.values(choices.PRESETS) == checks.PRESETS
    assert choices.values(choices.DEVICES) == devices.CHOICES


@pytest.mark.parametrize(
    ("value", "kept"), [("lama", True), ("big-lama_2.1", True), ("", False), ("Big Lama", False), ("../x", False), (7, False)]
)
def test_an_engine_is_any_name_that_a_network_can_have(value: object, kept: bool) -> None:
    assert choices.is_name(value) is kept
