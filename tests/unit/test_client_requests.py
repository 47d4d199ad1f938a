"""What the client builds is what the tasks take: every action of the table, every field."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from huefill.server.wire import arrays_from_body
from huefill.tasks import registry
from huefill.tasks.contract import ColorPoint, request_from_wire
from huefill_client import requests
from huefill_client.settings import Settings
from huefill_protocol.actions import (
    ACTIONS,
    COLORIZE,
    COLORIZE_POINTS,
    EXTEND_CANVAS,
    FIND_SCRATCHES,
    MATCH_COLORS,
    PALETTE,
    RECOLOR_SELECTION,
    REMOVE_BY_BRUSH,
    REMOVE_OBJECT,
    RESTORE_PHOTO,
    Action,
)
from huefill_protocol.wire import Tensor

IMAGE = Tensor("U16", (2, 3, 4), bytes(range(48)))
MASK = Tensor("U8", (2, 3), bytes([0, 255, 0, 128, 0, 0]))
GRAY = Tensor("U16", (2, 3), bytes(range(12)))
HINTS = Tensor("U16", (2, 3, 4), bytes(range(48)))
REFERENCE = Tensor("U8", (1, 2, 3), bytes(range(6)))
POINT = requests.Point(1.5, 0.0, (200, 30, 40), 3.0)
SELECTED = {"image": IMAGE, "mask": MASK}
COLORED = {"image": IMAGE, "hints": HINTS, "reference": REFERENCE}
JOBS = {
    REMOVE_OBJECT: (SELECTED, {"engine": "patch", "preset": "paper", "seed": 7}),
    REMOVE_BY_BRUSH: (SELECTED, {"engine": "patch", "preset": "paper", "seed": 7}),
    RECOLOR_SELECTION: ({**SELECTED, "gray": GRAY}, {"preset": "paper", "seed": 7}),
    EXTEND_CANVAS: ({"image": IMAGE}, {"engine": "patch", "preset": "paper", "seed": 7}),
    FIND_SCRATCHES: ({"image": IMAGE}, {"sensitivity": 0.25, "width": 9, "kinds": "bright"}),
    RESTORE_PHOTO: (SELECTED, {"sensitivity": 0.25, "width": 9, "kinds": "bright", "model": "some"}),
    COLORIZE: (COLORED, {"saturation": 0.5, "model": "some"}),
    COLORIZE_POINTS: (COLORED, {"saturation": 0.5, "model": "some"}),
    MATCH_COLORS: (COLORED, {"saturation": 0.5, "model": "some"}),
    PALETTE: ({"image": IMAGE, "hints": HINTS}, {"x": 2.0, "y": 1.0, "count": 5}),
}


def received(job: requests.Job) -> tuple[dict[str, Any], Any]:
    """The envelope, and the task's request, as the backend builds it."""
    arrays, values = arrays_from_body(b"".join(job.body()))
    kind, _ = registry.load(values["task"])
    return values, request_from_wire(kind, arrays, values["request"])


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_field_arrives_in_the_tasks_request(action: Action) -> None:
    tensors, fields = JOBS[action]
    pointed = "points" in registry.load(action.task)[0].__dataclass_fields__
    given = [POINT] if pointed else []
    values, request = received(requests.job(action, tensors, points=given, transfer="linear", device="cpu", **fields))
    assert (values["task"], values["device"]) == (action.task, "cpu")
    assert (request.image.dtype, request.image.shape) == (np.uint16, (2, 3, 4))
    for name, tensor in tensors.items():
        assert getattr(request, name).tobytes() == tensor.data
    for name, value in {**fields, "transfer": "linear"}.items():
        assert getattr(request, name) == value
    assert not pointed or request.points == (ColorPoint(1.5, 0.0, (200.0, 30.0, 40.0), 3.0),)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_what_is_left_out_is_the_tasks_own_default(action: Action) -> None:
    needed = {"mask": MASK} if action.on_selection else {}
    place = {"x": 1, "y": 1} if action is PALETTE else {}
    _, request = received(requests.job(action, {"image": IMAGE, **needed, "hints": None}, seed=None, **place))
    for field in dataclasses.fields(request):
        if field.default is not dataclasses.MISSING:
            assert getattr(request, field.name) == field.default, field.name


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_option_that_is_sent_is_a_field_of_the_tasks_request(action: Action) -> None:
    kind, _ = registry.load(action.task)
    fields = {field.name: field.default for field in dataclasses.fields(kind)}
    sent = {option.name: option.default for option in action.options if option.sent}
    assert set(sent) <= set(fields)
    assert action.version == kind.VERSION
    for name in {"engine", "preset", "grow", "seed", "model"} & set(sent):
        assert sent[name] == fields[name]


def test_a_request_asks_for_the_remembered_choices_that_it_has_a_use_for() -> None:
    settings = Settings("patch", "best", "never", "cpu")
    assert requests.remembered(REMOVE_OBJECT, settings) == {"engine": "patch", "preset": "best", "grow": "never"}
    assert requests.remembered(RECOLOR_SELECTION, settings) == {"preset": "best"}
    assert requests.remembered(MATCH_COLORS, settings) == {}


def test_the_order_of_the_channels_is_said_only_where_it_is_not_the_usual_one() -> None:
    plain, swapped = (requests.job(REMOVE_OBJECT, SELECTED, pixels=order) for order in ("rgba", "bgra"))
    assert "pixels" not in arrays_from_body(b"".join(plain.body()))[1]
    assert arrays_from_body(b"".join(swapped.body()))[1]["pixels"] == "bgra"
