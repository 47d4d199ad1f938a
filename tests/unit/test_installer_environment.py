"""An environment is made once, gone on with after an interruption, never trusted half-made, and never taken from who uses it.

pip alone is played here; the environments are real.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from installer import builds, environment, locks, paths, system_packages
from installer.errors import InstallerError
from installer.pip import NoSuchBuild, Pip, Sources, explain

REAL_CREATE = environment._create
TRIED_OUT = {environment.TORCH_BUILD: "cpu", environment.TRY_OUT: "cpu"}


class PlayedPip:
    """Stands in for pip: notes what it is asked to do, and is interrupted or fails at the chosen call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.stop_at: int | None = None
        self.missing: set[Path] = set()

    def run(self, _: Pip, *arguments: str) -> None:
        if self.stop_at == len(self.calls):
            raise KeyboardInterrupt
        self.calls.append(arguments)
        if any(str(lock) in arguments for lock in self.missing):
            raise NoSuchBuild("There is no build of torch.")

    def locks(self) -> list[str]:
        return [Path(item).name for call in self.calls for item in call if item.endswith(".txt")]


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> PlayedPip:
    played = PlayedPip()
    ask = environment._ask
    monkeypatch.setattr(environment, "_ask", lambda folder, code: TRIED_OUT.get(code) or ask(folder, code))
    monkeypatch.setattr(environment, "_create", create_quickly)
    monkeypatch.setenv("HUEFILL_ACCELERATOR", "cpu")
    monkeypatch.setattr(Pip, "run", lambda self, *arguments: played.run(self, *arguments))
    return played


def create_quickly(folder: Path) -> None:
    """A real environment, but for pip: unpacking that takes seconds."""
    venv.create(folder, clear=True)
    site = site_packages(folder)
    (site / "pip").mkdir()
    (site / "pip" / "__main__.py").touch()
    info = site / "pip-26.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pip\nVersion: 26.3\n", encoding="utf-8")
    (info / "RECORD").write_text("pip/__main__.py,,0\n", encoding="utf-8")


def site_packages(folder: Path) -> Path:
    code = "import site; print(site.getsitepackages()[-1])"
    return Path(subprocess.check_output([str(paths.python(folder)), "-X", "utf8", "-c", code], text=True, encoding="utf-8").strip())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = tmp_path / "Zoë's photos, 写真" / "environment"
    monkeypatch.setenv("HUEFILL_ENV", str(chosen))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return chosen


def started_with_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the installer takes itself to be run by another Python, whose environments would be another build."""
    monkeypatch.setattr(sys, "version", "3.99.1 (another)")


def test_a_second_run_has_nothing_to_do(pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_create", REAL_CREATE)
    python = environment.prepare()
    assert python == paths.python(builds.current()) and folder.resolve() == builds.current()
    assert paths.python(folder).samefile(python), "the environment's name leads to it"
    assert pip.locks() == ["bootstrap.txt", "torch-cpu.txt", "runtime.txt", "onnxruntime-cpu.txt"]
    pip.calls.clear()
    environment.prepare()
    assert pip.calls == []


@pytest.mark.parametrize("moment", range(6))
def test_an_interrupted_run_is_gone_on_with_and_never_trusted(pip: PlayedPip, folder: Path, moment: int) -> None:
    pip.stop_at = moment
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(tests=True)
    (build,) = folder.with_name("environment-builds").iterdir()
    assert not environment.is_whole(build, environment.fingerprints("cpu"))
    made = (build / "pyvenv.cfg").stat().st_mtime_ns
    pip.stop_at = None
    environment.prepare(tests=True)
    assert environment.read_stamp(folder)["torch"] == "cpu"
    assert environment.is_whole(builds.current(), environment.fingerprints("cpu"))
    assert (folder / "pyvenv.cfg").stat().st_mtime_ns == made, "the environment was made anew instead of gone on with"


def test_what_the_tests_need_is_added_and_the_rest_stays_whole_meanwhile(
    pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.prepare()
    before = builds.current()
    pip.calls.clear()
    seen: list[dict[str, object]] = []
    monkeypatch.setattr(Pip, "run", lambda self, *arguments: seen.append(environment.read_stamp(before)))
    environment.prepare(tests=True)
    assert builds.current() == before
    assert seen and all("runtime" in stamp and "test" not in stamp for stamp in seen)


def test_a_whole_environment_is_used_whatever_python_starts_the_installer(
    pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = environment.prepare()
    (builds.current() / "kept").touch()
    pip.calls.clear()
    started_with_another_python(monkeypatch)
    monkeypatch.setattr(environment, "NEWEST_PYTHON", (3, 9))  # even by one for which none could be made
    assert environment.prepare() == python
    assert pip.calls == [] and (folder / "kept").exists()


def test_a_new_lock_is_built_beside_and_the_old_environment_works_until_then(
    pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment.prepare()
    monkeypatch.setattr(locks, "digest", lambda *files: "another lock")
    pip.stop_at = len(pip.calls) + 2
    started_with_another_python(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        environment.prepare()
    assert builds.current() == before.parent.parent
    assert subprocess.run([str(before), "-c", ""], check=False).returncode == 0
    assert subprocess.run([str(paths.python(folder)), "-c", ""], check=False).returncode == 0
    pip.stop_at = None
    after = environment.prepare()
    assert after != before and builds.current() == after.parent.parent
    assert not before.exists(), "nothing uses the one before"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="running programs are found by /proc")
def test_a_backend_that_runs_out_of_the_old_environment_keeps_it(pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment.prepare()
    late = site_packages(folder) / "loaded_late.py"
    late.write_text("answer = 42\n", encoding="utf-8")
    code = "input(); import loaded_late; print(loaded_late.answer)"
    backend = subprocess.Popen([str(before), "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    monkeypatch.setattr(locks, "digest", lambda *files: "another lock")
    started_with_another_python(monkeypatch)
    after = environment.prepare()
    assert after != before
    assert backend.communicate("go on\n", timeout=30)[0] == "42\n"
    monkeypatch.setattr(locks, "digest", lambda *files: "a third lock")
    environment.prepare()
    assert not before.exists() and not after.exists()


def test_an_environment_that_a_plugin_starts_is_kept(pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment.prepare()
    monkeypatch.setattr(builds, "_started_by_plugins", lambda: [str(before)])
    monkeypatch.setattr(locks, "digest", lambda *files: "another lock")
    started_with_another_python(monkeypatch)
    assert environment.prepare() != before
    assert subprocess.run([str(before), "-c", ""], check=False).returncode == 0


def test_an_environment_of_an_earlier_version_gives_its_name_to_the_new_one(pip: PlayedPip, folder: Path) -> None:
    create_quickly(folder)
    environment._write_stamp(folder, {"base": "an earlier scheme"})
    python = environment.prepare()
    assert folder.is_symlink() or sys.platform == "win32"
    assert paths.python(folder).samefile(python) and builds.current() == python.parent.parent


def test_a_moved_environment_is_not_trusted(pip: PlayedPip, folder: Path) -> None:
    build = environment.prepare().parent.parent
    moved = build.with_name("moved")
    build.rename(moved)
    assert environment.read_stamp(moved)
    assert not environment.is_whole(moved, environment.fingerprints("cpu"))


def test_settings_of_linters_and_tests_change_nothing_of_an_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    text = '[project]\nname = "x"\n[tool.ruff]\nline-length = 100\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    before = environment.fingerprints("cpu")
    (tmp_path / "pyproject.toml").write_text(text.replace("100", "120"), encoding="utf-8")
    assert environment.fingerprints("cpu") == before
    (tmp_path / "pyproject.toml").write_text(text.replace('"x"', '"y"'), encoding="utf-8")
    assert {part for part, value in environment.fingerprints("cpu").items() if value != before[part]} == {"project"}


def test_a_damaged_package_is_removed_so_that_it_comes_again(pip: PlayedPip, folder: Path) -> None:
    environment.prepare()
    site = site_packages(folder)
    for name, record in {"cut_off": None, "file_lost": "lost.py,,\n", "file_short": "short.py,,99\n", "sound": "sound.py,,0\n"}.items():
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        if record is not None:
            (info / "RECORD").write_text(record, encoding="utf-8")
    (site / "short.py").touch()
    (site / "sound.py").touch()
    environment._remove_damaged(folder)
    assert {info.name.split("-")[0] for info in site.glob("*-1.0.dist-info")} == {"sound"}
    assert list(site.glob("pip-*.dist-info")), "pip itself was whole"


def test_other_peoples_folders_are_not_emptied(pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_create", REAL_CREATE)
    folder.mkdir(parents=True)
    (folder / "holiday.jpg").touch()
    with pytest.raises(InstallerError, match="holds other things"):
        environment.prepare()
    assert (folder / "holiday.jpg").exists()


def test_cuda_libraries_come_only_with_a_cuda_build(pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUEFILL_ACCELERATOR", "cuda")
    monkeypatch.setitem(TRIED_OUT, environment.TORCH_BUILD, "13.0")
    environment.prepare()
    assert pip.locks() == ["bootstrap.txt", "torch.txt", "cuda.txt", "runtime.txt", "onnxruntime-gpu.txt"]
    assert environment.read_stamp(folder)["torch"] == "13.0"


def test_without_a_cpu_build_the_index_gives_what_it_has(pip: PlayedPip, folder: Path) -> None:
    pip.missing = {locks.TORCH_CPU}
    environment.prepare()
    assert pip.locks()[:4] == ["bootstrap.txt", "torch-cpu.txt", "torch.txt", "runtime.txt"]


def test_a_full_disk_is_said_before_anything_is_begun(pip: PlayedPip, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(environment.NEEDED_BYTES, "cpu", 2**62)
    with pytest.raises(InstallerError, match=r"GB left and about .* are needed"):
        environment.prepare()
    assert not folder.exists() and not builds.current().exists() and pip.calls == []


def test_a_python_too_new_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "NEWEST_PYTHON", (3, 9))
    with pytest.raises(InstallerError, match="for which there is no torch yet"):
        environment.prepare()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "WARNING: Retrying (Retry(total=4)) broken by 'NewConnectionError'\nERROR: No matching distribution found",
            "cannot be reached",
        ),
        ("urllib3.exceptions.ReadTimeoutError: Read timed out.", "cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that the lock names"),
        ("SSLError(SSLCertVerificationError(1, 'certificate verify failed: self-signed'))", "certificate is not trusted"),
        ("ERROR: Could not find a version\nERROR: No matching distribution found for torch==2.13.0", "There is no build of torch==2.13.0"),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x/lib'", "/x/lib may not be written"),
        ("ERROR: something new", "something new"),
    ],
)
def test_what_pip_says_becomes_one_clear_sentence(said: str, told: str) -> None:
    problem = explain(said.splitlines(keepends=True))
    assert told in str(problem)
    assert isinstance(problem, NoSuchBuild) == told.startswith("There is no build")


def test_wheels_another_index_and_no_network_are_passed_on(tmp_path: Path) -> None:
    assert Sources().arguments() == []
    given = Sources(tmp_path, "file:///mirror", offline=True).arguments()
    assert given == [f"--find-links={tmp_path}", "--extra-index-url=file:///mirror", "--no-index"]


def test_a_missing_system_package_is_asked_for_by_the_command_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "uses_apt", lambda: True)
    monkeypatch.setattr(system_packages, "missing", lambda packages: [name for name in packages if name != "xvfb"])
    monkeypatch.setattr(system_packages, "_become_root", lambda: None)
    with pytest.raises(InstallerError, match=r"sudo apt-get install --no-install-recommends krita$"):
        system_packages.install(["krita", "xvfb"], "the tests need it")


def test_nothing_is_installed_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[object] = []
    monkeypatch.setattr(system_packages, "uses_apt", lambda: True)
    monkeypatch.setattr(system_packages, "missing", lambda packages: [])
    monkeypatch.setattr(subprocess, "run", lambda *given, **_: ran.append(given))
    system_packages.install(["krita"], "the tests need it")
    assert ran == []
