"""What the client builds is what the tasks take."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.server.wire import arrays_from_body
from huefill.tasks import checks, registry
from huefill.tasks.contract import ColorPoint, request_from_wire
from huefill_client import requests
from huefill_protocol.wire import Tensor

IMAGE = Tensor("U16", (2, 3, 4), bytes(range(48)))
MASK = Tensor("U8", (2, 3), bytes([0, 255, 0, 128, 0, 0]))
GRAY = Tensor("U16", (2, 3), bytes(range(12)))
POINT = requests.Point(1.5, 0, (200, 30, 40), 3)
JOBS = {
    "remove_object": requests.remove_object(IMAGE, MASK, points=[POINT], engine="patch", preset="paper", seed=7, transfer="linear"),
    "recolor": requests.recolor(IMAGE, MASK, points=[POINT], gray=GRAY, preset="paper", seed=7, transfer="linear", device="cpu"),
    "extend": requests.extend(IMAGE, points=[POINT], engine="patch", preset="paper", seed=7, transfer="linear"),
}


@pytest.mark.parametrize("task", JOBS)
def test_every_field_arrives_in_the_tasks_request(task: str) -> None:
    arrays, values = arrays_from_body(b"".join(JOBS[task].body()))
    assert (values["task"], values["device"]) == (task, JOBS[task].device)
    kind, _ = registry.load(task)
    request = request_from_wire(kind, arrays, values["request"])
    assert request.image.dtype == np.uint16
    assert request.image.shape == (2, 3, 4)
    assert request.image.tobytes() == IMAGE.data
    assert request.points == (ColorPoint(1.5, 0.0, (200.0, 30.0, 40.0), 3.0),)
    assert (request.preset, request.seed, request.transfer) == ("paper", 7, "linear")
    if task != "recolor":
        assert request.engine == "patch"
    if task != "extend":
        assert request.mask.tolist() == [[0, 255, 0], [128, 0, 0]]
    if task == "recolor":
        assert request.gray.tobytes() == GRAY.data


def test_what_is_left_out_is_the_tasks_own_default() -> None:
    arrays, values = arrays_from_body(b"".join(requests.remove_object(IMAGE, MASK).body()))
    kind, _ = registry.load("remove_object")
    request = request_from_wire(kind, arrays, values["request"])
    plain = kind(image=request.image, mask=request.mask)
    assert (request.engine, request.preset, request.seed, request.transfer) == (plain.engine, plain.preset, plain.seed, plain.transfer)


def test_the_choices_that_an_editor_offers_are_those_of_the_tasks() -> None:
    assert (requests.ENGINES, requests.PRESETS) == (checks.ENGINES, checks.PRESETS)


HINTS = Tensor("U16", (2, 3, 4), bytes(range(48)))
REFERENCE = Tensor("U8", (1, 2, 3), bytes(range(6)))


@pytest.mark.parametrize("build", [requests.colorize_points, requests.match_colors])
def test_every_color_hint_arrives_in_the_tasks_request(build) -> None:
    job = build(IMAGE, points=[POINT], hints=HINTS, reference=REFERENCE, saturation=0.5, transfer="linear")
    arrays, values = arrays_from_body(b"".join(job.body()))
    kind, _ = registry.load(values["task"])
    request = request_from_wire(kind, arrays, values["request"])
    assert request.points == (ColorPoint(1.5, 0.0, (200.0, 30.0, 40.0), 3.0),)
    assert (request.hints.tobytes(), request.reference.tobytes()) == (HINTS.data, REFERENCE.data)
    assert (request.saturation, request.transfer) == (0.5, "linear")


def test_a_palette_is_asked_for_one_pixel() -> None:
    arrays, values = arrays_from_body(b"".join(requests.palette(IMAGE, 2, 1, points=[POINT], count=5).body()))
    kind, _ = registry.load("palette")
    request = request_from_wire(kind, arrays, values["request"])
    assert (request.x, request.y, request.count, len(request.points)) == (2.0, 1.0, 5, 1)
