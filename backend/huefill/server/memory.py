"""Gives memory back when the backend has been idle for a while."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import sys
from collections.abc import Callable

from huefill.runtime.store import release_models

_log = logging.getLogger(__name__)

# Called, in order, in the worker thread when no job has run for a while; each must be harmless when there is nothing to
# release, and must not import a heavy library only to find that out.
ON_IDLE: list[Callable[[], None]] = [release_models]


def release() -> None:
    """Run `ON_IDLE`, collect garbage, and hand free pages and cached graphics memory back to the system."""
    for hook in ON_IDLE:
        try:
            hook()
        except Exception:
            _log.exception("a hook for idle times failed")
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
    if sys.platform == "linux":
        # The C library keeps what was freed; a picture's worth of it is hundreds of megabytes. Not every libc has the call.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
    _log.info("idle: memory released")
