"""Photographs with a known truth, and one run of the real Krita per module."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.desktop import Desktop
from tests.krita.harness import ROOT, Outcome, User
from tests.parrots import PLACES, true_colors
from tests.scans import scratched
from tests.systems import krita_system, missing

SQUARE = (352, 96, 72, 64)
SMALL = (260, 30, 256, 256)
SMALL_SQUARE = (92, 66, 56, 48)

KritaRun = Callable[..., Outcome]


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    absent = missing(krita_system(), "krita")
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.krita)
            if absent:
                item.add_marker(pytest.mark.skip(reason=absent))


@pytest.fixture(scope="session")
def parrots() -> np.ndarray:
    """The truth, H W 3."""
    return np.asarray(Image.open(ROOT / "examples/photos/parrots.png").convert("RGB"))


@pytest.fixture(scope="session")
def pictures(parrots: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | Path]:
    """The photo with a gray square painted over the truth, a small part of it, also in gray, and where the squares are."""
    folder = tmp_path_factory.mktemp("pictures")
    x, y, width, height = SQUARE
    damaged = parrots.copy()
    damaged[y : y + height, x : x + width] = 128
    left, top, small_width, small_height = SMALL
    whole = parrots[top : top + small_height, left : left + small_width].copy()
    small = whole.copy()
    x, y, width, height = SMALL_SQUARE
    small[y : y + height, x : x + width] = 128
    for name, pixels in {"damaged": damaged, "small": small, "small_whole": whole}.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")
    Image.fromarray(whole).convert("L").convert("RGB").save(folder / "gray.png")
    Image.fromarray(parrots).convert("L").convert("RGB").save(folder / "gray_large.png")
    Image.fromarray(scratched(whole)[0]).save(folder / "scan.png")
    large = Image.fromarray(parrots).convert("L").convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC)
    large.save(folder / "gray_12_megapixels.png", compress_level=1)
    names = ("damaged", "small", "small_whole", "gray", "scan", "gray_large", "gray_12_megapixels")
    files: dict[str, str | Path] = {name: folder / f"{name}.png" for name in names}
    files["beach"] = ROOT / "examples/photos/beach.png"
    points = ",".join(f"{x}:{y}:{color}" for (x, y), color in zip(PLACES, true_colors(), strict=True))
    return {**files, "true_points": points, "damaged_square": ",".join(map(str, SQUARE)), "small_square": ",".join(map(str, SMALL_SQUARE))}


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    with Desktop() as screen:
        yield screen


@pytest.fixture(scope="session")
def seen_krita_before(desktop: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which Krita has run once: making its resource database takes a fresh home twenty seconds."""
    folder = tmp_path_factory.mktemp("template")
    user = User.fresh(folder / "home", None)
    user.install_driver()
    outcome = user.run_krita(desktop, ["warm.warm_up"], folder / "out")
    assert outcome.status == 0, outcome.log
    shutil.rmtree(user.pykrita)
    (user.home / ".config/kritarc").unlink()
    return user.home


@pytest.fixture(scope="module")
def run_krita(
    desktop: Desktop, seen_krita_before: Path, pictures: dict[str, str | Path], tmp_path_factory: pytest.TempPathFactory
) -> KritaRun:
    """``run_krita(scenarios, prepare=…)``: a fresh user with plugin and backend (and whatever ``prepare(user)`` does to them)."""

    def run(scenarios: Sequence[str], prepare: Callable[[User], None] = lambda user: None, user: User | None = None) -> Outcome:
        folder = tmp_path_factory.mktemp("krita")
        if user is None:
            user = User.fresh(folder / "home", seen_krita_before)
            user.install()
            user.install_driver()
        prepare(user)
        return user.run_krita(desktop, scenarios, folder / "out", pictures)

    return run
