"""Colorize with Points, as a person does it: dots of a brush, points in the docker, suggested colors, Apply, save, open again."""

import os

from PyQt5.QtCore import QObject, QPoint, QRectF, Qt
from PyQt5.QtGui import QColor
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from krita import ManagedColor

COLORS = "huefill_colors_docker"


def _docker(desk):
    return next(docker for docker in desk.krita.dockers() if docker.objectName() == COLORS)


def _widget(desk, name):
    return _docker(desk).findChild(QObject, name)


def _studio():
    from huefill_krita.colors import studio

    return studio()


def _dot(desk, layer, x, y, color):
    """A dot of the brush, where this Krita lets a script paint; else the same pixels."""
    if hasattr(layer, "paintEllipse"):
        view = desk.krita.activeWindow().activeView()
        view.setForeGroundColor(ManagedColor.fromQColor(color, view.canvas()))
        layer.paintEllipse(QRectF(x - 5, y - 5, 10, 10), "None", "ForegroundColor")
        return "painted"
    pixel = bytes((color.blue(), color.green(), color.red(), 255))
    layer.setPixelData(pixel * 100, x - 5, y - 5, 10, 10)
    return "set"


def _shown(desk, document):
    """Krita 5.2 takes a moment until a layer of a photo that was just opened is the active one."""
    yield from desk.until(lambda: document.activeNode() is not None, 20, "an active layer")


def _laid_out(desk):
    """The docker beside the photo, as large as it likes to be, for a picture of it."""
    window = desk.krita.activeWindow().qwindow()
    window.showMaximized()
    docker = _docker(desk)
    docker.setFloating(True)
    docker.setGeometry(760, 120, 300, 720)
    docker.raise_()
    yield 1500


def for_the_readme(desk):
    """A large photo with a few points, as the README shows it."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY_LARGE"])
    yield from _shown(desk, document)
    desk.trigger("huefill_colorize_points")
    studio = _studio()
    yield from desk.until(lambda: studio.image is not None, 90, "the first preview")
    for point in os.environ["HUEFILL_TEST_TRUE_POINTS"].split(","):
        x, y, color = point.split(":")
        studio.place(float(x), float(y))
        studio.recolor(QColor(color).getRgb()[:3])
        yield 300
    yield from desk.until(lambda: len(studio.palette) == 9, 60, "the palette")
    studio.apply()
    yield from desk.until(lambda: len(desk.nodes(document)) == 2, 90, "the layer")
    yield from _laid_out(desk)
    desk.screenshot("docker")
    desk.record["layers"] = desk.layers(document)
    studio.close()
    _docker(desk).setFloating(False)


def colorize(desk):
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    desk.record["layers_before"] = desk.layers(document)
    desk.dump("photo", desk.nodes(document)[0], document)
    yield from _shown(desk, document)
    desk.trigger("huefill_colorize_points")
    desk.record["shown_by_the_menu"] = _docker(desk).isVisible()
    studio = _studio()
    yield from desk.until(lambda: studio.image is not None or studio.message is not None, 90, "the first preview")
    desk.record["message"] = "" if studio.message is None else studio.message.text
    desk.record["layers_after_preview"] = desk.layers(document)
    steps = desk.history()
    _widget(desk, "huefill_hint_layer").click()
    document.waitForDone()
    yield 500
    desk.record["steps_of_the_hint_layer"] = desk.history() - steps
    layer = document.nodeByName("Huefill Hints")
    document.setActiveNode(layer)
    desk.record["dots"] = [
        _dot(desk, layer, 70, 150, QColor(190, 70, 60)),
        _dot(desk, layer, 200, 60, QColor(60, 130, 70)),
    ]
    document.waitForDone()
    document.refreshProjection()
    yield 300
    QTest.mouseRelease(_widget(desk, "huefill_picture"), Qt.LeftButton)  # a stroke ends with the release of a button
    yield from desk.until(lambda: studio.painted, 20, "the hint layer being heeded")
    desk.record["painted_places"] = len(studio.painted)
    picture = _widget(desk, "huefill_picture")
    frame = picture.frame()
    spot = QPoint(round(frame.x() + 0.5 * frame.width()), round(frame.y() + 0.8 * frame.height()))
    QTest.mouseClick(picture, Qt.LeftButton, Qt.NoModifier, spot)
    desk.record["points_after_click"] = len(studio.state.points)
    yield from desk.until(lambda: len(studio.palette) == 9, 60, "the palette")
    yield 800
    desk.record["palette"] = studio.palette
    _widget(desk, "huefill_swatch_3").click()
    yield 1500
    point = studio.state.points[0]
    desk.record["point"] = [point.x, point.y, list(point.rgb)]
    desk.record["beyond"] = studio.beyond
    _widget(desk, "huefill_points_undo").click()
    desk.record["undone"] = [list(p.rgb) for p in studio.state.points] != [list(point.rgb)]
    _widget(desk, "huefill_points_redo").click()
    desk.record["redone"] = [list(p.rgb) for p in studio.state.points] == [list(point.rgb)]
    yield 1500
    yield from _laid_out(desk)
    desk.screenshot("colors")
    _docker(desk).setFloating(False)
    yield 500
    steps = desk.history()
    gap = desk.watch_gaps()
    _widget(desk, "huefill_colors_apply").click()
    yield from desk.until_done()
    document.waitForDone()
    yield 700
    desk.record["longest_gap_s"] = gap()
    desk.record["steps_of_apply"] = desk.history() - steps
    desk.record["layers_after"] = desk.layers(document)
    result = next(node for node in desk.nodes(document) if node.name().startswith("Colorize with Points – "))
    desk.dump("result", result, document)
    desk.screenshot("applied")
    desk.record["saved"] = desk.save(document, "kra")
    studio.close()
    again = desk.show(desk.krita.openDocument(str(desk.out / f"{desk.name}.kra")))
    again.setActiveNode(again.nodeByName("Huefill Hints"))
    again.waitForDone()
    yield 500
    studio.open()
    yield from desk.until(lambda: studio.painted or studio.message, 60, "the hints of the saved photo")
    desk.record["read_back"] = {
        "photo": studio.title,
        "points": [[p.x, p.y, list(p.rgb)] for p in studio.state.points],
        "painted": len(studio.painted),
        "message": "" if studio.message is None else studio.message.text,
    }
    studio.close()


def gray_document(desk):
    """A gray document is not converted unasked; the button converts it, as one step that can be undone."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    document.setColorSpace("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc")
    document.waitForDone()
    yield 300
    desk.trigger("huefill_colorize_points")
    yield 800
    studio = _studio()
    desk.record["said"] = "" if studio.message is None else studio.message.text
    desk.record["model"] = document.colorModel()
    desk.record["button"] = _widget(desk, "huefill_colors_convert").isVisibleTo(_docker(desk))
    _widget(desk, "huefill_colors_convert").click()
    yield from desk.until(lambda: studio.image is not None, 90, "a preview")
    desk.record["model_after"] = document.colorModel()
    studio.close()


def narrow(desk):
    """No label of the docker is cut off at its least width."""
    desk.open(os.environ["HUEFILL_TEST_GRAY"])
    docker = _docker(desk)
    docker.setVisible(True)
    docker.setFloating(True)
    docker.setGeometry(300, 60, 220, 760)
    QApplication.processEvents()
    yield 800
    body = _widget(desk, "huefill_colors_scroll").widget()
    desk.record["width"] = docker.width()
    desk.record["wider_than_docker"] = body.minimumSizeHint().width() > docker.width()
    desk.screenshot("narrow")
    docker.setFloating(False)
