"""An editor in miniature: connects, starts an endless job, says so, and waits to be killed."""

from __future__ import annotations

import time

from huefill_client.jobs import JobRunner, Update
from huefill_client.requests import Job
from huefill_client.session import Session
from huefill_protocol.wire import Tensor


def tell(update: Update) -> None:
    if update.stage == "working":
        print("working", flush=True)


pixels = Tensor("U8", (1, 1, 3), bytes(3))
JobRunner(Session(), Job("probe", "Probe", {"version": 1, "do": "work", "seconds": 600.0}, {"image": pixels}), tell).start()
time.sleep(600)
