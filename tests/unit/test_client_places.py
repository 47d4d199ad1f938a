"""Where things lie on each system, what is remembered, and what may leave the machine in a report."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

import pytest

import huefill_client
from huefill_client import diagnostics
from huefill_client.settings import Settings
from huefill_client.supervisor import child_environment, last_lines
from huefill_protocol import locations

SOURCES = sorted(Path(huefill_client.__file__).parent.glob("*.py"))
PLACES = [
    locations.data_folder,
    locations.config_folder,
    locations.log_folder,
    locations.runtime_folder,
    locations.endpoint_file,
    locations.environment_file,
    locations.settings_file,
    locations.log_file,
    locations.start_log_file,
]


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A person with an empty home and no variables set."""
    for name in ("HUEFILL_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home" / "jo"
    home.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    return home


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_huefill_home_holds_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HUEFILL_HOME", str(tmp_path))
    assert all(tmp_path in [place(), *place().parents] for place in PLACES)


@pytest.mark.parametrize(
    ("platform", "data", "settings", "log"),
    [
        ("linux", ".local/share/huefill", ".config/huefill/settings.json", ".local/state/huefill/backend.log"),
        (
            "darwin",
            "Library/Application Support/Huefill",
            "Library/Application Support/Huefill/settings.json",
            "Library/Logs/Huefill/backend.log",
        ),
        ("win32", "AppData/Local/Huefill", "AppData/Local/Huefill/settings.json", "AppData/Local/Huefill/Logs/backend.log"),
    ],
)
def test_each_system_has_its_own_places(
    monkeypatch: pytest.MonkeyPatch, nobody: Path, platform: str, data: str, settings: str, log: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert locations.data_folder() == nobody / data
    assert locations.settings_file() == nobody / settings
    assert locations.log_file() == nobody / log
    assert locations.environment_file() == nobody / data / "environment.json"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the XDG folders are Linux's")
def test_the_xdg_variables_are_followed_unless_they_are_relative(monkeypatch: pytest.MonkeyPatch, nobody: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert locations.data_folder() == tmp_path / "data" / "huefill"
    assert locations.config_folder() == nobody / ".config" / "huefill"
    assert locations.endpoint_file() == tmp_path / "huefill" / "endpoint.json"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the XDG folders are Linux's")
def test_a_runtime_folder_that_is_not_there_is_not_used(monkeypatch: pytest.MonkeyPatch, nobody: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(nobody / "gone"))
    assert nobody / "gone" not in locations.endpoint_file().parents


def test_choices_are_remembered(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.json"
    chosen = Settings(engine="patch", preset="best", device="cpu")
    chosen.save(file)
    assert Settings.load(file) == chosen
    assert [item.name for item in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "null", '{"engine": 3, "preset": ["x"], "device": {}}', '{"engine": "of tomorrow"}', "\x00"]
)
def test_a_damaged_settings_file_gives_the_defaults(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text, "utf-8")
    assert Settings.load(file) == Settings()


def test_one_bad_choice_does_not_lose_the_others(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"engine": "patch", "preset": "nonsense", "window": 3}), "utf-8")
    assert Settings.load(file) == Settings(engine="patch")


def test_an_engine_that_is_not_installed_today_is_not_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"engine": "some-network_2", "preset": "best"}), "utf-8")
    assert Settings.load(file) == Settings(engine="some-network_2", preset="best")


def test_settings_that_cannot_be_written_leave_the_old_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.json"
    Settings(engine="patch").save(file)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    with pytest.raises(OSError, match="No space"):
        Settings(engine="auto").save(file)
    assert Settings.load(file) == Settings(engine="patch")
    assert [item.name for item in tmp_path.iterdir()] == ["settings.json"]


def test_a_report_has_neither_token_nor_name(monkeypatch: pytest.MonkeyPatch, nobody: Path) -> None:
    home = nobody / ".huefill"
    monkeypatch.setenv("HUEFILL_HOME", str(home))
    for file in (locations.endpoint_file(), locations.log_file()):
        file.parent.mkdir(parents=True, exist_ok=True)
    secret = "s3cret-of-this-start"
    endpoint = {"port": 1, "token": secret, "pid": 1, "version": "0.1.0", "protocol": 1, "started": 0}
    locations.endpoint_file().write_text(json.dumps(endpoint), "utf-8")
    locations.log_file().write_text(f"Authorization: Bearer other-token\n{secret}\nopened {nobody}/x.png and /home/ann/y.png\n", "utf-8")
    report = diagnostics.collect(None, {"Krita": "5.2.9"})
    assert "Krita: 5.2.9" in report
    assert "opened ~/x.png and /home/[user]/y.png" in report
    assert not [word for word in (secret, "other-token", str(nobody), "ann") if word in report]


def test_a_backend_is_not_given_what_belongs_to_the_editor() -> None:
    variables = {
        "PYTHONHOME": "a",
        "PYTHONPATH": "a",
        "LD_LIBRARY_PATH": "a",
        "PATH": "/bin",
        "HOME": "/home/jo",
        "CUDA_VISIBLE_DEVICES": "0",
    }
    assert child_environment(variables) == {"PATH": "/bin", "HOME": "/home/jo", "CUDA_VISIBLE_DEVICES": "0"}


def test_the_end_of_a_long_log_is_read_without_reading_it_all(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"old line\n" * 100_000 + "letzte Zeile é\n\n".encode() + b"\xff\n")
    assert last_lines(log, 2) == ["letzte Zeile é", "\ufffd"]
    assert last_lines(tmp_path / "none", 2) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_client_runs_in_the_python_that_an_editor_brings(source: Path) -> None:
    """The syntax of Python 3.8 and nothing but the standard library: an editor's Python has no packages."""
    tree = ast.parse(source.read_text("utf-8"), feature_version=(3, 8))
    imported = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names) | {"huefill_client", "huefill_protocol"}


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_folder_of_ours_is_private(tmp_path: Path) -> None:
    locations.make_private_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
