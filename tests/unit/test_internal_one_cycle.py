"""The short runs' optimizer does what torch's own AdamW and one-cycle schedule do."""

from __future__ import annotations

import copy
import subprocess
import sys

import torch

from huefill.internal.one_cycle import OneCycle


def test_it_follows_torch_step_by_step() -> None:
    torch.manual_seed(0)
    ours = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    theirs = copy.deepcopy(ours)
    x, y = torch.randn(64, 5), torch.randn(64, 2)
    steps = 41
    optimizer = OneCycle(ours.parameters(), 6e-3, steps, 1e-3)
    reference = torch.optim.AdamW(theirs.parameters(), lr=6e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(reference, 6e-3, total_steps=steps, pct_start=0.15)
    for _ in range(steps - 1):
        ((ours(x) - y) ** 2).mean().backward()
        optimizer.step()
        reference.zero_grad()
        ((theirs(x) - y) ** 2).mean().backward()
        reference.step()
        schedule.step()
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-4, atol=1e-5)


def test_a_run_never_loads_torchs_compiler() -> None:
    code = """
import sys, numpy as np
from huefill import internal
rng = np.random.default_rng(0)
rgb = rng.random((32, 40, 3), np.float32)
hole = np.zeros((32, 40), bool); hole[10:20, 10:20] = True
internal.recolor(rgb.mean(2), rgb, hole, preset="fast")
sys.exit("torch._dynamo" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
