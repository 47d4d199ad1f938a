"""How a backend comes and goes: one per user, never orphaned, found again after a death."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from huefill.server.clients import Clients
from huefill.server.failures import Refusal
from huefill_client.jobs import JobRunner, Outcome
from huefill_client.presence import Presence
from huefill_client.session import Session
from huefill_client.supervisor import Supervisor
from huefill_protocol import locations
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE
from tests.backend.harness import LAUNCH, PATIENCE_S, Server, backends_of, outcome_of, probe, until, write_environment

HEAVY = ("torch", "onnxruntime", "cv2", "scipy", "PIL")


def start_again(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(LAUNCH), *options], capture_output=True, text=True, timeout=PATIENCE_S)


def test_a_second_start_finds_the_first_and_says_so(server: Server) -> None:
    second = start_again()
    assert second.returncode == 0
    assert f"already running (process {server.process.pid}, port {server.endpoint.port})" in second.stdout
    assert server.raw("GET", "/v1/ping")[0] == 200


def test_starts_at_the_same_moment_give_one_backend(home: Path, sessions: Callable[[], Session]) -> None:
    write_environment("--managed", "--linger", "1")
    editors = [sessions() for _ in range(4)]
    threads = [threading.Thread(target=editor.connect) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    # The others' processes have found the first and end.
    (backend,) = until(lambda: len(found := backends_of(home)) == 1 and found)
    assert {editor.endpoint and editor.endpoint.pid for editor in editors} == {backend.pid}
    assert editors[0].about()["clients"] == 4


def test_the_endpoint_of_a_dead_backend_is_replaced(home: Path, session: Session) -> None:
    dead = Server()
    dead.process.kill()
    dead.process.wait()
    assert locations.endpoint_file().exists()
    assert session.connect().pid != dead.endpoint.pid
    assert outcome_of(session, probe()).state == "done"
    dead.end()


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"port": "x"}', '{"port": 1, "token": "", "pid": 1, "version": "", "protocol": 1, "started": 0}']
)
def test_a_damaged_endpoint_file_is_no_obstacle(session: Session, damage: str) -> None:
    locations.make_private_folder(locations.runtime_folder())
    locations.endpoint_file().write_text(damage, "utf-8")
    assert outcome_of(session, probe()).state == "done"


def test_another_program_at_the_port_of_a_dead_backend_is_not_spoken_to(server: Server) -> None:
    """The endpoint file names a living port, but whoever listens there does not know the token."""
    values = json.loads(locations.endpoint_file().read_text("utf-8"))
    locations.endpoint_file().write_text(json.dumps({**values, "token": "of an earlier start"}), "utf-8")
    assert Supervisor().find() is None


def test_a_managed_backend_ends_when_its_last_client_has_gone(home: Path, sessions: Callable[[], Session]) -> None:
    first, second = sessions(), sessions()
    pid = first.connect().pid
    assert second.connect().pid == pid
    first.close()
    assert outcome_of(second, probe()).state == "done"
    second.close()
    until(lambda: not backends_of(home))
    assert not locations.endpoint_file().exists()


def test_whoever_comes_while_a_backend_is_leaving_is_served_by_the_next(sessions: Callable[[], Session]) -> None:
    """Clients that come about when the last backend's patience ends; some of them meet it at its door."""
    write_environment("--managed", "--linger", "0.3")
    served = set()
    for attempt in range(24):
        session = sessions()
        outcome = outcome_of(session, probe())
        assert outcome.state == "done", outcome.error
        served.add(session.connect().pid)
        session.close()
        time.sleep(0.25 + 0.0125 * attempt)
    assert len(served) > 1, "no backend ever left: nothing was tried"


def test_a_backend_that_is_leaving_takes_nobody_in() -> None:
    clients = Clients(lambda client: None)
    clients.enter("guest")
    clients.leave("guest")
    clients.close()
    with pytest.raises(Refusal, match="just ending"):
        clients.enter("late")


def test_a_managed_backend_ends_when_nobody_ever_comes() -> None:
    server = Server("--managed", "--first-client", "0.2")
    assert server.process.wait(PATIENCE_S) == 0
    assert not locations.endpoint_file().exists()
    server.end()


def test_a_backend_that_was_started_by_hand_stays(server: Server) -> None:
    presence = Presence(server.endpoint, "guest")
    presence.close()
    presence.join(PATIENCE_S)
    until(lambda: server.connection().json("GET", "/v1/about")["clients"] == 0)
    with pytest.raises(subprocess.TimeoutExpired):
        server.process.wait(1.0)


def test_an_editor_that_is_killed_takes_its_job_and_its_backend_along(home: Path) -> None:
    editor = subprocess.Popen([sys.executable, str(Path(__file__).with_name("editor.py"))], stdout=subprocess.PIPE, text=True)
    assert editor.stdout is not None
    assert editor.stdout.readline() == "working\n"
    assert len(backends_of(home)) == 1
    editor.kill()
    editor.communicate()
    until(lambda: not backends_of(home))
    assert "cancelled after" in (home / "logs" / "backend.log").read_text("utf-8")


def test_the_jobs_of_a_client_that_has_gone_are_cancelled_and_forgotten(server: Server) -> None:
    presence = Presence(server.endpoint, "brief")
    connection = server.connection("brief")
    jobs = [connection.send("/v1/jobs", probe("work", seconds=600).body(), MEDIA_TYPE)["job"] for _ in range(3)]
    presence.close()
    until(lambda: server.connection().json("GET", "/v1/about")["state"] == "idle")
    for job in jobs:
        assert server.raw("GET", f"/v1/jobs/{job}/result", server.authorized)[0] == 404
    presence.join(PATIENCE_S)


def test_a_backend_that_is_killed_in_the_middle_gives_the_sentence_and_the_next_job_runs(session: Session) -> None:
    ends: list[Outcome] = []
    working = threading.Event()
    runner = JobRunner(session, probe("work", seconds=600), lambda update: update.stage == "working" and working.set(), ends.append).start()
    assert working.wait(PATIENCE_S)
    process = session._supervisor.process
    assert process is not None
    process.kill()
    assert runner.wait(PATIENCE_S)
    error = until(lambda: ends)[0].error
    assert error is not None
    assert error.code == "backend_died"
    assert error.message == "The Huefill backend stopped while it was working. Nothing was changed."
    assert "Try again" in error.remedy
    until(lambda: session.state == "lost")
    process.wait(PATIENCE_S)
    assert outcome_of(session, probe()).state == "done"
    assert session.state == "ready"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(server: Server, sign: signal.Signals) -> None:
    presence = Presence(server.endpoint, "present")
    server.connection("present").send("/v1/jobs", probe("work", seconds=600).body(), MEDIA_TYPE)
    server.process.send_signal(sign)
    server.process.wait(PATIENCE_S)
    assert not locations.endpoint_file().exists()
    presence.join(PATIENCE_S)
    assert not presence.alive


def test_shutdown_is_asked_for_over_the_wire(server: Server) -> None:
    assert server.raw("POST", "/v1/shutdown", server.authorized)[0] == 202
    assert server.process.wait(PATIENCE_S) == 0
    assert not locations.endpoint_file().exists()


def test_a_task_that_hangs_does_not_keep_the_process(server: Server) -> None:
    presence = Presence(server.endpoint, "present")
    server.connection("present").send("/v1/jobs", probe("hang", seconds=600).body(), MEDIA_TYPE)
    until(lambda: server.connection().json("GET", "/v1/about")["state"] == "busy")
    server.raw("POST", "/v1/shutdown", server.authorized)
    assert server.process.wait(PATIENCE_S) == 0
    presence.join(PATIENCE_S)


def test_no_heavy_library_is_loaded_before_a_task_asks_for_it(session: Session) -> None:
    """The probe looks at the modules of a backend that has started, answered, taken a body and run a job."""
    session.connect()
    session.about()
    result = outcome_of(session, probe("modules")).result
    assert result is not None
    assert "numpy" in result.recipe["modules"]
    assert not set(HEAVY) & set(result.recipe["modules"])


def test_an_environment_that_is_not_there_is_told_with_what_to_do(session: Session) -> None:
    locations.environment_file().unlink()
    error = outcome_of(session, probe()).error
    assert error is not None
    assert error.code == "not_installed"
    assert "not installed" in error.message
    assert "python3 installer krita" in error.remedy
    assert session.state == "off"


def test_an_environment_whose_python_has_gone_is_told_with_what_to_do(session: Session, home: Path) -> None:
    locations.environment_file().write_text(json.dumps({"python": str(home / "gone"), "arguments": []}), "utf-8")
    with pytest.raises(BackendError, match="gone is missing"):
        session.connect()


def test_a_backend_that_fails_to_start_is_quoted(session: Session) -> None:
    locations.environment_file().write_text(
        json.dumps({"python": sys.executable, "arguments": ["-c", "raise ImportError('no torch')"]}), "utf-8"
    )
    with pytest.raises(BackendError, match="no torch") as failed:
        session.connect()
    assert failed.value.code == "start_failed"


def test_a_backend_that_never_gets_ready_is_ended(home: Path) -> None:
    locations.environment_file().write_text(
        json.dumps({"python": sys.executable, "arguments": ["-c", "import time; time.sleep(600)"]}), "utf-8"
    )
    supervisor = Supervisor(patience_s=0.5)
    with pytest.raises(BackendError, match="was not ready"):
        supervisor.ensure()
    assert supervisor.process is not None
    assert not psutil.pid_exists(supervisor.process.pid)


def test_a_backend_of_another_protocol_is_not_used(server: Server) -> None:
    values = json.loads(locations.endpoint_file().read_text("utf-8"))
    locations.endpoint_file().write_text(json.dumps({**values, "protocol": 2}), "utf-8")
    with pytest.raises(BackendError, match="speaks protocol 2, this plugin speaks 1") as refused:
        Supervisor().find()
    assert refused.value.code == "version"


def test_the_editors_own_python_and_libraries_do_not_reach_the_backend(
    session: Session, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "/of/the/editor")
    session.connect()
    variables = backends_of(home)[0].environ()
    assert not {"PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH"} & set(variables)
    assert variables["HUEFILL_HOME"] == str(home)
