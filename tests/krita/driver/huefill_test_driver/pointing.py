"""Points by keys alone, from near, on the canvas itself; and what is read aloud of the docker."""

import os

from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QCursor, QMouseEvent, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from .brushing import _steps
from .colors import applied, coloring, opened, studio, widget
from .stopping import _canvas, _mouse


def _key(desk, key, modifiers=Qt.NoModifier):
    desk.krita.activeWindow().qwindow().activateWindow()
    QTest.keyClick(widget(desk, "huefill_picture"), key, modifiers)


def _points(desk):
    return [[point.x, point.y, [round(value) for value in point.rgb]] for point in coloring(desk).points]


def _likely(desk):
    return [[list(item.rgb), item.probability] for item in coloring(desk).suggestions]


def _suggested(desk):
    yield from desk.until(lambda: len(coloring(desk).suggestions) == 9, 60, "the suggested colors")


def _enabled(desk):
    names = ("huefill_points_undo", "huefill_points_redo", "huefill_points_delete", "huefill_points_clear")
    return [widget(desk, name).isEnabled() for name in names]


def by_keys(desk):
    """Place, color, move, delete and undo a point without a mouse, while the document has steps of its own."""
    document, record = desk.open(os.environ["HUEFILL_TEST_GRAY"]), desk.record
    yield from opened(desk, document)
    record["idle"] = _enabled(desk)
    yield from applied(desk)  # a step that Ctrl+Z must not take
    desk.history()
    layers, steps = desk.layers(document), _steps(desk)
    picture = widget(desk, "huefill_picture")
    picture.setFocus()
    for _ in range(3):
        _key(desk, Qt.Key_Right)
    _key(desk, Qt.Key_Return)
    record["placed"] = _points(desk)
    record["with_a_point"] = _enabled(desk)
    yield from _suggested(desk)
    record["likely"] = [_likely(desk)]
    for number in (3, 7, 2):
        _key(desk, getattr(Qt, f"Key_{number}"))
        yield 700
        record["likely"].append(_likely(desk))
        record.setdefault("colored", []).append(_points(desk)[0][2])
    _key(desk, Qt.Key_Z, Qt.ControlModifier)
    record["color_undone"] = _points(desk)[0][2]
    _key(desk, Qt.Key_Z, Qt.ControlModifier | Qt.ShiftModifier)
    record["color_redone"] = _points(desk)[0][2]
    _key(desk, Qt.Key_Down, Qt.ShiftModifier)
    record["moved"] = _points(desk)
    yield from _suggested(desk)
    yield 500
    for name, value in (("huefill_radius", 12), ("huefill_strength", 50)):
        box = widget(desk, name)
        box.setValue(value)
        box.editingFinished.emit()
    point = coloring(desk).selected
    record["radius_and_strength"] = [point.radius, point.strength]
    record["asked"] = [[round(value) for value in color] for color in (point.rgb, point.base, point.asked)]
    _key(desk, Qt.Key_Delete)
    record["deleted"] = _points(desk)
    _key(desk, Qt.Key_Z, Qt.ControlModifier)
    record["delete_undone"] = len(_points(desk))
    yield 500
    record["document"] = [desk.layers(document) == layers, _steps(desk) - steps]
    yield from _from_near(desk, picture)
    yield from _names(desk)
    studio(desk).close()


def _from_near(desk, picture):
    """The wheel about the pointer, the middle button, before and after."""
    record, spot = desk.record, picture.rect().center() + QPoint(40, -30)
    picture.zoom(4)  # until the photo is larger than the picture on all sides
    QCursor.setPos(picture.mapToGlobal(spot))
    yield 100
    there = picture.view.to_photo(spot.x(), spot.y())
    for _ in range(3):
        place = QPointF(picture.mapToGlobal(spot))
        wheel = QWheelEvent(QPointF(spot), place, QPoint(), QPoint(0, 120), Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False)
        QApplication.sendEvent(picture, wheel)
    record["zoom"] = picture.view.zoom
    record["under_the_pointer"] = [there, picture.view.to_photo(spot.x(), spot.y())]
    frame = picture.frame()
    QTest.mousePress(picture, Qt.MiddleButton, Qt.NoModifier, spot)
    _drag(picture, spot + QPoint(-20, 15))
    QTest.mouseRelease(picture, Qt.MiddleButton, Qt.NoModifier, spot + QPoint(-20, 15))
    record["panned"] = [picture.frame().x() - frame.x(), picture.frame().y() - frame.y()]
    former = coloring(desk).picture
    yield from desk.until(lambda: coloring(desk).picture is not former, 30, "a preview for a closer look")
    record["sharper"] = [former.shape[1], coloring(desk).picture.shape[1]]
    desk.screenshot("near")
    after = picture.grab().toImage()
    widget(desk, "huefill_before").click()
    yield 300  # the photo as it was is made small between other things
    before = picture.grab().toImage()
    record["before_is_gray"] = [_most_colorful(before), _most_colorful(after)]
    widget(desk, "huefill_before").click()
    record["after_again"] = picture.grab().toImage() == after
    widget(desk, "huefill_zoom_fit").click()
    record["whole"] = picture.view.zoom


def _drag(picture, place):
    move = QMouseEvent(QEvent.MouseMove, QPointF(place), Qt.NoButton, Qt.MiddleButton, Qt.NoModifier)
    QApplication.sendEvent(picture, move)


def _most_colorful(image):
    """The mean distance between the channels of pixels in a corner of the picture, away from points."""
    colors = [image.pixelColor(x, y) for x in range(8, 60, 6) for y in range(30, 80, 6)]
    return sum(max(c.red(), c.green(), c.blue()) - min(c.red(), c.green(), c.blue()) for c in colors) / len(colors)


def _names(desk):
    """All that can be worked with by keys has a name that can be read aloud."""
    desk.record["nameless"] = []
    kinds = (QAbstractButton, QComboBox, QAbstractSlider, QAbstractSpinBox, QLineEdit, QAbstractItemView)
    labels = {label.buddy(): label.text() for label in desk.docker.findChildren(QLabel) if label.buddy() is not None}
    for each in desk.docker.widget().findChildren(QWidget):
        ours = isinstance(each, kinds) and not isinstance(each, QScrollBar)
        inside = isinstance(each.parent(), (QComboBox, QAbstractSpinBox)) or "qt_" in each.objectName() or "ListView" in _class(each)
        if not ours or inside or "ScrollButton" in each.objectName():
            continue
        name = each.accessibleName() or (each.text() if isinstance(each, QAbstractButton) else "") or labels.get(each, "")
        if len(name.strip("+−…✕ ")) < 2:
            desk.record["nameless"].append(f"{_class(each)} {each.objectName()}")
    desk.record["named"] = len(labels)
    yield 10


def _class(each):
    return each.metaObject().className()


def on_canvas(desk):
    """By mouse on Krita's canvas: place, drag, remove; the document and its tools have no part in it."""
    document, record = desk.open(os.environ["HUEFILL_TEST_GRAY"]), desk.record
    yield from opened(desk, document)
    desk.krita.action("zoom_to_100pct").trigger()
    desk.history()
    yield 500
    button = widget(desk, "huefill_on_canvas")
    record["possible"], record["words"] = button.isEnabled(), button.toolTip()
    if not button.isEnabled():
        studio(desk).close()
        return
    steps = _steps(desk)
    button.click()
    yield 200
    canvas = _canvas(desk)
    ratio = canvas.devicePixelRatioF()
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    for kind, place in ((QEvent.MouseMove, middle), (QEvent.MouseButtonPress, middle), (QEvent.MouseButtonRelease, middle)):
        _mouse(canvas, kind, place)
    record["placed"], record["ratio"] = _points(desk), ratio
    yield 300
    further = middle + QPoint(30, -20)
    _mouse(canvas, QEvent.MouseButtonPress, middle)
    _mouse(canvas, QEvent.MouseMove, further)
    _mouse(canvas, QEvent.MouseButtonRelease, further)
    record["dragged"] = _points(desk)
    yield from _suggested(desk)
    desk.screenshot("points")
    QTest.mouseClick(canvas, Qt.RightButton, Qt.NoModifier, further)
    yield 200
    record["removed"] = _points(desk)
    button.click()
    record["steps"] = _steps(desk) - steps
    studio(desk).close()
