"""The list of results: small pictures, what differs, before and after, one try against another."""

import os

from PyQt5.QtWidgets import QLabel, QToolButton

from .removing import REMOVE, _square


def two_tries(desk):
    """A removal and another try; each is compared by its button; one layer is deleted, at last the document is closed."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.forget_results()
    desk.select(document, *_square("small"))
    desk.trigger(REMOVE)
    yield from desk.until_done()
    _buttons(desk, "huefill_again")[0].click()
    yield from desk.until_done()
    desk.record["texts"] = [label.text() for label in desk.widget("huefill_results").findChildren(QLabel) if label.text()]
    pictures = desk.widget("huefill_results").findChildren(QLabel, "huefill_result_picture")
    desk.record["pictures"] = [[label.pixmap().width(), label.pixmap().height()] for label in pictures]
    desk.record["steps"] = desk.history()
    yield 500
    desk.docker.grab().save(str(desk.out / f"{desk.name}.png"))
    desk.record["seen"] = []
    for number, before in ((0, True), (0, False), (1, True), (1, False)):
        _buttons(desk, "huefill_compare")[number].setChecked(before)
        yield 300
        visible = [node.visible() for node in desk.nodes(document)]
        desk.record["seen"].append([number, before, visible, desk.said()])
    desk.dump("after", document, document)
    desk.record["steps_after"] = desk.history()
    desk.nodes(document)[-1].remove()
    document.waitForDone()
    yield 300
    _buttons(desk, "huefill_compare")[0].setChecked(True)
    desk.record["deleted"] = desk.said()
    document.setModified(False)
    document.close()
    yield 300
    _buttons(desk, "huefill_compare")[1].setChecked(True)
    desk.record["closed"] = desk.said()
    desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    yield 300
    _buttons(desk, "huefill_again")[1].click()
    yield from desk.until_done()
    desk.record["again"] = desk.said()


def _buttons(desk, name):
    return desk.widget("huefill_results").findChildren(QToolButton, name)
