"""What cannot be done: a sentence, and the document as it was."""

import os

from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest

from krita import Krita

from .removing import REMOVE, _square


def _refused(desk, document, action=REMOVE):
    """Trigger, wait for the sentence, record what changed in the document: nothing should have."""
    before = desk.layers(document), desk.history(), bytes(document.pixelData(0, 0, document.width(), document.height()))
    desk.trigger(action)
    yield from desk.until_done(60)
    yield 100
    desk.record["floating"] = desk.floating()
    document.waitForDone()
    after = desk.layers(document), desk.history(), bytes(document.pixelData(0, 0, document.width(), document.height()))
    desk.record["untouched"] = before == after


def no_document(desk):
    yield from desk.until(lambda: Krita.instance().activeDocument() is None, 10, "closing all documents")
    desk.trigger(REMOVE)
    yield 300
    desk.record["said"] = desk.said()
    desk.record["boxes"] = [f"{box.text()} {box.informativeText()}" for box in desk.boxes()]
    desk.screenshot("box")


def no_selection(desk):
    document = desk.open("parrots.png")
    desk.show_docker()
    yield from _refused(desk, document)
    desk.screenshot("sentence")


def selection_outside_layer(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    layer = document.createNode("corner", "paintlayer")
    layer.setPixelData(b"\x20\x40\x60\xff" * 400, 0, 0, 20, 20)
    document.rootNode().addChildNode(layer, None)
    document.waitForDone()
    document.setActiveNode(layer)
    yield 300
    desk.select(document, 100, 100, 40, 40)
    yield from _refused(desk, document)


def selection_outside_canvas(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.select(document, 5000, 5000, 40, 40)
    yield from _refused(desk, document)


def empty_layer(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    layer = document.createNode("fresh", "paintlayer")
    document.rootNode().addChildNode(layer, None)
    document.waitForDone()
    document.setActiveNode(layer)
    yield 300
    desk.select(document, *_square("small"))
    yield from _refused(desk, document)


def locked_layer(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    document.topLevelNodes()[0].setLocked(True)
    desk.select(document, *_square("small"))
    yield from _refused(desk, document)


def locked_group(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    group = document.createGroupLayer("folder")
    inside = document.topLevelNodes()[0].duplicate()
    document.rootNode().addChildNode(group, None)
    group.addChildNode(inside, None)
    group.setLocked(True)
    document.setActiveNode(inside)
    yield 500
    desk.select(document, *_square("small"))
    yield from _refused(desk, document)


def nothing_to_extend(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    yield from _refused(desk, document, "huefill_extend_canvas")


def backend_not_installed(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.select(document, *_square("small"))
    yield from _refused(desk, document)
    desk.record["boxes"] = [f"{box.text()} {box.informativeText()}" for box in desk.boxes()]
    desk.screenshot("box")


def plugin_damaged(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.record["menu"] = desk.menu_texts()
    steps = desk.history()
    desk.trigger(REMOVE)
    yield 300
    desk.record["boxes"] = [f"{box.text()} {box.informativeText()}" for box in desk.boxes()]
    desk.record["untouched"] = len(desk.nodes(document)) == 1 and desk.history() == steps
    desk.screenshot("box")


def put_away(desk):
    """The sentence in the docker goes with a click on its button."""
    document = desk.open("parrots.png")
    desk.show_docker()
    yield from _refused(desk, document)
    QTest.mouseClick(desk.widget("huefill_dismiss"), Qt.LeftButton)
    yield 100
    desk.record["said_after"] = desk.said()
