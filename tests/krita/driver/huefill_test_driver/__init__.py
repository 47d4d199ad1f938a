"""Inside the Krita under test: runs the scenarios named in HUEFILL_TEST_SCENARIOS and writes what it saw to HUEFILL_TEST_OUT.

A scenario is a generator that yields milliseconds to wait, so that Krita's own event loop runs all the time. What it
records is judged outside, by the tests.
"""

import importlib
import json
import os
import pathlib
import sys
import time
import traceback

from PyQt5.QtCore import QTimer

from krita import Krita

from .desk import Desk

OUT = pathlib.Path(os.environ["HUEFILL_TEST_OUT"])


def _write(name, record):
    unfinished = OUT / f".{name}.json"
    unfinished.write_text(json.dumps(record))
    unfinished.rename(OUT / f"{name}.json")


def _session(names):
    started = time.monotonic()
    while not (Krita.instance().activeWindow() and Krita.instance().activeWindow().qwindow().isVisible()):
        yield 50
    yield 1000
    for full in names:
        module, name = full.split(".")
        desk = Desk(OUT, name)
        desk.record["started_s"] = time.monotonic() - started
        try:
            yield from getattr(importlib.import_module(f".{module}", __package__), name)(desk)
        except Exception:
            desk.record["error"] = traceback.format_exc()
            desk.screenshot("error")
        yield from desk.clear()
        _write(name, desk.record)
    for document in Krita.instance().documents():
        document.setBatchmode(True)
        document.setModified(False)
    (OUT / "quitting").write_text("")
    Krita.instance().action("file_quit").trigger()


def _unforeseen(kind, error, trace):
    """Krita would show a box and wait for a click; an error that nothing caught fails the test instead."""
    with open(OUT / "unforeseen.txt", "a") as file:
        file.write("".join(traceback.format_exception(kind, error, trace)))


def _advance(steps):
    try:
        pause = next(steps)
    except StopIteration:
        return
    except Exception:
        _write("driver", {"error": traceback.format_exc()})
        os._exit(3)
    QTimer.singleShot(int(pause), lambda: _advance(steps))


sys.excepthook = _unforeseen
QTimer.singleShot(0, lambda: _advance(_session(os.environ["HUEFILL_TEST_SCENARIOS"].split())))
