"""The plugin's log: an error that nobody foresaw keeps its traceback there, and nothing that a person has named is in it."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from huefill_client import diagnostics, log
from huefill_client.jobs import JobRunner, Outcome
from huefill_client.requests import Job
from huefill_client.sentences import OUT_OF_MEMORY, Problem, Sentence, sentence_for
from huefill_protocol import locations
from huefill_protocol.errors import BackendError

TOKEN = "Zt4kWq9LmN2xRv7yBc1dFh6jPs3gTu8e0aXiYoKw"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home" / "josephine"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HUEFILL_HOME", str(folder / ".huefill"))
    monkeypatch.setenv("LOGNAME", "josephine")
    monkeypatch.setattr(Path, "home", lambda: folder)
    yield folder
    log.end()


@pytest.fixture
def file(home: Path) -> Path:
    log.begin("krita")
    return locations.plugin_log_file("krita")


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_the_traceback_is_in_the_log_and_the_sentence_names_the_log(file: Path) -> None:
    sentence = sentence_for(raised(RuntimeError("seven")))
    text = file.read_text("utf-8")
    assert "RuntimeError: seven" in text
    assert "test_client_log.py" in text and "in raised: raise error" in text
    assert sentence.code == "unexpected"
    assert str(file) in sentence.remedy
    assert "RuntimeError" in sentence.message


@pytest.mark.parametrize(
    "words",
    [
        "cannot open '/home/josephine/Photos/Aunt Hilda.png'",
        "cannot open /home/josephine/Photos/hilda.png at once",
        r"cannot open C:\Users\josephine\Pictures\hilda.png",
        "there is no layer “Hilda at the lake”",
        'no document "hilda 1913"',
        "hilda.kra is damaged",
        "file:///home/josephine/hilda.xcf is damaged",
        f"Authorization: Bearer {TOKEN}",
        f"refused {TOKEN}",
        "josephine may not do this",
    ],
)
def test_names_tokens_and_the_home_folder_are_not_in_the_log(file: Path, words: str) -> None:
    for error in (RuntimeError(words), ValueError(words), KeyError(words), OSError(2, "No such file", words), UserWarning(words)):
        sentence_for(raised(error))
    text = file.read_text("utf-8").lower()
    assert text.count("in raised") == 5
    for name in ("hilda", "josephine", TOKEN.lower(), "lake", "1913"):
        assert name not in text


def test_what_an_error_of_the_code_names_is_kept(file: Path) -> None:
    with pytest.raises(AttributeError) as caught:
        None.pixels  # type: ignore[attr-defined]  # noqa: B018
    sentence_for(caught.value)
    assert "`NoneType` object has no attribute `pixels`" in file.read_text("utf-8")


def test_the_cause_of_an_error_is_kept_too(file: Path) -> None:
    try:
        try:
            raise KeyError("layers")
        except KeyError as cause:
            raise ValueError("no result") from cause
    except ValueError as error:
        sentence_for(error)
    text = file.read_text("utf-8")
    assert text.index("ValueError: no result") < text.index("because of KeyError")


def test_what_was_foreseen_has_its_own_sentence_and_no_traceback(file: Path) -> None:
    before = file.read_text("utf-8")
    foreseen = Sentence("empty_layer", "The layer is empty.", "Click another one.")
    assert sentence_for(Problem(foreseen)) == foreseen
    assert sentence_for(BackendError("busy", "It is busy.", "Wait.")) == Sentence("busy", "It is busy.", "Wait.")
    assert file.read_text("utf-8") == before


def test_too_little_memory_has_its_own_sentence_and_a_traceback(file: Path) -> None:
    assert sentence_for(raised(MemoryError())) == OUT_OF_MEMORY
    assert "MemoryError" in file.read_text("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_the_log_belongs_to_its_user_alone_and_never_grows_beyond_measure(file: Path) -> None:
    for _ in range(400):
        log.note("x" * 4000)
    logs = sorted(file.parent.glob("krita.log*"))
    assert [one.name for one in logs] == ["krita.log", "krita.log.1", "krita.log.2"]
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 and one.stat().st_size <= 260 << 10 for one in logs)


def test_a_log_that_cannot_be_written_breaks_nothing_and_is_not_named(home: Path) -> None:
    (home / ".huefill").write_text("a file where the folder should be", "utf-8")
    log.begin("krita")
    log.note("anything")
    sentence = sentence_for(raised(RuntimeError("seven")))
    assert log.file() is None
    assert sentence.code == "unexpected" and "no log could be written" in sentence.remedy


def test_a_disk_that_is_full_meanwhile_breaks_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (handler,) = [one for one in log._logger.handlers if isinstance(one, log._Private)]
    monkeypatch.setattr(handler.stream, "write", full)
    assert sentence_for(raised(RuntimeError("seven"))).code == "unexpected"
    assert capfd.readouterr().err == ""


def test_an_error_that_cannot_be_told_breaks_nothing(file: Path) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("never")

    assert sentence_for(raised(Mute())).code == "unexpected"
    assert "Mute, which cannot be told: RuntimeError" in file.read_text("utf-8")


def test_an_error_of_ours_that_nothing_catches_is_kept_and_still_told_as_before(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *what: told.append(what[1]))
    monkeypatch.setattr(threading, "excepthook", lambda happened: told.append(happened.exc_value))
    log.watch()

    # Its end is told to nothing that can be called: an error in a thread.
    runner = JobRunner(None, None, on_end=None).start()  # type: ignore[arg-type]
    runner._thread.join()
    foreign = raised(RuntimeError("of another plugin"))
    sys.excepthook(type(foreign), foreign, foreign.__traceback__)
    text = file.read_text("utf-8")
    assert "TypeError: `NoneType` object is not callable" in text
    assert "another plugin" not in text
    assert [type(error) for error in told] == [TypeError, RuntimeError]


def test_a_job_that_fails_in_the_plugin_says_where_the_log_is(file: Path) -> None:
    ends: list[Outcome] = []

    class Broken(Job):
        def body(self) -> list[object]:
            raise RuntimeError("seven")

    JobRunner(None, Broken("remove_object", "Remove Object", {}, {}), on_end=ends.append)._run()  # type: ignore[arg-type]
    assert ends[0].error is not None
    assert str(file) in ends[0].error.remedy
    assert "in body" in file.read_text("utf-8")


def test_a_report_ends_with_the_plugins_log(file: Path, home: Path) -> None:
    sentence_for(raised(RuntimeError("seven")))
    report = diagnostics.collect(None, {"Krita": "5.2.9"})
    assert "RuntimeError: seven" in report
    assert "The end of ~/.huefill/logs/krita.log" in report
    assert str(home) not in report and "josephine" not in report
