"""What the backend says of itself."""

from __future__ import annotations

import math
import sys
from typing import Any

import psutil

from huefill.runtime.store import Card, model_store
from huefill.server.jobs import FINAL
from huefill.server.scheduler import Scheduler
from huefill.tasks import registry
from huefill_protocol.endpoint import Endpoint


def about(endpoint: Endpoint, scheduler: Scheduler, clients: int, log_file: str) -> dict[str, Any]:
    """``memory_bytes`` is the process's resident size; ``device`` is None until a first job has loaded the libraries that know.

    Reads the networks' cards: not for the event loop.
    """
    jobs = scheduler.jobs()
    return {
        "version": endpoint.version,
        "protocol": endpoint.protocol,
        "pid": endpoint.pid,
        "started": endpoint.started,
        "tasks": list(registry.TASKS),
        "device": _device(),
        "memory_bytes": psutil.Process().memory_info().rss,
        "networks": [_described(card) for card in model_store().cards()],
        "models": model_store().loaded(),
        "clients": clients,
        "state": "busy" if scheduler.busy else "idle",
        "jobs": [{"job": job.id, "task": job.task, **job.to_wire(scheduler.position(job))} for job in jobs if job.state.name not in FINAL],
        "log": log_file,
    }


def _described(card: Card) -> dict[str, Any]:
    """``score`` is what networks of its role are ranked by, None where it was not measured."""
    return {"name": card.name, "role": card.role, "title": card.title, "score": card.rank if math.isfinite(card.rank) else None}


def _device() -> str | None:
    """Asked of torch only if a job has already imported it: a question must not cost a second and 200 MB."""
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    # A job may be importing it at this very moment: then it does not know yet.
    usable = getattr(cuda, "is_available", None)
    if usable is None:
        return None
    return "cuda" if usable() else "cpu"
