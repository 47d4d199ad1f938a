"""From a changed hint to the pixels of a new preview, as a plugin's client sees it, for a photo of 12 megapixels.

    python benchmarks/latency_live.py [--device cuda] [--changes N] [--photo FILE] [--out DIR] [--note WORDS]

prints the table and writes latency_live.md (for cuda: latency_live_cuda.md).

The clock runs from the change until the preview's pixels lie in the client (`huefill_client.live`), through the real backend over HTTP.
The photo is sent once, before the clock runs. The core's time is what the backend worked for a change, on all cores together: it hardly
depends on what else the machine does. Apply: until the pixels of the full-resolution layer lie in the client. Beside it the
published network (Zhang et al. 2017, 256 x 256 pixels, random weights of its shapes, without its color classes), in PyTorch eager on
the same machine, and the network that is shipped.
"""

from __future__ import annotations

import argparse
import os
import platform
import queue
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch
from warm_backend import HERE, PHOTO, Photo, commit, read, tensor, tiled, warm_backend

from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.guidance import Guidance
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.contract import ColorPoint
from huefill_client.color_points import ANCHOR
from huefill_client.jobs import JobRunner, Outcome
from huefill_client.live import LivePhoto, Preview
from huefill_client.requests import How, Point, job
from huefill_client.session import Session
from huefill_models.hints.trunk import PUBLISHED, Trunk
from huefill_protocol.actions import COLORIZE_POINTS
from huefill_protocol.errors import BackendError

WIDTH, HEIGHT = 4000, 3000
LONGEST = 640  # of the preview in Krita's docker; GIMP's dialog asks for 420
WARM_UP = 5
POINTS, MANY_POINTS, ANCHORS, RADIUS = 10, 100, 8, 8.0
DABS, DAB = 20, 40
REFERENCE = 256  # pixels on a side, as the editors send it
APPLIES, APPLY_S = 7, 1.0
DRAG_EVERY_S, DRAG_S, REST_S = 0.016, 3.0, 1.0
PATIENCE_S = 60.0
TARGET_MS = {"cpu": 80, "cuda": 30}
OPEN_S = 1.5
TIMES_FASTER = 5
Hints = dict[str, Any]


@dataclass(frozen=True)
class Drag:
    """Previews a second while changes come faster than previews can; the longest time without one, and from the last change to the last."""

    rate: float
    gap: float
    rest: float


class Hand:
    """A person's hand and eye at a photo: changes hints, sees previews."""

    def __init__(self, session: Session, photo: Photo, device: str, backend: int) -> None:
        self._backend = backend
        self._seen: queue.SimpleQueue[tuple[float, Preview | BackendError]] = queue.SimpleQueue()
        self._session = session
        opaque = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
        self._job = job(COLORIZE_POINTS, {"image": tensor(opaque)}, device=device)
        self.live = LivePhoto(session, self._job, self._see, self._see)

    def change(self, hints: Hints) -> float:
        """Seconds until its preview is seen."""
        begin = time.perf_counter()
        self.live.show(**hints, longest=LONGEST)
        return self._look() - begin

    def changes(self, name: str, hints: Iterator[Hints], count: int) -> Row:
        """Each change is made when the preview before it is seen; without those that warm up."""
        for _ in range(WARM_UP):
            self.change(next(hints))
        worked = self._worked()
        seconds = [self.change(next(hints)) for _ in range(count)]
        row = Row(name, seconds, (self._worked() - worked) / count)
        print(row.line(None), file=sys.stderr, flush=True)
        return row

    def _worked(self) -> float:
        """Seconds of all cores that the backend has worked."""
        times = psutil.Process(self._backend).cpu_times()
        return float(times.user + times.system)

    def apply(self, hints: Hints, *, live: bool) -> float:
        """Seconds until the layer is there; ``live`` from the session, else as a job that is sent whole."""
        ends: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        begin = time.perf_counter()
        if live:
            self.live.apply(lambda update: None, ends.put, **hints)
        else:
            values = {**self._job.values, "points": [asdict(point) for point in hints["points"]]}
            JobRunner(self._session, replace(self._job, values=values), on_end=ends.put).start()
        outcome = ends.get(timeout=PATIENCE_S)
        if outcome.result is None:
            raise SystemExit(str(outcome.error))
        return time.perf_counter() - begin

    def drag(self, hints: Iterator[Hints]) -> Drag:
        """Change after change, whether previews come or not."""
        begin = time.perf_counter()
        while time.perf_counter() - begin < DRAG_S:
            last = time.perf_counter()
            self.live.show(**next(hints), longest=LONGEST)
            time.sleep(DRAG_EVERY_S)
        seen = [begin]
        # Whatever came within the last moment may be older than the last change; what follows a rest is of that.
        while not self._seen.empty() or seen[-1] < last:
            seen.append(self._look())
        time.sleep(REST_S)
        while not self._seen.empty():
            seen.append(self._look())
        dragging = [moment for moment in seen if moment <= last]
        return Drag((len(dragging) - 1) / DRAG_S, float(np.diff([*dragging, last]).max()), seen[-1] - last)

    def _see(self, seen: Preview | BackendError) -> None:
        self._seen.put((time.perf_counter(), seen))

    def _look(self) -> float:
        moment, seen = self._seen.get(timeout=PATIENCE_S)
        if isinstance(seen, BackendError):
            raise SystemExit(f"{seen.code}: {seen}")
        return moment


def moved_points(count: int, palette: bool) -> Iterator[Hints]:
    """``count`` points at random; one of them moves and takes another color at each change."""
    random = np.random.default_rng(7)
    points = [_point(random) for _ in range(count)]
    while True:
        points = [*points[1:], _point(random)]
        yield {"points": points} | ({"palette_at": (points[-1].x, points[-1].y)} if palette else {})


def moved_anchors() -> Iterator[Hints]:
    """Anchors at random; one of them moves and takes another color at each change."""
    for hints in moved_points(ANCHORS, False):
        anchors = [replace(point, radius=0.0, kind=ANCHOR) for point in hints["points"]]
        yield {"points": anchors, "how": How("anchors", anchored=True)}


def beside(pictures: Hints, hints: Iterator[Hints]) -> Iterator[Hints]:
    """The same hints, and with each the same pictures, or the same way."""
    return ({**said, **pictures} for said in hints)


def painted_strokes() -> Iterator[Hints]:
    """A hint layer to which a dab is added at each change."""
    random = np.random.default_rng(8)  # not the dabs that are there
    layer = hint_layer()
    while True:
        layer = layer.copy()
        _dab(random, layer)
        yield {"hints": tensor(layer)}


def hint_layer() -> Photo:
    """A hint layer with some dabs."""
    random = np.random.default_rng(7)
    layer = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    for _ in range(DABS):
        _dab(random, layer)
    return layer


def _dab(random: np.random.Generator, layer: Photo) -> None:
    top, left = random.integers(0, HEIGHT - DAB), random.integers(0, WIDTH - DAB)
    layer[top : top + DAB, left : left + DAB] = (*random.integers(0, 256, 3), 255)


def _point(random: np.random.Generator) -> Point:
    red, green, blue = random.integers(0, 256, 3).tolist()
    return Point(float(random.integers(0, WIDTH)), float(random.integers(0, HEIGHT)), (red, green, blue), RADIUS)


def timed(work: Callable[[], object], count: int) -> list[float]:
    seconds = []
    for _ in range(WARM_UP + count):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return seconds[WARM_UP:]


def published_network(device: str, count: int) -> list[float]:
    """Seconds of a run of the published network in PyTorch eager."""
    torch.manual_seed(7)
    network = Trunk(PUBLISHED).eval().to(device)
    inputs = [torch.rand(1, channels, 256, 256, device=device) for channels in (1, 2, 1)]

    @torch.inference_mode()
    def run() -> float:
        # Fetching a value waits until the device has really finished.
        return float(network(*inputs)[0].sum())

    return timed(run, count)


def shipped_network(photo: Photo, device: str, count: int) -> tuple[list[float], str]:
    """Seconds of a run of the shipped network with what makes the hints exact, and its size in words."""
    prepared, colorizer = PreparedPhoto(photo, "srgb"), registry.choose("auto", device)
    points = tuple(ColorPoint(point.x, point.y, point.rgb, point.radius) for point in next(moved_points(POINTS, False))["points"])
    height, width = prepared.chroma(colorizer, Guidance(points)).lightness.shape
    return timed(lambda: prepared.chroma(colorizer, Guidance(points)), count), f"{width} × {height}"


@dataclass(frozen=True)
class Row:
    """``worked`` seconds of all cores for each, None where it was not measured."""

    name: str
    seconds: list[float]
    worked: float | None = None

    @property
    def p50(self) -> float:
        return float(np.percentile(self.seconds, 50))

    @property
    def p95(self) -> float:
        return float(np.percentile(self.seconds, 95))

    def line(self, peer: Row | None) -> str:
        times = "–" if peer is None else f"{peer.p50 / self.p50:.1f}×"
        worked = "–" if self.worked is None else f"{1e3 * self.worked:.0f}"
        return f"| {self.name} | {1e3 * self.p50:.0f} | {1e3 * self.p95:.0f} | {1e3 * max(self.seconds):.0f} | {worked} | {times} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--photo", type=Path, default=PHOTO)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--note", default="", help="what else the machine did; it is written below the table")
    arguments = parser.parse_args()
    device, count = arguments.device, arguments.changes
    gray = tiled(read(arguments.photo), WIDTH, HEIGHT).mean(2).astype(np.uint8)
    photo = np.ascontiguousarray(np.repeat(gray[..., None], 3, 2))
    side = slice(None, None, HEIGHT // REFERENCE)
    reference = tensor(np.ascontiguousarray(tiled(read(arguments.photo), WIDTH, HEIGHT)[side, side][:REFERENCE, :REFERENCE]))
    with warm_backend() as (session, backend):
        hand = Hand(session, photo, device, backend)
        first = hand.change({})
        anchors = How("anchors")
        rows = [
            hand.changes(f"a point moves, {POINTS} points, nine colors suggested", moved_points(POINTS, True), count),
            hand.changes(f"a point moves, {MANY_POINTS} points", moved_points(MANY_POINTS, False), count),
            hand.changes(
                f"a point moves, {POINTS} points beside a reference",
                beside({"reference": reference}, moved_points(POINTS, False)),
                count,
            ),
            hand.changes(
                f"a point moves, {POINTS} points over a painted hint layer, nine colors suggested",
                beside({"hints": tensor(hint_layer())}, moved_points(POINTS, True)),
                count,
            ),
            hand.changes("another dab is painted, and the hint layer sent", painted_strokes(), count // 4),
            hand.changes(f"an anchor moves, {ANCHORS} anchors", moved_anchors(), count),
            hand.changes(
                f"a point moves among anchors, {POINTS} points, nine colors suggested",
                beside({"how": anchors}, moved_points(POINTS, True)),
                count,
            ),
        ]
        drag = hand.drag(moved_points(POINTS, True))
        hints = next(moved_points(POINTS, False))
        applied = [
            Row(name, [hand.apply(hints, live=live) for _ in range(APPLIES)])
            for name, live in (("from the live session", True), ("as a job that is sent whole", False))
        ]
        hand.live.close()
    ours, size = shipped_network(photo, device, count)
    rows.append(Row(f"shipped network alone with its hints made exact, ONNX Runtime, {size}", ours))
    peer = Row("published network alone, PyTorch eager, 256 × 256", published_network(device, count))
    text = report(device, rows, peer, first, drag, applied)
    if arguments.note:
        text += f"\n{arguments.note}\n"
    arguments.out.mkdir(parents=True, exist_ok=True)
    name = "latency_live.md" if device == "cpu" else f"latency_live_{device}.md"
    (arguments.out / name).write_text(text, encoding="utf-8")
    print(text)


def report(device: str, rows: list[Row], peer: Row, first: float, drag: Drag, applied: list[Row]) -> str:
    where = torch.cuda.get_device_name() if device == "cuda" else "no GPU"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {where}; load of the machine at the end {os.getloadavg()[0]:.1f}"
    lines = [
        "# From a changed hint to a new preview",
        "",
        f"Printed by `{' '.join(['python', 'benchmarks/latency_live.py', *sys.argv[1:]])}` at commit {commit()}; {machine}. "
        f"A photo of {WIDTH} × {HEIGHT} pixels ({WIDTH * HEIGHT / 1e6:.0f} MP, RGBA, 8 bit), previews of "
        f"{LONGEST} × {LONGEST * HEIGHT // WIDTH} pixels in the client; "
        f"{len(peer.seconds)} changes each (a quarter of the dabs), one after the other, backend warm. "
        f"Promised for a changed hint: p95 ≤ {TARGET_MS[device]} ms, "
        f"and the published network to take {TIMES_FASTER} times as long. What the editor does before it asks and after is not counted.",
        "",
        "| | p50, ms | p95, ms | longest, ms | a core's time, ms | the published network alone takes |",
        "|---|---|---|---|---|---|",
        *(row.line(peer) for row in rows),
        peer.line(None),
        "",
        f"Opening the photo, with sending it and the first preview (promised: {OPEN_S:.1f} s): {first:.1f} s. While a point is dragged, "
        f"with a change every {1e3 * DRAG_EVERY_S:.0f} ms for {DRAG_S:.0f} s: {drag.rate:.1f} previews a second, at most "
        f"{1e3 * drag.gap:.0f} ms without a new one, the last preview {1e3 * drag.rest:.0f} ms after the last change.",
        "",
        f"Apply, {POINTS} points, until the full-resolution layer lies in the client (promised: {1e3 * APPLY_S:.0f} ms):",
        "",
        "| | p50, ms | longest, ms |",
        "|---|---|---|",
        *(f"| {row.name} | {1e3 * row.p50:.0f} | {1e3 * max(row.seconds):.0f} |" for row in applied),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
