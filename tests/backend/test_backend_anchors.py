"""Colors by anchors over real HTTP, by a real network: suggestions with pictures and a map, the chosen one changed and applied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huefill_client.anchors import anchors_in, variants_in
from huefill_client.requests import Point, live_hints
from huefill_protocol.connection import Connection
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE, Tensor, pack, unpack
from tests.anchors import NAME, install
from tests.backend.harness import Server
from tests.backend.test_backend_live import gray_photo
from tests.coloring import colorize_points


@pytest.fixture(scope="module")
def server_of_module(tmp_path_factory: pytest.TempPathFactory, anchors_network: Path) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    install(anchors_network, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUEFILL_HOME", str(home))
        started = Server()
    yield started
    started.end()


@pytest.fixture
def connection(server_of_module: Server, present: str) -> Connection:
    return Connection(server_of_module.endpoint, present, 60.0)


@pytest.fixture
def opened(connection: Connection) -> Iterator[str]:
    answer = connection.send("/v1/sessions", colorize_points(gray_photo(), model=NAME).body(), MEDIA_TYPE)
    assert answer["methods"] == ["hints", "anchors"] and answer["model"] == NAME
    yield str(answer["session"])
    connection.json("DELETE", f"/v1/sessions/{answer['session']}")


def shown(connection: Connection, session: str, number: int, **hints: Any) -> tuple[dict[str, Tensor], dict[str, Any]]:
    body = pack({}, {"number": number, "hints": live_hints(method="anchors", longest=96, **hints)})
    return unpack(connection.exchange(f"/v1/sessions/{session}/hints", body, MEDIA_TYPE))


def pixels(tensor: Tensor) -> np.ndarray:
    return np.frombuffer(tensor.data, np.uint8).reshape(tensor.shape).astype(int)


def result_of(connection: Connection, job: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    states = [event["state"] for event in connection.events(f"/v1/jobs/{job}/events") if event]
    assert states[-1] == "done"
    return unpack(connection.fetch(f"/v1/jobs/{job}/result"))


def as_points(anchors: Any) -> list[Point]:
    return [Point(anchor.x, anchor.y, anchor.rgb, anchor.radius, "anchor") for anchor in anchors]


def test_suggestions_come_with_pictures_anchors_and_a_map(connection: Connection, opened: str) -> None:
    tensors, values = shown(connection, opened, 1, variants=3, confidence=True)
    variants = variants_in(tensors, values)
    assert len(variants) == 3 and tensors["preview"].shape == (64, 96, 3) and tensors["confidence"].shape == (64, 96)
    assert np.array_equal(pixels(tensors["preview"]), pixels(variants[0].image))
    assert np.abs(pixels(variants[0].image) - pixels(variants[1].image)).max() > 2
    for anchor in variants[0].anchors:
        assert 0 < anchor.members <= 1 and len(anchor.alternatives) == 10
    assert values["method"] == "anchors" and values["model"] == NAME


def test_a_chosen_suggestion_is_changed_live_and_applied_once(connection: Connection, opened: str) -> None:
    tensors, values = shown(connection, opened, 1, variants=2)
    chosen = variants_in(tensors, values)[1]
    points = as_points(chosen.anchors)
    same, _ = shown(connection, opened, 2, points=points, anchored=True)
    assert np.array_equal(pixels(same["preview"]), pixels(chosen.image))
    points[0] = replace(points[0], rgb=(40.0, 70.0, 220.0))
    points.append(Point(100, 60, (120.0, 80.0, 70.0), 3))
    changed, said = shown(connection, opened, 3, points=points, anchored=True)
    assert np.abs(pixels(changed["preview"]) - pixels(same["preview"])).max() > 2
    assert [anchor.rgb for anchor in anchors_in(said)] == [point.rgb for point in points[:-1]]
    none, said = shown(connection, opened, 4, anchored=True)
    assert said["anchors"] == [] and none["preview"].shape == (64, 96, 3)
    hints = live_hints(points=points, method="anchors", anchored=True, strength=0.9)
    job = str(connection.send(f"/v1/sessions/{opened}/apply", pack({}, {"hints": hints}), MEDIA_TYPE)["job"])
    layers, made = result_of(connection, job)
    assert layers["layers/0"].shape == (128, 192, 4) and made["recipe"]["request"]["strength"] == 0.9
    assert len(made["recipe"]["anchors"]) == len(points) - 1
    whole = colorize_points(gray_photo(), model=NAME, points=points, anchored=True, strength=0.9, method="anchors")
    again, _ = result_of(connection, str(connection.send("/v1/jobs", whole.body(), MEDIA_TYPE)["job"]))
    assert np.array_equal(pixels(again["layers/0"]), pixels(layers["layers/0"]))


def test_a_job_gives_several_pictures(connection: Connection) -> None:
    job = colorize_points(gray_photo(), model=NAME, variants=3, seed=2)
    tensors, values = result_of(connection, str(connection.send("/v1/jobs", job.body(), MEDIA_TYPE)["job"]))
    assert {"layers/0", "variants/0/layers/0", "variants/1/layers/0"} == set(tensors)
    assert len(values["variants"]) == len(values["recipe"]["variants"]) == 2


@pytest.mark.parametrize(
    ("hints", "code"),
    [
        ({"variants": 10}, "bad_request"),
        ({"variants": -1}, "bad_request"),
        ({"strength": 2.0}, "bad_strength"),
        ({"seed": -1}, "bad_request"),
        ({"anchored": True, "variants": 2}, "one_variant"),
        ({"points": [Point(10, 10, (1.0, 2.0, 3.0), 0, "wish")]}, "bad_points"),
        ({"points": [Point(500, 10, (1.0, 2.0, 3.0), 0, "anchor")], "anchored": True}, "point_outside"),
    ],
)
def test_hints_that_cannot_be_followed_are_a_sentence(connection: Connection, opened: str, hints: dict[str, Any], code: str) -> None:
    with pytest.raises(BackendError) as refused:
        shown(connection, opened, 1, **hints)
    assert refused.value.code == code
