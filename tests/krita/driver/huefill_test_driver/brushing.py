"""Remove by Brush, by a person who paints with the mouse on Krita's canvas."""

import os

from PyQt5.QtCore import QEvent, QPoint, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractItemView, QApplication, QMdiArea

from .stopping import _canvas, _mouse

BRUSH = "huefill_remove_by_brush"
LAYER = "Huefill Brush"


def keys(desk):
    """The key of each of our actions in a new Krita, and what else has it: among all actions of the window."""
    yield from _open(desk)
    found = {}
    for action in desk.krita.actions():
        for key in action.shortcuts():
            found.setdefault(key.toString(), set()).add(action.objectName())
    ours = {name: key for key, names in found.items() for name in names if name.startswith("huefill_")}
    desk.record["keys"] = {name: [key, sorted(found[key])] for name, key in ours.items()}
    desk.record["others"] = len(found)


def _open(desk, selected=(10, 10, 30, 30)):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    if selected:
        desk.select(document, *selected)
    # The canvas shows the photo pixel for pixel in its middle.
    desk.krita.action("zoom_to_100pct").trigger()
    yield from desk.until(lambda: document.activeNode() is not None, 10, "the active layer")
    yield 300
    return document


def _steps(desk):
    """How many steps of the history are done, those that could be redone not counted."""
    docker = next(docker for docker in desk.krita.dockers() if docker.objectName() == "History")
    return docker.findChild(QAbstractItemView).currentIndex().row()


def _choose(desk, when):
    box = desk.widget("huefill_brush")
    box.setCurrentIndex(box.findData(when))
    box.activated.emit(box.currentIndex())


def _names(desk, document):
    # Krita 5.2 has None in the list while a layer comes or goes.
    return [node.name() for node in document.rootNode().childNodes() if node is not None and node.type() != "selectionmask"]


def _is_ready(document):
    return document.activeNode() is not None and document.activeNode().name() == LAYER


def _switch_on(desk, document):
    desk.trigger(BRUSH)
    yield from desk.until(lambda: _is_ready(document), 10, "the layer to paint on")
    yield 150


def _is_off(desk, document):
    return LAYER not in _names(desk, document) and not _is_ready(document)


def _stroke(desk, dx, dy, length=40):
    """From (dx, dy), measured from the middle of the canvas, to the right."""
    canvas = _canvas(desk)
    start = QPoint(canvas.width() // 2 + dx, canvas.height() // 2 + dy)
    _mouse(canvas, QEvent.MouseMove, start)
    _mouse(canvas, QEvent.MouseButtonPress, start)
    for step in range(0, length + 1, 8):
        _mouse(canvas, QEvent.MouseMove, start + QPoint(step, step % 3))
        yield 15
    _mouse(canvas, QEvent.MouseButtonRelease, start + QPoint(length, 0))
    yield 30


def _key(desk, key):
    canvas = _canvas(desk)
    canvas.setFocus()
    override = QKeyEvent(QEvent.ShortcutOverride, key, Qt.NoModifier)
    QApplication.sendEvent(canvas, override)
    QApplication.sendEvent(canvas, QKeyEvent(QEvent.KeyPress, key, Qt.NoModifier))
    QApplication.sendEvent(canvas, QKeyEvent(QEvent.KeyRelease, key, Qt.NoModifier))


def _color(desk):
    return desk.krita.activeWindow().activeView().foregroundColor().componentsOrdered()


def _held(desk, document):
    """What must be afterwards as it was."""
    selection = document.selection()
    area = [selection.x(), selection.y(), selection.width(), selection.height()] if selection else None
    return {"color": _color(desk), "active": document.activeNode().name(), "selection": area}


def _results(desk, document):
    return [name for name in _names(desk, document)[1:] if name != LAYER]


def _done(desk, document, number):
    yield from desk.until(lambda: len(_results(desk, document)) == number and not desk.working(), 90, f"removal {number}")
    yield from desk.until(lambda: _is_ready(document), 10, "the layer to paint on, again")
    yield 150


def stroke_after_stroke(desk):
    """Two strokes are two removals, each one step; Ctrl+Z and redo between them; Escape leaves everything as before."""
    document = yield from _open(desk)
    record = desk.record
    desk.history()
    record["before"], steps = _held(desk, document), _steps(desk)
    yield from _switch_on(desk, document)
    record["while_on"] = _held(desk, document)
    record["pressed"] = desk.widget(f"{BRUSH}_button").isChecked()
    record["said_on"] = desk.said()
    yield from _stroke(desk, -30, -40)
    desk.screenshot("painted")
    yield from _done(desk, document, 1)
    record["steps_after_first"] = _steps(desk) - steps - 1  # the layer to paint on is one
    desk.screenshot("removed")
    yield from _stroke(desk, -40, 30)
    yield from _done(desk, document, 2)
    record["steps_after_second"] = _steps(desk) - steps - 1
    for kind, node in zip(("first", "second"), desk.nodes(document)[1:], strict=False):
        desk.dump(kind, node, document)
    desk.trigger("edit_undo")
    yield 800
    record["after_ctrl_z"] = _names(desk, document)
    desk.trigger("edit_redo")
    yield 400
    desk.trigger("edit_redo")
    yield from desk.until(lambda: _is_ready(document), 5, "the layer after redo")
    yield 400
    record["after_redo"] = _names(desk, document)
    desk.trigger("edit_undo")
    yield 800
    canvas = _canvas(desk)
    _mouse(canvas, QEvent.MouseMove, QPoint(canvas.width() // 2, canvas.height() // 2))
    yield from desk.until(lambda: _is_ready(document), 5, "the layer when the pointer comes")
    yield 200
    record["after_pointer"] = _names(desk, document)
    _key(desk, Qt.Key_Escape)
    yield from desk.until(lambda: _is_off(desk, document), 5, "the end by Escape")
    yield 300
    record["after"], record["steps_at_the_end"], record["layers"] = _held(desk, document), _steps(desk) - steps, _names(desk, document)
    record["pressed_after"] = desk.widget(f"{BRUSH}_button").isChecked()
    desk.screenshot("left")


def nothing_painted(desk):
    """On and off again: not even the document's star stays."""
    document = yield from _open(desk)
    document.setModified(False)
    record, steps = desk.record, _steps(desk)
    record["before"] = _held(desk, document)
    yield from _switch_on(desk, document)
    desk.trigger(BRUSH)
    yield from desk.until(lambda: _is_off(desk, document), 5, "the end by the button")
    yield 300
    record["after"], record["layers"], record["modified"] = _held(desk, document), _names(desk, document), document.modified()
    record["steps"] = _steps(desk) - steps


def on_enter(desk):
    """Several strokes and Enter; a stroke while that is removed; Cancel, an error and saving while something is painted."""
    document, record = (yield from _open(desk)), desk.record
    document.saveAs(str(desk.out / "brushed.kra"))
    document.waitForDone()
    _choose(desk, "enter")
    steps = _steps(desk)
    yield from _switch_on(desk, document)
    record["said_on"] = desk.said()
    yield from _stroke(desk, -60, -60)
    yield from _stroke(desk, -60, 0)
    yield 1300
    record["before_enter"] = [_results(desk, document), desk.working()]
    paint = document.activeNode()
    both = _bounds(paint)
    _key(desk, Qt.Key_Return)
    yield from desk.until(desk.working, 5, "the removal by Enter")
    yield from _stroke(desk, -60, 60)
    record["painted"] = [both, _bounds(paint)]
    yield from _done(desk, document, 1)
    record["rest"], record["steps"] = _bounds(document.activeNode()), _steps(desk) - steps
    desk.dump("result", desk.nodes(document)[1], document)
    desk.screenshot("rest")
    _key(desk, Qt.Key_Return)
    yield from desk.until(desk.working, 5, "the next removal")
    desk.widget("huefill_cancel").click()
    yield from desk.until(lambda: not desk.working(), 20, "the end after Cancel")
    yield 300
    record["after_cancel"] = [_results(desk, document), _bounds(document.activeNode()), desk.said()]
    yield from _wrong_engine(desk, document)
    desk.krita.activeWindow().qwindow().activateWindow()
    QTest.keyClick(_canvas(desk), Qt.Key_S, Qt.ControlModifier)
    yield 1500
    record["after_saving"] = [_names(desk, document), document.modified(), _held(desk, document)]
    _choose(desk, "stroke")


def _wrong_engine(desk, document):
    from dataclasses import replace

    from huefill_krita.controller import controller

    right = controller().choices
    controller().choices = replace(right, engine="nonesuch")
    _key(desk, Qt.Key_Return)
    yield from desk.until(desk.working, 5, "the removal that fails")
    yield from desk.until(lambda: not desk.working(), 30, "the failure")
    yield 300
    controller().choices = right
    desk.record["after_failure"] = [_results(desk, document), _bounds(document.activeNode()), desk.said()]


def _bounds(node):
    bounds = node.bounds()
    return [bounds.x(), bounds.y(), bounds.width(), bounds.height()] if node.name() == LAYER else None


def elsewhere(desk):
    """Another tab, another layer, a deleted layer, a closed document: nothing red is left in the hand, nothing on a wrong layer."""
    document, record = (yield from _open(desk)), desk.record
    _choose(desk, "enter")
    yield from _switch_on(desk, document)
    yield from _stroke(desk, -40, -40)
    painted = _bounds(document.activeNode())
    tabs = desk.krita.activeWindow().qwindow().findChild(QMdiArea)
    first = tabs.activeSubWindow()
    second = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    yield 400
    record["in_other_tab"] = [_color(desk), desk.widget(f"{BRUSH}_button").isChecked(), _names(desk, second)]
    tabs.setActiveSubWindow(first)
    yield 500
    record["shown"] = desk.krita.activeDocument() == document
    record["back"] = [_color(desk), desk.widget(f"{BRUSH}_button").isChecked(), _bounds(document.activeNode()) == painted]
    document.setActiveNode(desk.nodes(document)[0])
    yield from desk.until(lambda: _is_off(desk, document), 5, "the end by another layer")
    yield 300
    record["another_layer"] = _held(desk, document)
    yield from _switch_on(desk, document)
    document.activeNode().remove()
    yield 800
    record["deleted"] = [_names(desk, document), _color(desk), desk.widget(f"{BRUSH}_button").isChecked()]
    third = yield from _open(desk)
    third.setModified(False)
    yield from _switch_on(desk, third)
    yield from _stroke(desk, -40, -40)
    yield 300
    tabs.activeSubWindow().close()  # asks nothing: all that was changed is taken back
    yield 600
    record["closed"] = [_color(desk), desk.widget(f"{BRUSH}_button").isChecked()]
    _choose(desk, "stroke")
