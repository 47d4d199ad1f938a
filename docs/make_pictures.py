"""The pictures of docs/first-five-minutes.md, made in the real Krita: `python docs/make_pictures.py`.

With ``--screens FOLDER`` it makes instead, for looking at, every step and more at 100 and 150 %, on a dark and a light theme. Needs what
the tests need (a Krita, Xvfb) and the environment of `python3 installer test`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.desktop import Desktop  # noqa: E402
from tests.krita.harness import User  # noqa: E402
from tests.parrots import PLACES, true_colors  # noqa: E402

STEPS = ("1-first-start", "2-selected", "3-running", "4-removed", "5-colors", "6-colored")
# Of the guide and the README, without marks.
PLAIN = {"krita-remove-object": "4-removed", "krita-colorize": "5-colors"}
THEMES = {"dark": "Krita dark", "light": "Krita bright"}
_WIDTH, _RING = 1080, "#ff3b30"
_FEW = 12


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=Path, help="a folder for screens at 100 and 150 %%, dark and light")
    chosen = parser.parse_args()
    if chosen.screens is None:
        with tempfile.TemporaryDirectory() as folder:
            out = _run(Path(folder), "tour.five_minutes", "1", THEMES["dark"])
            for name, step in PLAIN.items():
                _picture(out, step).save(ROOT / f"docs/images/{name}.jpg", quality=84, optimize=True)
            for step in STEPS:
                _marked(out, step).save(ROOT / f"docs/images/five-{step}.jpg", quality=84, optimize=True)
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


def _run(folder: Path, scenario: str, scale: str, theme: str) -> Path:
    """The folder with the pictures of one run."""
    size = "1440x900x24" if scale == "1" else "2160x1350x24"
    os.environ["QT_SCALE_FACTOR"] = scale
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
    mask = np.asarray(Image.open(ROOT / "examples/photos/jetty-mask.png").convert("L"))
    raw = folder / "jetty-mask.bin"
    raw.write_bytes(mask.tobytes())
    yield "jetty_mask", raw
    points = folder / "points.json"
    points.write_text(json.dumps([[x, y, color] for (x, y), color in zip(PLACES, true_colors(), strict=True)][:: len(PLACES) // _FEW]))
    yield "few_points", points


def _marked(out: Path, step: str) -> Image.Image:
    """The screen of a step with a ring around what the reader is to look at."""
    picture = Image.open(next(out.glob(f"*-{step}.png"))).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for x, y, width, height in json.loads(next(out.glob(f"*-{step}.json")).read_text()).values():
        draw.rounded_rectangle((x - 5, y - 5, x + width + 4, y + height + 4), 8, outline=_RING, width=4)
    return _small(picture)


def _picture(out: Path, step: str) -> Image.Image:
    return _small(Image.open(next(out.glob(f"*-{step}.png"))).convert("RGB"))


def _small(picture: Image.Image) -> Image.Image:
    return picture.resize((_WIDTH, round(_WIDTH * picture.height / picture.width)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    sys.exit(main())
