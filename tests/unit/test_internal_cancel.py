"""A Cancel is heard soon, in the first run of a process too, which loads the libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Processor seconds between two looks at whether to stop: no less than what passes on the clock of a machine at rest,
# and no more on a busy one.
CODE = """
import time
import numpy as np
from huefill import internal
from huefill.imaging.colour import monochrome
from huefill.runtime.progress import Progress

rng = np.random.default_rng(0)
small = rng.random((12, 15, 3))
rgb = np.clip(np.kron(small, np.ones((16, 16, 1))) + 0.05 * rng.random((192, 240, 1)), 0, 1).astype(np.float32)
hole = np.zeros((192, 240), bool)
hole[40:140, 50:180] = True
longest, last = 0.0, time.process_time()

def stopped():
    global longest, last
    now = time.process_time()
    longest, last = max(longest, now - last), now
    return False

def enough(update):
    if PRESET in ("paper", "published") and update.fraction > 0.002:
        raise SystemExit

try:
    internal.recolor(monochrome(rgb), rgb, hole, preset=PRESET, progress=Progress(enough, stopped))
finally:
    print(longest)
"""


@pytest.mark.parametrize("preset", ["fast", "published"])
def test_the_first_run_of_a_process_looks_up_at_least_every_fifth_of_a_second(preset: str) -> None:
    code = f"PRESET = {preset!r}\n{CODE}"
    longest = min(
        float(subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(2)
    )
    assert longest < 0.2
