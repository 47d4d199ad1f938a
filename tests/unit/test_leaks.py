"""The look-out for leaks sees what is left, and nothing that has gone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tests import leaks
from tests.leaks import Belongings, left_behind


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "PATIENCE_S", 0.2)


def test_a_thread_that_goes_on_is_seen() -> None:
    before, end = Belongings.now(), threading.Event()
    thread = threading.Thread(target=end.wait, name="goes on")
    thread.start()
    assert left_behind(before) == ["the thread goes on"]
    end.set()
    thread.join()
    assert left_behind(before) == []


def test_a_process_that_goes_on_is_seen() -> None:
    before = Belongings.now()
    with subprocess.Popen([sys.executable, "-c", "input('goes on')"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        (found,) = left_behind(before)
        assert "goes on" in found and found.startswith("the process")
        process.communicate(b"\n")
    assert left_behind(before) == []


def test_an_open_file_is_seen(tmp_path: Path) -> None:
    before = Belongings.now()
    with open(tmp_path / "open.txt", "w") as file:
        assert left_behind(before) == [f"the open file {file.name}"]
    assert left_behind(before) == []


def test_a_temporary_folder_is_seen_and_lies_apart_from_other_programs() -> None:
    before = Belongings.now()
    with tempfile.TemporaryDirectory() as folder:
        assert left_behind(before) == [f"the temporary file {folder}"]
        assert "huefill-tests-" in str(Path(folder).parent)
    assert left_behind(before) == []
