"""All five procedures in the real GIMP 3, called as a batch user calls them: every kind of image, layer and selection."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from huefill.imaging import color_spaces
from tests.gimp.conftest import SQUARE
from tests.gimp.driver.spaces import SPACES
from tests.gimp.harness import Outcome, User

# Rim and band by the size of the selection (huefill.imaging.mask): nothing further from it may change.
REACH = 24
POINT = (30, 140)
RED = (0xD0, 0x20, 0x20)
COLORS = ("colorize-points", "match-colors")
# One step of 8 bits, and of what 16 bits and half floats lose on the way to sRGB.
STEP = 1.01 / 255


def is_gray(space: str) -> bool:
    return space.startswith("gray")


def inside(shape: tuple[int, ...], box: tuple[int, int, int, int], grow: int = 0) -> np.ndarray:
    x, y, width, height = box
    mask = np.zeros(shape[:2], bool)
    mask[max(0, y - grow) : y + height + grow, max(0, x - grow) : x + width + grow] = True
    return mask


def error(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.mean((one - other) ** 2))


def ab(rgb: np.ndarray) -> np.ndarray:
    return color_spaces.rgb_to_lab(np.clip(rgb, 0, 1).astype(np.float32))[..., 1:]


def lightness(rgb: np.ndarray) -> np.ndarray:
    return color_spaces.rgb_to_lab(np.clip(rgb, 0, 1).astype(np.float32))[..., 0]


@pytest.mark.parametrize("space", SPACES)
def test_every_procedure_adds_one_layer_and_keeps_the_precision(gimp: Outcome, space: str) -> None:
    record = gimp[f"kind_of_image-{space}"]
    for procedure in ("remove-object", "recolor-selection", "extend-canvas", *COLORS):
        call = record[procedure]
        if procedure == "recolor-selection" and is_gray(space):
            assert not call["done"] and call["said"].startswith("The image is gray") and len(call["layers"]) == 1
            continue
        assert call["done"], call["said"]
        assert len(call["layers"]) == 2
        assert call["precision"].replace("-", "_").upper() == SPACES[space]
        colors_now = "rgb" if procedure in COLORS else space.split("_")[0]
        assert call["base"] == colors_now


def test_what_a_person_should_know_is_said_by_gimp(gimp: Outcome) -> None:
    said = [line for line in gimp.log.splitlines() if "Colorize with Points: This photo has colors already" in line]
    with_points = 3  # from_everywhere once, through_xcf twice: the same run colors the photo there, too
    assert len(said) == with_points + sum(not is_gray(space) for space in SPACES), "once for each photo in color, and for no gray one"


@pytest.mark.parametrize("space", SPACES)
def test_what_is_removed_is_covered_and_nearer_to_the_truth_than_a_flat_fill(gimp: Outcome, truth: np.ndarray, space: str) -> None:
    name = f"kind_of_image-{space}"
    before, after = gimp.pixels(name, "remove-object-before"), gimp.pixels(name, "remove-object-after")
    hole = inside(before.shape, SQUARE)
    true = np.repeat(color_spaces.monochrome(truth)[..., None], 3, 2) if is_gray(space) else truth
    ring = inside(before.shape, SQUARE, 8) & ~hole
    assert (gimp.pixels(name, "remove-object-result")[hole][:, 3] == 1).all()
    if space == "indexed":  # a palette of 64 colors cannot be as near as a mean that needs not be in it: what it can be is the same fill
        assert np.abs(after - gimp.pixels("kind_of_image-rgb_u8", "remove-object-after"))[hole].mean() < 0.04
    else:
        assert error(after[hole][:, :3], true[hole]) < error(before[ring][:, :3].mean(0)[None], true[hole])
    far = ~inside(before.shape, SQUARE, REACH)
    np.testing.assert_allclose(after[far], before[far], atol=1e-6)


@pytest.mark.parametrize("space", [space for space in SPACES if not is_gray(space)])
def test_recoloring_keeps_the_selections_luminance_and_the_rest(gimp: Outcome, space: str) -> None:
    name = f"kind_of_image-{space}"
    before, after = gimp.pixels(name, "recolor-selection-before"), gimp.pixels(name, "recolor-selection-after")
    hole = inside(before.shape, SQUARE)
    if space != "indexed":  # a fixed palette has only its own luminances
        gray_before, gray_after = color_spaces.monochrome(before[..., :3]), color_spaces.monochrome(after[..., :3])
        np.testing.assert_allclose(gray_after[hole], gray_before[hole], atol=2 * STEP)
        assert np.ptp(after[hole][:, :3], axis=1).mean() > np.ptp(before[hole][:, :3], axis=1).mean()
    far = ~inside(before.shape, SQUARE, REACH)
    np.testing.assert_allclose(after[far], before[far], atol=1e-6)


@pytest.mark.parametrize("space", SPACES)
def test_the_canvas_grows_and_is_filled(gimp: Outcome, space: str) -> None:
    name = f"kind_of_image-{space}"
    before, after = gimp.pixels(name, "extend-canvas-before"), gimp.pixels(name, "extend-canvas-after")
    assert after.shape == (before.shape[0], before.shape[1] + 24, 4)
    assert (after[..., 3] == 1).all()
    kept = after[:, 24 + REACH :]
    np.testing.assert_allclose(kept, before[:, REACH:], atol=1e-6)
    assert after[:, :24, :3].std() > 0.01


@pytest.mark.parametrize("space", SPACES)
def test_a_sample_point_gets_its_color_and_the_photo_keeps_its_lightness(gimp: Outcome, space: str) -> None:
    name = f"kind_of_image-{space}"
    before, after = gimp.pixels(name, "colorize-points-before"), gimp.pixels(name, "colorize-points-after")
    x, y = POINT
    wanted = ab(np.array(RED, np.float32)[None, None] / 255)[0, 0]
    there = ab(after[y : y + 1, x : x + 1, :3])[0, 0]
    # The pixel's own luminance may not reach so strong a red: then as far as it reaches, in the same hue.
    assert np.dot(wanted, there) / np.linalg.norm(wanted) / np.linalg.norm(there) > 0.98
    assert np.linalg.norm(there) > 15
    np.testing.assert_allclose(lightness(after[..., :3]), lightness(before[..., :3]), atol=0.8)


@pytest.mark.parametrize("space", SPACES)
def test_a_saturation_colors_the_photo_and_keeps_its_lightness(gimp: Outcome, space: str) -> None:
    name = f"kind_of_image-{space}"
    before, after = gimp.pixels(name, "match-colors-before"), gimp.pixels(name, "match-colors-after")
    np.testing.assert_allclose(lightness(after[..., :3]), lightness(before[..., :3]), atol=0.8)
    assert np.linalg.norm(ab(after[..., :3]), axis=2).mean() > 3


def test_a_feathered_selection_gives_a_soft_layer(gimp: Outcome) -> None:
    record = gimp["feathered"]
    result = gimp.pixels("feathered", "result")
    selection = np.array(record["selection"], np.uint8).reshape(result.shape[:2])
    assert ((selection > 0) & (selection < 255)).sum() > 500
    soft = (result[..., 3] > 0) & (result[..., 3] < 1)
    assert soft.sum() > 500
    assert (result[selection == 255][:, 3] == 1).all()
    before, after = gimp.pixels("feathered", "before"), gimp.pixels("feathered", "after")
    np.testing.assert_allclose(after[result[..., 3] == 0], before[result[..., 3] == 0], atol=1e-6)


def test_a_photo_that_lies_elsewhere_gets_its_result_there(gimp: Outcome) -> None:
    x, y, width, height = SQUARE
    call = gimp["offset_layer"]["call"]
    assert call["done"], call["said"]
    assert call["layers"][0] == "above"
    assert call["layers"][1].startswith("Removed: ")
    hole = inside((250, 300), (x + 30, y + 20, width, height))
    alpha = gimp.pixels("offset_layer", "result")[..., 3]
    assert (alpha[hole] == 1).all()
    assert not alpha[~inside(alpha.shape, (x + 30, y + 20, width, height), REACH)].any()


def test_a_layer_larger_than_the_image_is_filled_in_the_right_place(gimp: Outcome) -> None:
    record = gimp["layer_larger_than_image"]
    assert record["call"]["done"], record["call"]["said"]
    left, top, right, bottom = record["selection"]
    alpha = gimp.pixels("layer_larger_than_image", "result")[..., 3]
    assert (alpha[top:bottom, left:right] == 1).all()


def test_what_is_transparent_is_unknown_and_not_black(gimp: Outcome, truth: np.ndarray) -> None:
    record = gimp["transparent_layer"]
    assert record["call"]["done"], record["call"]["said"]
    result = gimp.pixels("transparent_layer", "result")
    hole = inside(result.shape, SQUARE)
    assert result[hole][:, :3].mean() > 0.6 * truth[hole].mean()


def test_a_second_try_lies_on_the_first_in_the_photos_own_group(gimp: Outcome) -> None:
    record = gimp["in_group_twice"]
    assert [name.split(":")[0] for name in record["in_group"]] == ["Removed", "Removed", record["active"][0]]
    assert record["in_group"][0] != record["in_group"][1]


def test_a_canvas_that_was_made_larger_is_filled(gimp: Outcome, truth: np.ndarray) -> None:
    record = gimp["canvas_made_larger"]
    assert record["call"]["done"], record["call"]["said"]
    assert record["size"] == [216, 176]
    after = gimp.pixels("canvas_made_larger", "after")
    assert (after[..., 3] == 1).all()
    np.testing.assert_allclose(after[:, 40 + REACH :, :3], truth[:, REACH:], atol=1e-6)


REFUSALS = {
    "no_selection": "Nothing is selected",
    "nothing_to_extend": "there is nothing to extend into",
    "nothing_to_match": "There is nothing to match",
    "no_reference": "could not be opened as a picture",
    "no_color": "“reddish” is not a color",
    "selection_outside": "does not touch anything on the layer “corner”",
    "mask": "is a mask, not a photo",
    "two_layers": "one layer at a time",
    "gray": "cannot store new colors",
    "gray_recolor": "The image is gray",
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_done_is_said_and_nothing_changes(gimp: Outcome, name: str) -> None:
    record = gimp["refusals"][name]
    assert not record["done"]
    assert REFUSALS[name] in record["said"]
    assert record["unchanged"]


def test_a_refused_gray_image_stays_gray(gimp: Outcome) -> None:
    assert gimp["refusals"]["gray_stays"]


def test_a_reference_gives_its_colors_from_a_layer_and_from_a_file(gimp: Outcome) -> None:
    record = gimp["reference"]
    assert record["layer"]["done"] and record["file"]["done"], record
    photo = gimp.pixels("reference", "photo")[..., :3]
    result = gimp.pixels("reference", "layer")[..., :3]
    assert not np.allclose(ab(result), ab(photo), atol=5)
    np.testing.assert_allclose(lightness(result), lightness(photo), atol=0.8)
    # The same colors, whichever way they came.
    assert np.abs(ab(gimp.pixels("reference", "file")[..., :3]) - ab(result)).mean() < 2
    assert record["images"] == 0, "the reference was left open"


def test_a_script_chooses_how_a_reference_is_used(gimp: Outcome) -> None:
    assert gimp["reference"]["amounts"]["done"], gimp["reference"]["amounts"]["said"]
    by_amount, as_usual = (gimp.pixels("reference", name)[..., :3] for name in ("amounts", "layer"))
    assert np.abs(ab(by_amount) - ab(as_usual)).mean() > 0.5


def test_a_selection_masks_the_new_colors(gimp: Outcome) -> None:
    assert gimp["reference"]["masked"]
    after, photo = gimp.pixels("reference", "after")[..., :3], gimp.pixels("reference", "photo")[..., :3]
    np.testing.assert_allclose(after[:, 90:], photo[:, 90:], atol=1e-6)
    assert np.abs(after[:, :86] - photo[:, :86]).max() > 0.05


def test_colors_come_from_the_argument_the_hint_layer_and_the_foreground(gimp: Outcome) -> None:
    record = gimp["from_everywhere"]
    assert record["call"]["done"], record["call"]["said"]
    assert [point["rgb"] for point in record["kept"]] == [[0xD0, 0x20, 0x20], [0x20, 0x40, 0xD0], [0x20, 0xA0, 0x40]]
    result = gimp.pixels("from_everywhere", "result")
    for (x, y), rgb in {(30, 140): "#d02020", (122, 122): "#2040d0", (60, 30): "#20a040", (152, 152): "#d0c020"}.items():
        wanted = ab(np.array([int(rgb[i : i + 2], 16) for i in (1, 3, 5)], np.float32)[None, None] / 255)[0, 0]
        there = ab(result[y : y + 1, x : x + 1, :3])[0, 0]
        assert np.dot(wanted, there) / np.linalg.norm(wanted) / np.linalg.norm(there) > 0.95, (x, y)


def test_points_keep_their_colors_in_the_xcf_and_take_them_along_when_moved(gimp: Outcome) -> None:
    record = gimp["through_xcf"]
    red, blue = [0xD0, 0x20, 0x20], [0x20, 0x40, 0xD0]
    assert [(point["x"], point["y"], point["rgb"]) for point in record["kept"]] == [(30, 140, red), (60, 30, blue)]
    assert [(point["x"], point["y"], point["rgb"]) for point in record["then"]] == [(30, 140, red), (150, 40, blue)]
    result = gimp.pixels("through_xcf", "result")
    assert ab(result[40:41, 150:151, :3])[0, 0, 1] < -5, "the moved point is not blue"


def test_a_killed_plug_in_stops_its_job_within_a_second(gimp: Outcome) -> None:
    # GIMP's Cancel kills the plug-in, and no handler of it runs: only the broken connection tells the backend.
    record = gimp["cancelled"]
    assert not record["call"]["done"]
    assert record["unchanged"]
    assert record["stopped_after_s"] is not None
    assert record["stopped_after_s"] < 1
    assert record["again"]["done"], record["again"]["said"]


def test_a_killed_backend_is_said_and_the_next_call_starts_another(gimp: Outcome) -> None:
    record = gimp["backend_killed"]
    assert not record["call"]["done"]
    assert "backend stopped while it was working" in record["call"]["said"]
    assert record["unchanged"]
    assert record["again"]["done"], record["again"]["said"]
    assert record["pids"][0] != record["pids"][1]


def test_gimp_ends_well(gimp: Outcome) -> None:
    assert gimp.status == 0
    assert not list(Path(gimp.out).glob("core*"))


def log_of(home: Path) -> Path:
    return home / ".local/state/huefill/gimp.log"


def test_the_plug_in_logs_what_ran_and_how_it_ended_and_no_name(gimp: Outcome) -> None:
    home = gimp.out.parent / "home"
    text = log_of(home).read_text("utf-8")
    assert "remove_object: begins" in text and "ends: done" in text
    assert "ends: no_selection" in text and "ends: bad_color" in text
    assert not [name for name in (str(home), "small.png", "corner", "reddish") if name in text]
    assert log_of(home).stat().st_mode & 0o777 == 0o600


def test_an_error_that_nobody_foresaw_is_in_the_log_that_the_sentence_names(
    pictures: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("gimp-broken")
    user = User(folder / "home")
    user.install()
    with open(user.place.plugin / "huefill_gimp/work.py", "a", encoding="utf-8") as module:
        module.write('\n\ndef run_job(session, job):\n    raise RuntimeError("no way with “Background” in /home/ann/small.png")\n')
    call = user.run(["working.unforeseen"], folder / "out", pictures)["unforeseen"]["call"]
    assert not call["done"] and len(call["layers"]) == 1
    assert str(log_of(user.home)) in call["said"]
    text = log_of(user.home).read_text("utf-8")
    assert "RuntimeError: no way with [name] in [file]" in text
    assert "huefill_gimp/filling.py" in text
