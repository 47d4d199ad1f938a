"""Remove by Brush in GIMP: a call makes the layer, the next removes what was painted on it; or the quick mask says what goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill_protocol.actions import BRUSH_LAYER, offered
from installer import gimp_shortcuts
from tests.desktop import Desktop
from tests.gimp.conftest import SQUARE
from tests.gimp.harness import Outcome, User
from tests.gimp.test_window import Person
from tests.parrots import PHOTO

SPACES = ("rgb_u8", "rgb_float_linear", "gray_u8", "indexed")


def red(pixels: np.ndarray) -> np.ndarray:
    """H W: how much redder than green."""
    return pixels[..., 0] - pixels[..., 1]


@pytest.mark.parametrize("space", SPACES)
def test_the_first_call_makes_a_half_transparent_layer_and_chooses_it(gimp: Outcome, space: str) -> None:
    record = gimp[f"two_calls-{space}"]
    assert record["first"]["done"], record["first"]["said"]
    assert record["painting"]["layers"] == [BRUSH_LAYER, "Background"]
    assert record["painting"]["chosen"] == [BRUSH_LAYER]
    assert record["painting"]["opacity"] == 50
    assert record["painting"]["selected"] == record["before"]["selected"]
    assert record["painting"]["channels"] == []


def test_paint_of_any_color_is_seen_in_red_over_the_photo(gimp: Outcome) -> None:
    seen, photo = gimp.pixels("two_calls-rgb_u8", "painted"), gimp.pixels("two_calls-rgb_u8", "photo")
    x, y, width, height = SQUARE
    around = np.zeros(seen.shape[:2], bool)
    around[y - 4 : y + height + 4, x - 4 : x + width + 4] = True
    # It was painted with a faint green, beyond what is selected, too.
    assert (red(seen)[around] > red(photo)[around] + 0.02).all()
    assert np.array_equal(seen[~around], photo[~around])


@pytest.mark.parametrize("space", SPACES)
def test_the_second_call_removes_what_is_painted_and_takes_the_paint_away(gimp: Outcome, space: str) -> None:
    record = gimp[f"two_calls-{space}"]
    assert record["second"]["done"], record["second"]["said"]
    result, *others = record["removed"]["layers"]
    assert result.startswith("Removed") and others == ["Background"]
    assert record["removed"]["chosen"] == ["Background"] and record["removed"]["selected"]
    x, y, width, height = SQUARE
    assert (gimp.pixels(f"two_calls-{space}", "result")[y : y + height, x : x + width, 3] == 1).all()


def test_what_was_not_painted_over_is_as_before(gimp: Outcome) -> None:
    after, photo = gimp.pixels("two_calls-rgb_u8", "after"), gimp.pixels("two_calls-rgb_u8", "photo")
    x, y, width, height = SQUARE
    far = np.ones(after.shape[:2], bool)
    far[y - 24 : y + height + 24, x - 24 : x + width + 24] = False
    assert np.array_equal(after[far], photo[far])
    middle = after[y + 8 : y + height - 8, x + 8 : x + width - 8, :3]
    assert np.abs(middle - 128 / 255).mean() > 0.05  # the gray square is gone


def test_to_go_on_painting_the_layer_stays_empty_until_nothing_is_painted(gimp: Outcome) -> None:
    record = gimp["painting_on"]
    for number in range(2):
        assert record[f"call{number}"]["done"], record[f"call{number}"]["said"]
        assert record[f"after{number}"]["layers"][0] == BRUSH_LAYER and record[f"after{number}"]["chosen"] == [BRUSH_LAYER]
        assert len(record[f"after{number}"]["layers"]) == 3 + number
    first, second = (gimp.pixels("painting_on", f"result{number}")[..., 3] > 0 for number in range(2))
    assert not (first & second).any()
    assert record["last"]["done"] and BRUSH_LAYER not in record["ended"]["layers"]
    assert record["ended"]["chosen"] == ["Background"]


def test_what_the_quick_mask_leaves_clear_goes_and_the_mask_with_it(gimp: Outcome) -> None:
    record = gimp["quick_mask"]
    assert not record["empty"]["done"] and "Nothing is painted." in record["empty"]["said"]
    assert record["mask_stays"]["channels"] == ["Qmask"]
    assert record["call"]["done"], record["call"]["said"]
    assert record["removed"]["channels"] == [] and record["removed"]["chosen"] == ["Background"]
    x, y, width, height = SQUARE
    assert (gimp.pixels("quick_mask", "result")[y : y + height, x : x + width, 3] == 1).all()


def test_the_paint_is_never_read_as_part_of_the_photo(gimp: Outcome) -> None:
    record = gimp["not_read"]
    assert record["call"]["done"], record["call"]["said"]
    assert record["removed"]["layers"][0] == BRUSH_LAYER and record["removed"]["layers"][1].startswith("Removed")
    result = gimp.pixels("not_read", "result")
    red_, green, blue = (result[..., channel][result[..., 3] > 0] for channel in range(3))
    assert not ((red_ > 0.9) & (blue > 0.9) & (green < 0.1)).any()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What a person sees who uses the proposed key and GIMP's own paintbrush."""
    folder = tmp_path_factory.mktemp("gimp-brush")
    parrots = np.asarray(Image.open(PHOTO).convert("RGB")).copy()
    middle = parrots.shape[0] // 2, parrots.shape[1] // 2
    parrots[middle[0] - 15 : middle[0] + 15, middle[1] - 40 : middle[1] + 40] = 128
    Image.fromarray(parrots).save(folder / "photo.png")
    user = User(folder / "home")
    user.install()
    with Desktop() as desktop:
        gimp = user.start_window(folder / "out", {"large": folder / "photo.png"}, desktop.display, "watching_brush")
        try:
            seen = _sit_down(Person(desktop, folder / "out", gimp))
            gimp.wait(60)
            yield {**seen, "shortcuts": (user.place.profile / gimp_shortcuts.FILE).read_text("utf-8")}
        finally:
            gimp.kill()
            gimp.wait()
            shutil.rmtree(folder / "home", ignore_errors=True)


def _sit_down(person: Person) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    window = person.window("– GIMP$")
    person.xdotool("key", "ctrl+alt+b")
    dialog = person.window("Huefill: Remove by Brush")
    person.picture("brush-dialog", dialog)
    person.xdotool("key", "Return")
    seen["begun"] = person.until(lambda: person.sees() if len(person.sees()["layers"]) == 2 else None, "the layer to paint on")
    person.window("– GIMP$")
    x, y = _middle_of_canvas(person, window)
    person.xdotool("key", "p")
    for dy in (-12, 0, 12):
        person.xdotool("mousemove", str(x - 45), str(y + dy), "mousedown", "1")
        for dx in range(-45, 46, 15):
            person.xdotool("mousemove", str(x + dx), str(y + dy))
            time.sleep(0.03)
        person.xdotool("mouseup", "1")
    time.sleep(1)
    person.picture("brush-painted")
    person.xdotool("key", "ctrl+alt+b")
    wanted = "Removed"
    seen["removed"] = person.until(lambda: person.sees() if person.sees()["layers"][0].startswith(wanted) else None, "the removal")
    time.sleep(1)
    person.picture("brush-removed")
    person.xdotool("key", "ctrl+z")
    seen["undone"] = person.until(lambda: person.sees() if person.sees()["layers"][0] == BRUSH_LAYER else None, "the undo")
    person.goes_on("end")
    return seen


def _middle_of_canvas(person: Person, window: str) -> tuple[int, int]:
    """The photo's gray bar lies in the middle of the photo: where it is seen on the screen."""
    environment = {**os.environ, "DISPLAY": person.desktop.display}
    shot = person.out / "screen.png"
    subprocess.run(["import", "-window", "root", str(shot)], env=environment, check=True)
    pixels = np.asarray(Image.open(shot).convert("RGB")).astype(int)
    gray = (np.abs(pixels - 128).max(axis=2) <= 1).astype(int)
    # The largest block of the very gray.
    rows, columns = 20, 50
    sums = np.cumsum(np.cumsum(np.pad(gray, ((1, 0), (1, 0))), 0), 1)
    block = sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
    ys, xs = np.nonzero(block == rows * columns)
    assert len(ys), "the gray bar is not on the screen"
    return int(xs.mean()) + columns // 2, int(ys.mean()) + rows // 2


def test_the_proposed_key_begins_and_removes_and_ctrl_z_brings_the_paint_back(seen: dict[str, Any]) -> None:
    assert seen["begun"]["layers"] == [BRUSH_LAYER, "Background"]
    assert len(seen["removed"]["layers"]) == 2 and seen["removed"]["chosen"] == ["Background"]
    assert seen["undone"]["layers"] == [BRUSH_LAYER, "Background"]


def test_no_proposed_key_is_taken_by_gimp_and_gimps_own_keys_stay(seen: dict[str, Any]) -> None:
    keys = gimp_shortcuts.keys_in(seen["shortcuts"])
    for action in offered("gimp"):
        assert keys[gimp_shortcuts.plain(gimp_shortcuts.accelerator(action.shortcut))] == {gimp_shortcuts.name_of(action)}
    assert keys["primary+z"] == {"edit-undo"} and keys["primary+a"] == {"select-all"}
    assert len(keys) > 150
