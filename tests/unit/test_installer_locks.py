"""The lock files pin and hash everything, for every Python and system, and name no host."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installer import locks, relock

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
SYSTEMS = (
    {"sys_platform": "linux", "platform_machine": "x86_64"},
    {"sys_platform": "darwin", "platform_machine": "arm64"},
    {"sys_platform": "win32", "platform_machine": "AMD64"},
)


@pytest.mark.parametrize("lock", locks.ALL, ids=lambda lock: lock.name)
def test_every_entry_is_pinned_and_hashed(lock: Path) -> None:
    entries = locks.entries(lock)
    assert entries
    for requirement, hashes in entries.items():
        (specifier,) = Requirement(requirement).specifier
        assert specifier.operator == "==" and "*" not in specifier.version
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", given) for given in hashes), requirement


@pytest.mark.parametrize("lock", locks.ALL, ids=lambda lock: lock.name)
def test_no_lock_names_a_host_or_a_folder(lock: Path) -> None:
    assert not re.search(r"https?:|file:|//|index-url|find-links| @ ", lock.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("python", "system"), list(itertools.product(PYTHONS, SYSTEMS)), ids=str)
def test_each_python_and_system_gets_one_version_of_everything_that_is_asked_for(python: str, system: dict[str, str]) -> None:
    where = {"python_version": python, "python_full_version": f"{python}.0", "platform_python_implementation": "CPython", **system}
    files = (locks.TORCH, locks.RUNTIME, locks.ONNXRUNTIME["cpu"], locks.BOOTSTRAP, locks.TEST)
    chosen: list[str] = []
    for requirement in (Requirement(text) for file in files for text in locks.entries(file)):
        if requirement.marker is None or requirement.marker.evaluate(where):
            chosen.append(canonicalize_name(requirement.name))
    assert len(chosen) == len(set(chosen))
    assert asked_for() <= set(chosen)


def test_the_cpu_builds_are_of_the_version_that_is_pinned() -> None:
    assert list(locks.entries(locks.TORCH)) == [f"torch=={relock.TORCH_VERSION}"]
    assert list(locks.entries(locks.TORCH_CPU)) == [f"torch=={relock.TORCH_VERSION}+cpu"]


def test_cuda_libraries_come_from_their_own_lock_alone() -> None:
    for lock in (locks.RUNTIME, locks.TEST, locks.BOOTSTRAP, *locks.ONNXRUNTIME.values()):
        assert not [name for name in locks.entries(lock) if name.startswith(relock.CUDA_FAMILY)], lock.name
    assert all(name.startswith(relock.CUDA_FAMILY) for name in locks.entries(locks.CUDA))


def test_line_endings_of_a_checkout_do_not_change_the_digest(tmp_path: Path) -> None:
    unix, windows = tmp_path / "unix", tmp_path / "windows"
    unix.write_bytes(b"numpy==1\nscipy==2\n")
    windows.write_bytes(b"numpy==1\r\nscipy==2\r\n")
    assert locks.digest(unix) == locks.digest(windows) != locks.digest(unix, unix)


def asked_for() -> set[str]:
    """The names in pyproject.toml's dependencies and in its extras cpu and test."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = [re.search(rf"^{name} = \[(.*?)\]", text, re.MULTILINE | re.DOTALL) for name in ("dependencies", "cpu", "test")]
    return {canonicalize_name(Requirement(item).name) for found in lists if found for item in re.findall(r'"([^"]+)"', found.group(1))}
