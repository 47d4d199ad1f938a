"""GIMP 3 as a person sees it: dialogs that keys confirm or close, values that are remembered, one Ctrl+Z."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill.imaging.color_spaces import rgb_to_lab
from tests.desktop import Desktop
from tests.gimp.harness import User
from tests.gimp.person import Person
from tests.parrots import PHOTO, PLACES, true_colors

SQUARE = (352, 96, 72, 64)
# Beneath the sentence at the top of the dialog.
_MIDDLE_OF_THE_PICTURE = 201


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the person saw, part by part."""
    folder = tmp_path_factory.mktemp("gimp-window")
    parrots = np.asarray(Image.open(PHOTO).convert("RGB")).copy()
    Image.fromarray(parrots).convert("L").convert("RGB").save(folder / "gray.png")
    x, y, width, height = SQUARE
    parrots[y : y + height, x : x + width] = 128
    Image.fromarray(parrots).save(folder / "damaged.png")
    user = User(folder / "home")
    user.install()
    files = {
        "large": folder / "damaged.png",
        "large_gray": folder / "gray.png",
        "large_square": ",".join(map(str, SQUARE)),
        "points": ",".join(f"{x}:{y}" for x, y in PLACES),
        "colors": ",".join(true_colors()),
    }
    with Desktop() as desktop:
        gimp = user.start_window(folder / "out", files, desktop.display)
        try:
            yield _sit_down(Person(desktop, folder / "out", gimp))
        finally:
            gimp.kill()
            gimp.wait()
            shutil.rmtree(folder / "home", ignore_errors=True)


def _sit_down(person: Person) -> dict[str, Any]:
    seen: dict[str, Any] = {"heights": {}}
    dialog = person.window("Huefill: Remove Object")
    seen["opened"] = person.sees()
    seen["heights"]["Remove Object"] = person.size(dialog)[1]
    person.picture("remove-dialog", dialog)
    person.xdotool("key", "Return")
    seen["removed"] = person.has_come_to("removed")
    person.window("– GIMP$")
    person.picture("removed")
    person.xdotool("key", "ctrl+z")
    seen["undone"] = person.until(lambda: person.sees() if len(person.sees()["layers"]) == 1 else None, "the undo")
    person.xdotool("key", "ctrl+y")
    seen["redone"] = person.until(lambda: person.sees() if len(person.sees()["layers"]) == 2 else None, "the redo")
    person.goes_on("again")
    dialog = person.window("Huefill: Extend Canvas")
    person.picture("extend-dialog", dialog)
    seen["heights"]["Extend Canvas"] = person.size(dialog)[1]
    person.xdotool("key", "Escape")
    seen["closed"] = person.has_come_to("closed")
    person.goes_on("color")
    dialog = person.window("Huefill: Colorize with Points")
    time.sleep(8)  # for the preview and the likely colors; the picture is for people to look at
    person.picture("colorize-dialog", dialog)
    person.picture("colorize-desktop")
    person.xdotool("key", "Return")
    seen["colored"] = person.has_come_to("colored")
    seen["pixels"] = np.fromfile(person.out / "window-colored.bin", np.float32).reshape(*seen["colored"]["dumps"]["colored"], 4)
    person.window("– GIMP$")
    person.picture("colored")
    person.puts_messages_away()
    person.goes_on("points")
    seen["heights"]["Colorize with Points"] = _points_by_hand_and_key(person)
    seen["placed"] = person.has_come_to("placed")
    seen["placed_pixels"] = np.fromfile(person.out / "window-placed.bin", np.float32).reshape(*seen["placed"]["dumps"]["placed"], 4)
    person.puts_messages_away()
    person.goes_on("escape")
    dialog = person.window("Huefill: Colorize with Points")
    person.xdotool("mousemove", "2", "2")
    time.sleep(5)  # for the preview
    person.xdotool("mousemove", "--window", dialog, str(person.size(dialog)[0] // 2 - 90), str(_MIDDLE_OF_THE_PICTURE), "click", "1")
    time.sleep(1)
    person.xdotool("key", "n", "Delete")
    time.sleep(1)
    person.picture("escape-dialog", dialog)
    person.xdotool("key", "Escape")
    seen["escaped"] = person.has_come_to("escaped")
    person.goes_on("match")
    dialog = person.window("Huefill: Match Colors")
    time.sleep(4)
    person.picture("match-dialog", dialog)
    seen["heights"]["Match Colors"] = person.size(dialog)[1]
    person.xdotool("key", "Return")
    seen["matched"] = person.has_come_to("matched")
    person.goes_on("layers")
    seen["layered"] = person.has_come_to("layered")
    person.window("– GIMP$")
    person.picture("layered")
    person.xdotool("key", "ctrl+z")
    seen["layers_undone"] = person.until(lambda: person.sees() if len(person.sees()["layers"]) == 1 else None, "the undo of the group")
    person.xdotool("key", "ctrl+y")
    seen["layers_redone"] = person.until(lambda: person.sees() if len(person.sees()["layers"]) == 2 else None, "the redo of the group")
    person.goes_on("end")
    return seen


def _points_by_hand_and_key(person: Person) -> int:
    """A point is set by a click into the middle of the picture, dragged, brought back by Ctrl+Z, set anew by keys; the dialog's height."""
    dialog = person.window("Huefill: Colorize with Points")
    person.xdotool("mousemove", "2", "2")  # off the buttons, whose tips would lie on the picture
    time.sleep(6)  # for the preview
    width, height = person.size(dialog)
    middle = (width // 2, _MIDDLE_OF_THE_PICTURE)
    person.drags(dialog, middle, (middle[0] + 60, middle[1]))
    person.picture("point-dragged", dialog)
    person.xdotool("key", "ctrl+z")  # the drag
    time.sleep(0.5)
    person.xdotool("key", "u", "Right", "Right", "Right", "Right", "Right", "Right", "Right", "Right", "Right", "Right", "p")
    time.sleep(3)  # for its likely colors
    person.picture("points-dialog", dialog)
    person.xdotool("key", "2")
    time.sleep(1)
    person.xdotool("key", "Return")
    return height


def test_a_new_point_takes_the_color_that_is_there_and_not_the_foreground(seen: dict[str, Any]) -> None:
    assert seen["placed"]["place"]["done"], seen["placed"]["place"]["said"]
    first = seen["placed"]["kept"][0]
    assert min(first["rgb"]) > 8 and first["rgb"] == first["base"]
    colors = rgb_to_lab(seen["placed_pixels"][..., :3])[..., 1:]
    assert np.linalg.norm(colors, axis=-1).mean() > 6, "the photo keeps its likely colors"


def test_points_are_dragged_undone_set_and_colored_by_keys_and_are_sample_points_of_the_image(seen: dict[str, Any]) -> None:
    first, second = seen["placed"]["kept"]
    assert seen["placed"]["samples"] == 2
    width = seen["placed"]["size"][0]
    assert abs(first["x"] - width / 2) < 12, "the drag was undone"
    assert second["x"] - first["x"] > 20 and abs(second["y"] - first["y"]) < 12
    assert second["rgb"] != second["base"], "the second likely color"


def test_a_closed_color_dialog_gives_the_image_its_sample_points_back(seen: dict[str, Any]) -> None:
    assert not seen["escaped"]["escape"]["done"]
    assert len(seen["escaped"]["before_escape"]) == 2
    assert sorted(seen["escaped"]["after_escape"]) == sorted(seen["escaped"]["before_escape"])


def test_every_dialog_fits_a_low_screen(seen: dict[str, Any]) -> None:
    assert len(seen["heights"]) == 4
    assert max(seen["heights"].values()) <= 700, "768 without the window's frame and a panel"


def test_a_confirmed_dialog_removes_what_is_selected(seen: dict[str, Any]) -> None:
    assert seen["opened"]["layers"] == ["Background"]
    assert seen["removed"]["remove"]["done"], seen["removed"]["remove"]["said"]
    assert [name.split(":")[0] for name in seen["removed"]["layers"]] == ["Removed", "Background"]


def test_one_ctrl_z_takes_it_back_and_redo_brings_it_again(seen: dict[str, Any]) -> None:
    assert seen["undone"]["layers"] == seen["opened"]["layers"]
    assert seen["redone"]["layers"] == seen["removed"]["layers"]


def test_the_last_values_are_remembered(seen: dict[str, Any]) -> None:
    again = seen["closed"]["again"]
    assert again["done"], again["said"]
    assert again["layers"][0].startswith("Removed: ")


def test_a_closed_dialog_changes_nothing(seen: dict[str, Any]) -> None:
    assert not seen["closed"]["closed"]["done"]
    assert seen["closed"]["size"] == seen["removed"]["size"]
    assert len(seen["closed"]["layers"]) == 3


def test_points_are_colored_through_the_dialog(seen: dict[str, Any]) -> None:
    call = seen["colored"]["color"]
    assert call["done"], call["said"]
    parrots = np.asarray(Image.open(PHOTO).convert("RGB")) / np.float32(255)
    for x, y in PLACES:
        wanted, there = (rgb_to_lab(pixels[y : y + 1, x : x + 1, :3])[0, 0, 1:] for pixels in (parrots, seen["pixels"]))
        # The gray photo's luminance is not quite the color photo's lightness: a saturated color may not be reached there.
        assert np.linalg.norm(there - wanted) < 4 + 0.25 * np.linalg.norm(wanted), (x, y, wanted, there)


def test_match_colors_is_confirmed_too(seen: dict[str, Any]) -> None:
    assert seen["matched"]["match"]["done"], seen["matched"]["match"]["said"]


def test_one_ctrl_z_takes_a_group_of_layers_back_and_redo_brings_it_again(seen: dict[str, Any]) -> None:
    assert seen["layered"]["layers"] == ["Layers – whole", "Background"]
    assert seen["layers_undone"]["layers"] == ["Background"]
    assert seen["layers_redone"]["layers"] == seen["layered"]["layers"]
