"""``python3 installer lock``: make the lock files anew. A maintainer's command: it needs ``uv``, which users never do."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from installer import locks
from installer.console import say
from installer.errors import InstallerError
from installer.paths import ROOT

TORCH_VERSION = "2.13.0"
OLDEST_PYTHON = "3.10"
# What only a CUDA build of torch asks for, by the first part of its name.
CUDA_FAMILY = ("nvidia", "cuda", "triton")


def add_torch_build(wheel: Path) -> None:
    """Record the hash of another CPU build of torch, one that the package index does not have."""
    if not wheel.name.startswith(f"torch-{TORCH_VERSION}+cpu-"):
        raise InstallerError(f"{wheel.name} is not a wheel of torch {TORCH_VERSION}+cpu.")
    known = {given for hashes in locks.entries(locks.TORCH_CPU).values() for given in hashes}
    known.add(f"sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}")
    entry = f"torch=={TORCH_VERSION}+cpu" + "".join(f" \\\n    --hash={given}" for given in sorted(known))
    _write(locks.TORCH_CPU, [entry], "CPU builds that package indexes may lack; added by `lock --torch-build WHEEL`")


def relock(uv: str | None = None, *, newest: bool = False) -> None:
    """Resolve everything for every Python and system at once, and split the result into the lock files.

    What is pinned already keeps its version, so that a new dependency changes nothing else; ``newest`` takes the newest of everything.
    """
    uv = uv or shutil.which("uv")
    if uv is None:
        raise InstallerError("Making the locks needs 'uv' on the PATH. Installing from them does not.")
    with tempfile.TemporaryDirectory() as scratch:
        pins = Path(scratch) / "pins.txt"
        kept = [] if newest else [entry for lock in locks.ALL if lock != locks.TORCH_CPU for entry in locks.entries(lock)]
        pins.write_text("".join(f"{entry}\n" for entry in [f"torch=={TORCH_VERSION}", *kept]), encoding="utf-8")
        say("Resolving what Huefill runs on …")
        runtime = _compile(uv, pins, "--extra", "cpu", str(ROOT / "pyproject.toml"))
        pins.write_text("".join(entry.split(" \\\n")[0] + "\n" for entry in [*runtime, *kept]), encoding="utf-8")
        say("Resolving the CUDA variant, the tests and the tools …")
        cuda_variant = _compile(uv, pins, "--extra", "cuda", str(ROOT / "pyproject.toml"))
        test = _compile(uv, pins, "--extra", "test", str(ROOT / "pyproject.toml"))
        tools = Path(scratch) / "tools.in"
        tools.write_text("pip\nsetuptools\n", encoding="utf-8")
        bootstrap = _compile(uv, pins, str(tools))
    names = {_name(entry) for entry in bootstrap}
    cuda = [entry for entry in runtime if _name(entry).startswith(CUDA_FAMILY)]
    torch = [entry for entry in runtime if _name(entry) == "torch"]
    onnxruntime = [entry for entry in runtime if _name(entry) == "onnxruntime"]
    apart = names | {_name(entry) for entry in (*cuda, *torch, *onnxruntime)}
    rest = [entry for entry in runtime if _name(entry) not in apart]
    _write(locks.BOOTSTRAP, bootstrap, "the tools that install the others")
    _write(locks.TORCH, torch, "torch as the package index has it, installed without its dependencies")
    _write(locks.CUDA, cuda, "what a CUDA build of torch needs beside itself")
    _write(locks.RUNTIME, rest, "what Huefill runs on, beside torch and ONNX Runtime")
    _write(locks.ONNXRUNTIME["cpu"], onnxruntime, "ONNX Runtime where there is no NVIDIA driver")
    _write(
        locks.ONNXRUNTIME["cuda"], [entry for entry in cuda_variant if _name(entry) == "onnxruntime-gpu"], "ONNX Runtime where there is one"
    )
    known = apart | {_name(entry) for entry in rest}
    _write(locks.TEST, [entry for entry in test if _name(entry) not in known], "what the tests need beside all that")


def _compile(uv: str, constraints: Path, *what: str) -> list[str]:
    arguments = ["--universal", "--generate-hashes", "--no-annotate", "--no-header", "--only-binary", ":all:", "--quiet"]
    arguments += ["--python-version", OLDEST_PYTHON, "--constraints", str(constraints), *what]
    done = subprocess.run([uv, "pip", "compile", *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise InstallerError(f"uv cannot resolve this: {done.stderr.strip()}")
    return re.split(r"\n(?=\S)", done.stdout.strip())


def _name(entry: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", entry)
    assert found, entry
    return found.group(0).lower()


def _write(lock: Path, entries: list[str], purpose: str) -> None:
    head = f"# Made by `python3 installer lock`: {purpose}.\n"
    lock.write_text(head + "\n".join(entries) + "\n", encoding="utf-8")
    say(f"  {lock.name}: {len(entries)} entries")
