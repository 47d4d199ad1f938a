"""Krita and GIMP of one person at the same time: one backend, which serves both in turn and goes with the last of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.desktop import Desktop, gone
from tests.gimp import harness as gimp
from tests.krita import harness as krita
from tests.systems import gimp_system

SQUARE = (92, 66, 56, 48)


@dataclass(frozen=True)
class Evening:
    """What both editors recorded; ``krita_left`` when Krita's process ended."""

    krita: dict[str, Any]
    gimp: dict[str, Any]
    krita_left: float


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """GIMP does job after job; Krita comes, has one done, and leaves; then GIMP leaves, too."""
    folder = tmp_path_factory.mktemp("editors")
    photo = np.asarray(Image.open(gimp.ROOT / "examples/photos/parrots.png").convert("RGB"))[30:286, 260:516].copy()
    x, y, width, height = SQUARE
    photo[y : y + height, x : x + width] = 128
    Image.fromarray(photo).save(folder / "small.png")
    files = {
        "small": folder / "small.png",
        "small_square": ",".join(map(str, SQUARE)),
        "at_work": folder / "at_work",
        "other_gone": folder / "krita_gone",
    }
    home = folder / "home"
    krita.User.fresh(home, None)
    in_krita, in_gimp = krita.User(home, gimp_system()), gimp.User(home)
    in_krita.install()
    in_krita.install_driver()
    in_gimp.install()
    with Desktop() as desktop:
        running = in_gimp.start(["beside.job_after_job"], folder / "gimp", files)
        try:
            at_krita = in_krita.run_krita(desktop, ["beside.one_job"], folder / "krita", files, seconds=300)
            left = time.time()
            (folder / "krita_gone").touch()
            status = running.wait(300)
        finally:
            if running.poll() is None:
                running.kill()
                running.wait()
    return Evening(at_krita["one_job"], gimp.outcome(folder / "gimp", status)["job_after_job"], left)


def test_both_have_their_jobs_done_by_one_backend(evening: Evening) -> None:
    assert any(name.startswith("Removed: ") for name in evening.krita["layers"])
    assert all(call["done"] for call in evening.gimp["calls"]), evening.gimp["calls"]
    assert evening.krita["backend"] == evening.gimp["backend"]


def test_they_take_turns(evening: Evening) -> None:
    """Krita's job waits for the one that runs, and for no second one that came after it."""
    asked, done = evening.krita["asked"], evening.krita["done"]
    overtook = [call for call in evening.gimp["calls"] if call["begun"] > asked + 1 and call["ended"] < done]
    assert len(overtook) <= 1
    assert any(call["begun"] < done and call["ended"] > asked for call in evening.gimp["calls"]), "they did not meet"


def test_closing_one_leaves_the_others_job_alone(evening: Evening) -> None:
    meanwhile = [call for call in evening.gimp["calls"] if call["begun"] < evening.krita_left < call["ended"]]
    assert meanwhile and all(call["done"] for call in meanwhile)
    assert evening.gimp["calls"][-1]["done"]


def test_when_both_are_closed_the_backend_goes(evening: Evening) -> None:
    assert gone(evening.gimp["backend"], 20)
