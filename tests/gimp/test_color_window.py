"""The color dialogs as a person uses them: before and after, the strength of all colors, suggestions and their anchors."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill.imaging.color_spaces import rgb_to_lab
from tests.anchors import provide_anchors
from tests.desktop import Desktop
from tests.gimp.harness import ARTEFACTS, User
from tests.gimp.person import Person
from tests.parrots import PHOTO, PLACES, true_colors

_ROW = 165  # of the dialog, in its picture
_PULL = 60
_SECOND = 194, 93  # of the suggestions, its middle
_HALF = 40, 25


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the person saw, part by part."""
    folder = tmp_path_factory.mktemp("gimp-color-window")
    Image.open(PHOTO).convert("L").convert("RGB").save(folder / "gray.png")
    user = User(folder / "home")
    user.install()
    provide_anchors(user.models)
    files = {
        "large_gray": folder / "gray.png",
        "points": ",".join(f"{x}:{y}" for x, y in PLACES),
        "colors": ",".join(true_colors()),
        "parts": "split taken changed opened gray",
    }
    with Desktop() as desktop:
        gimp = user.start_window(folder / "out", files, desktop.display, "color_window")
        try:
            yield _sit_down(Person(desktop, folder / "out", gimp))
        finally:
            gimp.kill()
            gimp.wait()
            shutil.rmtree(folder / "home", ignore_errors=True)


def _sit_down(person: Person) -> dict[str, Any]:
    seen: dict[str, Any] = {"colored_from": {}, "heights": {}, "chroma": {}}
    dialog = _opens(person, "Colorize with Points", seen)
    _compare(person, dialog, seen)
    _strengthen(person, dialog, seen)
    person.xdotool("key", "Return")
    seen["split"] = person.has_come_to("split")
    seen["half"] = _result(person, "split")
    _take(person, seen)
    person.goes_on("end")
    return seen


def _opens(person: Person, title: str, seen: dict[str, Any]) -> str:
    """The dialog, with its preview, and the keys in its picture."""
    dialog = person.window(f"Huefill: {title}$")
    _, seen["heights"][title] = person.size(dialog)
    person.xdotool("mousemove", "2", "2")  # off the buttons, whose tips would lie on the picture
    time.sleep(8)
    _to_the_picture(person, dialog)
    return dialog


def _result(person: Person, part: str) -> np.ndarray:
    """The layer that came of a part: H W 4."""
    return np.fromfile(person.out / f"color-window-{part}.bin", np.float32).reshape(*person.sees()["dumps"][part], 4)


def _compare(person: Person, dialog: str, seen: dict[str, Any]) -> None:
    """The line by its key, dragged; all of it by the other key, as long as it is held."""
    seen["middle"] = middle = person.size(dialog)[0] // 2
    person.xdotool("key", "s")
    seen["colored_from"]["split"] = _colored_from(person, "split", dialog)
    person.drags(dialog, (middle, _ROW), (middle - _PULL, _ROW))
    seen["colored_from"]["dragged"] = _colored_from(person, "split-dragged", dialog)
    person.xdotool("keydown", "b")
    seen["colored_from"]["held"] = _colored_from(person, "split-held", dialog)
    person.xdotool("keyup", "b")
    seen["colored_from"]["let go"] = _colored_from(person, "split-let-go", dialog)
    person.xdotool("key", "s")
    seen["colored_from"]["whole"] = _colored_from(person, "split-whole", dialog)


def _strengthen(person: Person, dialog: str, seen: dict[str, Any]) -> None:
    """The slider by keys: as it is, at its end, at its beginning; at last 50 %."""
    person.xdotool("key", "alt+t")
    for name, keys in (("as it is", ()), ("most", ("End",)), ("none", ("Home",)), ("half", ("Right",) * 10)):
        person.xdotool("key", *(keys or ("Shift_L",)))
        shown = _chroma(person, f"strength-{name.replace(' ', '-')}", dialog)
        seen["chroma"][name] = float(np.median(shown[:, seen["middle"] - 150 : seen["middle"] + 150]))


def _take(person: Person, seen: dict[str, Any]) -> None:
    """A suggestion as it is; the same one, changed and undone; what was saved of that, found again; one for a grayscale image."""
    for part in ("taken", "changed", "opened", "gray"):
        person.goes_on(part)
        dialog = _opens(person, "Colorize", seen)
        if part != "opened":
            person.until(lambda dialog=dialog: _suggested(person, dialog), "the suggestions")
            person.moves(dialog, *_SECOND)
            person.xdotool("click", "1")
            time.sleep(3)
            _to_the_picture(person, dialog)
        if part == "changed":
            for keys in (("n", *["shift+Right"] * 3, *["shift+Down"] * 3), ("n",), ("3",), ("n",), ("Delete",)):
                person.xdotool("key", *keys)
                time.sleep(1.5)
        person.picture(f"colorize-{part}", dialog)
        person.xdotool("key", "Return")
        seen[part] = person.has_come_to(part)
        seen[f"{part}_layer"] = _result(person, part)
        person.window("– GIMP$")
        person.picture(f"colorized-{part}")
        if part == "changed":
            person.xdotool("key", "ctrl+z")
            seen["undone"] = person.until(lambda: person.sees() if len(person.sees()["layers"]) == 1 else None, "the undo")
        person.puts_messages_away()


def _suggested(person: Person, dialog: str) -> bool:
    """Whether the second suggestion is there, in colors."""
    person.picture("suggested", dialog)
    screen = np.asarray(Image.open(ARTEFACTS / "suggested.png").convert("RGB"), np.float32) / 255
    (x, y), (width, height) = _SECOND, _HALF
    shown = rgb_to_lab(np.ascontiguousarray(screen[y - height : y + height, x - width : x + width]))
    return bool(np.linalg.norm(shown[..., 1:], axis=-1).mean() > 2)


def _to_the_picture(person: Person, dialog: str) -> None:
    """Give it the keys by a click beside the photo."""
    person.moves(dialog, person.size(dialog)[0] - 26, _ROW)
    person.xdotool("click", "3")
    time.sleep(0.5)


def _colored_from(person: Person, name: str, dialog: str) -> int:
    """The first column of the dialog's picture, with the photo of two parrots in it, that has colors; -1 where all is gray."""
    # Marks of points, which have colors, are in few rows.
    colored = np.flatnonzero(np.median(_chroma(person, name, dialog), axis=0) > 3)
    return int(colored[0]) if len(colored) > 20 else -1


def _chroma(person: Person, name: str, dialog: str) -> np.ndarray:
    """Of what the dialog's picture shows; above and beneath it lie widgets."""
    time.sleep(1.5)
    person.picture(name, dialog)
    screen = np.asarray(Image.open(ARTEFACTS / f"{name}.png").convert("RGB"), np.float32) / 255
    shown: np.ndarray = np.linalg.norm(rgb_to_lab(screen[_ROW - 70 : _ROW + 80])[..., 1:], axis=-1)
    return shown


def test_before_is_on_the_left_of_a_line_that_a_hand_drags(seen: dict[str, Any]) -> None:
    at = seen["colored_from"]
    assert abs(at["split"] - seen["middle"]) < 8
    assert abs(at["dragged"] - (seen["middle"] - _PULL)) < 8
    assert 0 < at["whole"] < at["dragged"] - 40, "without the line all of the photo has its colors"


def test_a_key_shows_all_of_the_photo_before_as_long_as_it_is_held(seen: dict[str, Any]) -> None:
    assert seen["colored_from"]["held"] == -1
    assert seen["colored_from"]["let go"] == seen["colored_from"]["dragged"]


def test_all_colors_are_made_weaker_and_stronger_in_the_picture_and_in_the_layer(seen: dict[str, Any]) -> None:
    chroma = seen["chroma"]
    assert chroma["none"] < 1 and 1.2 * chroma["as it is"] < chroma["most"], chroma
    assert 0.4 < chroma["half"] / chroma["as it is"] < 0.6, chroma
    photo = np.asarray(Image.open(PHOTO).convert("RGB"), np.float32) / 255
    there, truth = (
        [np.linalg.norm(rgb_to_lab(each[y : y + 1, x : x + 1, :3])[..., 1:]) for x, y in PLACES] for each in (seen["half"], photo)
    )
    assert 0.4 < sum(there) / sum(truth) < 0.6, "of the points' colors there is half"


def _anchors(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What was kept with the image, but for the numbers of the points."""
    return [{name: value for name, value in point.items() if name != "id"} for point in told["kept"] if point["kind"] == "anchor"]


def test_a_suggestion_is_taken_with_its_anchors(seen: dict[str, Any]) -> None:
    taken = seen["taken"]["taken"]
    assert taken["done"], taken["said"]
    assert len(_anchors(taken)) >= 3 and taken["samples"] == 0
    assert len(taken["layers"]) == 2 and "suggestion" in taken["layers"][0]


def test_its_anchors_are_moved_recolored_and_deleted(seen: dict[str, Any]) -> None:
    taken, changed = _anchors(seen["taken"]["taken"]), _anchors(seen["changed"]["changed"])
    assert len(changed) == len(taken) - 1
    moved, recolored = changed[:2]
    assert (moved["x"], moved["y"]) != (taken[0]["x"], taken[0]["y"]) and moved["rgb"] == taken[0]["rgb"]
    assert recolored["rgb"] != taken[1]["rgb"] and (recolored["x"], recolored["y"]) == (taken[1]["x"], taken[1]["y"])
    assert changed[2:] == taken[3:]
    assert not np.array_equal(seen["changed_layer"], seen["taken_layer"])


def test_one_ctrl_z_takes_the_layer_and_its_anchors_back(seen: dict[str, Any]) -> None:
    assert len(seen["changed"]["changed"]["layers"]) == 2
    assert seen["undone"]["layers"] == ["Background"] and not seen["undone"]["kept"]


def test_anchors_are_found_again_in_the_saved_image_and_color_it_as_before(seen: dict[str, Any]) -> None:
    assert seen["opened"]["opened"]["done"], seen["opened"]["opened"]["said"]
    assert _anchors(seen["opened"]["opened"]) == _anchors(seen["changed"]["changed"])
    assert np.array_equal(seen["opened_layer"], seen["changed_layer"])


def test_a_grayscale_image_is_converted_as_the_dialog_says_and_no_choice_is_lost(seen: dict[str, Any]) -> None:
    gray = seen["gray"]["gray"]
    assert gray["done"], gray["said"]
    assert gray["base"] == "rgb" and len(gray["layers"]) == 2 and _anchors(gray)
    assert np.abs(rgb_to_lab(seen["gray_layer"][..., :3])[..., 1:]).mean() > 1


def test_every_color_dialog_fits_a_low_screen(seen: dict[str, Any]) -> None:
    assert max(seen["heights"].values()) <= 700, "768 without the window's frame and a panel"
