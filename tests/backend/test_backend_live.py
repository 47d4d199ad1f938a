"""A photo colored live over real HTTP, by the real network: sent once, hints alone travel, the newest counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill_client.live import LivePhoto, Preview
from huefill_client.requests import Point, colorize_points, live_hints
from huefill_client.session import Session
from huefill_protocol.connection import Connection
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE, Tensor, pack, unpack
from tests.backend.harness import Server, outcome_of, until

PARROTS = Path(__file__).parents[2] / "examples/photos/parrots.png"
RED = Point(100, 60, (190.0, 60.0, 50.0), 3)


def gray_photo(size: tuple[int, int] = (192, 128)) -> Tensor:
    photo = np.asarray(Image.open(PARROTS).convert("L").resize(size))[..., None]
    return Tensor("U8", photo.shape, np.ascontiguousarray(photo).data)


@pytest.fixture
def connection(server_of_module: Server, present: str) -> Connection:
    return Connection(server_of_module.endpoint, present, 60.0)


@pytest.fixture
def opened(connection: Connection) -> str:
    answer = connection.send("/v1/sessions", colorize_points(gray_photo()).body(), MEDIA_TYPE)
    assert answer["size"] == [128, 192]
    assert answer["models"][0] == "hints_compact"
    return str(answer["session"])


def shown(connection: Connection, session: str, number: int, **hints: object) -> tuple[np.ndarray, dict[str, object]]:
    tensors, values = unpack(connection.exchange(f"/v1/sessions/{session}/hints", live_hints(number, **hints), MEDIA_TYPE))
    preview = tensors["preview"]
    return np.frombuffer(preview.data, np.uint8).reshape(preview.shape), values


def test_a_hint_changes_the_preview_and_nine_colors_are_suggested(connection: Connection, opened: str) -> None:
    plain, _ = shown(connection, opened, 1)
    red, values = shown(connection, opened, 2, points=[RED], palette_at=(100, 60))
    assert plain.shape == red.shape == (128, 192, 3)
    before, after = plain[60, 100].astype(int), red[60, 100].astype(int)
    assert after[0] - after[2] > before[0] - before[2] + 40
    palette = values["palette"]
    assert len(palette) == 9
    chances = [item["probability"] for item in palette]
    assert chances == sorted(chances, reverse=True) and 0.5 < sum(chances) <= 1.001


def test_a_hint_layer_sent_with_the_photo_counts_until_another_comes(connection: Connection) -> None:
    layer = np.zeros((128, 192, 4), np.uint8)
    layer[50:70, 90:110] = (190, 60, 50, 255)
    hints = Tensor("U8", layer.shape, layer.data)
    with_layer = str(connection.send("/v1/sessions", colorize_points(gray_photo(), hints=hints).body(), MEDIA_TYPE)["session"])
    without = str(connection.send("/v1/sessions", colorize_points(gray_photo()).body(), MEDIA_TYPE)["session"])
    expected, _ = shown(connection, without, 1, hints=hints, points=[RED])
    np.testing.assert_array_equal(shown(connection, with_layer, 1, points=[RED])[0], expected)
    empty = np.zeros_like(layer)
    emptied, _ = shown(connection, with_layer, 2, hints=Tensor("U8", empty.shape, empty.data))
    np.testing.assert_array_equal(emptied, shown(connection, without, 2)[0])
    # Closed again: a client may keep few open.
    for name in (with_layer, without):
        connection.json("DELETE", f"/v1/sessions/{name}")


def test_older_hints_are_refused_once_newer_ones_have_come(connection: Connection, opened: str) -> None:
    shown(connection, opened, 5)
    with pytest.raises(BackendError) as refused:
        shown(connection, opened, 4, points=[RED])
    assert refused.value.code == "superseded"


def test_applying_gives_the_pixels_of_the_ordinary_task(session: Session) -> None:
    session.connect()
    connection = session.connection(60.0)
    name = connection.send("/v1/sessions", colorize_points(gray_photo()).body(), MEDIA_TYPE)["session"]
    job = connection.send(f"/v1/sessions/{name}/apply", live_hints(1, points=[RED])[:], MEDIA_TYPE)["job"]
    for event in connection.events(f"/v1/jobs/{job}/events"):
        assert event is None or event["state"] not in ("failed", "cancelled")
    tensors, _ = unpack(connection.fetch(f"/v1/jobs/{job}/result"))
    whole = outcome_of(session, colorize_points(gray_photo(), points=[RED])).result
    assert whole is not None
    assert bytes(tensors["layers/0"].data) == bytes(whole.layers[0].pixels.data)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"points": []}, "bad_request"),
        ({"number": 1, "points": [{"x": 999, "y": 1, "rgb": [1, 2, 3]}]}, "point_outside"),
        ({"number": 1, "points": [{"x": 1, "y": 1, "rgb": [1, 2, 3]}, {"x": 1, "y": 1, "rgb": [9, 9, 200]}]}, "points_contradict"),
        ({"number": 1, "points": "none"}, "bad_points"),
        ({"number": 1, "saturation": 7}, "bad_saturation"),
        ({"number": 1, "saturation": "much"}, "bad_request"),
        ({"number": 1, "palette_at": [1]}, "bad_request"),
        ({"number": 1, "longest": 10**9}, "bad_request"),
        ({"number": 1, "nonsense": 1}, "bad_request"),
    ],
)
def test_bad_hints_are_refused_in_words_and_the_photo_stays_open(connection: Connection, opened: str, values: dict, code: str) -> None:
    with pytest.raises(BackendError) as refused:
        connection.exchange(f"/v1/sessions/{opened}/hints", pack({}, values), MEDIA_TYPE)
    assert refused.value.code == code
    assert shown(connection, opened, 2)[0].shape == (128, 192, 3)


def test_a_photo_belongs_to_the_client_that_sent_it(connection: Connection, opened: str, server_of_module: Server) -> None:
    stranger = Connection(server_of_module.endpoint, "stranger")
    with pytest.raises(BackendError) as refused:
        stranger.json("DELETE", f"/v1/sessions/{opened}")
    assert refused.value.code == "unknown_session"
    connection.json("DELETE", f"/v1/sessions/{opened}")
    with pytest.raises(BackendError) as gone:
        shown(connection, opened, 9)
    assert gone.value.code == "unknown_session"


def test_no_more_photos_are_kept_open_than_a_few(connection: Connection) -> None:
    body = colorize_points(gray_photo((32, 32))).body()
    names = [connection.send("/v1/sessions", body, MEDIA_TYPE)["session"] for _ in range(4)]
    with pytest.raises(BackendError) as refused:
        connection.send("/v1/sessions", body, MEDIA_TYPE)
    assert refused.value.code == "busy"
    for name in names:
        connection.json("DELETE", f"/v1/sessions/{name}")


def test_of_many_quick_changes_the_last_is_shown(session: Session) -> None:
    previews: list[Preview] = []
    errors: list[BackendError] = []
    live = LivePhoto(session, colorize_points(gray_photo()), previews.append, errors.append)
    for step in range(30):
        live.show(points=[Point(20.0 + step, 60, (190.0, 60.0, 50.0), 3)])
    live.show(points=[RED], palette_at=(100, 60))
    until(lambda: previews and previews[-1].palette)
    live.close()
    assert not errors
    assert [preview.number for preview in previews] == sorted(preview.number for preview in previews)
    assert len(previews) < 30


def test_a_backend_that_died_gets_the_photo_again(session: Session, sessions: Callable[[], Session]) -> None:
    previews: list[Preview] = []
    errors: list[BackendError] = []
    came = threading.Event()

    def take(preview: Preview) -> None:
        previews.append(preview)
        came.set()

    live = LivePhoto(session, colorize_points(gray_photo()), take, errors.append)
    live.show()
    assert came.wait(60)
    came.clear()
    process = session._supervisor.process
    assert process is not None
    process.kill()
    process.wait(10)
    until(lambda: session.state == "lost")
    live.show(points=[RED])
    assert came.wait(60), errors
    live.close()
    assert previews[-1].number > previews[0].number
