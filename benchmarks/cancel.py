"""How long a Cancel may wait while the internal colorizer works: the longest time between two looks at whether to stop.

    python benchmarks/cancel.py --out benchmarks/results

Every preset on a 640 x 512 photo with a hole of 30 %, in a process of its own: in the first run of the process, which loads the
libraries, and in the next. The pyramids ("paper", "published") take minutes to hours; they are watched for ``--seconds`` of their work.
The bar is 200 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from internal_color_cases import Case, hole_of, photographs, picture

BAR_S = 0.2
CASE = (512, 640)


class _Enough(Exception):
    """A pyramid was watched for long enough."""


def longest_gap(preset: str, photo: Path, seconds: float, name: str) -> float:
    """Seconds between two looks at most, over one run of ``preset``, cut after ``seconds``."""
    from huefill import internal
    from huefill.imaging.color_spaces import monochrome
    from huefill.runtime.progress import Progress

    truth, hole = picture(photo, *CASE), hole_of(Case(name, "rectangle", 0.30, *CASE))
    given = np.where(hole[..., None], 0.5, truth).astype(np.float32)
    begin = last = time.perf_counter()
    longest = 0.0

    def stopped() -> bool:
        nonlocal last, longest
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        if now - begin > seconds:
            raise _Enough
        return False

    with contextlib.suppress(_Enough):
        internal.recolor(monochrome(truth), given, hole, preset=preset, progress=Progress(lambda update: None, stopped))
    return longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--preset", help=argparse.SUPPRESS)
    given = parser.parse_args()
    photo = photographs(given.photos, 12)[0]
    if given.preset:
        print(json.dumps([longest_gap(given.preset, photo, given.seconds, photo.name) for _ in range(2)]))
        return
    text = [
        "# How long a Cancel may wait",
        "",
        "Printed by `benchmarks/cancel.py`: the longest time between two looks at whether to stop, 640 x 512, ms.",
    ]
    text += ["", "| preset | first run of a process | next run | bar |", "|---|---|---|---|"]
    for preset in ("fast", "best", "published", "paper"):
        command = [sys.executable, __file__, "--photos", str(given.photos), "--seconds", str(given.seconds), "--preset", preset]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        first, second = json.loads(done.stdout.splitlines()[-1])
        text.append(f"| {preset} | {1000 * first:.0f} | {1000 * second:.0f} | {1000 * BAR_S:.0f} |")
        print(text[-1], flush=True)
    (given.out / "cancel.md").write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
