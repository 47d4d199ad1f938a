"""A task that does what a test asks of it, so that the server can be watched at every turn."""

from __future__ import annotations

import errno
import sys
import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.tasks.contract import ColorPoint, Context, Layer, Result


@dataclass(frozen=True)
class Request:
    """``do``: "invert" the image, "work" for ``seconds`` while reporting, "hang" without looking at the progress, or fail in some way."""

    VERSION: ClassVar[int] = 1

    image: npt.NDArray[np.generic]
    do: str = "invert"
    seconds: float = 0.0
    note: str = ""
    icc: bytes | None = None
    points: tuple[ColorPoint, ...] = ()


def run(request: Request, context: Context) -> Result:
    begin = time.monotonic()
    if request.do == "hang":
        time.sleep(request.seconds)
    while request.do == "work" and (spent := time.monotonic() - begin) < request.seconds:
        context.progress.report("working", spent / request.seconds, remaining_s=request.seconds - spent)
        time.sleep(0.001)
    if request.do == "person":
        raise HuefillError("empty_mask", "The selection is empty.", "Select what is to go.")
    if request.do == "sentence":
        raise HuefillError("note", f"The probe says {request.note}.")
    if request.do == "fault":
        raise ZeroDivisionError("the probe divided by zero")
    if request.do == "exit":
        sys.exit(3)
    if request.do == "tell":
        raise RuntimeError(f"the probe was told {request.note}")
    if request.do == "memory":
        raise MemoryError
    if request.do == "disk":
        raise OSError(errno.ENOSPC, "No space left on device", "probe.bin")
    image = np.ascontiguousarray(request.image[:, :, :3])
    top = np.iinfo(image.dtype).max if image.dtype.kind == "u" else 1
    recipe = {
        "task": "probe",
        "note": request.note,
        "device": context.device,
        "icc": len(request.icc or b""),
        "points": len(request.points),
        "modules": sorted(set(sys.modules)) if request.do == "modules" else [],
    }
    inverted = Layer.of((top - image).astype(image.dtype), np.ones(image.shape[:2], np.float32), (3, 4))
    return Result((inverted,), recipe, {"work": time.monotonic() - begin})
