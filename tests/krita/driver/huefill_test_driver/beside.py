"""Krita beside another editor, both on one backend."""

import json
import os
import pathlib
import time

from .removing import REMOVE, _square

ENDPOINT = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], "huefill/endpoint.json")


def one_job(desk):
    """Remove Object while the other editor is at work; with times that both editors' clocks share."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.select(document, *_square("small"))
    other = pathlib.Path(os.environ["HUEFILL_TEST_AT_WORK"])
    yield from desk.until(other.exists, 180, "the other editor's job")
    desk.record["asked"] = time.time()
    desk.trigger(REMOVE)
    yield from desk.until_done()
    desk.record["done"] = time.time()
    desk.record["layers"] = [name for name, _ in desk.layers(document)]
    desk.record["backend"] = json.loads(ENDPOINT.read_text())["pid"]
