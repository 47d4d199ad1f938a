"""Runs that do not reach their end: Cancel, a backend that dies, a document or a layer that goes away meanwhile."""

import os
import signal
import time

from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication, QComboBox

from .removing import REMOVE, _square


def _begin(desk, preset="published"):
    """Start a run that takes long, and wait until the backend is at it."""
    document = desk.open(os.environ["HUEFILL_TEST_DAMAGED"])
    desk.show_docker()
    box = desk.docker.findChild(QComboBox, "huefill_preset")
    box.setCurrentIndex(box.findData(preset))
    box.activated.emit(box.currentIndex())
    desk.select(document, *_square("damaged"))
    before = desk.layers(document), desk.history()
    desk.trigger(REMOVE)
    yield from desk.until(lambda: desk.widget("huefill_bar").value() > 0, 90, "progress")
    return document, before


def _unchanged(desk, document, before):
    document.waitForDone()
    return (desk.layers(document), desk.history()) == before


def _restore(desk):
    box = desk.docker.findChild(QComboBox, "huefill_preset")
    box.setCurrentIndex(box.findData("fast"))
    box.activated.emit(box.currentIndex())


def cancel(desk):
    document, before = yield from _begin(desk)
    desk.screenshot("running")
    begun = time.monotonic()
    desk.widget("huefill_cancel").click()
    desk.record["acknowledged"] = desk.widget("huefill_remedy").text()
    yield from desk.until(lambda: not desk.working(), 10, "the end after Cancel")
    desk.record["seconds_to_end"] = time.monotonic() - begun
    yield 300
    desk.record["said"] = desk.said()
    desk.record["unchanged"] = _unchanged(desk, document, before)
    desk.record["state"] = desk.widget("huefill_state").accessibleName()
    _restore(desk)
    desk.trigger(REMOVE)
    yield from desk.until_done()
    desk.record["works_again"] = len(desk.nodes(document)) - len(before[0])


def cancel_at_once(desk):
    """Cancel in the very moment of the click, before anything was sent."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.select(document, *_square("small"))
    desk.trigger(REMOVE)
    desk.widget("huefill_cancel").click()
    yield from desk.until_done(10)
    desk.record["layers"] = len(desk.nodes(document))


def busy(desk):
    document, _ = yield from _begin(desk)
    desk.trigger(REMOVE)
    yield 200
    desk.record["floating"] = desk.floating()
    desk.widget("huefill_cancel").click()
    yield from desk.until(lambda: not desk.working(), 10, "the end after Cancel")
    _restore(desk)
    desk.record["layers"] = len(desk.nodes(document))


def backend_killed(desk):
    document, before = yield from _begin(desk)
    killed = desk.backend_pid()
    os.kill(killed, signal.SIGKILL)
    yield from desk.until_done(30)
    desk.record["unchanged"] = _unchanged(desk, document, before)
    desk.record["state"] = desk.widget("huefill_state").accessibleName()
    desk.screenshot("sentence")
    _restore(desk)
    desk.trigger(REMOVE)
    yield from desk.until_done()
    desk.record["another_backend"] = desk.backend_pid() != killed
    desk.record["works_again"] = len(desk.nodes(document)) - len(before[0])


def document_closed(desk):
    document, _ = yield from _begin(desk, "fast")
    document.setModified(False)
    document.close()
    yield from desk.until_done()


def layer_deleted(desk):
    document, _ = yield from _begin(desk, "fast")
    photo = desk.nodes(document)[0]
    other = document.createNode("other", "paintlayer")
    document.rootNode().addChildNode(other, photo)
    photo.remove()
    yield from desk.until_done()
    desk.record["layers"] = [node.name() for node in desk.nodes(document)]


def canvas_cropped(desk):
    document, _ = yield from _begin(desk, "fast")
    document.crop(10, 10, 400, 300)
    yield from desk.until_done()
    desk.record["layers"] = [node.name() for node in desk.nodes(document)]


def painting_meanwhile(desk):
    """A brush stroke that lasts longer than the job: the layer comes only after it, and the stroke is whole."""
    document, before = yield from _begin(desk, "fast")
    desk.krita.action("KritaShape/KisToolBrush").trigger()
    document.setSelection(None)
    yield 300
    canvas = _canvas(desk)
    start = QPoint(canvas.width() // 2 - 60, canvas.height() // 2 - 60)
    _mouse(canvas, QEvent.MouseButtonPress, start)
    limit = time.monotonic() + 60
    step = 0
    # Until the result waits for us, or already has a layer (which would be wrong).
    while "painting" not in desk.widget("huefill_remedy").text() and len(desk.nodes(document)) == len(before[0]):
        if time.monotonic() > limit:
            break
        step += 1
        _mouse(canvas, QEvent.MouseMove, start + QPoint(step % 100, step % 40))
        yield 50
    desk.record["stage_while_painting"] = desk.widget("huefill_remedy").text()
    desk.record["layers_while_painting"] = len(desk.nodes(document)) - len(before[0])
    _mouse(canvas, QEvent.MouseButtonRelease, start + QPoint(100, 40))
    yield from desk.until_done()
    desk.record["layers_after"] = len(desk.nodes(document)) - len(before[0])
    desk.record["steps"] = desk.history() - before[1]


def _canvas(desk):
    window = desk.krita.activeWindow().qwindow()
    names = ("KisOpenGLCanvas2", "KisQPainterCanvas")
    return next(widget for widget in window.findChildren(object) if widget.metaObject().className() in names and widget.isVisible())


def _mouse(widget, kind, point):
    buttons = Qt.NoButton if kind == QEvent.MouseButtonRelease else Qt.LeftButton
    button = Qt.NoButton if kind == QEvent.MouseMove else Qt.LeftButton
    event = QMouseEvent(kind, QPointF(point), QPointF(widget.mapToGlobal(point)), button, buttons, Qt.NoModifier)
    QApplication.sendEvent(widget, event)
