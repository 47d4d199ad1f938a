"""Garbage as hints of a live photo, and as requests to color one: always an answer in words, and the backend lives."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huefill_client.presence import Presence
from huefill_protocol.connection import Connection
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE, Tensor, pack, unpack
from tests.backend.harness import Server
from tests.coloring import colorize_points

SIDE = 48
junk = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 70), 1 << 70)
    | st.floats()
    | st.text(max_size=4)
    | st.just("\ud800")
    | st.just(10**400)
    | st.lists(st.integers(), max_size=3)
)
coordinates = st.floats(-2, SIDE + 2) | junk
points = st.lists(
    st.fixed_dictionaries(
        {}, optional={"x": coordinates, "y": coordinates, "rgb": st.lists(junk, max_size=4) | junk, "radius": coordinates}
    ),
    max_size=3,
)
values = st.fixed_dictionaries(
    {},
    optional={
        "points": points | junk,
        "saturation": st.floats(-1, 2) | junk,
        "palette_at": st.lists(coordinates, max_size=3) | junk,
        "painted": st.just("painted") | junk,
        "reference": st.just("reference") | junk,
        "longest": st.integers(-5, 5000) | junk,
        "model": junk,
        "unknown": junk,
    },
)
shapes = st.lists(st.integers(0, SIDE), min_size=1, max_size=4)
tensors = st.dictionaries(st.sampled_from(["painted", "reference", "other"]), shapes, max_size=2)


@dataclass
class Open:
    """A live photo, and the number of its latest hints."""

    connection: Connection
    session: str
    number: int = 0

    def show(self, hints: dict[str, object], tensors: dict[str, list[int]]) -> list[int]:
        """The shape of the preview; ``tensors`` by name, which are sent as pictures first and then named by the hints that name them."""
        self.number += 1
        names = {}
        for kind, shape in tensors.items():
            picture = Tensor("U8", tuple(shape), bytes(int(np.prod(shape))))
            answer = self.connection.send(f"{self.path}/pictures", pack({kind: picture}, {"picture": {"version": 1}}), MEDIA_TYPE)
            names[kind] = answer["picture"]
        said = {key: names.get(key, value) if value == key else value for key, value in hints.items()}
        body = pack({}, {"number": self.number, "hints": {"version": 1, **said}})
        return list(unpack(self.connection.exchange(f"{self.path}/hints", body, MEDIA_TYPE))[0]["preview"].shape)

    @property
    def path(self) -> str:
        return f"/v1/sessions/{self.session}"


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUEFILL_HOME", str(tmp_path_factory.mktemp("home")))
        server = Server()
    client = uuid.uuid4().hex
    presence = Presence(server.endpoint, client)
    connection = Connection(server.endpoint, client, 60.0)
    gray = Tensor("U8", (SIDE, SIDE, 3), bytes(range(256)) * (SIDE * SIDE * 3 // 256))
    yield Open(connection, str(connection.send("/v1/sessions", colorize_points(gray).body(), MEDIA_TYPE)["session"]))
    presence.close()
    server.end()


@settings(max_examples=80)
@given(values, tensors)
def test_any_hints_get_a_preview_or_a_sentence(photo: Open, values: dict[str, object], tensors: dict[str, list[int]]) -> None:
    try:
        shape = photo.show(values, tensors)
    except BackendError as error:
        assert error.code != "internal", error.message
        assert error.message.endswith("."), error.message
    else:
        assert shape[2] == 3 and max(shape) <= 5000
    assert photo.show({"points": [], "longest": 32}, {}) == [32, 32, 3], "the photo is still open"
