"""Layers as a task gives them: alpha in the document's own depth, several over one another, and nothing where nothing was promised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from huefill.errors import HuefillError
from huefill.imaging.mask import Blend, blend_for
from huefill.imaging.pixels import Encoding
from huefill.server.wire import body_from_result, in_rgba
from huefill.tasks.contract import Layer, Result
from huefill.tasks.layer import composite, layer
from huefill_client.geometry import Rect
from huefill_client.jobs import JobResult, ResultLayer
from huefill_client.recipes import names_of, place_in
from huefill_protocol.actions import ACTIONS, COLORIZE, LAYERS, REMOVE_OBJECT, is_color_result_name, is_result_name
from huefill_protocol.wire import BGRA, RGBA, Tensor, unpack

DTYPES = (np.uint8, np.uint16, np.float32)


def full(dtype: type) -> float:
    return 1.0 if dtype is np.float32 else float(np.iinfo(dtype).max)


def image(dtype: type, channels: int, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).random((20, 30, channels))
    return (np.rint(values * full(dtype)) if dtype is not np.float32 else values).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@given(covered=hnp.arrays(np.float32, (3, 4), elements=st.floats(0, 1, width=32)))
@settings(deadline=None)
def test_alpha_is_rounded_to_the_documents_own_steps_and_none_stays_none(dtype: type, covered: np.ndarray) -> None:
    made = Layer.of(np.zeros((3, 4, 3), dtype), covered)
    assert made.alpha.dtype == dtype
    assert not made.alpha[covered == 0].any()
    assert (made.alpha[covered == 1] == full(dtype)).all()
    step = 0 if dtype is np.float32 else 0.5 / full(dtype) + 1e-6
    assert np.abs(made.alpha / full(dtype) - covered).max() <= step
    assert np.abs(made.coverage - covered).max() <= step


@pytest.mark.parametrize("dtype", DTYPES)
def test_image_and_alpha_are_views_of_the_pixels(dtype: type) -> None:
    made = Layer(image(dtype, 4))
    assert np.shares_memory(made.image, made.pixels) and np.shares_memory(made.alpha, made.pixels)
    assert made.image.shape == (20, 30, 3) and made.alpha.shape == (20, 30)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_layers_lie_over_one_another_in_their_order_and_elsewhere_every_bit_stays(dtype: type, channels: int) -> None:
    photo = image(dtype, channels)
    colors = 1 if channels < 3 else 3
    first = Layer.of(image(dtype, colors, 1)[:10, :10], np.ones((10, 10), np.float32), (2, 3))
    second = Layer.of(image(dtype, colors, 2)[:10, :10], np.ones((10, 10), np.float32), (6, 5))
    seen = composite(photo, (first, second))
    assert np.array_equal(seen[5:15, 6:16, :colors], second.image)
    assert np.array_equal(seen[3:5, 2:12, :colors], first.image[:2])
    outside = np.ones((20, 30), bool)
    outside[3:13, 2:12] = outside[5:15, 6:16] = False
    assert np.array_equal(seen[outside], photo[outside])


def test_half_covered_is_the_mean_and_rounded_once() -> None:
    photo = np.full((1, 1, 3), 100, np.uint16)
    half = Layer(np.array([[[301, 301, 301, 32768]]], np.uint16))
    assert composite(photo, (half,)).tolist() == [[[201, 201, 201]]]


def test_color_over_a_gray_photo_makes_it_rgb_and_keeps_its_alpha() -> None:
    photo = image(np.uint8, 2)
    made = Layer.of(image(np.uint8, 3, 1)[:4, :4], np.ones((4, 4), np.float32))
    seen = composite(photo, (made,))
    assert seen.shape == (20, 30, 4)
    assert np.array_equal(seen[:4, :4, :3], made.image)
    assert np.array_equal(seen[4:], photo[4:][..., [0, 0, 0, 1]])


def test_a_layer_that_would_cover_more_than_it_promised_is_thrown_away() -> None:
    selection = np.zeros((40, 40), np.uint8)
    selection[18:22, 18:22] = 255
    made = blend_for(selection, 2, 2)
    wrong = made.alpha.copy()
    wrong[0, 0] = 0.001
    window = image(np.uint8, 3)[:1, :1].repeat(40, 0).repeat(40, 1)
    encoding = Encoding.of(window, linear=False)
    blend = Blend(made.selected, made.core, made.parts, made.hole, wrong)
    with pytest.raises(HuefillError, match="outside the selection"):
        layer(window, np.zeros((40, 40, 3), np.float32), blend, encoding, (0, 0))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_only_the_documents_own_integer_rgb_is_reordered_and_twice_is_as_it_was(dtype: type) -> None:
    sent = {"image": image(dtype, 4), "painted": image(dtype, 3), "mask": image(np.uint8, 4)[..., 0], "reference": image(np.uint8, 4)}
    got = in_rgba(sent, BGRA)
    assert np.array_equal(got["image"], sent["image"][..., [2, 1, 0, 3]])
    assert np.array_equal(got["painted"], sent["painted"][..., ::-1])
    assert got["mask"] is sent["mask"] and got["reference"] is sent["reference"]
    assert np.array_equal(in_rgba(got, BGRA)["image"], sent["image"])
    assert in_rgba(sent, RGBA)["image"] is sent["image"]
    floats = {"image": image(np.float32, 4), "hints": image(dtype, 2)}
    assert all(in_rgba(floats, BGRA)[name] is array for name, array in floats.items())


def test_what_json_cannot_say_does_not_break_the_answer() -> None:
    one = Layer(image(np.uint8, 4), (3, 4), "caf\udce9")
    recipe = {"file": "\udc80.png", "loss": [float("nan"), 0.5], "emoji": "\U0001f426", 1: (float("inf"),)}
    body = b"".join(body_from_result(Result((one,), recipe, {}, ((one,),)), RGBA))
    tensors, values = unpack(body)
    assert set(tensors) == {"layers/0", "variants/0/layers/0"}
    assert values["layers"] == [{"name": "caf?", "origin": [3, 4], "visible": True}] == values["variants"][0]
    assert values["recipe"] == {"file": "?.png", "loss": [None, 0.5], "emoji": "\U0001f426", "1": [None]}


def test_every_layer_of_a_result_is_known_again_by_its_name() -> None:
    pixels = Tensor("U8", (1, 1, 4), bytes(4))
    canvas = Rect(0, 0, 9, 9)
    for action in (action for action in ACTIONS if action.menus and action.gives == LAYERS):
        result = JobResult((ResultLayer(pixels, (0, 0), "color"), ResultLayer(pixels, (0, 0), "")), {}, {})
        names = names_of(action, result, canvas, 3.52)
        assert all(is_result_name(name) for name in (names.whole, *names.parts))
        assert len(set(names.parts)) == 2
        assert is_color_result_name(names.whole) == action.live
    assert names_of(REMOVE_OBJECT, result, canvas, 3.52).parts == ("Removed: color, 3.5 s", "Removed: layer 2, 3.5 s")
    once = names_of(REMOVE_OBJECT, result, canvas, 3.52).whole
    assert once == "Removed: upper left, 3.5 s"
    again = names_of(REMOVE_OBJECT, result, canvas, 3.52, taken=[once]).whole
    assert again == "Removed: upper left, 3.5 s (2)" and is_result_name(again)


def test_each_of_several_pictures_to_choose_from_has_a_name_of_its_own() -> None:
    pixels = Tensor("U8", (1, 1, 4), bytes(4))
    one, other = ((ResultLayer(pixels, (0, 0), name),) for name in ("", ""))
    names = names_of(COLORIZE, JobResult(one, {}, {}, (other,)), Rect(0, 0, 9, 9), 3.52, "likely colors")
    assert names.whole == "Colored: likely colors, 2 suggestions, 3.5 s"
    assert [picture.whole for picture in names.pictures] == ["Colored: suggestion 1, 3.5 s", "Colored: suggestion 2, 3.5 s"]
    assert all(is_color_result_name(name.whole) for name in (names, *names.pictures))
    assert names_of(COLORIZE, JobResult(one, {}, {}), Rect(0, 0, 9, 9), 3.52).pictures == ()
    first = names_of(COLORIZE, JobResult(one, {}, {}, (other,)), Rect(0, 0, 9, 9), 3.52, "likely colors", every=False)
    assert "suggestions" not in first.whole and first.pictures == ()


@pytest.mark.parametrize(
    ("rect", "words"),
    [
        (Rect(0, 0, 10, 10), "upper left"),
        (Rect(45, 45, 10, 10), "middle"),
        (Rect(45, 0, 10, 10), "top"),
        (Rect(80, 40, 20, 20), "right"),
        (Rect(40, 85, 20, 15), "bottom"),
        (Rect(0, 0, 100, 80), "whole photo"),
    ],
)
def test_a_place_is_told_in_a_persons_words(rect: Rect, words: str) -> None:
    assert place_in(rect, Rect(0, 0, 100, 100)) == words
