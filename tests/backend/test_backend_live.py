"""A photo colored live over real HTTP, by the real network: sent once, hints alone travel, the newest counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill_client.jobs import Outcome
from huefill_client.live import LivePhoto, Preview
from huefill_client.requests import Job, Point, live_hints
from huefill_client.session import Session
from huefill_protocol.connection import Connection
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE, Tensor, pack, unpack
from tests.backend.harness import Server, outcome_of, until
from tests.coloring import colorize_points, match_colors

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


def shown(connection: Connection, session: str, number: int, **hints: Any) -> tuple[np.ndarray, dict[str, Any]]:
    body = pack({}, {"number": number, "hints": live_hints(**hints)})
    tensors, values = unpack(connection.exchange(f"/v1/sessions/{session}/hints", body, MEDIA_TYPE))
    preview = tensors["preview"]
    return np.frombuffer(preview.data, np.uint8).reshape(preview.shape), values


def sent(connection: Connection, session: str, **picture: np.ndarray) -> str:
    tensors = {kind: Tensor("U8", pixels.shape, np.ascontiguousarray(pixels).data) for kind, pixels in picture.items()}
    answer = connection.send(f"/v1/sessions/{session}/pictures", pack(tensors, {"picture": {"version": 1}}), MEDIA_TYPE)
    return str(answer["picture"])


def applied(connection: Connection, session: str, **hints: Any) -> str:
    return str(connection.send(f"/v1/sessions/{session}/apply", pack({}, {"hints": live_hints(**hints)}), MEDIA_TYPE)["job"])


def painted_layer() -> np.ndarray:
    layer = np.zeros((128, 192, 4), np.uint8)
    layer[50:70, 90:110] = (190, 60, 50, 255)
    return layer


def warm_picture() -> np.ndarray:
    return np.zeros((40, 50, 3), np.uint8) + np.array([200, 120, 60], np.uint8)


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


def test_a_picture_by_points_says_where_it_is_unsure(connection: Connection, opened: str) -> None:
    def veiled(number: int, points: list[Point]) -> np.ndarray:
        body = pack({}, {"number": number, "hints": live_hints(points=points, method="hints", confidence=True)})
        tensors, values = unpack(connection.exchange(f"/v1/sessions/{opened}/hints", body, MEDIA_TYPE))
        assert values["method"] == "hints" and tensors["confidence"].shape == tensors["preview"].shape[:2]
        return np.frombuffer(tensors["confidence"].data, np.uint8).reshape(tensors["confidence"].shape)

    alone, said = veiled(1, []), veiled(2, [RED])
    assert np.ptp(alone.astype(int)) > 20
    assert said[60, 100] > 245 > alone[60, 100]


def test_the_suggestions_for_a_point_are_those_of_a_place_without_it_and_stay_when_one_is_chosen(
    connection: Connection, opened: str
) -> None:
    other = Point(20, 100, (40.0, 90.0, 160.0), 3)
    _, bare = shown(connection, opened, 1, points=[other], palette_at=(100, 60))
    assert 0 < bare["confidence"] < 1
    for number, item in enumerate(bare["palette"], 2):
        chosen = Point(100, 60, tuple(map(float, item["rgb"])), 3)
        _, values = shown(connection, opened, number, points=[other, chosen], palette_at=(100, 60))
        assert values["palette"] == bare["palette"]
        assert values["confidence"] == bare["confidence"]


def test_the_other_points_count_for_what_is_suggested(connection: Connection, opened: str) -> None:
    near = [Point(100 + step, 60, (190.0, 60.0, 50.0), 1) for step in (-6, 6)]
    _, alone = shown(connection, opened, 1, points=[RED], palette_at=(100, 60))
    _, beside = shown(connection, opened, 2, points=[RED, *near], palette_at=(100, 60))
    assert beside["palette"] != alone["palette"]


def test_pictures_are_sent_once_and_named_by_the_hints(connection: Connection, opened: str) -> None:
    plain, _ = shown(connection, opened, 1)
    painted, reference = sent(connection, opened, painted=painted_layer()), sent(connection, opened, reference=warm_picture())
    red, _ = shown(connection, opened, 2, painted=painted)
    assert (red[60, 100].astype(int) - plain[60, 100])[[0, 2]].tolist() > [20, 0]
    warm, _ = shown(connection, opened, 3, reference=reference)
    assert warm[..., 0].mean() - warm[..., 2].mean() > plain[..., 0].mean() - plain[..., 2].mean() + 3
    np.testing.assert_array_equal(shown(connection, opened, 4)[0], plain)
    assert sent(connection, opened, painted=painted_layer()) == painted
    np.testing.assert_array_equal(shown(connection, opened, 5, painted=painted)[0], red)


def test_of_many_pictures_the_last_few_are_kept(connection: Connection, opened: str) -> None:
    names = []
    for step in range(9):
        layer = painted_layer()
        layer[0, step] = (10, 200, 10, 255)
        names.append(sent(connection, opened, painted=layer))
    shown(connection, opened, 1, painted=names[-1])
    with pytest.raises(BackendError) as refused:
        shown(connection, opened, 2, painted=names[0])
    assert refused.value.code == "unknown_picture"


def test_the_pictures_of_one_photo_are_not_those_of_another(connection: Connection, opened: str) -> None:
    other = str(connection.send("/v1/sessions", colorize_points(gray_photo()).body(), MEDIA_TYPE)["session"])
    painted = sent(connection, opened, painted=painted_layer())
    with pytest.raises(BackendError) as refused:
        shown(connection, other, 1, painted=painted)
    assert refused.value.code == "unknown_picture"
    connection.json("DELETE", f"/v1/sessions/{other}")


@pytest.mark.parametrize(
    ("tensors", "values", "code"),
    [
        ({"painted": (4, 4, 4)}, {"picture": {"version": 1}}, "bad_hints"),
        ({"reference": (4, 4, 1)}, {"picture": {"version": 1}}, "bad_reference"),
        ({}, {"picture": {"version": 1}}, "bad_request"),
        ({"painted": (128, 192, 4), "reference": (4, 4, 3)}, {"picture": {"version": 1}}, "bad_request"),
        ({"photograph": (4, 4, 3)}, {"picture": {"version": 1}}, "bad_request"),
        ({"reference": (4, 4, 3)}, {"picture": {"version": 2}}, "version"),
        ({"reference": (4, 4, 3)}, {"picture": {"version": 1, "name": "beach"}}, "bad_request"),
        ({"reference": (4, 4, 3)}, {"picture": 1}, "bad_request"),
        ({"reference": (4, 4, 3)}, {}, "bad_request"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(connection: Connection, opened: str, tensors: dict, values: dict, code: str) -> None:
    given = {name: Tensor("U8", shape, bytes([200]) * int(np.prod(shape))) for name, shape in tensors.items()}
    with pytest.raises(BackendError) as refused:
        connection.send(f"/v1/sessions/{opened}/pictures", pack(given, values), MEDIA_TYPE)
    assert refused.value.code == code and refused.value.message.endswith(".")
    assert shown(connection, opened, 2)[0].shape == (128, 192, 3)


def test_a_photo_is_opened_without_hints(connection: Connection) -> None:
    layer = painted_layer()
    for body in (colorize_points(gray_photo(), hints=Tensor("U8", layer.shape, layer.data)), colorize_points(gray_photo(), points=[RED])):
        with pytest.raises(BackendError) as refused:
            connection.send("/v1/sessions", body.body(), MEDIA_TYPE)
        assert refused.value.code == "bad_request"


def test_older_hints_are_refused_once_newer_ones_have_come(connection: Connection, opened: str) -> None:
    shown(connection, opened, 5)
    with pytest.raises(BackendError) as refused:
        shown(connection, opened, 4, points=[RED])
    assert refused.value.code == "superseded"


@pytest.mark.parametrize("build", [colorize_points, match_colors])
@pytest.mark.parametrize("pixels", ["rgba", "bgra"])
def test_applying_gives_the_pixels_and_the_recipe_of_the_ordinary_task(session: Session, build: Callable[..., Job], pixels: str) -> None:
    colored = np.repeat(np.frombuffer(gray_photo().data, np.uint8).reshape(128, 192, 1), 4, 2)
    colored[..., 0] //= 2
    colored[:9, :9, 3] = 0
    image, layer, warm = (Tensor("U8", one.shape, one.data) for one in (colored, painted_layer(), warm_picture()))
    ends: list[Outcome] = []
    live = LivePhoto(session, build(image, pixels=pixels), lambda preview: None, lambda error: None)
    live.apply(lambda update: None, ends.append, points=[RED], hints=layer, reference=warm, saturation=0.4)
    live.close()
    until(lambda: ends)
    made = ends[0].result
    whole = outcome_of(session, build(image, pixels=pixels, points=[RED], hints=layer, reference=warm, saturation=0.4)).result
    assert made is not None and whole is not None
    assert made.recipe == whole.recipe
    assert set(made.recipe["pictures"]) == {"hints", "reference"} and made.recipe["networks"]
    assert bytes(made.layers[0].pixels.data) == bytes(whole.layers[0].pixels.data)


def test_a_photo_that_is_closed_while_it_is_applied_still_gets_its_layer(connection: Connection, opened: str) -> None:
    job = applied(connection, opened, points=[RED], painted=sent(connection, opened, painted=painted_layer()))
    connection.json("DELETE", f"/v1/sessions/{opened}")
    states = [event["state"] for event in connection.events(f"/v1/jobs/{job}/events") if event]
    assert states[-1] == "done"
    tensors, values = unpack(connection.fetch(f"/v1/jobs/{job}/result"))
    assert tensors["layers/0"].shape == (128, 192, 4) and values["recipe"]["hint_pixels"] == 400


def test_what_cannot_be_applied_is_said_at_once(connection: Connection, opened: str) -> None:
    name = str(connection.send("/v1/sessions", match_colors(gray_photo()).body(), MEDIA_TYPE)["session"])
    with pytest.raises(BackendError) as refused:
        applied(connection, name, points=[RED])
    assert refused.value.code == "nothing_to_match"
    with pytest.raises(BackendError) as refused:
        applied(connection, opened, points=[Point(999, 1, (1, 2, 3))])
    assert refused.value.code == "point_outside"
    connection.json("DELETE", f"/v1/sessions/{name}")


@pytest.mark.parametrize(
    ("hints", "code"),
    [
        ({"points": [{"x": 999, "y": 1, "rgb": [1, 2, 3]}]}, "point_outside"),
        ({"points": [{"x": 1, "y": 1, "rgb": [1, 2, 3]}, {"x": 1, "y": 1, "rgb": [9, 9, 200]}]}, "points_contradict"),
        ({"points": "none"}, "bad_points"),
        ({"points": [{"x": 10**400, "y": 1, "rgb": [1, 2, 3]}]}, "bad_points"),
        ({"saturation": 7}, "bad_saturation"),
        ({"saturation": "much"}, "bad_request"),
        ({"saturation": 10**400}, "bad_request"),
        ({"palette_at": [1]}, "bad_request"),
        ({"palette_at": ["1", "2"]}, "bad_request"),
        ({"palette_at": [1, 10**400]}, "bad_request"),
        ({"palette_at": [1, -7]}, "point_outside"),
        ({"longest": 10**9}, "bad_request"),
        ({"longest": 10**400}, "bad_request"),
        ({"longest": True}, "bad_request"),
        ({"painted": 7}, "bad_request"),
        ({"painted": "beach"}, "unknown_picture"),
        ({"nonsense": 1}, "bad_request"),
        ({"\ud800": 1}, "bad_request"),
        ({"version": 2}, "version"),
        ({"version": "\ud800"}, "bad_request"),
    ],
)
def test_bad_hints_are_refused_in_words_and_the_photo_stays_open(connection: Connection, opened: str, hints: dict, code: str) -> None:
    with pytest.raises(BackendError) as refused:
        body = pack({}, {"number": 1, "hints": {"version": 1, **hints}})
        connection.exchange(f"/v1/sessions/{opened}/hints", body, MEDIA_TYPE)
    assert refused.value.code == code and refused.value.message.endswith(".")
    assert shown(connection, opened, 2)[0].shape == (128, 192, 3)


@pytest.mark.parametrize(
    "values", [{"hints": {"version": 1}}, {"number": 1}, {"number": 1, "hints": []}, {"number": 1, "hints": {}, "x": 1}]
)
def test_a_call_without_a_number_or_hints_is_refused(connection: Connection, opened: str, values: dict) -> None:
    with pytest.raises(BackendError) as refused:
        connection.exchange(f"/v1/sessions/{opened}/hints", pack({}, values), MEDIA_TYPE)
    assert refused.value.code == "bad_request"


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


def test_the_limit_holds_when_forty_photos_are_opened_at_once(connection: Connection) -> None:
    body = colorize_points(gray_photo()).body()
    given: list[str] = []
    refused: list[str] = []

    def open_one() -> None:
        try:
            given.append(str(connection.send("/v1/sessions", body, MEDIA_TYPE)["session"]))
        except BackendError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=open_one) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(given) == 4 and refused == ["busy"] * 36
    for name in given:
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


def test_the_photo_and_its_pictures_are_sent_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    send = Connection.send
    monkeypatch.setattr(Connection, "send", lambda self, path, *rest: (calls.append(path.rpartition("/")[2]), send(self, path, *rest))[1])
    previews: list[Preview] = []
    ends: list[Outcome] = []
    live = LivePhoto(session, colorize_points(gray_photo()), previews.append, lambda error: pytest.fail(str(error)))
    layer, warm = (Tensor("U8", one.shape, one.data) for one in (painted_layer(), warm_picture()))
    again = Tensor("U8", warm.shape, bytes(warm.data))
    for number, (painted, reference) in enumerate([(layer, None), (layer, warm), (None, again), (layer, again)], 1):
        live.show(hints=painted, reference=reference, points=[Point(20.0 + number, 60, (190.0, 60.0, 50.0), 3)])
        until(lambda number=number: len(previews) == number)
    live.apply(lambda update: None, ends.append, hints=layer, reference=warm)
    until(lambda: ends)
    live.close()
    assert ends[0].result is not None
    assert calls == ["sessions", "pictures", "pictures", "apply"]


def test_a_picture_that_the_backend_has_dropped_is_sent_again(session: Session) -> None:
    previews: list[Preview] = []
    live = LivePhoto(session, colorize_points(gray_photo()), previews.append, lambda error: pytest.fail(str(error)))
    for number, step in enumerate([*range(10), 0], 1):
        layer = painted_layer()
        layer[0, step] = (10, 200, 10, 255)
        live.show(hints=Tensor("U8", layer.shape, layer.data))
        until(lambda number=number: len(previews) == number)
    live.close()
    assert bytes(previews[-1].image.data) == bytes(previews[0].image.data)


def test_a_backend_that_died_gets_the_photo_and_its_pictures_again(session: Session, sessions: Callable[[], Session]) -> None:
    previews: list[Preview] = []
    errors: list[BackendError] = []
    came = threading.Event()

    def take(preview: Preview) -> None:
        previews.append(preview)
        came.set()

    live = LivePhoto(session, colorize_points(gray_photo()), take, errors.append)
    layer, warm = (Tensor("U8", one.shape, one.data) for one in (painted_layer(), warm_picture()))
    live.show(hints=layer, reference=warm)
    assert came.wait(60)
    came.clear()
    process = session._supervisor.process
    assert process is not None
    process.kill()
    process.wait(10)
    until(lambda: session.state == "lost")
    live.show(hints=layer, reference=warm)
    assert came.wait(60), errors
    live.close()
    assert previews[-1].number > previews[0].number
    assert bytes(previews[-1].image.data) == bytes(previews[0].image.data)
