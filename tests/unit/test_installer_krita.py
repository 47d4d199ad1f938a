"""The plugin goes into Krita whole or not at all, comes out without a trace, and Krita's settings keep every other line."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer import krita, krita_places, kritarc
from installer.errors import InstallerError
from installer.krita_places import Place

LINES = st.sampled_from(
    [
        b"",
        b"[python]",
        b"[Python]",
        b"[python][nested]",
        b"[theme]",
        b"# [python]",
        b"Theme=Krita dark",
        b"enable_huefill_krita=false",
        b"  enable_huefill_krita = true ",
        b"enable_huefill_krita[$i]=false",
        b"enable_huefill_krita_too=true",
        b"enable_comics_project_management_tools=true",
        "Author=Zoë Müller".encode(),
        b"raw=\xff\x00\xfe",
    ]
)
FOREIGN = st.builds(
    lambda lines, end, last: end.join(lines) + (end if last else b""),
    st.lists(st.sampled_from([b"[theme]", b"[Python]", b"Theme=dark", b"# a remark", b"raw=\xff\x00"]), min_size=1, max_size=12),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
FILES = st.builds(
    lambda lines, end, last: end.join(lines) + (end if last else b""),
    st.lists(LINES, max_size=12),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)


def others(text: bytes) -> list[bytes]:
    """The lines that are neither ours, nor blank, nor the header of our group."""
    kept, group = [], b""
    for line in text.replace(b"\r\n", b"\n").split(b"\n"):
        group = line.strip() if line.strip().startswith(b"[") else group
        ours = group == b"[python]" and line.strip().startswith(
            (b"enable_huefill_krita=", b"enable_huefill_krita ", b"enable_huefill_krita[")
        )
        if line.strip() and line.strip() != b"[python]" and not ours:
            kept.append(line)
    return kept


@given(FILES)
def test_enabling_enables_and_keeps_every_other_line(text: bytes) -> None:
    after = kritarc.enabled(text)
    assert kritarc.is_enabled(after)
    assert others(after) == others(text)
    assert kritarc.enabled(after) == after


@given(FILES)
def test_disabling_takes_our_line_and_keeps_every_other(text: bytes) -> None:
    after = kritarc.disabled(text)
    assert not kritarc.is_enabled(after)
    assert others(after) == others(text)
    assert kritarc.disabled(after) == after


@given(FOREIGN)
def test_enabling_and_disabling_gives_the_file_back(text: bytes) -> None:
    end = b"\r\n" if b"\r\n" in text else b"\n"
    assert kritarc.disabled(kritarc.enabled(text)) == (text if text.endswith(b"\n") else text + end)


def test_the_line_goes_into_the_group_that_is_there() -> None:
    text = b"[python]\r\nenable_other=true\r\n\r\n[theme]\r\nTheme=dark\r\n"
    assert kritarc.enabled(text) == b"[python]\r\nenable_huefill_krita=true\r\nenable_other=true\r\n\r\n[theme]\r\nTheme=dark\r\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return krita_places.under_home(tmp_path / "Zoë's home")


BACKEND = (sys.executable, "-m", "huefill.server", "--managed")


def test_a_deployed_plugin_is_whole_enabled_and_knows_its_backend(place: Place) -> None:
    assert krita.faults(place)
    krita.deploy(place, BACKEND)
    assert krita.faults(place) == []
    assert (place.resources / "pykrita" / "huefill_krita.desktop").is_file()
    assert (place.resources / "actions" / "huefill_krita.action").is_file()
    assert (place.plugin / "lib" / "huefill_client" / "supervisor.py").is_file()
    told = json.loads(place.environment_file.read_text(encoding="utf-8"))
    assert [told["python"], *told["arguments"]] == list(BACKEND)
    assert list(place.resources.glob(".huefill*")) == []


def test_deploying_anew_takes_away_what_an_older_version_left(place: Place) -> None:
    krita.deploy(place, BACKEND)
    (place.plugin / "module_of_old.py").write_text("", encoding="utf-8")
    (place.plugin / "actions.py").write_text("old", encoding="utf-8")
    assert krita.faults(place)
    krita.deploy(place, BACKEND)
    assert krita.faults(place) == []
    assert not (place.plugin / "module_of_old.py").exists()


def test_removing_leaves_what_was_there_before(place: Place) -> None:
    before = b"[python]\nenable_other=true\n\n[theme]\nTheme=dark\n"
    place.config.parent.mkdir(parents=True)
    place.config.write_bytes(before)
    other = place.resources / "pykrita" / "other" / "__init__.py"
    other.parent.mkdir(parents=True)
    other.write_text("mine", encoding="utf-8")
    krita.deploy(place, BACKEND)
    krita.remove(place)
    assert place.config.read_bytes() == before
    left = [path for path in (*place.resources.rglob("*"), *place.environment_file.parent.rglob("*")) if path.is_file()]
    assert left == [other]
    krita.remove(place)  # a second time there is nothing to do


def test_removing_leaves_no_settings_file_where_there_was_none(place: Place) -> None:
    krita.deploy(place, BACKEND)
    krita.remove(place)
    assert not place.config.exists()


@pytest.mark.parametrize("moment", ["copying", "exchanging"])
def test_a_deployment_that_fails_leaves_the_old_plugin(place: Place, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    krita.deploy(place, BACKEND)
    (place.plugin / "actions.py").write_text("the old one", encoding="utf-8")
    rename = os.rename

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(place.plugin))

    def rename_or_fail(source: Path, target: Path) -> None:
        full() if source.name == ".huefill-new" else rename(source, target)

    if moment == "copying":
        monkeypatch.setattr(shutil, "copytree", full)
    else:
        monkeypatch.setattr(os, "rename", rename_or_fail)
    with pytest.raises(InstallerError, match="No space left on device"):
        krita.deploy(place, BACKEND)
    assert (place.plugin / "actions.py").read_text(encoding="utf-8") == "the old one"
    assert list(place.resources.glob(".huefill*")) == []


def test_a_deployment_cut_off_between_two_renames_is_mended_by_the_next(place: Place) -> None:
    krita.deploy(place, BACKEND)
    os.rename(place.plugin, place.resources / ".huefill-old")
    krita.deploy(place, BACKEND)
    assert krita.faults(place) == []
    assert list(place.resources.glob(".huefill*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_linked_kritarc_stays_a_link(place: Place, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "kritarc"
    real.parent.mkdir()
    real.write_bytes(b"[theme]\nTheme=dark\n")
    place.config.parent.mkdir(parents=True)
    place.config.symlink_to(real)
    krita.deploy(place, BACKEND)
    assert place.config.is_symlink()
    assert kritarc.is_enabled(real.read_bytes())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these folders are Linux's")
def test_every_krita_of_a_person_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HUEFILL_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert krita_places.find() == []
    (tmp_path / "snap/krita/current/.local/share/krita").mkdir(parents=True)
    (tmp_path / ".var/app/org.kde.krita/config").mkdir(parents=True)
    (tmp_path / ".var/app/org.kde.krita/config/kritarc").touch()
    image = tmp_path / "Downloads" / "krita-5.2.9-x86_64.appimage"
    image.parent.mkdir()
    image.touch()
    found = {place.kind: place for place in krita_places.find()}
    assert set(found) == {"native", "Flatpak", "Snap"}
    assert found["native"].program == image
    assert found["native"].resources == tmp_path / ".local/share/krita"
    assert found["native"].environment_file == tmp_path / ".local/share/huefill/environment.json"
    assert found["Flatpak"].remark and found["Snap"].remark and not found["native"].remark
