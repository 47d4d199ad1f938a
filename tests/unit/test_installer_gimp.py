"""The plug-in goes into every profile of GIMP 3 whole or not at all, and comes out without a trace, and without taking Krita's along."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from installer import doctor, gimp, gimp_places, krita, krita_places
from installer.errors import InstallerError
from installer.gimp_places import Place

BACKEND = (sys.executable, "-m", "huefill.server", "--managed")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which GIMP 3.0 was started once."""
    folder = tmp_path / "Zoë's home"
    (folder / ".config/GIMP/3.0").mkdir(parents=True)
    return folder


@pytest.fixture
def place(home: Path) -> Place:
    (only,) = gimp_places.under_home(home)
    return only


def test_a_deployed_plug_in_is_whole_may_be_started_and_knows_its_backend(place: Place) -> None:
    assert gimp.faults(place)
    gimp.deploy(place, BACKEND)
    assert gimp.faults(place) == []
    assert os.access(place.plugin / "huefill.py", os.X_OK)
    assert (place.plugin / "lib/huefill_client/supervisor.py").is_file()
    told = json.loads(place.environment_file.read_text(encoding="utf-8"))
    assert [told["python"], *told["arguments"]] == list(BACKEND)
    assert list(place.profile.glob(".huefill*")) == []


def test_deploying_anew_takes_away_what_an_older_version_left(place: Place) -> None:
    gimp.deploy(place, BACKEND)
    (place.plugin / "module_of_old.py").write_text("", encoding="utf-8")
    (place.plugin / "huefill_gimp/work.py").write_text("old", encoding="utf-8")
    assert gimp.faults(place)
    gimp.deploy(place, BACKEND)
    assert gimp.faults(place) == []
    assert not (place.plugin / "module_of_old.py").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such right")
def test_a_plug_in_that_may_not_be_started_is_a_fault(place: Place) -> None:
    gimp.deploy(place, BACKEND)
    (place.plugin / "huefill.py").chmod(0o644)
    assert any("may not be executed" in fault for fault in gimp.faults(place))


def test_removing_leaves_what_was_there_before(place: Place) -> None:
    other = place.profile / "plug-ins/other/other.py"
    other.parent.mkdir(parents=True)
    other.write_text("mine", encoding="utf-8")
    gimp.deploy(place, BACKEND)
    gimp.remove(place)
    assert [path for path in place.profile.rglob("*") if path.is_file()] == [other]
    assert not place.environment_file.exists()
    gimp.remove(place)  # a second time there is nothing to do


def test_taking_it_out_of_one_editor_leaves_the_other_able_to_work(home: Path, place: Place) -> None:
    in_krita = krita_places.under_home(home)
    krita.deploy(in_krita, BACKEND)
    gimp.deploy(place, BACKEND)
    gimp.remove(place)
    assert krita.faults(in_krita) == []
    gimp.deploy(place, BACKEND)
    krita.remove(in_krita)
    assert gimp.faults(place) == []
    gimp.remove(place)
    assert not place.environment_file.exists()


def test_a_deployment_that_fails_leaves_the_old_plug_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    gimp.deploy(place, BACKEND)
    (place.plugin / "huefill_gimp/work.py").write_text("the old one", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(place.plugin))

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(InstallerError, match="No space left on device"):
        gimp.deploy(place, BACKEND)
    assert (place.plugin / "huefill_gimp/work.py").read_text(encoding="utf-8") == "the old one"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these folders are Linux's")
def test_every_gimp_of_a_person_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HUEFILL_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert gimp_places.find() == []
    for profile in (
        ".config/GIMP/2.10",
        ".config/GIMP/3.0",
        ".config/GIMP/3.2",
        ".var/app/org.gimp.GIMP/config/GIMP/3.0",
        "snap/gimp/current/.config/GIMP/3.0",
    ):
        (tmp_path / profile).mkdir(parents=True)
    found = [(place.kind, place.profile.relative_to(tmp_path).as_posix()) for place in gimp_places.find()]
    assert found == [
        ("native", ".config/GIMP/3.0"),
        ("native", ".config/GIMP/3.2"),
        ("Flatpak", ".var/app/org.gimp.GIMP/config/GIMP/3.0"),
        ("Snap", "snap/gimp/current/.config/GIMP/3.0"),
    ]
    assert all(bool(place.remark) == (place.kind != "native") for place in gimp_places.find())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these folders are Linux's")
def test_a_gimp_that_was_never_started_gets_the_profile_that_it_will_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    image = tmp_path / "Downloads/GIMP-3.0.4-x86_64.AppImage"
    image.parent.mkdir()
    image.touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    (place,) = gimp_places.find()
    assert (place.profile, place.program) == (tmp_path / ".config/GIMP/3.0", image)


def test_the_doctor_says_what_is_missing_and_what_to_do(place: Place) -> None:
    def wrong() -> list[tuple[str, str]]:
        return [(state, remedy) for well, state, remedy in doctor.findings([], [place]) if not well and "plugin" in state]

    ((state, remedy), *_) = wrong()
    assert str(place.plugin) in state
    assert remedy.startswith("python3 installer gimp")
    gimp.deploy(place, BACKEND)
    assert wrong() == []
