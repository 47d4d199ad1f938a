"""Colorize, as a person does it: suggestions as small pictures, one is taken, its points are moved and colored, Apply, save, open again."""

import os

from PyQt5.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PyQt5.QtGui import QEnterEvent, QFocusEvent, QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLabel, QScrollArea

from huefill_client.sent_photo import Opened

from .colors import BusyWatch, answered, applied, coloring, docker, laid_out, opened, result_of, studio, widget

SHOWN_TOGETHER = (
    "huefill_strip",
    "huefill_colors_apply",
    "huefill_picture",
    "huefill_split",
    "huefill_other_variants",
    *(f"huefill_variant_{number}" for number in range(6)),
    "huefill_color_strength",
    "huefill_color_strength_reset",
    "huefill_more",
)


def colorize(desk):
    """From the menu to the saved document."""
    record, document = desk.record, desk.open(os.environ["HUEFILL_TEST_GRAY"])
    record["layers_before"] = desk.layers(document)
    docker(desk).setVisible(True)  # Krita lays its window out, which is its own work
    yield 1500
    busy = BusyWatch()
    yield from opened(desk, document, "huefill_colorize")
    state = coloring(desk)
    record["action"] = widget(desk, "huefill_colors_action").currentText()
    yield from _proposed(desk)
    yield 300
    record["longest_s"] = busy.stop()
    record["variants"] = [_colors(variant.anchors) for variant in state.variants]
    record["layers_after_suggestions"] = desk.layers(document)
    record["said_next"] = [_said_next(desk)]
    yield from _small(desk)
    yield from _taken(desk)
    record["said_next"].append(_said_next(desk))
    yield from _edited(desk)
    yield from _others(desk)
    yield from laid_out(desk)
    desk.screenshot("anchors")
    docker(desk).setFloating(False)
    yield 500
    record["kept"] = _points(desk)
    steps = desk.history()
    yield from applied(desk)
    record["steps_of_apply"] = desk.history() - steps
    record["layers_after"] = desk.layers(document)
    desk.dump("photo", desk.nodes(document)[0], document)
    desk.dump("result", result_of(desk, document), document)
    record["saved"] = desk.save(document, "kra")
    studio(desk).close()
    yield from desk.clear()
    yield from _found_again(desk)


def _proposed(desk):
    state = coloring(desk)
    yield from desk.until(lambda: (state.variants and not state.proposing) or state.message, 120, "the suggestions")


def _said_next(desk):
    label = widget(desk, "huefill_colors_next")
    return label.text() if label.isVisibleTo(docker(desk)) else ""


def _colors(points):
    return [[round(value) for value in point.rgb] for point in points]


def _points(desk):
    return [[point.kind, round(point.x, 2), round(point.y, 2), *_colors([point])] for point in coloring(desk).points]


def _small(desk):
    """The row in a docker of 280 by 400 pixels, and what a hand on a small picture shows."""
    panel, record = docker(desk), desk.record
    panel.setFloating(True)
    panel.setGeometry(200, 100, 280, 400)
    yield 800
    record["size"] = [panel.width(), panel.height()]
    record["hidden_in_part"] = [name for name in SHOWN_TOGETHER if _cut_off(widget(desk, name))]
    record["sideways"] = [area.objectName() for area in panel.findChildren(QScrollArea) if area.horizontalScrollBar().maximum() > 0]
    panel.grab().save(str(desk.out / f"{desk.name}-small.png"))
    picture, thumb = widget(desk, "huefill_picture"), widget(desk, "huefill_variant_3")
    shown = picture.grab().toImage()
    middle = QPointF(thumb.rect().center())
    QApplication.sendEvent(thumb, QEnterEvent(middle, middle, QPointF(thumb.mapToGlobal(thumb.rect().center()))))
    record["peeked"] = picture.grab().toImage() != shown
    QApplication.sendEvent(thumb, QEvent(QEvent.Leave))
    record["let_go"] = picture.grab().toImage() == shown
    QApplication.sendEvent(thumb, QFocusEvent(QEvent.FocusIn, Qt.TabFocusReason))
    record["peeked_by_key"] = picture.grab().toImage() != shown
    QApplication.sendEvent(thumb, QFocusEvent(QEvent.FocusOut, Qt.TabFocusReason))
    QApplication.sendEvent(thumb, QFocusEvent(QEvent.FocusIn, Qt.ActiveWindowFocusReason))
    record["let_go_by_key"] = picture.grab().toImage() == shown
    record["points_of_a_look"] = len(coloring(desk).points)
    record["heights"] = [thumb.height()]
    panel.setGeometry(200, 100, 480, 700)
    yield 500
    record["heights"].append(thumb.height())
    panel.setFloating(False)
    desk.show_docker()
    yield 500


def _cut_off(each):
    return each.visibleRegion().boundingRect() != QRect(0, 0, each.width(), each.height())


def _taken(desk):
    """A click on a small picture: its anchors are points, in one step."""
    state, record = coloring(desk), desk.record
    widget(desk, "huefill_variant_2").click()
    record["taken"] = _points(desk)
    record["checked"] = [widget(desk, f"huefill_variant_{number}").isChecked() for number in range(6)]
    widget(desk, "huefill_points_undo").click()
    record["undone"] = _points(desk)
    widget(desk, "huefill_points_redo").click()
    yield from answered(desk)
    record["problem"] = "" if state.message is None else state.message.text


def _edited(desk):
    """One anchor is dragged in the picture, another gets one of its likely colors, a third goes, a point of one's own comes."""
    state, record, picture = coloring(desk), desk.record, widget(desk, "huefill_picture")
    first = state.points[0]
    start = picture.spot(first).toPoint()
    there = QPoint(round(picture.frame().center().x()), round(picture.frame().center().y()))
    before = bytes(state.picture.data)
    QTest.mousePress(picture, Qt.LeftButton, Qt.NoModifier, start)
    QApplication.sendEvent(picture, QMouseEvent(QEvent.MouseMove, QPointF(there), Qt.NoButton, Qt.LeftButton, Qt.NoModifier))
    QTest.mouseRelease(picture, Qt.LeftButton, Qt.NoModifier, there)
    record["moved"] = [[first.x, first.y], [state.history.find(first.id).x, state.history.find(first.id).y]]
    yield from answered(desk)
    record["picture_follows"] = bytes(state.picture.data) != before
    state.select(state.points[1].id)
    yield from desk.until(lambda: len(state.suggestions) > 3, 60, "the likely colors of an anchor")
    record["said_next"].append(_said_next(desk))
    record["likely"] = [list(item.rgb) for item in state.suggestions]
    widget(desk, "huefill_swatch_3").click()
    record["recolored"] = _colors([state.points[1]])[0]
    state.delete(state.points[-1].id)
    state.place(30, 200)
    state.recolor((60.0, 120.0, 70.0))
    yield from answered(desk)
    record["back_seen"] = widget(desk, "huefill_back_to_variants").isVisibleTo(docker(desk))
    widget(desk, "huefill_back_to_variants").click()
    record["thumbs_again"] = widget(desk, "huefill_variant_0").isVisibleTo(docker(desk))
    widget(desk, "huefill_unsure").setChecked(True)
    yield from answered(desk)
    record["unsure"] = None if state.confidence is None else list(state.confidence.shape) == list(state.picture.shape[:2])
    yield from laid_out(desk)
    desk.screenshot("unsure")
    docker(desk).setFloating(False)
    widget(desk, "huefill_unsure").setChecked(False)
    yield 200
    record["edited"] = _points(desk)


def _others(desk):
    """Other suggestions, while what was edited stays."""
    state, record = coloring(desk), desk.record
    former, before = state.variants, state.points
    widget(desk, "huefill_other_variants").click()
    record["words_meanwhile"] = widget(desk, "huefill_variants_said").text()
    yield from desk.until(lambda: state.variants is not former or state.message, 120, "other suggestions")
    record["others"] = [_colors(variant.anchors) for variant in state.variants]
    record["points_stay"] = state.points == before
    yield from answered(desk)


def _found_again(desk):
    record, document = desk.record, desk.krita.openDocument(str(desk.out / f"{desk.name}.kra"))
    desk.show(document)
    document.setActiveNode(desk.nodes(document)[0])
    document.waitForDone()
    yield 500
    yield from opened(desk, document, "huefill_colorize")
    state = coloring(desk)
    record["found_again"] = _points(desk)
    yield from answered(desk)
    record["suggested_unasked"] = bool(state.variants)
    record["anchored"] = state.hints.how.anchored
    ask = widget(desk, "huefill_suggest")
    record["ask_seen"] = ask.isVisibleTo(docker(desk))
    ask.click()
    yield from desk.until(lambda: state.variants or state.message, 120, "suggestions again")
    record["points_after_asking"] = _points(desk)
    before = desk.nodes(document)
    yield from applied(desk)
    made = [node for node in desk.nodes(document) if node not in before]
    record["applied_again"] = len(made)
    desk.dump("again", made[0], document)
    studio(desk).close()


def without(desk):
    """A backend without a network of anchors: likely colors, and words that say so."""
    record, document = desk.record, desk.open(os.environ["HUEFILL_TEST_GRAY"])
    yield from opened(desk, document, "huefill_colorize")
    state = coloring(desk)
    yield from desk.until(lambda: not state.proposing or state.message, 120, "the suggestions or none")
    if state.can_propose:  # this one has such a network: what a backend without it says when it opens a photo
        state.variants = ()
        state._opened(Opened(state.networks, ("hints",)))
        yield from desk.until(lambda: state.live._shown >= state.live._number, 60, "the preview")
    yield 300
    label = desk.docker.findChild(QLabel, "huefill_variants_said")
    record["row"] = label.text() if label.isVisibleTo(docker(desk)) else ""
    record["picture"] = state.picture is not None
    panel = docker(desk)
    panel.setFloating(True)
    panel.setGeometry(200, 100, 280, 400)
    yield 800
    record["hidden_in_part"] = [name for name in ("huefill_variants_said", "huefill_more") if _cut_off(widget(desk, name))]
    panel.grab().save(str(desk.out / f"{desk.name}-small.png"))
    panel.setFloating(False)
    yield 300
    yield from applied(desk)
    record["layers"] = desk.layers(document)
    studio(desk).close()
