"""The tab Color in a person's hands: what the scenarios of coloring and matching have in common."""

import time

from PyQt5.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer
from PyQt5.QtGui import QColor, QMouseEvent
from PyQt5.QtWidgets import QApplication

from huefill_protocol.actions import is_result_name
from krita import ManagedColor


def docker(desk):
    return desk.docker


def widget(desk, name):
    return docker(desk).findChild(QObject, name)


def studio(desk):
    return docker(desk).studio


def coloring(desk):
    """The state that the docker shows."""
    return studio(desk).coloring


def color(text):
    return tuple(float(value) for value in QColor(text).getRgb()[:3])


def shown(document):
    """Krita 5.2 takes a moment until a layer of a photo that was just opened is the active one."""
    while document.activeNode() is None:
        yield 50


def opened(desk, document, action="huefill_colorize_points"):
    """The photo is opened by the menu entry, and there is a preview or a message."""
    yield from shown(document)
    desk.trigger(action)
    state = coloring(desk)
    yield from desk.until(lambda: state.picture is not None or state.message is not None, 90, "the first preview")


def answered(desk):
    """The preview of what was asked last has come."""
    yield from desk.until(lambda: coloring(desk).live._shown >= coloring(desk).live._number, 60, "the preview")
    yield 300
    yield from desk.until(lambda: coloring(desk).live._shown >= coloring(desk).live._number, 60, "the preview")


def applied(desk):
    """Apply, until the layer is there; gives the seconds from the click to the layer."""
    document = desk.krita.activeDocument()
    before, begun = len(desk.nodes(document)), time.monotonic()
    widget(desk, "huefill_colors_apply").click()
    yield from desk.until(lambda: len(desk.nodes(document)) > before or not desk.working(), 180, "the layer")
    seconds = time.monotonic() - begun
    yield from desk.until_done()
    document.waitForDone()
    yield 700
    return seconds


def result_of(desk, document):
    """The layer that Apply has made."""
    return next(node for node in desk.nodes(document) if is_result_name(node.name()))


def end_stroke(desk):
    """The pen is lifted: what the system tells Krita's window then."""
    window = desk.krita.activeWindow().qwindow().windowHandle()
    place = QPointF(3, 3)
    QApplication.sendEvent(window, QMouseEvent(QEvent.MouseButtonRelease, place, Qt.LeftButton, Qt.NoButton, Qt.NoModifier))


def dot(desk, layer, x, y, rgb):
    """A dot of the brush, where this Krita lets a script paint; else the same pixels."""
    if hasattr(layer, "paintEllipse"):
        view = desk.krita.activeWindow().activeView()
        view.setForeGroundColor(ManagedColor.fromQColor(rgb, view.canvas()))
        layer.paintEllipse(QRectF(x - 5, y - 5, 10, 10), "None", "ForegroundColor")
        return
    pixel = bytes((rgb.blue(), rgb.green(), rgb.red(), 255))
    layer.setPixelData(pixel * 100, x - 5, y - 5, 10, 10)


def laid_out(desk):
    """The docker beside the photo, as large as it likes to be, for a picture of it."""
    desk.krita.activeWindow().qwindow().showMaximized()
    panel = docker(desk)
    panel.setFloating(True)
    panel.setGeometry(760, 120, 300, 760)
    panel.raise_()
    yield 1500


class BusyWatch:
    """The longest piece of work of Krita's own thread without a look at its events, in seconds of the processor: other programs do not
    count."""

    def __init__(self):
        self.longest, self.last = 0.0, time.thread_time()
        self.timer = QTimer()
        self.timer.setInterval(5)
        self.timer.timeout.connect(self._tick)
        self.timer.start()

    def _tick(self):
        now = time.thread_time()
        self.longest, self.last = max(self.longest, now - self.last), now

    def stop(self):
        self._tick()
        self.timer.stop()
        return self.longest
