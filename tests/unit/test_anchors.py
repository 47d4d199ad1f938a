"""Colors by anchors, with a real network in ONNX: proposed, given back, changed; pictures to choose from; the strength of colors."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill.errors import HuefillError
from huefill.imaging.color_spaces import ciede2000, rgb_to_lab
from huefill.imaging.gamut import clip_to_gamut
from huefill.runtime.progress import Progress
from huefill.runtime.store import ModelStore, release_models, shipped_folders
from huefill.tasks.colorization import colorize, live, match_colors, palette
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.contract import ANCHOR, ColorPoint, Context, Result, points_from_json, request_from_wire, request_to_wire
from tests.anchors import NAME, install

PARROTS = Path(__file__).parents[2] / "examples" / "photos" / "parrots.png"
CPU = Context(device="cpu")
RED = ColorPoint(60, 70, (150.0, 60.0, 50.0), 3)


@pytest.fixture(scope="module", autouse=True)
def installed(anchors_network: Path, huefill_home: Path) -> Iterator[None]:
    there = install(anchors_network, huefill_home)
    yield
    release_models()
    shutil.rmtree(there)


@pytest.fixture(scope="module")
def gray() -> np.ndarray:
    return np.asarray(Image.open(PARROTS).convert("RGB").resize((240, 160), Image.Resampling.BOX).convert("L"))[..., None]


def colored(gray: np.ndarray, points: tuple[ColorPoint, ...] = (), **said: Any) -> Result:
    return colorize.run(colorize.Request(gray, points, **{"model": NAME, **said}), CPU)


def given(gray: np.ndarray, points: tuple[ColorPoint, ...], **said: Any) -> Result:
    return colored(gray, points, anchored=True, **said)


def anchors_of(result: Result) -> tuple[ColorPoint, ...]:
    return points_from_json(json.loads(json.dumps(result.recipe["anchors"])))


def pixels(result: Result) -> np.ndarray:
    return result.layers[0].pixels.astype(int)


def apart(one: Result, other: Result) -> int:
    return int(np.abs(pixels(one) - pixels(other)).max())


def lab(rgb: np.ndarray) -> np.ndarray:
    return rgb_to_lab(np.asarray(rgb[..., :3] / np.float32(255), np.float32))


def chroma_of(result: Result) -> np.ndarray:
    return lab(result.layers[0].image)[..., 1:]


def test_anchors_say_their_place_color_share_certainty_and_alternatives(gray: np.ndarray) -> None:
    recipe = colored(gray).recipe
    assert recipe["request"]["method"] == "anchors" and recipe["request"]["model"] == NAME
    assert set(recipe["networks"][0]["sha256"]) == {"features", "anchors", "generation"}
    found = recipe["anchors"]
    assert 2 <= len(found) <= 8
    for anchor in found:
        assert set(anchor) == {"x", "y", "rgb", "radius", "kind", "members", "confidence", "alternatives"}
        assert anchor["kind"] == ANCHOR and 0 <= anchor["x"] <= 239 and 0 <= anchor["y"] <= 159
        assert len(anchor["alternatives"]) == 10 and tuple(anchor["alternatives"][0]["rgb"]) == tuple(anchor["rgb"])
        assert max(item["probability"] for item in anchor["alternatives"]) == anchor["alternatives"][0]["probability"]
        assert 0 <= anchor["confidence"] <= 1
    # Every superpixel belongs to one of the groups.
    assert sum(anchor["members"] for anchor in found) == pytest.approx(1, abs=0.01)


def test_anchors_that_are_given_back_make_the_very_same_picture(gray: np.ndarray) -> None:
    proposed = colored(gray, seed=3)
    again = given(gray, anchors_of(proposed), seed=3)
    assert np.array_equal(pixels(again), pixels(proposed))
    assert again.recipe["anchors"] == proposed.recipe["anchors"]
    # Their colors and places alone count: not the seed that found them.
    assert np.array_equal(pixels(given(gray, anchors_of(proposed))), pixels(proposed))


@pytest.mark.parametrize("change", ["moved", "recolored", "deleted", "added"])
def test_an_anchor_that_is_changed_changes_the_colors(gray: np.ndarray, change: str) -> None:
    proposed = colored(gray)
    first, *others = anchors_of(proposed)
    far = next(
        ColorPoint(x, y, first.rgb, 0.0, ANCHOR)
        for x, y in ((230.0, 10.0), (10.0, 150.0), (230.0, 150.0))
        if all(abs(x - point.x) + abs(y - point.y) > 40 for point in (first, *others))
    )
    changed = {
        "moved": (far, *others),
        "recolored": (replace(first, rgb=(40.0, 70.0, 220.0)), *others),
        "deleted": tuple(others),
        "added": (first, *others, replace(far, rgb=(40.0, 70.0, 220.0))),
    }[change]
    result = given(gray, changed)
    assert [(point.x, point.y, point.rgb) for point in anchors_of(result)] == [(point.x, point.y, point.rgb) for point in changed]
    assert apart(result, proposed) > 2


def test_a_photo_whose_anchors_are_all_deleted_still_gets_colors(gray: np.ndarray) -> None:
    result = given(gray, ())
    assert result.recipe["anchors"] == [] and result.recipe["request"]["anchored"]
    assert apart(result, colored(gray)) > 2


def test_anchors_among_the_points_do_not_count_unless_the_photo_is_anchored(gray: np.ndarray) -> None:
    proposed = colored(gray)
    stray = (ColorPoint(20, 20, (40.0, 70.0, 220.0), 0.0, ANCHOR),)
    assert np.array_equal(pixels(colored(gray, stray)), pixels(proposed))


def test_a_seed_repeats_bit_for_bit_and_another_one_has_other_anchors(gray: np.ndarray) -> None:
    first = colored(gray, seed=1)
    release_models()
    again = colored(gray, seed=1)
    assert np.array_equal(pixels(first), pixels(again)) and first.recipe == again.recipe
    assert colored(gray, seed=2).recipe["anchors"] != first.recipe["anchors"]


def test_variants_differ_and_each_is_what_its_anchors_make(gray: np.ndarray) -> None:
    result = colored(gray, variants=4)
    assert np.array_equal(pixels(result), pixels(colored(gray)))
    assert len(result.variants) == len(result.recipe["variants"]) == 3
    pictures = [result.layers[0], *(layers[0] for layers in result.variants)]
    for number, one in enumerate(pictures):
        assert one.pixels.shape == (160, 240, 4)
        for other in pictures[:number]:
            assert np.abs(one.pixels.astype(int) - other.pixels).max() > 2
    for (layer,), said in zip(result.variants, result.recipe["variants"], strict=True):
        places = [(anchor["x"], anchor["y"]) for anchor in said["anchors"]]
        assert places == [(anchor["x"], anchor["y"]) for anchor in result.recipe["anchors"]]
        alone = given(gray, points_from_json(json.loads(json.dumps(said["anchors"]))))
        assert np.array_equal(alone.layers[0].pixels, layer.pixels)


def test_the_second_variant_takes_the_most_distant_of_the_likely_colors(gray: np.ndarray) -> None:
    recipe = colored(gray, variants=2).recipe
    for first, second in zip(recipe["anchors"], recipe["variants"][0]["anchors"], strict=True):
        assert tuple(second["rgb"]) == tuple(first["alternatives"][1]["rgb"])


def test_a_persons_points_are_exact_beside_anchors(gray: np.ndarray) -> None:
    points = (RED, ColorPoint(180, 40, (70.0, 90.0, 50.0), 0))
    for result in (colored(gray, points), given(gray, (*anchors_of(colored(gray)), *points))):
        assert result.recipe["out_of_gamut"] == []
        for point in points:
            here = lab(result.layers[0].image)[round(point.y), round(point.x)]
            wanted = rgb_to_lab(np.array([[point.rgb]], np.float32) / 255)[0, 0]
            assert float(ciede2000(here, np.array([here[0], *wanted[1:]], np.float32))) <= 2.0


def test_where_a_person_has_said_a_color_no_anchor_of_that_group_says_another(gray: np.ndarray) -> None:
    proposed = colored(gray).recipe["anchors"]
    first = proposed[0]
    result = colored(gray, (ColorPoint(first["x"], first["y"], (170.0, 60.0, 50.0), 0),))
    assert [(anchor["x"], anchor["y"]) for anchor in result.recipe["anchors"]] == [(anchor["x"], anchor["y"]) for anchor in proposed[1:]]


def test_strokes_are_exact_beside_anchors(gray: np.ndarray) -> None:
    hints = np.zeros((*gray.shape[:2], 4), np.uint8)
    hints[60:90, 40:100] = (150, 60, 50, 255)
    result = colorize.run(colorize.Request(gray, hints=hints, model=NAME), CPU)
    wanted = rgb_to_lab(np.array([[[150, 60, 50]]], np.float32) / 255)[0, 0, 1:]
    lightness = lab(np.repeat(gray, 3, 2))[60:90, 40:100, 0]
    allowed = clip_to_gamut(lightness, np.broadcast_to(wanted, (*lightness.shape, 2)))
    assert np.abs(chroma_of(result)[60:90, 40:100] - allowed).max() < 2.5


def test_an_anchor_on_a_persons_point_contradicts_nothing(gray: np.ndarray) -> None:
    result = given(gray, (replace(RED, rgb=(10.0, 200.0, 10.0), kind=ANCHOR), RED))
    here = lab(result.layers[0].image)[70, 60]
    assert here[1] > 20


@pytest.mark.parametrize("shape", [(64, 64), (1, 1), (7, 5), (30, 900), (700, 20)])
def test_photos_of_any_shape_get_anchors_that_can_be_given_back(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 255, (*shape, 1), np.uint8)
    result = colored(image)
    assert result.layers[0].image.shape == (*shape, 3)
    again = given(image, anchors_of(result))
    if min(shape) > 1:
        assert np.array_equal(pixels(again), pixels(result))


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.5])
def test_the_strength_multiplies_all_chroma_that_can_be_shown(gray: np.ndarray, strength: float) -> None:
    middle = (gray // 4 + 96).astype(np.uint8)  # at a middle lightness there is room in sRGB
    points = (ColorPoint(60, 70, (150.0, 110.0, 100.0), 3),)
    plain, strong = (colored(middle, points, model="hints_compact", strength=value) for value in (1.0, strength))
    wanted, found = chroma_of(plain) * strength, chroma_of(strong)
    small = np.hypot(*wanted.transpose(2, 0, 1)) < 25
    assert small.mean() > 0.05 and np.abs(wanted - found)[small].max() < 2.0
    assert strong.recipe["request"]["strength"] == strength
    here = rgb_to_lab(np.array([[points[0].rgb]], np.float32) / 255)[0, 0, 1:]
    assert np.abs(chroma_of(strong)[70, 60] - strength * here).max() < 1.5


def test_the_strength_is_that_of_anchors_too(gray: np.ndarray) -> None:
    assert np.abs(chroma_of(colored(gray, strength=0.0))).max() < 0.5
    pale, usual = (np.hypot(*chroma_of(colored(gray, strength=value)).transpose(2, 0, 1)).mean() for value in (0.3, 1.0))
    assert pale < 0.6 * usual


def test_the_preview_has_the_strength_of_the_result(gray: np.ndarray) -> None:
    photo = live.open_live(colorize.Request(gray), "cpu")
    shown = photo.preview(live.Hints((RED,), strength=0.3, longest=240), Progress()).tensors["preview"]
    whole = colorize.run(colorize.Request(gray, (RED,), strength=0.3), CPU).layers[0].image
    assert np.abs(shown.astype(int) - whole).max() <= 6


def test_another_strength_costs_no_run_of_the_network(gray: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    from huefill.runtime.sessions import Session

    photo, runs, run = live.open_live(colorize.Request(gray, model=NAME), "cpu"), list[int](), Session.run
    monkeypatch.setattr(Session, "run", lambda *given, **how: (runs.append(1), run(*given, **how))[1])
    for strength in (1.0, 0.9, 0.2):
        photo.preview(live.Hints(method="anchors", strength=strength), Progress())
    assert len(runs) == 3  # features, anchors, generation


def test_a_live_photo_shows_variants_a_map_and_the_anchors_and_applies_the_chosen_one(gray: np.ndarray) -> None:
    photo = live.open_live(colorize.Request(gray, model=NAME), "cpu")
    assert photo.facts["methods"] == ["hints", "anchors"] and NAME in photo.facts["models"]
    shown = photo.preview(live.Hints(method="anchors", variants=3, confidence=True, longest=120, palette_at=(60, 70)), Progress())
    assert {name: tensor.shape for name, tensor in shown.tensors.items()} == {
        **dict.fromkeys(("preview", "variants/0", "variants/1", "variants/2"), (80, 120, 3)),
        "confidence": (80, 120),
    }
    sure = shown.tensors["confidence"]
    assert sure.dtype == np.uint8 and np.ptp(sure.astype(int)) > 50
    assert np.array_equal(shown.tensors["preview"], shown.tensors["variants/0"])
    assert shown.values["variants"][0]["anchors"] == shown.values["anchors"] and shown.values["method"] == "anchors"
    assert len(shown.values["palette"]) >= 2
    chosen = points_from_json(json.loads(json.dumps(shown.values["variants"][2]["anchors"])))
    again = photo.preview(live.Hints(chosen, method="anchors", anchored=True, longest=120), Progress())
    assert np.array_equal(again.tensors["preview"], shown.tensors["variants/2"])
    applied = photo.apply(live.Hints(chosen, method="anchors", anchored=True, strength=0.8))(CPU)
    whole = colorize.run(colorize.Request(gray, chosen, method="anchors", anchored=True, strength=0.8, model=NAME), CPU)
    assert np.array_equal(pixels(applied), pixels(whole)) and applied.recipe == whole.recipe


def test_the_suggestions_at_an_anchor_are_those_without_it(gray: np.ndarray) -> None:
    photo = live.open_live(colorize.Request(gray, model=NAME), "cpu")
    anchors = points_from_json(json.loads(json.dumps(photo.preview(live.Hints(method="anchors"), Progress()).values["anchors"])))
    at = (anchors[0].x, anchors[0].y)

    def suggested(*points: ColorPoint) -> Any:
        hints = live.Hints(points, method="anchors", anchored=True, palette_at=at)
        return photo.preview(hints, Progress()).values["palette"]

    assert suggested(*anchors) == suggested(replace(anchors[0], rgb=(10.0, 200.0, 10.0)), *anchors[1:])
    assert suggested(*anchors) != suggested(*anchors[:2])


def test_a_palette_can_be_that_of_anchors(gray: np.ndarray) -> None:
    usual = palette.run(palette.Request(gray, 60, 70), CPU).recipe
    assert usual["method"] == "hints"
    assert palette.run(palette.Request(gray, 60, 70, model=NAME), CPU).recipe["method"] == "anchors"


@pytest.fixture
def alone(anchors_network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The card of the only network of anchors beside those of hints, for the choice between them."""
    hints = next(folder for folder in shipped_folders() if folder.parent.name == "hints")
    there = Path(shutil.copytree(anchors_network, tmp_path / NAME)) / "card.json"
    monkeypatch.setattr(registry, "model_store", lambda: ModelStore([hints, tmp_path]))
    return there


def test_left_open_the_method_is_that_of_what_was_said(gray: np.ndarray, alone: Path) -> None:
    def method(**said: Any) -> str:
        return str(colorize.run(colorize.Request(gray, **said), CPU).recipe["request"]["method"])

    assert method(points=(RED,)) == method(saturation=0.3) == "hints"
    assert method(variants=2) == method(anchored=True) == "anchors"
    # Without a score it comes after the network of hints; with a better one it goes first.
    assert method() == "hints"
    alone.write_text(json.dumps({**json.loads(alone.read_text()), "score": {"automatic_psnr": 99.0}}))
    assert method() == "anchors" and method(points=(RED,)) == "hints"


def test_networks_of_hints_take_anchors_that_are_given_for_points(gray: np.ndarray) -> None:
    anchor = replace(RED, kind=ANCHOR)
    one = colorize.run(colorize.Request(gray, (anchor,), method="hints", anchored=True), CPU)
    other = colorize.run(colorize.Request(gray, (RED,), method="hints"), CPU)
    assert np.array_equal(pixels(one), pixels(other))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"method": "magic"}, "bad_request"),
        ({"variants": 0}, "bad_request"),
        ({"variants": 10}, "bad_request"),
        ({"seed": -1}, "bad_request"),
        ({"strength": 1.6}, "bad_strength"),
        ({"strength": -0.1}, "bad_strength"),
        ({"match": "luck"}, "bad_request"),
        ({"method": "hints", "variants": 2}, "one_variant"),
        ({"anchored": True, "variants": 2}, "one_variant"),
        ({"method": "anchors", "model": "hints_compact"}, "unknown_model"),
        ({"method": "anchors", "reference": np.full((9, 9, 3), 90, np.uint8)}, "no_reference"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(gray: np.ndarray, said: dict[str, Any], code: str) -> None:
    with pytest.raises(HuefillError) as told:
        colorize.run(colorize.Request(gray, **said), CPU)
    assert told.value.code == code and told.value.message.endswith(".")


def test_a_method_without_a_network_is_told_with_what_there_is(gray: np.ndarray, alone: Path) -> None:
    shutil.rmtree(alone.parent)
    with pytest.raises(HuefillError) as told:
        colorize.run(colorize.Request(gray, method="anchors"), CPU)
    assert told.value.code == "no_model" and "anchors" in told.value.message and "hints" in told.value.remedy


def test_match_colors_takes_a_strength_too(gray: np.ndarray) -> None:
    warm = np.zeros((50, 50, 3), np.uint8) + np.array([200, 120, 60], np.uint8)
    plain, gone = (match_colors.run(match_colors.Request(gray, reference=warm, strength=value), CPU) for value in (1.0, 0.0))
    assert np.abs(chroma_of(gone)).max() < 0.5 < np.abs(chroma_of(plain)).max()


def test_points_of_both_kinds_survive_the_wire(gray: np.ndarray) -> None:
    request = colorize.Request(
        gray, (RED, replace(RED, x=9, kind=ANCHOR)), anchored=True, seed=5, variants=1, strength=0.4, method="anchors"
    )
    again = request_from_wire(colorize.Request, *request_to_wire(request))
    assert replace(again, image=gray) == replace(request, image=gray)
    with pytest.raises(HuefillError) as told:
        points_from_json([{"x": 1, "y": 2, "rgb": [1, 2, 3], "kind": "wish"}])
    assert told.value.code == "bad_points" and "'anchor'" in told.value.remedy
