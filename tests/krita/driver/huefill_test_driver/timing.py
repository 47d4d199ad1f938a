"""What a person waits for, for benchmarks/latency.py: from the click to the layer in the document, action after action."""

import json
import os
import time

from huefill_krita import document as adapter
from huefill_krita.controller import controller
from huefill_krita.run import Order

from huefill_client.color_hints import Hints
from huefill_protocol.actions import COLORIZE_POINTS
from krita import Selection

from .removing import REMOVE


def from_click_to_layer(desk):
    """The cases of HUEFILL_TEST_CASES, a JSON list of [photo, diameter of the round selection or 0 for the whole photo, runs]."""
    desk.show_docker()
    desk.record["runs"] = []
    for photo, diameter, runs in json.loads(os.environ["HUEFILL_TEST_CASES"]):
        for _ in range(runs):
            document = desk.open(photo)
            yield 1500  # until the photo is drawn
            run = yield from _one(desk, document, diameter)
            desk.record["runs"].append({"photo": photo, "diameter": diameter, **run})
            document.setModified(False)
            document.close()
            yield 300


def _one(desk, document, diameter):
    document.setBatchmode(True)
    if diameter:
        _select_circle(document, diameter)
    yield 300
    root, longest_gap = document.rootNode(), desk.watch_gaps()
    before = len(root.childNodes())
    clicked = time.time()
    if diameter:
        desk.trigger(REMOVE)
    else:
        source = adapter.find_source(document)
        controller().run(Order(COLORIZE_POINTS, controller().choices, source=source, window=source.canvas, colors=Hints()))
    limit = clicked + 400
    while len(root.childNodes()) == before and time.time() < limit:
        yield 2
    there = time.time()
    yield from desk.until_done()
    gap = longest_gap()
    assert not desk.said() or "done" in desk.said(), desk.said()
    return {"clicked": clicked, "there": there, "gap": gap, "stages": controller().history[0].stages}


def _select_circle(document, diameter):
    left, top = (document.width() - diameter) // 2, (document.height() - diameter) // 2
    rows = []
    for row in range(diameter):
        half = round(((diameter / 2) ** 2 - (row + 0.5 - diameter / 2) ** 2) ** 0.5)
        side = diameter // 2 - half
        rows.append(bytes(side) + b"\xff" * (diameter - 2 * side) + bytes(side))
    selection = Selection()
    selection.select(left, top, diameter, diameter, 255)
    selection.setPixelData(b"".join(rows), left, top, diameter, diameter)
    document.setSelection(selection)
    document.waitForDone()
