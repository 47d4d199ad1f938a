"""The pictures of README and docs, made in the real editors: `python docs/make_pictures.py [krita] [gimp] [strips]`, all without a word.

With ``--screens FOLDER`` it makes instead, for looking at, every step in Krita and more at 100 and 150 %, on a dark and a light theme.
Needs what the tests need (Krita, GIMP, Xvfb) and the environment of `python3 installer test`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.desktop import Desktop  # noqa: E402
from tests.gimp.harness import ARTEFACTS as SEEN_IN_GIMP  # noqa: E402
from tests.gimp.harness import User as GimpUser  # noqa: E402
from tests.gimp.person import Person  # noqa: E402
from tests.krita.harness import User  # noqa: E402
from tests.parrots import PLACES, true_colors  # noqa: E402

PHOTOS, IMAGES = ROOT / "examples/photos", ROOT / "docs/images"
# Of each scenario of tests/krita/driver/huefill_test_driver/tour.py: the pictures and their steps, with rings around what to look at…
MARKED = {
    "tour.five_minutes": {f"five-{step}": step for step in ("1-first-start", "2-selected", "3-running", "4-removed")},
    "tour.colorize": {"five-5-suggestions": "1-suggestions", "five-6-changed": "3-anchor", "five-7-colored": "5-colored"},
}
# …and without.
PLAIN = {
    "tour.five_minutes": {"krita-remove-object": "4-removed"},
    "tour.colorize": {
        "krita-suggestions": "1-suggestions",
        "krita-anchors": "2-anchors",
    },
}
THEMES = {"dark": "Krita dark", "light": "Krita bright"}
_WIDTH, _RING, _GAP = 1080, "#ff3b30", 8
_FEW = 12
# In GIMP's dialog: the first suggestion, and how far beside the photo its picture goes on.
_FIRST, _BESIDE = (75, 93), 26
# Of a photo in color: its channels differ by so much on so large a part of the screen.
_COLORFUL, _PART = 30, 0.05
# Of the suggestions for the strip, those that differ most.
_SHOWN = (0, 1, 5)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="*", help="which pictures; all of them without a word")
    parser.add_argument("--screens", type=Path, help="a folder for screens at 100 and 150 %%, dark and light")
    chosen = parser.parse_args()
    if chosen.screens is None:
        for name in chosen.which or MAKERS:
            with tempfile.TemporaryDirectory() as folder:
                MAKERS[name](Path(folder))
        return 0
    for theme, title in THEMES.items():
        for scale in ("1", "1.5"):
            with tempfile.TemporaryDirectory() as folder:
                out = _run(Path(folder), "tour.screens", scale, title)
                place = chosen.screens / f"{theme}-{scale}"
                place.mkdir(parents=True, exist_ok=True)
                for picture in out.glob("*.png"):
                    Image.open(picture).save(place / picture.name)
    return 0


def in_krita(folder: Path) -> None:
    for number, scenario in enumerate(PLAIN):
        out = _run(folder / str(number), scenario, "1", THEMES["dark"])
        for name, step in PLAIN[scenario].items():
            _save(name, _screen(out, step))
        for name, step in MARKED[scenario].items():
            _save(name, _marked(out, step))


def in_gimp(folder: Path) -> None:
    """The dialog Colorize: suggestions, and one of them with its anchors and the line of before and after."""
    user = GimpUser(folder / "home")
    user.install()
    files = {"large_gray": PHOTOS / "tetons.jpg", "parts": "taken"}
    with Desktop() as desktop:
        gimp = user.start_window(folder / "out", files, desktop.display, "color_window")
        try:
            person = Person(desktop, folder / "out", gimp)
            dialog = person.window("Huefill: Colorize$")
            person.xdotool("mousemove", "2", "2")
            person.until(lambda: _is_colored(_seen(person)), "the suggestions")
            time.sleep(2)
            _save("gimp-suggestions", _seen(person))
            person.moves(dialog, *_FIRST)
            person.xdotool("click", "1")
            time.sleep(5)
            person.moves(dialog, person.size(dialog)[0] - _BESIDE, _FIRST[1])
            person.xdotool("click", "3", "key", "s", "key", "n", "mousemove", "2", "2")
            time.sleep(5)
            _save("gimp-anchors", _seen(person))
            person.xdotool("key", "Escape")
            person.goes_on("end")
        finally:
            gimp.kill()
            gimp.wait()


def strips(_folder: Path) -> None:
    """Photos side by side, as the backend makes them."""
    from huefill.tasks.colorization import colorize, match_colors
    from huefill.tasks.contract import Context

    gray = np.asarray(Image.open(PHOTOS / "tetons.jpg").convert("L"))[..., None]
    made = colorize.run(colorize.Request(gray, method="anchors", variants=max(_SHOWN) + 1), Context(device="cpu"))
    pictures = [made.layers[0].image, *(layers[0].image for layers in made.variants)]
    _save("colorized", _side_by_side([np.repeat(gray, 3, 2), *(pictures[number] for number in _SHOWN)]))
    reference = np.asarray(Image.open(PHOTOS / "jetty.jpg").convert("RGB"))
    made = match_colors.run(match_colors.Request(gray, reference=reference), Context(device="cpu"))
    _save("matched", _side_by_side([reference, np.repeat(gray, 3, 2), made.layers[0].image]))


MAKERS: dict[str, Callable[[Path], None]] = {"krita": in_krita, "gimp": in_gimp, "strips": strips}


def _run(folder: Path, scenario: str, scale: str, theme: str) -> Path:
    """The folder with the pictures of one run of Krita."""
    size = "1440x900x24" if scale == "1" else "2160x1350x24"
    os.environ["QT_SCALE_FACTOR"] = scale
    folder.mkdir(parents=True, exist_ok=True)
    with Desktop(size) as desktop:
        user = User.fresh(folder / "home", None)
        user.install()
        user.install_driver()
        settings = user.home / ".config/kritarc"
        settings.write_text(settings.read_text() + f"\n[theme]\nTheme={theme}\n")
        outcome = user.run_krita(desktop, [scenario], folder / "out", dict(_files(folder)), seconds=240)
    assert outcome.status == 0, outcome.log
    outcome[scenario.split(".")[1]]
    return outcome.out


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    mask = np.asarray(Image.open(PHOTOS / "jetty-mask.png").convert("L"))
    raw = folder / "jetty-mask.bin"
    raw.write_bytes(mask.tobytes())
    yield "jetty_mask", raw
    points = folder / "points.json"
    points.write_text(json.dumps([[x, y, color] for (x, y), color in zip(PLACES, true_colors(), strict=True)][:: len(PLACES) // _FEW]))
    yield "few_points", points


def _screen(out: Path, step: str) -> Image.Image:
    return Image.open(next(out.glob(f"*-{step}.png"))).convert("RGB")


def _marked(out: Path, step: str) -> Image.Image:
    """The screen of a step with a ring around what the reader is to look at."""
    picture = _screen(out, step)
    draw = ImageDraw.Draw(picture)
    for x, y, width, height in json.loads(next(out.glob(f"*-{step}.json")).read_text()).values():
        draw.rounded_rectangle((x - 5, y - 5, x + width + 4, y + height + 4), 8, outline=_RING, width=4)
    return picture


def _seen(person: Person) -> Image.Image:
    """The screen with GIMP, without the empty desktop beside it."""
    person.picture("document")
    screen = Image.open(SEEN_IN_GIMP / "document.png").convert("RGB")
    return screen.crop(screen.getbbox() or (0, 0, *screen.size))


def _is_colored(screen: Image.Image) -> bool:
    """Whether there is a photo in color on it; the frames of windows and GIMP's own signs have a little."""
    rgb = np.asarray(screen, np.int16)
    return bool((rgb.max(2) - rgb.min(2) > _COLORFUL).mean() > _PART)


def _side_by_side(pictures: Sequence[Any]) -> Image.Image:
    """Arrays H W 3 uint8 in a row, all as high as they can be."""
    shown = [Image.fromarray(np.ascontiguousarray(picture[..., :3])) for picture in pictures]
    height = int((_WIDTH - _GAP * (len(shown) - 1)) / sum(each.width / each.height for each in shown))
    row, left = Image.new("RGB", (_WIDTH, height), "white"), 0
    for each in shown:
        small = each.resize((round(height * each.width / each.height), height), Image.Resampling.LANCZOS)
        row.paste(small, (left, 0))
        left += small.width + _GAP
    return row


def _save(name: str, picture: Image.Image) -> None:
    small = picture.resize((_WIDTH, round(_WIDTH * picture.height / picture.width)), Image.Resampling.LANCZOS)
    small.save(IMAGES / f"{name}.jpg", quality=84, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
