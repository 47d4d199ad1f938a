"""Before and after by a line to drag and by a key that is held; how strong the colors are."""

import os

from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from .colors import applied, coloring, opened, result_of, studio, widget


def _colorful(image, left, right):
    """The mean distance between the channels of pixels between two shares of the picture's width, away from points and the line."""
    width, height = image.width(), image.height()
    across = range(round(left * width) + 8, round(right * width) - 8, 5)
    colors = [image.pixelColor(x, y) for x in across for y in range(round(0.2 * height), round(0.4 * height), 5)]
    return sum(max(c.red(), c.green(), c.blue()) - min(c.red(), c.green(), c.blue()) for c in colors) / len(colors)


def _halves(picture):
    """How colorful the photo is on the left and on the right of its middle, as the picture shows it."""
    picture.repaint()
    image, seen = picture.grab().toImage(), picture.view.seen
    left, right = seen.x / picture.width(), (seen.x + seen.width) / picture.width()
    middle = (left + right) / 2
    return [_colorful(image, left, middle), _colorful(image, middle, right)]


def _move(picture, place):
    QApplication.sendEvent(picture, QMouseEvent(QEvent.MouseMove, QPointF(place), Qt.NoButton, Qt.LeftButton, Qt.NoModifier))


def _pull(picture, x):
    """Drag the line to a place of the widget, by its grip."""
    row = round(picture.view.seen.y + picture.view.seen.height / 2)
    QTest.mousePress(picture, Qt.LeftButton, Qt.NoModifier, QPoint(round(picture.comparison.line), row))
    _move(picture, QPoint(round(x), row))
    QTest.mouseRelease(picture, Qt.LeftButton, Qt.NoModifier, QPoint(round(x), row))


def divider(desk):
    """The line is dragged, from near too; points beside it are placed as ever; B shows all of the photo before while it is held."""
    record, picture = desk.record, widget(desk, "huefill_picture")
    yield from opened(desk, desk.open(os.environ["HUEFILL_TEST_GRAY"]))
    coloring(desk).strengthen(1.5)  # so that color is told from gray with certainty
    yield 1200
    record["after"] = _halves(picture)
    widget(desk, "huefill_split").click()
    yield from desk.until(lambda: picture._old is not None, 20, "the photo before")
    yield 200
    record["divided"] = _halves(picture)
    desk.screenshot("divided")
    seen = picture.view.seen
    _pull(picture, seen.x + seen.width - 1)
    record["pulled_right"] = _halves(picture)
    _pull(picture, seen.x + 1)
    record["pulled_left"] = _halves(picture)
    _pull(picture, seen.x + seen.width / 2)
    record["points_by_the_line"] = len(coloring(desk).points)
    picture.zoom(6)
    yield 1500
    record["from_near"] = _halves(picture)
    spot = picture.rect().center() + QPoint(30, 20)
    QTest.mousePress(picture, Qt.MiddleButton, Qt.NoModifier, spot)
    _move(picture, spot + QPoint(-15, 10))
    QTest.mouseRelease(picture, Qt.MiddleButton, Qt.NoModifier, spot)
    record["panned"] = _halves(picture)
    QTest.mouseClick(picture, Qt.LeftButton, Qt.NoModifier, picture.rect().center() + QPoint(40, 0))
    record["points_beside_it"] = len(coloring(desk).points)
    picture.zoom(0)
    desk.krita.activeWindow().qwindow().activateWindow()
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key_S)
    record["undivided_by_key"] = [widget(desk, "huefill_split").isChecked(), *_halves(picture)]
    QTest.keyPress(picture, Qt.Key_B)
    record["held"] = [widget(desk, "huefill_before").isChecked(), *_halves(picture)]
    QTest.keyRelease(picture, Qt.Key_B)
    record["let_go"] = [widget(desk, "huefill_before").isChecked(), *_halves(picture)]
    studio(desk).close()


def _mean(desk):
    """How colorful the preview is."""
    data = bytes(coloring(desk).picture.data)
    return sum(max(data[at : at + 3]) - min(data[at : at + 3]) for at in range(0, len(data), 3 * 37)) / (len(data) / (3 * 37))


def strength(desk):
    """The slider makes the colors of the preview and of the layer weaker and stronger, with points and with a reference."""
    record, document = desk.record, desk.open(os.environ["HUEFILL_TEST_GRAY"])
    yield from opened(desk, document)
    yield from _slid(desk, "points")
    yield from _half(desk, document, "points")
    desk.trigger("huefill_match_colors")
    studio(desk).refer_to_file(os.environ["HUEFILL_TEST_BEACH"])
    yield from desk.until(lambda: coloring(desk).picture is not None, 60, "a preview in the colors of the reference")
    yield 500
    yield from _slid(desk, "match")
    yield from _half(desk, document, "match")
    record["reset"] = [coloring(desk).strength, widget(desk, "huefill_color_strength").value()]
    studio(desk).close()


def _slid(desk, name):
    """The preview's colorfulness at 100, 0, 150 and again at 100 %."""
    slider, seen = widget(desk, "huefill_color_strength"), []
    for value in (100, 0, 150, None):
        if value is None:
            widget(desk, "huefill_color_strength_reset").click()
        elif value != 100:
            slider.setValue(value)
        yield 1200
        seen.append(_mean(desk))
    desk.record[f"{name}_seen"] = [*seen, slider.value(), widget(desk, "huefill_color_strength_reset").text()]


def _half(desk, document, name):
    """The layer at 50 %, and at 100 %."""
    for value in (50, 100):
        widget(desk, "huefill_color_strength").setValue(value)
        yield 800
        yield from applied(desk)
        desk.dump(f"{name}_{value}", result_of(desk, document), document)
        result_of(desk, document).remove()
        document.waitForDone()
        yield 500
