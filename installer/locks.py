"""The lock files: exact versions with the hashes of every file that may come. How they are made: lock/README.md."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from installer.paths import LOCKS

BOOTSTRAP = LOCKS / "bootstrap.txt"
TORCH = LOCKS / "torch.txt"
TORCH_CPU = LOCKS / "torch-cpu.txt"
CUDA = LOCKS / "cuda.txt"
RUNTIME = LOCKS / "runtime.txt"
ONNXRUNTIME = {"cpu": LOCKS / "onnxruntime-cpu.txt", "cuda": LOCKS / "onnxruntime-gpu.txt"}
TEST = LOCKS / "test.txt"
ALL = (BOOTSTRAP, TORCH, TORCH_CPU, CUDA, RUNTIME, *ONNXRUNTIME.values(), TEST)


def digest(*files: Path) -> str:
    """One hash for the content of the files, whatever the line endings of the checkout."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()


def entries(lock: Path) -> dict[str, list[str]]:
    """Requirement → its hashes, for every entry of a lock file ("numpy==2.4.6 ; python_full_version >= '3.11'")."""
    found: dict[str, list[str]] = {}
    for entry in re.sub(r"\\\n\s*", "", lock.read_text(encoding="utf-8")).splitlines():
        if entry.strip() and not entry.startswith("#"):
            requirement, *hashes = entry.split("--hash=")
            found[requirement.strip()] = [item.strip() for item in hashes]
    return found
