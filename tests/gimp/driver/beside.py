"""GIMP beside another editor, both on one backend."""

import json
import os
import pathlib
import time

from stopping import ENDPOINT

_PATIENCE_S = 400


def job_after_job(desk):
    """Remove Object again and again, until the other editor has gone; begin and end of each, on the clock that both editors share."""
    image, layer = desk.photo()
    gone = pathlib.Path(os.environ["HUEFILL_TEST_OTHER_GONE"])
    limit = time.monotonic() + _PATIENCE_S
    desk.record["calls"] = []
    last = False
    while not last and time.monotonic() < limit:
        last = gone.exists()
        begun = time.time()
        pathlib.Path(os.environ["HUEFILL_TEST_AT_WORK"]).touch()
        call, _ = desk.call("remove-object", image, layer, seed=len(desk.record["calls"]))
        desk.record["calls"].append({"done": call["done"], "said": call["said"], "begun": begun, "ended": time.time()})
    desk.record["backend"] = json.loads(ENDPOINT.read_text())["pid"]
