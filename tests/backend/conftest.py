"""The real backend in a process of its own, spoken to over real HTTP; nothing of it may be left when a test ends."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huefill_client.presence import Presence
from huefill_client.session import Session
from tests.backend.harness import PATIENCE_S, Server, backends_of, until, write_environment


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own for every test, in which the plugin's environment file starts the backend with the probe task.

    After the test no thread of the client and no process of the backend may be left.
    """
    folder = tmp_path / "huefill home é"
    folder.mkdir()
    monkeypatch.setenv("HUEFILL_HOME", str(folder))
    write_environment("--managed", "--linger", "0.1")
    threads = set(threading.enumerate())
    yield folder
    until(lambda: not [thread for thread in threading.enumerate() if thread not in threads and thread.name.startswith("huefill")])
    until(lambda: not backends_of(folder))


@pytest.fixture
def server() -> Iterator[Server]:
    """A backend as ``huefill serve`` gives it, which stays until the test ends."""
    started = Server()
    yield started
    started.end()


@pytest.fixture
def sessions() -> Iterator[Callable[[], Session]]:
    """Makes sessions, each as one editor would have one, and closes them."""
    made: list[Session] = []

    def make() -> Session:
        made.append(Session())
        return made[-1]

    yield make
    for session in made:
        session.close()
    for session in made:
        process = session._supervisor.process
        if process is not None:
            process.wait(PATIENCE_S)


@pytest.fixture
def session(sessions: Callable[[], Session]) -> Session:
    return sessions()


@pytest.fixture(scope="module")
def server_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One backend for all tests of a module that leave it as they found it, in a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUEFILL_HOME", str(tmp_path_factory.mktemp("home")))
        started = Server()
    yield started
    assert started.process.poll() is None, "a test has brought the backend down"
    started.end()


@pytest.fixture
def present(server_of_module: Server) -> Iterator[str]:
    """The name of a client that is present in `server_of_module` during the test."""
    name = uuid.uuid4().hex
    presence = Presence(server_of_module.endpoint, name)
    yield name
    presence.close()
    presence.join(PATIENCE_S)
