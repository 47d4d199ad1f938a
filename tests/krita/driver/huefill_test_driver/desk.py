"""What a scenario can do at the desk: open, select, use the menu, look at layers, the history and the docker, dump pixels."""

import json
import os
import pathlib
import time

from PyQt5.QtCore import QObject, QTimer
from PyQt5.QtWidgets import QAbstractItemView, QApplication, QLabel, QMessageBox

from krita import InfoObject, Krita, Selection

PHOTOS = pathlib.Path(os.environ["HUEFILL_TEST_PHOTOS"])


class Desk:
    """One scenario's view of Krita. Everything put into ``record`` reaches the test."""

    def __init__(self, out, name):
        self.out = out
        self.name = name
        self.record = {}
        self.krita = Krita.instance()

    # documents

    def open(self, file):
        """Open a photo in a view of its own and make it the active one."""
        path = pathlib.Path(file)
        document = self.krita.openDocument(str(path if path.is_absolute() else PHOTOS / path))
        return self.show(document)

    def show(self, document):
        document.setBatchmode(True)
        window = self.krita.activeWindow()
        window.addView(document)
        self.krita.setActiveDocument(document)
        document.waitForDone()
        return document

    def select(self, document, x, y, width, height, value=255):
        selection = Selection()
        selection.select(x, y, width, height, value)
        document.setSelection(selection)
        document.waitForDone()

    def dump(self, name, node, document):
        """The node's pixels over the canvas, as Krita's own bytes, for the test to read."""
        width, height = document.width(), document.height()
        pixels = bytes(node.pixelData(0, 0, width, height))
        (self.out / f"{self.name}-{name}.bin").write_bytes(pixels)
        owner = {"model": node.colorModel(), "depth": node.colorDepth(), "profile": node.colorProfile()}
        self.record.setdefault("dumps", {})[name] = {"width": width, "height": height, **owner}

    def save(self, document, suffix):
        file = self.out / f"{self.name}.{suffix}"
        done = document.saveAs(str(file)) if suffix == "kra" else document.exportImage(str(file), InfoObject())
        document.waitForDone()
        return done

    def layers(self, document):
        return [[node.name(), node.uniqueId().toString()] for node in self.nodes(document)]

    def nodes(self, document):
        return [node for node in document.rootNode().childNodes() if node.type() != "selectionmask"]

    # the person's hands

    def trigger(self, action):
        self.krita.action(action).trigger()

    def menu_texts(self):
        """The entries of Tools ▸ Scripts, as the menu bar has them."""
        entries = self.krita.activeWindow().qwindow().menuBar().actions()
        for wanted in ("Tools", "Scripts"):
            menu = next(entry.menu() for entry in entries if entry.menu() and entry.text().replace("&", "") == wanted)
            menu.aboutToShow.emit()
            entries = menu.actions()
        return [entry.text().replace("&", "") for entry in entries]

    # the plugin's face

    @property
    def docker(self):
        return next((docker for docker in self.krita.dockers() if docker.objectName() == "huefill_docker"), None)

    def show_docker(self):
        self.docker.setVisible(True)
        self.docker.raise_()

    def widget(self, name):
        return self.docker.findChild(QObject, name)

    def said(self):
        """What the docker says: message and remedy, or empty."""
        if not self.widget("huefill_dismiss").isEnabled():
            return ""
        return " ".join(self.widget(name).text() for name in ("huefill_message", "huefill_remedy")).strip()

    def floating(self):
        """Texts that float over the canvas at the moment."""
        labels = self.krita.activeWindow().qwindow().findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and "Floating" in label.parentWidget().metaObject().className()]

    def boxes(self):
        return [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]

    def working(self):
        return self.widget("huefill_bar").isEnabled()

    # waiting

    def until(self, happened, seconds=60, what=""):
        limit = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > limit:
                raise TimeoutError(f"{what or 'it'} did not happen in {seconds} s; the docker says: {self.said()!r}")
            yield 20

    def until_done(self, seconds=180):
        """Until what was started has ended, one way or the other, and Krita has drawn it."""
        yield from self.until(lambda: not self.working(), seconds, "the end of the run")
        yield 300
        self.record["said"] = self.said()

    # looking

    def history(self):
        """Number of steps in the History docker of the active document (its first row is the state as opened)."""
        docker = next(docker for docker in self.krita.dockers() if docker.objectName() == "History")
        docker.setVisible(True)
        view = docker.findChild(QAbstractItemView)
        return view.model().rowCount()

    def screenshot(self, name):
        """The whole screen, so that boxes and menus are on it."""
        self.krita.activeWindow().qwindow().raise_()
        screen = QApplication.primaryScreen()
        screen.grabWindow(0).save(str(self.out / f"{self.name}-{name}.png"))

    def watch_gaps(self):
        """Begin to measure how long the event loop was held up; returns a function that gives the longest gap in seconds."""
        return _GapWatch().stop

    def clear(self):
        """Leave the desk as it was: no run, no boxes, no documents."""
        if self.docker is not None and self.working():
            self.widget("huefill_cancel").click()
            yield from self.until(lambda: not self.working(), 20, "the end after Cancel")
        for box in self.boxes():
            box.done(0)
        for document in self.krita.documents():
            document.setBatchmode(True)
            document.setModified(False)
            document.close()
        yield 300

    def forget_results(self):
        """Empty the docker's list of results: those of earlier scenarios."""
        from huefill_krita.controller import controller

        controller().history.clear()
        controller().history_changed.emit()

    def backend_pid(self):
        return self._endpoint().get("pid")

    def token(self):
        return self._endpoint().get("token")

    def _endpoint(self):
        file = pathlib.Path(os.environ["XDG_RUNTIME_DIR"]) / "huefill" / "endpoint.json"
        return json.loads(file.read_text()) if file.exists() else {}


class _GapWatch:
    def __init__(self):
        self.longest = 0.0
        self.last = time.monotonic()
        self.timer = QTimer()
        self.timer.setInterval(5)
        self.timer.timeout.connect(self._tick)
        self.timer.start()

    def _tick(self):
        now = time.monotonic()
        self.longest = max(self.longest, now - self.last)
        self.last = now

    def stop(self):
        self._tick()
        self.timer.stop()
        return self.longest
