"""``python3 installer COMMAND`` as a person types it."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from installer import demo, environment, hardware, paths
from installer.files import write_whole

ROOT = Path(__file__).resolve().parents[2]


def installer(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONUTF8": "1", **variables}
    command = [sys.executable, str(ROOT / "installer"), *arguments]
    return subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")
def test_huefill_runs_in_the_callers_folder_and_its_exit_status_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, here = tmp_path / "environment", tmp_path / "photos of Zoë"
    here.mkdir()
    venv.create(folder, with_pip=False)
    monkeypatch.setenv("HUEFILL_ENV", str(folder))
    environment._write_stamp(folder, environment.fingerprints(hardware.accelerator()) | {"folder": str(folder)})
    write_whole(paths.script(folder, "huefill"), b'#!/bin/sh\npwd\nprintf "%s|" "$@"\nexit 7\n', 0o755)
    done = installer("huefill", "remove", "my photo.png", "--json", "--help", cwd=here)
    assert (done.returncode, done.stdout) == (7, f"{here}\nremove|my photo.png|--json|--help|")
    assert done.stderr == ""


def test_an_unknown_command_is_told_what_there_is() -> None:
    done = installer("dance")
    assert done.returncode == 2
    assert all(command in done.stderr for command in ("demo", "test", "huefill", "krita", "doctor"))


def test_what_is_made_from_the_table_of_actions_is_as_it_says() -> None:
    done = installer("generate")
    assert (done.returncode, done.stderr) == (0, "Everything was as the table of actions says.\n")


def test_a_folder_of_wheels_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = installer("environment", "--wheels", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert done.stderr == f"huefill installer: There is no folder of wheels at {tmp_path / 'nowhere'}.\n"


def test_taking_the_plugin_out_where_it_never_was_is_no_failure(tmp_path: Path) -> None:
    done = installer("krita", "--uninstall", "--home", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "removed from Krita" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    done = installer("doctor", "--home", str(tmp_path), HUEFILL_ENV=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "is missing" in done.stdout and "-> python3 installer krita" in done.stdout
    assert "-> python3 installer environment" in done.stdout


def test_an_old_python_can_read_the_entry_point_far_enough_to_say_it_is_too_old() -> None:
    tree = ast.parse((ROOT / "installer" / "__main__.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    check = next(place for place, node in enumerate(tree.body) if isinstance(node, ast.If) and "version_info" in ast.unparse(node.test))
    own = next(
        place for place, node in enumerate(tree.body) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("installer")
    )
    assert check < own


def test_every_show_of_the_demo_has_its_photo_and_masks(photos: Path) -> None:
    for show in demo.SHOWS:
        assert (photos / show.photo).is_file()
        assert all(Path(item).is_file() for item in show.arguments if item.endswith((".png", ".json")))


def test_the_demo_tells_each_stages_time() -> None:
    record = {"seconds": 6.25, "engine": ["patch", "patch"], "stages": {"reconstruction": 1.5, "color": 61.0}}
    assert demo.summary(record) == "6.2 s with the engine patch (reconstruction 1.5 s, color 61 s)"


PROBE = """
import pytest

def test_runs():
    assert True

@pytest.mark.{mark}
def test_other():
    pytest.skip("no such program")
"""


def _copy_conftest(tests: Path) -> None:
    for name in ("conftest.py", "leaks.py"):
        shutil.copy(ROOT / "tests" / name, tests)


@pytest.mark.parametrize(
    ("folder", "mark", "strict", "status"),
    [("unit", "krita", "1", 1), ("unit", "krita", "0", 0), ("parity", "parity", "1", 0), ("unit", "parity", "1", 0)],
)
def test_on_debian_a_skipped_test_counts_as_failed_but_for_parity(tmp_path: Path, folder: str, mark: str, strict: str, status: int) -> None:
    tests = tmp_path / "clone" / "tests"
    (tests / folder).mkdir(parents=True)
    _copy_conftest(tests)
    shutil.copy(ROOT / "pyproject.toml", tests.parent)
    (tests / folder / "test_probe.py").write_text(PROBE.format(mark=mark), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=tests.parent, env={**os.environ, "HUEFILL_NO_SKIPS": strict}, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout
    assert ("on Debian every test must run: Skipped: no such program" in done.stdout) == bool(status)


def test_on_debian_a_whole_file_that_is_skipped_counts_as_failed(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    _copy_conftest(tests)
    (tests / "test_probe.py").write_text('import pytest\npytest.importorskip("no_such_module")\n', encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "HUEFILL_NO_SKIPS": "1"}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "on Debian every test must run" in done.stdout
