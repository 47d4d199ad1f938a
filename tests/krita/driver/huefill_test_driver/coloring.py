"""Colorize with Points, as a person does it: dots of a brush, points in the docker, suggested colors, Apply, save, open again."""

import os

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QColor
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from .colors import BusyWatch, applied, color, coloring, docker, dot, end_stroke, laid_out, opened, result_of, shown, studio, widget


def for_the_readme(desk):
    """A large photo with a few points, as the README shows it."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY_LARGE"])
    yield from opened(desk, document)
    state = coloring(desk)
    for point in os.environ["HUEFILL_TEST_TRUE_POINTS"].split(","):
        x, y, hexadecimal = point.split(":")
        state.place(float(x), float(y))
        state.recolor(color(hexadecimal))
        yield 300
    yield from desk.until(lambda: len(state.suggestions) == 9, 60, "the suggested colors")
    yield from applied(desk)
    yield from laid_out(desk)
    desk.screenshot("docker")
    desk.record["layers"] = desk.layers(document)
    docker(desk).setFloating(False)


def colorize(desk):
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    desk.record["layers_before"] = desk.layers(document)
    desk.dump("photo", desk.nodes(document)[0], document)
    yield from opened(desk, document)
    state = coloring(desk)
    desk.record["shown_by_the_menu"] = docker(desk).isVisible()
    desk.record["message"] = "" if state.message is None else state.message.text
    desk.record["layers_after_preview"] = desk.layers(document)
    yield from _painted(desk, document)
    picture = widget(desk, "huefill_picture")
    frame = picture.frame()
    spot = QPoint(round(frame.x() + 0.5 * frame.width()), round(frame.y() + 0.8 * frame.height()))
    QTest.mouseClick(picture, Qt.LeftButton, Qt.NoModifier, spot)
    desk.record["points_after_click"] = len(state.points)
    yield from desk.until(lambda: len(state.suggestions) == 9, 60, "the suggested colors")
    desk.record["likely"] = [item.probability for item in state.suggestions]
    widget(desk, "huefill_swatch_3").click()
    yield 1500
    point = state.points[0]
    desk.record["point"] = [point.x, point.y, list(point.rgb)]
    desk.record["beyond"] = sorted(state.beyond)
    widget(desk, "huefill_points_undo").click()
    desk.record["undone"] = state.points[0].rgb != point.rgb
    widget(desk, "huefill_points_redo").click()
    desk.record["redone"] = state.points[0].rgb == point.rgb
    yield 1500
    yield from laid_out(desk)
    desk.screenshot("colors")
    docker(desk).setFloating(False)
    yield 500
    steps = desk.history()
    gap = desk.watch_gaps()
    yield from applied(desk)
    desk.record["longest_gap_s"] = gap()
    desk.record["steps_of_apply"] = desk.history() - steps
    desk.record["layers_after"] = desk.layers(document)
    desk.dump("result", result_of(desk, document), document)
    desk.screenshot("applied")
    desk.record["another_try"] = desk.widget("huefill_again").menu() is not None
    desk.record["saved"] = desk.save(document, "kra")
    yield from _read_back(desk)


def _painted(desk, document):
    """A hint layer with two dots."""
    steps = desk.history()
    widget(desk, "huefill_hint_layer").click()
    document.waitForDone()
    yield 500
    desk.record["steps_of_the_hint_layer"] = desk.history() - steps
    layer = document.nodeByName("Huefill Hints")
    document.setActiveNode(layer)
    desk.record["hints_before_a_stroke"] = coloring(desk).painted is not None
    dot(desk, layer, 70, 150, QColor(190, 70, 60))
    dot(desk, layer, 200, 60, QColor(60, 130, 70))
    document.waitForDone()
    document.refreshProjection()
    yield 300
    end_stroke(desk)
    yield from desk.until(lambda: coloring(desk).painted is not None, 20, "the hint layer being used")
    desk.record["hints_said"] = widget(desk, "huefill_hint_layer_used").text()


def _read_back(desk):
    studio(desk).close()
    state = coloring(desk)
    again = desk.show(desk.krita.openDocument(str(desk.out / f"{desk.name}.kra")))
    again.setActiveNode(again.nodeByName("Huefill Hints"))
    again.waitForDone()
    yield 500
    widget(desk, "huefill_colors_open").click()
    state = coloring(desk)
    yield from desk.until(lambda: state.painted is not None or state.message, 60, "the hints of the saved photo")
    desk.record["read_back"] = {
        "photo": studio(desk).title,
        "points": [[p.x, p.y, list(p.rgb)] for p in state.points],
        "message": "" if state.message is None else state.message.text,
    }
    studio(desk).close()


def kept_by_the_first_version(desk):
    """A document whose points were kept by Huefill 0.1."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    kept = b'[{"x": 20.0, "y": 30.0, "rgb": [200.0, 30.0, 40.0], "radius": 3.0}]'
    document.setAnnotation("huefill-points", "Huefill's color points", kept)
    yield from opened(desk, document)
    desk.record["points"] = [[p.x, p.y, list(p.rgb), p.radius] for p in coloring(desk).points]
    studio(desk).close()


def filled(desk):
    """A hint layer that is painted all over: the preview shows it, Apply applies it."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY_LARGE"])
    yield from opened(desk, document)
    state = coloring(desk)
    widget(desk, "huefill_hint_layer").click()
    document.waitForDone()
    layer = document.nodeByName("Huefill Hints")
    width, height = document.width(), document.height()
    layer.setPixelData(bytes((160, 90, 60, 255)) * (width * height), 0, 0, width, height)
    document.refreshProjection()
    yield 300
    former = state.picture
    end_stroke(desk)
    yield from desk.until(lambda: state.painted is not None, 20, "the hint layer being used")
    yield from desk.until(lambda: state.picture is not former or state.message, 60, "a preview of it")
    desk.record["message"] = "" if state.message is None else state.message.text
    yield from applied(desk)
    desk.record["layers"] = desk.layers(document)
    if len(desk.nodes(document)) == 3:
        desk.dump("result", result_of(desk, document), document)
    studio(desk).close()


def large(desk):
    """Twelve megapixels: the docker opens without holding Krita up, a thin line all across counts, Apply is quick."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY_12_MEGAPIXELS"])
    document.waitForDone()
    yield from shown(document)
    desk.record["gaps_s"] = []
    docker(desk).setVisible(True)  # Krita lays its window out and draws the photo anew, which is its own work
    for _ in range(4):
        studio(desk).close()
        yield 1500
        busy = BusyWatch()
        desk.trigger("huefill_colorize_points")
        yield from desk.until(lambda: coloring(desk).picture is not None, 120, "the first preview")
        yield 300
        desk.record["gaps_s"].append(busy.stop())
    state = coloring(desk)
    widget(desk, "huefill_hint_layer").click()
    document.waitForDone()
    layer = document.nodeByName("Huefill Hints")
    layer.setPixelData(bytes((160, 90, 60, 255)) * (2 * document.width()), 0, 700, document.width(), 2)
    document.refreshProjection()
    yield 300
    former = state.picture
    end_stroke(desk)
    yield from desk.until(lambda: state.painted is not None, 30, "the hint layer being used")
    yield from desk.until(lambda: state.picture is not former, 60, "a preview of it")
    yield 1500
    desk.record["apply_s"] = yield from applied(desk)
    desk.record["layers"] = desk.layers(document)
    result = result_of(desk, document)
    desk.record["line"] = [list(bytes(result.pixelData(x, 700, 1, 1))) for x in range(5, document.width(), 397)]
    studio(desk).close()


def huge(desk):
    """Eighteen megapixels with a speck of paint in two corners."""
    document = desk.krita.createDocument(5000, 3600, "huge", "RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc", 72.0)
    desk.show(document)
    yield from opened(desk, document)
    state = coloring(desk)
    widget(desk, "huefill_hint_layer").click()
    document.waitForDone()
    layer = document.nodeByName("Huefill Hints")
    for x, y in ((0, 0), (4996, 3596)):
        layer.setPixelData(bytes((160, 90, 60, 255)) * 16, x, y, 4, 4)
    end_stroke(desk)
    yield from desk.until(lambda: state.painted is not None or state.message, 30, "the hint layer being used")
    desk.record["message"] = "" if state.message is None else state.message.text
    desk.record["painted"] = state.painted is not None and [bytes(state.painted.data[at : at + 4]) != bytes(4) for at in (0, -4)]
    studio(desk).close()


def gray_document(desk):
    """A gray document is not converted unasked; the button converts it, as one step that can be undone."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    document.setColorSpace("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc")
    document.waitForDone()
    yield 300
    desk.trigger("huefill_colorize_points")
    yield 800
    state = coloring(desk)
    desk.record["said"] = "" if state.message is None else state.message.text
    desk.record["model"] = document.colorModel()
    convert = widget(desk, "huefill_colors_convert")
    desk.record["button"] = convert.isVisibleTo(docker(desk))
    desk.record["the_other_button"] = widget(desk, "huefill_colors_open").isVisibleTo(docker(desk))
    convert.click()
    yield from desk.until(lambda: state.picture is not None, 90, "a preview")
    desk.record["model_after"] = document.colorModel()
    studio(desk).close()


def narrow(desk):
    """No label of the docker is cut off at its least width."""
    desk.open(os.environ["HUEFILL_TEST_GRAY"])
    panel = docker(desk)
    panel.setVisible(True)
    panel.setFloating(True)
    panel.setGeometry(300, 60, 220, 760)
    QApplication.processEvents()
    yield 800
    body = widget(desk, "huefill_tab_color").widget()
    desk.record["width"] = panel.width()
    desk.record["wider_than_docker"] = body.minimumSizeHint().width() > panel.width()
    desk.screenshot("narrow")
    panel.setFloating(False)
