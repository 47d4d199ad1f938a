"""The color dialogs as a person uses them: before and after by a line and a key."""

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
from tests.gimp.harness import ARTEFACTS, User
from tests.gimp.person import Person
from tests.parrots import PHOTO, PLACES, true_colors

_ROW = 165  # of the dialog, in its picture
_PULL = 60


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the person saw, part by part."""
    folder = tmp_path_factory.mktemp("gimp-color-window")
    Image.open(PHOTO).convert("L").convert("RGB").save(folder / "gray.png")
    user = User(folder / "home")
    user.install()
    files = {
        "large_gray": folder / "gray.png",
        "points": ",".join(f"{x}:{y}" for x, y in PLACES),
        "colors": ",".join(true_colors()),
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
    seen: dict[str, Any] = {"colored_from": {}, "heights": {}}
    _compare(person, seen)
    person.goes_on("end")
    return seen


def _compare(person: Person, seen: dict[str, Any]) -> None:
    """The line by its key, dragged; all of it by the other key, as long as it is held."""
    dialog = person.window("Huefill: Colorize with Points")
    width, height = person.size(dialog)
    seen["heights"]["Colorize with Points"] = height
    seen["middle"] = middle = width // 2
    time.sleep(6)  # for the preview
    person.moves(dialog, middle + 30, _ROW)
    person.xdotool("click", "3")  # the picture has the keys; there is no point to remove
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
    person.xdotool("key", "Return")
    seen["split"] = person.has_come_to("split")


def _colored_from(person: Person, name: str, dialog: str) -> int:
    """The first column of the dialog's picture, with the photo of two parrots in it, that has colors; -1 where all is gray."""
    time.sleep(1.5)
    person.picture(name, dialog)
    screen = np.asarray(Image.open(ARTEFACTS / f"{name}.png").convert("RGB"), np.float32) / 255
    # Above and beneath it lie widgets; marks of points, which have colors, are in few rows.
    chroma = np.linalg.norm(rgb_to_lab(screen[_ROW - 70 : _ROW + 80])[..., 1:], axis=-1)
    colored = np.flatnonzero(np.median(chroma, axis=0) > 3)
    return int(colored[0]) if len(colored) > 20 else -1


def test_before_is_on_the_left_of_a_line_that_a_hand_drags(seen: dict[str, Any]) -> None:
    at = seen["colored_from"]
    assert abs(at["split"] - seen["middle"]) < 8
    assert abs(at["dragged"] - (seen["middle"] - _PULL)) < 8
    assert 0 < at["whole"] < at["dragged"] - 40, "without the line all of the photo has its colors"


def test_a_key_shows_all_of_the_photo_before_as_long_as_it_is_held(seen: dict[str, Any]) -> None:
    assert seen["colored_from"]["held"] == -1
    assert seen["colored_from"]["let go"] == seen["colored_from"]["dragged"]


def test_every_color_dialog_fits_a_low_screen(seen: dict[str, Any]) -> None:
    assert max(seen["heights"].values()) <= 700, "768 without the window's frame and a panel"
