"""Engines: any installed network under its own name and in its own conventions, ranked by score and reach, recorded in the recipe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill.errors import HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging.resample import resize_known
from huefill.runtime import store as store_module
from huefill.runtime.devices import Device
from huefill.runtime.store import ModelStore, model_store, shipped_folders
from huefill.tasks.colorization.colorizers import registry as colorizers
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.inpainting import remove_object
from huefill.tasks.inpainting.engines import network, registry
from huefill_protocol.locations import models_folder
from tests.networks import LEVEL, change_card, doubler, flat_filler

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
CPU = Device("cpu", 1)
CONVENTIONS: dict[str, dict[str, Any]] = {
    "as ours": {},
    "0 to 255, 0 marks the hole, one size": {"bounds": (0, 255), "mask": "known", "size": 64},
    "BGR from -1 to 1, 255 marks what is known": {"channels": ("b", "g", "r"), "bounds": (-1, 1), "mask": "known", "mask_values": (0, 255)},
    "bytes, channels last, 255 marks the hole": {"type": "uint8", "bounds": (0, 255), "mask_values": (0, 255), "layout": "nhwc"},
    "gray alone, white is 0": {"channels": ("gray",), "bounds": (1, 0)},
}


@pytest.fixture
def picture() -> tuple[np.ndarray, np.ndarray]:
    """A colored ramp of 100 x 80 pixels and a hole in it."""
    rows, columns = np.mgrid[:80, :100].astype(np.float32)
    hole = np.zeros((80, 100), bool)
    hole[30:50, 40:64] = True
    return np.dstack([0.3 + 0.4 * columns / 100, 0.2 + 0.5 * rows / 80, np.full_like(rows, 0.6)]).astype(np.float32), hole


def guess_of(store: ModelStore, name: str, picture: tuple[np.ndarray, np.ndarray]) -> network.Guess:
    return network.guess(store.card(name), store.session(name, CPU), *picture, lambda: None)


@pytest.mark.parametrize("conventions", CONVENTIONS.values(), ids=CONVENTIONS)
def test_a_network_is_run_in_the_conventions_of_its_card(
    tmp_path: Path, picture: tuple[np.ndarray, np.ndarray], conventions: dict[str, Any]
) -> None:
    flat_filler(tmp_path, "filler", **conventions)
    said = guess_of(ModelStore([tmp_path]), "filler", picture)
    size = conventions.get("size")
    shape = said.gray.shape
    assert max(shape) == size if size else abs(said.gray.size - 4096) < 100  # its best area, but for whole sides
    middle = (slice(round(0.45 * shape[0]), round(0.55 * shape[0])), slice(round(0.45 * shape[1]), round(0.55 * shape[1])))
    assert np.abs(said.gray[middle] - LEVEL).max() < 0.02
    small, _ = resize_known(picture[0], ~picture[1], (shape[0], shape[1]))
    outside = np.ones(shape, bool)
    outside[shape[0] // 4 : -shape[0] // 4, shape[1] // 4 : -shape[1] // 4] = False
    assert np.array_equal(said.gray[outside], spaces.monochrome(small)[outside])
    assert (said.chroma is None) == (conventions.get("channels") == ("gray",))
    if said.chroma is not None:
        assert np.abs(said.chroma[middle]).max() < 0.02
        assert np.array_equal(said.chroma[outside], spaces.to_chroma(small)[outside])


def test_what_lies_in_the_hole_has_the_value_that_the_card_asks_for(tmp_path: Path, picture: tuple[np.ndarray, np.ndarray]) -> None:
    described = {"channels": ["r", "ones", "gray"], "range": [-1, 1], "in_hole": 0.25}
    missing = picture[1].astype(np.float32)
    tensor = network._input(described, picture[0], missing)
    assert tensor.shape == (1, 3, 80, 100) and tensor.dtype == np.float32
    assert (tensor[0, [0, 2]][:, picture[1]] == 0.25).all() and (tensor[0, 1] == 1).all()
    np.testing.assert_allclose(tensor[0, 0][~picture[1]], picture[0][..., 0][~picture[1]] * 2 - 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inputs": {"photo": "3 channels", "where": "the hole"}}, "its input 'photo' has no known channels"),
        ({"inputs": {"photo": {"channels": ["r", "depth"]}}}, "no known channels"),
        ({"inputs": {}}, "not described"),
        ({"inputs": {"photo": {"channels": ["r"], "range": [0]}}}, "no numbers"),
        ({"inputs": {"photo": {"channels": ["r"], "type": "float16"}}}, "unknown type"),
        ({"outputs": {"filled": {"channels": ["r", "g"]}}}, "neither gray nor"),
        ({"outputs": {"filled": {"channels": ["gray"], "range": [1, 1]}}}, "no range"),
        ({"outputs": {}}, "not one output"),
        ({"outputs": {"other": {"channels": ["r", "g", "b"]}}}, "no output 'other'"),
        ({"outputs": {"filled": {"channels": ["gray"]}}}, "values, not"),
    ],
)
def test_a_card_that_does_not_fit_its_network_is_said(
    tmp_path: Path, picture: tuple[np.ndarray, np.ndarray], changes: dict[str, Any], words: str
) -> None:
    flat_filler(tmp_path, "filler")
    change_card(tmp_path / "filler", **changes)
    with pytest.raises(HuefillError, match=words) as caught:
        guess_of(ModelStore([tmp_path]), "filler", picture)
    assert caught.value.code == "bad_model" and "'filler'" in caught.value.message


def test_a_network_whose_answer_is_no_number_is_refused(tmp_path: Path, picture: tuple[np.ndarray, np.ndarray]) -> None:
    flat_filler(tmp_path, "filler", mask_values=(1, 1))  # its graph divides by the difference
    with pytest.raises(HuefillError, match="no numbers"):
        guess_of(ModelStore([tmp_path]), "filler", picture)


# ---- choosing -----------------------------------------------------------------------------------------------------------------------


def hole_of_depth(depth: int) -> np.ndarray:
    """A round hole of this depth in a picture of 256 x 256 pixels."""
    rows, columns = np.mgrid[:256, :256] - 128
    return np.asarray(rows**2 + columns**2 < depth**2)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a store that is the process's own for a test, and empty."""
    made = ModelStore([tmp_path])
    monkeypatch.setattr(registry, "model_store", lambda: made)
    return tmp_path


def measured(store: Path, name: str, score: float, reach: int) -> None:
    flat_filler(store, name, score={"hole_psnr": score}, sizes={"best": {"area": 65536}, "reach": reach})


def test_auto_takes_the_best_measured_network_whose_reach_suffices(store: Path) -> None:
    measured(store, "near", 20, 40)
    measured(store, "far", 18, 90)
    flat_filler(store, "unmeasured", sizes={"reach": 500})
    assert registry.names() == ["auto", "near", "far", "unmeasured", "patch"]
    for depth, name in ((20, "near"), (60, "far"), (100, "patch")):
        chosen = registry.choose("auto", hole_of_depth(depth), "cpu")
        assert chosen.name == name, chosen.why
        assert (chosen.session is None) == (name == "patch")
    assert "deeper (100 pixels" in registry.choose("auto", hole_of_depth(100), "cpu").why
    assert registry.choose("unmeasured", hole_of_depth(100), "cpu").name == "unmeasured"


def test_without_a_measured_network_there_are_still_the_photos_own_pieces(store: Path) -> None:
    assert registry.choose("auto", hole_of_depth(9), "cpu").name == "patch"
    flat_filler(store, "unmeasured")
    chosen = registry.choose("auto", hole_of_depth(9), "cpu")
    assert chosen.name == "patch" and "no measured network" in chosen.why


def test_a_network_that_is_damaged_is_passed_over_and_named(store: Path) -> None:
    measured(store, "best", 20, 90)
    measured(store, "second", 19, 90)
    (store / "best" / "net.onnx").write_bytes(b"damaged")
    chosen = registry.choose("auto", hole_of_depth(20), "cpu")
    assert chosen.name == "second" and "'best' cannot be used" in chosen.why
    change_card(store / "second", inputs={})
    chosen = registry.choose("auto", hole_of_depth(20), "cpu")
    assert chosen.name == "patch" and "'best' cannot be used" in chosen.why and "'second' cannot be used" in chosen.why
    with pytest.raises(HuefillError) as caught:
        registry.choose("best", hole_of_depth(20), "cpu")
    assert caught.value.code == "damaged_model"


def test_an_unknown_engine_is_told_which_there_are(store: Path) -> None:
    measured(store, "near", 20, 40)
    doubler(store, "double")
    for name in ("far", "double", "../near", ""):
        with pytest.raises(HuefillError) as caught:
            registry.require(name)
        assert caught.value.code == "unknown_engine" and caught.value.remedy == "Choose one of: auto, near, patch."


# ---- the product --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return np.asarray(Image.open(PHOTOS / "parrots.png").resize((216, 144)).convert("RGB"))


@pytest.fixture(scope="module")
def mask() -> np.ndarray:
    mask = np.zeros((144, 216), np.uint8)
    mask[50:76, 90:128] = 255
    return mask


@pytest.fixture
def own() -> Iterator[Path]:
    """The folder of the person's own networks, emptied afterwards."""
    yield models_folder()
    shutil.rmtree(models_folder(), ignore_errors=True)
    store_module.release_models()


def removed(photo: np.ndarray, mask: np.ndarray, engine: str, **fields: Any) -> Result:
    return remove_object.run(remove_object.Request(photo, mask, engine=engine, **fields), Context(device="cpu"))


def test_a_network_dropped_in_is_an_engine_of_its_own_and_changes_nothing_else(photo: np.ndarray, mask: np.ndarray, own: Path) -> None:
    before, colorizer = removed(photo, mask, "auto"), colorizers.cards()[0].name
    mine = flat_filler(own, "a_network_of_mine", detail="none", color="keep")
    pair = doubler(own, "two_files", role="halftone", parts=("encoder", "decoder"))
    result = removed(photo, mask, "a_network_of_mine")
    assert result.recipe["networks"] == [{"name": "a_network_of_mine", "sha256": {"network": mine.files["network"].sha256}}]
    assert [region["engine"] for region in result.recipe["regions"]] == ["a_network_of_mine"]
    store = model_store()
    assert store.card("two_files").identity == pair.identity and len(pair.files) == 2
    for part in ("encoder", "decoder"):
        assert store.session("two_files", CPU, part).run({"x": np.full((1, 1, 2, 2), 4, np.float32)})["y"].max() == 8
    after = removed(photo, mask, "auto")
    shipped = ModelStore(shipped_folders()).cards("inpainting")[0]
    assert after.recipe["networks"] == [shipped.identity] == before.recipe["networks"]
    assert np.array_equal(before.layers[0].pixels, after.layers[0].pixels)
    assert colorizers.cards()[0].name == colorizer


def test_an_engines_own_colors_are_kept_where_its_card_says_so(photo: np.ndarray, mask: np.ndarray, own: Path) -> None:
    flat_filler(own, "colorful", detail="none", color="keep")
    flat_filler(own, "colorless", detail="none", color="internal")
    layers, facts = {}, {}
    for name in ("colorful", "colorless"):
        result = removed(photo, mask, name, rim=0, band=0)
        layers[name], facts[name] = result.layers[0].image.astype(int), result.recipe["regions"][0]
    assert facts["colorful"]["color"] == "network" and facts["colorless"]["color"] == "fast"
    middle = (slice(10, 16), slice(14, 24))
    assert np.ptp(layers["colorful"][middle], axis=-1).max() < 30  # it says gray
    weights = np.array([0.30, 0.59, 0.11])
    assert np.abs(layers["colorful"][middle] @ weights - 255 * LEVEL).max() < 12
    assert np.abs(layers["colorless"] @ weights - layers["colorful"] @ weights).max() < 1.5
    assert np.abs(layers["colorless"] - layers["colorful"]).max() > 30
    hinted = removed(photo, mask, "colorful", rim=0, band=0, points=(ColorPoint(108, 62, (200, 30, 40), 3),))
    assert hinted.recipe["regions"][0]["color"] == "fast"  # only the internal colorizer keeps to points


def test_detail_comes_from_the_photo_where_the_card_says_so() -> None:
    """A fine texture that the network, which sees a quarter, cannot know."""
    from huefill.runtime.progress import Progress
    from huefill.tasks.inpainting.engines import reconstruct

    rows, columns = np.mgrid[:200, :240]
    gray = (0.5 + 0.1 * np.sin(columns * 2.1) * np.sin(rows * 1.9)).astype(np.float32)
    rgb, known = np.repeat(gray[..., None], 3, 2), np.ones(gray.shape, bool)
    known[80:120, 90:150] = False
    said = np.full((50, 60), 0.5, np.float32)
    shares = {}
    for detail in ("none", "residual", "exemplar"):
        made = reconstruct._in_detail(detail, rgb, ~known, gray, known, said, 0, Progress())
        shares[detail] = made[85:115, 95:145].std() / gray.std()
        assert abs(made[85:115, 95:145].mean() - 0.5) < 0.03
    assert shares["none"] < 0.02 and shares["residual"] > 0.5 and shares["exemplar"] > 0.5
