"""A job over real HTTP: sent, followed, fetched; cancelled; failing; in turn with others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill_client.jobs import JobRunner, Outcome, Update
from huefill_client.session import Session
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import MEDIA_TYPE, Tensor
from tests.backend.harness import Server, outcome_of, probe, until

PARROTS = Path(__file__).parents[2] / "examples/photos/parrots.png"


@pytest.mark.parametrize(("dtype", "name"), [(np.uint8, "U8"), (np.uint16, "U16"), (np.float32, "F32")])
def test_a_photograph_comes_back_as_the_task_made_it_in_every_depth(session: Session, dtype: type, name: str) -> None:
    top = 1 if name == "F32" else np.iinfo(dtype).max
    photo = (np.asarray(Image.open(PARROTS).convert("RGB")) / 255 * top).astype(dtype)
    outcome = outcome_of(session, probe(image=Tensor(name, photo.shape, photo.data)))
    assert outcome.result is not None
    (layer,) = outcome.result.layers
    back = np.frombuffer(layer.pixels.data, dtype).reshape(layer.pixels.shape)
    assert layer.pixels.dtype == name
    np.testing.assert_array_equal(back[..., :3], (top - photo).astype(dtype))
    assert (back[..., 3] == top).all()


def test_a_result_says_where_in_the_document_it_belongs_and_what_was_done(session: Session) -> None:
    result = outcome_of(session, probe(note="für später")).result
    assert result is not None
    assert result.layers[0].origin == (13, 24)
    assert result.recipe["note"] == "für später"
    assert result.recipe["device"] == "auto"
    assert set(result.seconds) == {"work"}


def test_progress_arrives_in_order_and_no_more_than_about_ten_times_a_second(session: Session) -> None:
    updates: list[Update] = []
    begin = time.monotonic()
    runner = JobRunner(session, probe("work", seconds=1.0), updates.append).start()
    assert runner.wait(30)
    running = [update for update in updates if update.stage == "working"]
    assert [update.state for update in updates[:2]] == ["connecting", "sending"]
    assert [update.fraction for update in running] == sorted(update.fraction for update in running)
    assert 2 <= len(running) <= 10 * (time.monotonic() - begin) + 2
    assert all(update.remaining_s is not None for update in running)


def test_whoever_comes_late_is_told_the_state_of_now(session: Session) -> None:
    session.connect()
    connection = session.connection()
    job = connection.send("/v1/jobs", probe().body(), MEDIA_TYPE)["job"]
    until(lambda: list(connection.events(f"/v1/jobs/{job}/events"))[-1]["state"] == "done")
    events = list(connection.events(f"/v1/jobs/{job}/events"))
    assert [event["state"] for event in events] == ["done"]


def test_cancel_ends_a_running_job_and_the_next_one_runs(session: Session) -> None:
    ends: list[Outcome] = []
    working = threading.Event()
    runner = JobRunner(session, probe("work", seconds=60), lambda update: update.stage == "working" and working.set(), ends.append)
    runner.start()
    assert working.wait(30)
    runner.cancel()
    assert runner.wait(30)
    assert until(lambda: ends)[0] == Outcome("cancelled")
    assert outcome_of(session, probe()).state == "done"
    assert until(lambda: session.about()["state"] == "idle")


def test_cancel_is_not_held_up_by_a_task_that_does_not_look(session: Session) -> None:
    running = threading.Event()
    runner = JobRunner(session, probe("hang", seconds=1.5), lambda update: update.state == "running" and running.set()).start()
    assert running.wait(30)
    runner.cancel()
    assert runner.wait(30)
    assert session.about()["state"] == "busy", "the task was to hang longer than the cancel took"


def test_cancel_before_the_backend_is_there_ends_the_start(session: Session) -> None:
    ends: list[Outcome] = []
    runner = JobRunner(session, probe("work", seconds=60), on_end=ends.append)
    runner.cancel()
    runner.start()
    assert runner.wait(30)
    assert until(lambda: ends)[0].state == "cancelled"


def test_a_cancelled_job_that_waits_never_runs(session: Session) -> None:
    session.connect()
    connection = session.connection()
    first = connection.send("/v1/jobs", probe("work", seconds=60).body(), MEDIA_TYPE)["job"]
    answer = connection.send("/v1/jobs", probe().body(), MEDIA_TYPE)
    assert answer["position"] == 1
    connection.json("DELETE", f"/v1/jobs/{answer['job']}")
    connection.json("DELETE", f"/v1/jobs/{first}")
    events = list(connection.events(f"/v1/jobs/{answer['job']}/events"))
    assert [event["state"] for event in events] == ["cancelled"]


@pytest.mark.parametrize(
    ("do", "code", "words"),
    [
        ("person", "empty_mask", "The selection is empty."),
        ("fault", "internal", "ZeroDivisionError"),
        ("memory", "memory", "not enough memory"),
        ("disk", "disk_full", "The disk is full (probe.bin)."),
    ],
)
def test_a_failure_is_a_sentence_and_a_remedy(session: Session, home: Path, do: str, code: str, words: str) -> None:
    error = outcome_of(session, probe(do)).error
    assert error is not None
    assert error.code == code
    assert words in error.message
    assert error.remedy
    assert "Traceback" not in str(error)
    traceback = "the probe divided by zero" in (home / "logs" / "backend.log").read_text("utf-8")
    assert traceback == (do == "fault"), "the log, and it alone, has the traceback of a fault"
    assert outcome_of(session, probe()).state == "done", "the backend goes on"


def test_a_request_that_the_task_cannot_take_fails_as_a_job_with_a_sentence(session: Session) -> None:
    for values, words in [({"version": 9}, "version 9"), ({"color": 1}, "color"), ({"seconds": "long"}, "seconds")]:
        error = outcome_of(session, probe(**values)).error
        assert error is not None
        assert words in error.message


def test_a_result_is_dropped_when_it_has_been_fetched_and_confirmed(session: Session) -> None:
    session.connect()
    connection = session.connection()
    job = connection.send("/v1/jobs", probe().body(), MEDIA_TYPE)["job"]
    list(connection.events(f"/v1/jobs/{job}/events"))
    assert connection.fetch(f"/v1/jobs/{job}/result") == connection.fetch(f"/v1/jobs/{job}/result")
    connection.json("DELETE", f"/v1/jobs/{job}")
    with pytest.raises(BackendError) as refused:
        connection.fetch(f"/v1/jobs/{job}/result")
    assert refused.value.code == "unknown_job"


def test_a_result_cannot_be_fetched_before_it_is_there(session: Session) -> None:
    session.connect()
    connection = session.connection()
    job = connection.send("/v1/jobs", probe("work", seconds=60).body(), MEDIA_TYPE)["job"]
    with pytest.raises(BackendError) as refused:
        connection.fetch(f"/v1/jobs/{job}/result")
    assert refused.value.code == "not_ready"


def test_two_clients_take_turns(server: Server, sessions: Callable[[], Session]) -> None:
    """The first has sent four jobs before the second sends two; the second's first job does not wait for all four."""
    eager, modest = sessions(), sessions()
    ended: list[str] = []
    lock = threading.Lock()

    def note(name: str) -> Callable[[Outcome], None]:
        def end(outcome: Outcome) -> None:
            with lock:
                ended.append(name)

        return end

    def queued(runner_session: Session, name: str, **values: object) -> JobRunner:
        there = threading.Event()
        told = lambda update: update.state in ("queued", "running") and there.set()  # noqa: E731
        runner = JobRunner(runner_session, probe(**values), told, note(name)).start()
        assert there.wait(30)
        return runner

    runners = [queued(eager, f"eager {number}", do="work", seconds=1.0 if number == 1 else 0.3) for number in (1, 2, 3, 4)]
    runners += [queued(modest, f"modest {number}", do="work", seconds=0.3) for number in (1, 2)]
    for runner in runners:
        assert runner.wait(30)
    assert until(lambda: len(ended) == 6)
    assert ended == ["eager 1", "modest 1", "eager 2", "modest 2", "eager 3", "eager 4"]
