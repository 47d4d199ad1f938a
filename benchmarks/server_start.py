"""How long the backend takes from its start to its first answer, and how much memory it holds before the first job.

    python benchmarks/server_start.py            prints the table and writes benchmarks/results/server_start.md

The clock runs as a plugin's would: from the start of the process until the backend has proved itself to a client.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

RUNS = 7
SETTLE_S = 1.0
TABLE = Path(__file__).parent / "results" / "server_start.md"


def main() -> None:
    seconds, megabytes = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as home:
            os.environ["HUEFILL_HOME"] = home
            taken, memory = start_once()
            seconds.append(taken)
            megabytes.append(memory)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(table(seconds, megabytes), "utf-8")
    print(TABLE.read_text("utf-8"))


def start_once() -> tuple[float, float]:
    """Seconds from start to ready, and the resident MB of the idle backend."""
    from huefill_client.presence import Presence
    from huefill_client.supervisor import Supervisor

    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "huefill.server", "--managed"])
    while (endpoint := Supervisor().find()) is None:
        time.sleep(0.005)
    taken = time.perf_counter() - begin
    presence = Presence(endpoint, "benchmark")
    time.sleep(SETTLE_S)
    memory = psutil.Process(process.pid).memory_info().rss / 2**20
    process.terminate()
    process.wait()
    presence.join(10)
    return taken, memory


def table(seconds: list[float], megabytes: list[float]) -> str:
    rows = [("start to ready, s", seconds, "2.0", "{:.2f}"), ("idle memory before the first job, MB", megabytes, "250", "{:.0f}")]
    lines = ["# Start of the backend", "", "| | median | worst | promised |", "|---|---|---|---|"]
    for name, values, promise, form in rows:
        lines.append(f"| {name} | {form.format(statistics.median(values))} | {form.format(max(values))} | ≤ {promise} |")
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return "\n".join([*lines, "", f"{RUNS} starts on {machine}, files in the disk cache. Printed by `benchmarks/server_start.py`.", ""])


if __name__ == "__main__":
    main()
