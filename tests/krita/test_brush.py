"""Remove by Brush: paint over it, and it goes; afterwards everything in the hand is as before."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from huefill_protocol.actions import BRUSH_LAYER, offered
from installer import debian13
from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome
from tests.krita.pixels import read
from tests.systems import krita_system

RED = [1.0, 0.0, 0.0, 1.0]
BLACK = [0.0, 0.0, 0.0, 1.0]
SELECTED = [10, 10, 30, 30]
HELD = {"color": BLACK, "active": "Background", "selection": SELECTED}


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita([f"brushing.{name}" for name in ("keys", "stroke_after_stroke", "nothing_painted", "on_enter", "elsewhere")])


def pixels(outcome: Outcome, scenario: str, name: str) -> np.ndarray:
    return read(outcome.out, outcome[scenario], scenario, name)


def test_while_it_is_on_a_red_brush_paints_on_a_layer_of_its_own_and_nothing_is_selected(outcome: Outcome) -> None:
    record = outcome["stroke_after_stroke"]
    assert record["before"] == HELD
    assert record["while_on"] == {"color": RED, "active": BRUSH_LAYER, "selection": None}
    assert record["pressed"] and not record["pressed_after"]
    assert "Paint over what is to go." in record["said_on"] and "Esc" in record["said_on"]


def test_each_stroke_is_one_removal_and_one_step_in_the_history(outcome: Outcome) -> None:
    record = outcome["stroke_after_stroke"]
    assert [record["steps_after_first"], record["steps_after_second"]] == [1, 2]
    first, second = (pixels(outcome, "stroke_after_stroke", name)[..., 3] > 0 for name in ("first", "second"))
    assert first.any() and second.any()
    rows = [np.nonzero(layer.any(axis=1))[0].mean() for layer in (first, second)]
    assert 60 < rows[1] - rows[0] < 80  # the strokes were 70 pixels apart


def test_no_paint_is_in_a_result(outcome: Outcome) -> None:
    for name in ("first", "second"):
        result = pixels(outcome, "stroke_after_stroke", name)
        red, green, blue = (result[..., channel].astype(int)[result[..., 3] > 0] for channel in range(3))
        assert ((red > 240) & (green < 15) & (blue < 15)).sum() == 0


def test_ctrl_z_takes_back_a_removal_and_redo_brings_it_and_painting_again(outcome: Outcome) -> None:
    record = outcome["stroke_after_stroke"]
    assert len(record["after_ctrl_z"]) == 2 and BRUSH_LAYER not in record["after_ctrl_z"]
    assert len(record["after_redo"]) == 4 and record["after_redo"][-1] == BRUSH_LAYER


def test_after_ctrl_z_the_layer_to_paint_on_is_there_as_soon_as_the_pointer_is(outcome: Outcome) -> None:
    assert outcome["stroke_after_stroke"]["after_pointer"] == [*outcome["stroke_after_stroke"]["after_ctrl_z"], BRUSH_LAYER]


def test_escape_leaves_color_layer_and_selection_as_they_were_and_a_step_for_each_removal(outcome: Outcome) -> None:
    record = outcome["stroke_after_stroke"]
    assert record["after"] == HELD
    assert record["layers"] == record["after_ctrl_z"]
    assert record["steps_at_the_end"] == 1


def test_on_and_off_leaves_nothing_not_even_the_mark_of_a_changed_document(outcome: Outcome) -> None:
    record = outcome["nothing_painted"]
    assert record["before"] == record["after"] == HELD
    assert record["layers"] == ["Background"]
    assert record["steps"] == 0 and not record["modified"]


def test_on_enter_several_strokes_go_together(outcome: Outcome) -> None:
    record = outcome["on_enter"]
    assert "Enter" in record["said_on"]
    assert record["before_enter"] == [[], False]
    result = pixels(outcome, "on_enter", "result")[..., 3] > 0
    x, y, width, height = record["painted"][0]
    assert result[y : y + height // 3, x : x + width].any() and result[y + 2 * height // 3 : y + height, x : x + width].any()


def test_what_is_painted_while_something_is_removed_stays_for_the_next_time(outcome: Outcome) -> None:
    record = outcome["on_enter"]
    (_, top, _, two), (_, _, _, three) = record["painted"]
    assert three > two
    assert record["rest"][1] >= top + two and record["rest"][3] > 20
    assert record["steps"] == 2  # the result, and the layer with the rest of the paint


@pytest.mark.parametrize(("how", "said"), [("after_cancel", "Cancelled"), ("after_failure", "nonesuch")])
def test_what_was_not_removed_stays_painted(outcome: Outcome, how: str, said: str) -> None:
    results, painted, told = outcome["on_enter"][how]
    assert len(results) == 1
    assert painted == outcome["on_enter"]["rest"]
    assert said in told


def test_a_saved_file_has_no_paint_in_it(outcome: Outcome) -> None:
    names, modified, held = outcome["on_enter"]["after_saving"]
    assert BRUSH_LAYER not in names and len(names) == 2
    assert not modified and held == HELD
    with zipfile.ZipFile(outcome.out / "brushed.kra") as kra:
        described = kra.read("maindoc.xml").decode()
    assert BRUSH_LAYER not in described and described.count("<layer ") == 2


def test_another_tab_has_its_own_color_back_and_coming_back_goes_on(outcome: Outcome) -> None:
    record = outcome["elsewhere"]
    assert record["in_other_tab"] == [BLACK, False, ["Background"]]
    assert record["shown"] and record["back"] == [RED, True, True]


@pytest.mark.parametrize("how", ["deleted", "closed"])
def test_without_the_layer_or_the_document_it_is_over(outcome: Outcome, how: str) -> None:
    assert outcome["elsewhere"][how][-2:] == [BLACK, False]


def test_to_choose_another_layer_ends_it_before_anything_is_painted_there(outcome: Outcome) -> None:
    assert outcome["elsewhere"]["another_layer"] == HELD


def test_every_action_has_its_proposed_key_and_nothing_else_in_krita_has_it(outcome: Outcome) -> None:
    assert outcome["keys"]["keys"] == {action.key: [action.shortcut, [action.key]] for action in offered("krita")}
    assert outcome["keys"]["others"] > 100


def test_no_scheme_of_keys_that_krita_brings_along_uses_a_proposed_one() -> None:
    root = debian13.folder() if krita_system().inside else Path("/")
    taken: set[str] = set()
    for file in (root / "usr/share/krita/shortcuts").glob("*.shortcuts"):
        lines = [line for line in file.read_text("utf-8").splitlines() if "=" in line]
        taken |= {_plain(key) for line in lines for key in line.partition("=")[2].split(";")}
    for file in (root / "usr/share/krita/actions").glob("*.action"):
        taken |= {
            _plain(key) for keys in re.findall("<(?:default)?[sS]hortcut>([^<]*)<", file.read_text("utf-8")) for key in keys.split(";")
        }
    assert len(taken) > 100
    assert taken & {_plain(action.shortcut) for action in offered("krita")} == set()


def _plain(key: str) -> str:
    *modifiers, last = key.strip().lower().split("+")
    return "+".join([*sorted(modifiers), last])
