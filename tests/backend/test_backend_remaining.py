"""The remaining time of a real removal over real HTTP: unknown at first, then learned, and never jumping."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from huefill_client.jobs import JobRunner, Outcome, Update
from huefill_client.requests import job
from huefill_client.session import Session
from huefill_protocol.actions import REMOVE_OBJECT
from huefill_protocol.wire import Tensor
from tests.backend.harness import until

PARROTS = Path(__file__).parents[2] / "examples/photos/parrots.png"


def updates_of(session: Session) -> list[Update]:
    photo = np.ascontiguousarray(Image.open(PARROTS).convert("RGB").resize((360, 240)))
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[90:130, 60:100] = mask[100:140, 280:320] = 255
    tensors = {name: Tensor("U8", pixels.shape, pixels.data) for name, pixels in (("image", photo), ("mask", mask))}
    updates: list[Update] = []
    ends: list[Outcome] = []
    JobRunner(session, job(REMOVE_OBJECT, tensors, engine="patch"), updates.append, ends.append).start().wait(240)
    assert until(lambda: ends)[0].state == "done"
    return [update for update in updates if update.state == "running"]


def test_it_is_told_from_the_second_run_on_and_rises_by_a_third_at_most(session: Session) -> None:
    first, second, third = (updates_of(session) for _ in range(3))
    assert first[0].remaining_s is None and first[1].remaining_s is None
    for run in (second, third):
        told = [update.remaining_s for update in run if update.remaining_s is not None]
        assert len(told) >= len(run) - 3
    for run in (first, second, third):
        told = [update.remaining_s for update in run if update.remaining_s is not None]
        # Two decimals travel.
        assert all(later <= earlier * 4 / 3 + 0.01 for earlier, later in pairwise(told))
        assert all(value >= 1.0 for value in told)
