"""Which builds suit this machine: is there an NVIDIA driver?"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path


def nvidia_driver() -> bool:
    """True where an NVIDIA driver is installed and sees a device."""
    if sys.platform == "darwin":
        return False
    if shutil.which("nvidia-smi"):
        try:
            listing = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return listing.returncode == 0 and "GPU" in listing.stdout
    if sys.platform == "win32":
        return (Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll").exists()
    return Path("/proc/driver/nvidia/version").exists()


def accelerator() -> str:
    """``cuda`` where CUDA builds can be used, else ``cpu``; ``HUEFILL_ACCELERATOR`` decides where it is set to one of them."""
    asked = os.environ.get("HUEFILL_ACCELERATOR", "")
    if asked in ("cpu", "cuda"):
        return asked
    # ONNX Runtime has CUDA builds for this machine type alone.
    return "cuda" if platform.machine().lower() in ("x86_64", "amd64") and nvidia_driver() else "cpu"
