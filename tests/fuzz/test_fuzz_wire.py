"""Garbage at the door: whatever the bytes, an answer in words, and the backend lives."""

from __future__ import annotations

import json
import random
import socket
import struct
import uuid
from collections.abc import Iterator

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huefill.server.wire import arrays_from_body
from huefill_client.presence import Presence
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import BODY_LIMIT, MEDIA_TYPE, Tensor, WireError, pack, unpack
from tests.backend.harness import Server, probe

WHOLE = b"".join(
    pack({"image": Tensor("U8", (2, 2, 3), bytes(range(12))), "gray": Tensor("F32", (1, 2), bytes(8))}, {"task": "probe", "request": {}})
)
offsets = st.lists(st.integers(-5, 40) | st.integers(BODY_LIMIT - 1, 1 << 70) | st.booleans() | st.floats() | st.none(), max_size=5)
entries = st.fixed_dictionaries(
    {},
    optional={"dtype": st.sampled_from(["U8", "U16", "F32", "F64", "BOOL", "", 3, None]), "shape": offsets, "data_offsets": offsets},
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), lambda item: st.lists(item, max_size=3)
)
headers = st.dictionaries(st.sampled_from(["image", "mask", "__metadata__", ""]), entries | anything, max_size=4)


def with_header(header: object, data: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def accepted(body: bytes) -> bool:
    """Whether it is read; if it is, then exactly as the library reads it."""
    try:
        arrays, values = arrays_from_body(bytearray(body))
    except WireError as error:
        assert str(error).endswith(".")
        return False
    assert isinstance(values, dict)
    reference = safetensors.numpy.load(body)
    assert set(arrays) == set(reference)
    for name, array in arrays.items():
        assert array.dtype == reference[name].dtype
        np.testing.assert_array_equal(array.view(np.uint8), reference[name].view(np.uint8))
    return True


@given(st.binary(max_size=200))
@example(b"")
@example(struct.pack("<Q", 2) + b"{}")
def test_any_bytes_are_read_as_the_library_does_or_refused_with_a_sentence(body: bytes) -> None:
    accepted(body)


@given(headers, st.binary(max_size=40))
@example({"__metadata__": {"shape": []}}, b"")
@example({"image": {"dtype": "U8", "shape": [float("nan")], "data_offsets": [0, 1]}}, b"\0")
@settings(max_examples=400)
def test_any_header_is_read_as_the_library_does_or_refused_with_a_sentence(header: object, data: bytes) -> None:
    accepted(with_header(header, data))


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=400)
def test_a_body_with_wrong_bytes_is_read_as_the_library_does_or_refused_with_a_sentence(changes: list[tuple[int, int]]) -> None:
    body = bytearray(WHOLE)
    for position, value in changes:
        body[position] = value
    accepted(bytes(body))


@given(st.integers(0, len(WHOLE) - 1))
def test_a_body_that_was_cut_off_is_refused(length: int) -> None:
    assert not accepted(WHOLE[:length])


def test_the_whole_body_is_accepted() -> None:
    assert accepted(WHOLE)
    assert unpack(WHOLE)[1] == {"task": "probe", "request": {}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUEFILL_HOME", str(tmp_path_factory.mktemp("home")))
        started = Server()
    yield started
    started.end()


def garbage(server: Server, client: str, dice: random.Random) -> bytes:
    """Bytes that may look like a request, from nearly right to noise."""
    pieces = {
        "method": dice.choice(["POST", "GET", "DELETE", "PUT", "OPTIONS", "TRACE", "post", "\x00", "A" * 300]),
        "path": dice.choice(
            ["/v1/jobs", "/v1/jobs/x", "/v1/jobs/%00/result", "/v1/presence", "/v1/../v1/jobs", "*", "//", "/v1/jobs?" + "a" * 5000, "/é"]
        ),
        "version": dice.choice(["HTTP/1.1", "HTTP/1.0", "HTTP/9.9", ""]),
        "host": dice.choice([f"127.0.0.1:{server.endpoint.port}"] * 4 + ["", "x"]),
        "token": dice.choice([server.endpoint.token] * 4 + ["", "\xff"]),
        "length": dice.choice([None, 0, 5, len(WHOLE), -1, "x", 1 << 80, BODY_LIMIT + 1, "1" * 6000]),
        "extra": dice.choice(
            ["", "X: y\r\n", "X: " + "y" * 100_000 + "\r\n", "broken\r\n", "Expect: 100-continue\r\n", "Content-Length: 3\r\n"]
        ),
    }
    body = bytearray(WHOLE)
    for _ in range(dice.randrange(8)):
        body[dice.randrange(len(body))] = dice.randrange(256)
    length = "" if pieces["length"] is None else f"Content-Length: {pieces['length']}\r\n"
    head = (
        f"{pieces['method']} {pieces['path']} {pieces['version']}\r\nHost: {pieces['host']}\r\nX-Huefill-Client: {client}\r\n"
        f"Authorization: Bearer {pieces['token']}\r\nConnection: close\r\n{length}{pieces['extra']}\r\n"
    ).encode("latin-1")
    return dice.choice([head + body, head + body, head, head[: dice.randrange(len(head))], bytes(body), dice.randbytes(300)])


def test_hundreds_of_garbage_requests_are_answered_or_hung_up_on_and_the_backend_lives(server: Server) -> None:
    dice = random.Random(20)
    client = uuid.uuid4().hex
    presence = Presence(server.endpoint, client)
    statuses: dict[bytes, int] = {}
    try:
        for _ in range(400):
            with socket.create_connection(("127.0.0.1", server.endpoint.port), timeout=30) as link:
                try:
                    link.sendall(garbage(server, client, dice))
                    link.shutdown(socket.SHUT_WR)
                    answer = b"".join(iter(lambda link=link: link.recv(65536), b""))
                except ConnectionError:
                    continue
            status = answer[9:12] if answer.startswith(b"HTTP/1.1 ") else b"none"
            statuses[status] = statuses.get(status, 0) + 1
            assert status not in (b"500", b"200"), answer[:500]
        assert len(statuses) >= 5, statuses
        assert server.process.poll() is None
        assert server.connection(client).send("/v1/jobs", probe().body(), MEDIA_TYPE)["job"]
        assert server.connection(client).json("GET", "/v1/about")["clients"] == 1
    finally:
        presence.close()
        presence.join(10)


def test_hundreds_of_garbage_bodies_are_refused_in_words_or_fail_as_jobs(server: Server) -> None:
    dice = random.Random(21)
    client = uuid.uuid4().hex
    presence = Presence(server.endpoint, client)
    connection = server.connection(client)
    refused = 0
    try:
        for _ in range(300):
            body = bytearray(WHOLE)
            for _ in range(dice.randrange(1, 5)):
                body[dice.randrange(len(body))] = dice.randrange(256)
            try:
                connection.send("/v1/jobs", [body], MEDIA_TYPE)
            except BackendError as error:
                assert error.code in ("bad_request", "unknown_task")
                assert error.message
                refused += 1
        assert 100 < refused < 300, "both bodies that are refused and bodies that are taken were tried"
        jobs = connection.json("GET", "/v1/about")
        assert jobs["version"] == server.endpoint.version
    finally:
        presence.close()
        presence.join(10)
