"""Who is let in: this machine's own programs with this start's token, no web page, nobody else's address, no flood."""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest

import huefill_protocol
from huefill_client.presence import Presence
from huefill_client.session import Session
from huefill_protocol import PROTOCOL, locations, wire
from huefill_protocol.endpoint import proof
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE, Tensor
from tests.backend.harness import Server, outcome_of, probe


def test_ping_needs_no_token_tells_no_secret_and_proves_who_answers(server: Server) -> None:
    status, answer = server.raw("GET", "/v1/ping?nonce=abc")
    assert status == 200
    assert answer == {"huefill": huefill_protocol.__version__, "protocol": PROTOCOL, "proof": proof(server.endpoint.token, "abc")}


@pytest.mark.parametrize("call", ["GET /v1/about", "POST /v1/jobs", "POST /v1/shutdown", "GET /v1/presence?client=a", "DELETE /v1/jobs/a"])
@pytest.mark.parametrize("authorization", [None, "", "Bearer ", "Bearer wrong", "Basic x", "Bearer \xe9"])
def test_every_other_call_needs_the_token(server_of_module: Server, call: str, authorization: str | None) -> None:
    method, path = call.split()
    headers = {} if authorization is None else {"Authorization": authorization}
    status, answer = server_of_module.raw(method, path, headers)
    assert (status, answer["error"]["code"]) == (401, "token")


@pytest.mark.parametrize("path", ["/v1/ping", "/v1/about"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:1", "[::1]:{port}", ""])
def test_a_foreign_host_is_refused(server_of_module: Server, path: str, host: str) -> None:
    headers = {**server_of_module.authorized, "Host": host.format(port=server_of_module.endpoint.port)}
    status, answer = server_of_module.raw("GET", path, headers)
    assert (status, answer["error"]["code"]) == (403, "host")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:{port}"])
def test_a_web_page_is_refused_whatever_its_origin(server_of_module: Server, origin: str) -> None:
    headers = {**server_of_module.authorized, "Origin": origin.format(port=server_of_module.endpoint.port)}
    status, answer = server_of_module.raw("GET", "/v1/ping", headers)
    assert (status, answer["error"]["code"]) == (403, "origin")


def test_localhost_is_this_machine_too(server_of_module: Server) -> None:
    headers = {**server_of_module.authorized, "Host": f"localhost:{server_of_module.endpoint.port}"}
    assert server_of_module.raw("GET", "/v1/about", headers)[0] == 200


def test_it_listens_on_the_loopback_alone(server_of_module: Server) -> None:
    listening = [link.laddr for link in psutil.Process(server_of_module.process.pid).net_connections("inet") if link.status == "LISTEN"]
    assert [(address.ip, address.port) for address in listening] == [("127.0.0.1", server_of_module.endpoint.port)]


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(server_of_module: Server) -> None:
    headers = {**server_of_module.authorized, "Content-Length": str(wire.BODY_LIMIT + 1)}
    status, answer = server_of_module.raw("POST", "/v1/jobs", headers)
    assert (status, answer["error"]["code"]) == (413, "too_large")
    assert answer["error"]["message"] and answer["error"]["remedy"]


def test_a_body_of_unknown_length_is_refused(server_of_module: Server) -> None:
    headers = {**server_of_module.authorized, "Transfer-Encoding": "chunked"}
    status, answer = server_of_module.raw("POST", "/v1/jobs", headers, b"1\r\nx\r\n0\r\n\r\n")
    assert (status, answer["error"]["code"]) == (411, "length_required")


def test_a_job_needs_a_client_that_is_present_and_a_large_body_does_not_drown_the_answer(server_of_module: Server) -> None:
    pixels = Tensor("U8", (5000, 5000, 3), bytes(75_000_000))
    with pytest.raises(BackendError) as refused:
        server_of_module.connection("nobody").send("/v1/jobs", probe(image=pixels).body(), MEDIA_TYPE)
    assert refused.value.code == "not_present"


def test_calls_that_do_not_exist_are_answered_in_words(server_of_module: Server) -> None:
    for method, path, expected in [
        ("GET", "/", 404),
        ("GET", "/v1/jobs/../../etc/passwd", 404),
        ("PUT", "/v1/about", 405),
        ("GET", "/v1/jobs/x/result", 404),
    ]:
        status, answer = server_of_module.raw(method, path, server_of_module.authorized)
        assert status == expected
        assert answer["error"]["message"]


def test_the_backend_says_what_memory_it_holds_and_which_networks_are_installed(server_of_module: Server) -> None:
    status, about = server_of_module.raw("GET", "/v1/about", server_of_module.authorized)
    assert status == 200
    assert 10 << 20 < about["memory_bytes"] < 4 << 30
    best = {}
    for network in about["networks"]:
        assert network["name"] and network["title"] and set(network) == {"name", "role", "title", "score"}
        best.setdefault(network["role"], network["score"])
    # The best of each role comes first, so that editors can offer it so.
    assert {"hints", "inpainting"} <= set(best)
    for network in about["networks"]:
        assert network["score"] is None or best[network["role"]] >= network["score"]


@pytest.mark.parametrize("client", ["", "a b", "x" * 65, "é", "../x"])
def test_a_client_needs_a_proper_name(server_of_module: Server, client: str) -> None:
    status, answer = server_of_module.raw("GET", f"/v1/presence?client={quote(client)}", server_of_module.authorized)
    assert (status, answer["error"]["code"]) == (400, "bad_request")


def test_too_many_waiting_jobs_are_refused_and_the_backend_goes_on(server_of_module: Server) -> None:
    presence = Presence(server_of_module.endpoint, "flood")
    connection = server_of_module.connection("flood")
    try:
        with pytest.raises(BackendError) as refused:
            for _ in range(100):
                connection.send("/v1/jobs", probe("work", seconds=60).body(), MEDIA_TYPE)
        assert refused.value.code == "busy"
    finally:
        presence.close()
        presence.join(10)


def body_of(values: Any, header: Any = None, data: bytes = b"\0" * 12) -> bytes:
    if header is None:
        header = {"image": {"dtype": "U8", "shape": [2, 2, 3], "data_offsets": [0, 12]}, "__metadata__": {"json": json.dumps(values)}}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


REQUEST = {"version": 1}
MALFORMED = {
    "nothing": b"",
    "short": b"\1\2\3",
    "a header longer than the body": struct.pack("<Q", 1 << 62) + b"{}",
    "no JSON": struct.pack("<Q", 4) + b"\xff\xfe{}",
    "deep JSON": struct.pack("<Q", 200_000) + b"[" * 200_000,
    "a list": body_of({}, header=[]),
    "no task": body_of({"request": REQUEST}),
    "an unknown task": body_of({"task": "paint", "request": REQUEST}),
    "a task that is a module": body_of({"task": "os.system", "request": REQUEST}),
    "a request that is none": body_of({"task": "probe", "request": [1]}),
    "an unknown device": body_of({"task": "probe", "request": REQUEST, "device": "tpu"}),
    "a device that is none": body_of({"task": "probe", "request": REQUEST, "device": {}}),
    "one field twice": body_of({"task": "probe", "request": {"version": 1, "image": 3}}),
    "data missing": body_of({"task": "probe", "request": REQUEST}, data=b"\0" * 11),
    "data too long": body_of({"task": "probe", "request": REQUEST}, data=b"\0" * 13),
    "metadata that are a number": body_of({}, header={"__metadata__": 3}, data=b""),
    "a shape that is negative": body_of({}, header={"image": {"dtype": "U8", "shape": [-1, -12], "data_offsets": [0, 12]}}),
    "a shape that is huge": body_of({}, header={"image": {"dtype": "U8", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 12]}}),
    "a shape of true": body_of({}, header={"image": {"dtype": "U8", "shape": [True, 12], "data_offsets": [0, 12]}}),
    "a type that nobody speaks": body_of({}, header={"image": {"dtype": "BF16", "shape": [6], "data_offsets": [0, 12]}}),
    "an empty picture": body_of({}, header={"image": {"dtype": "U8", "shape": [0, 4, 3], "data_offsets": [0, 0]}}, data=b""),
    "half a character": body_of({"task": "\ud800", "request": REQUEST}),
    "half a character as a field": body_of({"task": "probe", "request": {"version": 1, "\udfff": 3}}),
    "half a character as a tensor": body_of({}, header={"\ud800": {"dtype": "U8", "shape": [12], "data_offsets": [0, 12]}}),
    "UTF-16": struct.pack("<Q", 6) + "{}".encode("utf-16"),
    "pictures that overlap": body_of(
        {}, header={name: {"dtype": "U8", "shape": [12], "data_offsets": [0, 12]} for name in ("image", "mask")}
    ),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_body_is_refused_with_a_sentence(server_of_module: Server, present: str, body: bytes) -> None:
    headers = {**server_of_module.authorized, "X-Huefill-Client": present}
    status, answer = server_of_module.raw("POST", "/v1/jobs", headers, body)
    assert status == 400
    assert answer["error"]["code"] in ("bad_request", "unknown_task")
    assert answer["error"]["message"].endswith((".", "?"))


def test_a_client_that_hangs_up_in_the_middle_of_its_body_leaves_nothing_behind(server_of_module: Server, present: str) -> None:
    head = (
        f"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{server_of_module.endpoint.port}\r\n"
        f"Authorization: Bearer {server_of_module.endpoint.token}\r\nX-Huefill-Client: {present}\r\n"
        f"Content-Length: {wire.BODY_LIMIT}\r\n\r\n"
    )
    # Each claims the largest body there may be: if one were still counted, the third would be refused.
    for _ in range(4):
        with socket.create_connection(("127.0.0.1", server_of_module.endpoint.port)) as link:
            link.sendall(head.encode() + b"x" * 1000)
        job = server_of_module.connection(present).send("/v1/jobs", probe().body(), MEDIA_TYPE)
        assert job["job"]


def test_a_body_longer_than_announced_is_not_taken_in(server_of_module: Server, present: str) -> None:
    """HTTP lets a chunked body win over the length that was announced."""
    head = (
        f"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{server_of_module.endpoint.port}\r\n"
        f"Authorization: Bearer {server_of_module.endpoint.token}\r\nX-Huefill-Client: {present}\r\n"
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server_of_module.endpoint.port), timeout=20) as link:
        link.sendall(head.encode() + b"100000\r\n" + b"x" * 0x100000 + b"\r\n0\r\n\r\n")
        assert b" 411 " in link.recv(65536).split(b"\r\n")[0]


def test_a_call_by_another_method_is_told_the_right_one(server_of_module: Server) -> None:
    http = HTTPConnection("127.0.0.1", server_of_module.endpoint.port, timeout=20)
    http.request("PUT", "/v1/about", headers=server_of_module.authorized)
    response = http.getresponse()
    assert response.status == 405 and "GET" in response.headers["Allow"]
    http.close()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_user_can_read_the_endpoint_file(session: Session) -> None:
    session.connect()
    file = locations.endpoint_file()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [item.name for item in file.parent.iterdir() if item.name.startswith(".")] == []


def test_the_token_is_new_at_every_start_and_never_in_a_log(home: Path) -> None:
    tokens = []
    for _ in range(2):
        server = Server()
        server.raw("GET", f"/v1/about?token={server.endpoint.token}", {"Authorization": f"Bearer {server.endpoint.token}", "Host": "x"})
        tokens.append(server.endpoint.token)
        server.end()
    assert tokens[0] != tokens[1]
    logs = "".join(file.read_text("utf-8") for file in (home / "logs").iterdir())
    assert not any(token in logs for token in tokens)


def test_a_token_that_a_fault_would_write_to_the_log_is_blotted_out(session: Session, home: Path) -> None:
    token = session.connect().token
    outcome_of(session, probe("tell", note=token))
    log = (home / "logs" / "backend.log").read_text("utf-8")
    assert "the probe was told [token]" in log
    assert token not in log


def test_what_a_request_says_cannot_forge_a_line_of_the_log(session: Session, home: Path) -> None:
    session.connect()
    outcome_of(session, probe("sentence", note="calm\n2026-01-01 00:00:00 ERROR huefill: everything is lost"))
    lines = (home / "logs" / "backend.log").read_text("utf-8").splitlines()
    assert not [line for line in lines if line.startswith("2026-01-01 00:00:00 ERROR")]
    assert [line for line in lines if "everything is lost" in line]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_user_can_read_the_log(session: Session, home: Path) -> None:
    session.connect()
    assert stat.S_IMODE((home / "logs" / "backend.log").stat().st_mode) == 0o600
