"""Which device a computation gets: asked of the machine, never assumed."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

from huefill.errors import HuefillError
from huefill_protocol import choices

CHOICES = choices.values(choices.DEVICES)


@dataclass(frozen=True)
class Device:
    """``kind`` "cpu" or "cuda" (also torch's name for it); ``threads`` for the parts that run on the CPU."""

    kind: str
    threads: int


def choose_device(wish: str = "auto") -> Device:
    """The device for a wish of `CHOICES`: "auto" is CUDA where torch can use it, else the CPU.

    Raises `HuefillError` "bad_device" for another word, "no_cuda" when CUDA is asked for by name and cannot be had.
    Torch is imported only where an NVIDIA driver is present.
    """
    if wish not in CHOICES:
        raise HuefillError("bad_device", f"There is no device '{wish}'.", f"Choose one of {', '.join(CHOICES)}.")
    if wish != "cpu" and cuda_usable():
        return Device("cuda", cpu_threads())
    if wish == "cuda":
        why = "the installed PyTorch cannot use it" if nvidia_driver() else "no NVIDIA driver was found"
        raise HuefillError("no_cuda", f"CUDA was asked for, but {why}.", "Choose the device 'auto' or 'cpu', or run the installer again.")
    return Device("cpu", cpu_threads())


def cuda_usable() -> bool:
    """Whether torch sees a CUDA device."""
    if not nvidia_driver():
        return False
    import torch

    return torch.cuda.is_available()


def nvidia_driver() -> bool:
    """Whether the driver's library is installed; costs nothing when it is not."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def cpu_threads() -> int:
    """Physical cores this process may use, at least 1: hyper-threads slow dense arithmetic down."""
    import psutil

    physical = psutil.cpu_count(logical=False) or 1
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else physical
    return max(1, min(physical, allowed))
