"""Inside the GIMP under test: runs the scenarios named in HUEFILL_TEST_SCENARIOS and writes what it saw to HUEFILL_TEST_OUT.

What is recorded is judged outside, by the tests.
"""

import importlib
import json
import os
import pathlib
import traceback

from desk import Desk

OUT = pathlib.Path(os.environ["HUEFILL_TEST_OUT"])


def run():
    for full in os.environ["HUEFILL_TEST_SCENARIOS"].split():
        module, name, *arguments = full.split(".")
        desk = Desk(OUT, "-".join((name, *arguments)))
        try:
            getattr(importlib.import_module(module), name)(desk, *arguments)
        except Exception:
            desk.record["error"] = traceback.format_exc()
        desk.clear()
        unfinished = OUT / f".{desk.name}.json"
        unfinished.write_text(json.dumps(desk.record))
        unfinished.rename(OUT / f"{desk.name}.json")
