"""Where the docker is, and that its buttons stay where they are."""

import os
from dataclasses import replace

from huefill_krita.controller import controller
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QApplication, QDockWidget, QScrollArea, QWidget

from .colors import opened
from .removing import _square
from .stopping import _begin, _restore

REMOVE_BUTTON = "huefill_remove_object_button"


def first_start(desk):
    """Before anybody has touched it: the very first start of this person's Krita."""
    window = desk.krita.activeWindow().qwindow()
    desk.open("parrots.png")
    yield 1500
    options = window.findChild(QDockWidget, "sharedtooldocker")
    desk.record["tabs"] = [docker.objectName() for docker in window.tabifiedDockWidgets(options)]
    desk.record["ours"] = type(desk.docker).__name__
    desk.record["seen"] = not desk.docker.visibleRegion().isEmpty()
    desk.record["size"] = [desk.docker.width(), desk.docker.height()]
    desk.record["hidden_in_part"] = _hidden_in_part(desk.docker, "huefill_strip", REMOVE_BUTTON)
    desk.screenshot("docker")


def _hidden_in_part(docker, *names):
    """Which of the widgets are not wholly on the screen."""
    found = {name: docker.findChild(QWidget, name) for name in names}
    return [name for name, widget in found.items() if widget.visibleRegion().boundingRect() != widget.rect()]


def _places(desk):
    """Where every button of the docker is on the screen; those in the list of results come with results."""
    results = desk.widget("huefill_results")
    places = {}
    for button in desk.docker.findChildren(QAbstractButton):
        if button.isVisible() and button.objectName().startswith("huefill_") and not results.isAncestorOf(button):
            corner = button.mapToGlobal(QPoint(0, 0))
            places[button.objectName()] = [corner.x(), corner.y(), button.width(), button.height()]
    return places


def _click_at(place):
    """What a hand does that has not moved: a click at a place of the screen, whatever is there now."""
    widget = QApplication.widgetAt(place)
    QTest.mouseClick(widget, Qt.LeftButton, Qt.NoModifier, widget.mapFromGlobal(place))


def still(desk):
    """A hand over Remove Object that clicks again and again, while it runs, is done, fails, is told something."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.widget("huefill_tabs").setCurrentIndex(0)
    desk.select(document, *_square("small"))
    desk.widget("huefill_dismiss").click()
    desk.forget_results()
    yield 400
    record = desk.record
    record["places"] = {"idle": _places(desk)}
    button = desk.widget(REMOVE_BUTTON)
    place = button.mapToGlobal(button.rect().center())
    _click_at(place)
    record["titles"] = [controller().progress.title]
    while desk.working():
        record["places"]["running"] = _places(desk)
        _click_at(place)
        record["titles"].append(controller().progress.title)
        yield 150
    yield 300
    record["places"]["done"] = _places(desk)
    document.setSelection(None)
    document.waitForDone()
    _click_at(place)
    yield from desk.until_done()
    record["told"], record["places"]["told"] = desk.said(), _places(desk)
    desk.select(document, *_square("small"))
    right = controller().choices
    controller().choices = replace(right, engine="nonesuch")
    _click_at(place)
    yield from desk.until_done()
    controller().choices = right
    record["failed"], record["places"]["failed"] = desk.said(), _places(desk)
    record["done"] = [past.command.id for past in controller().history]


def small(desk):
    """280 by 400 pixels: the strip and the commands are in sight while something runs, and the picture is large enough."""
    panel, tabs = desk.docker, desk.widget("huefill_tabs")
    yield from opened(desk, desk.open(os.environ["HUEFILL_TEST_GRAY"]))
    panel.setFloating(True)
    panel.setGeometry(200, 100, 280, 400)
    yield 600
    desk.record["size"] = [panel.width(), panel.height()]
    desk.record["hidden_in_color"] = _hidden_in_part(panel, "huefill_strip", "huefill_colors_apply", "huefill_swatch_8")
    desk.record["picture"] = desk.widget("huefill_picture").visibleRegion().boundingRect().height()
    panel.grab().save(str(desk.out / f"{desk.name}-color.png"))
    panel.studio.close()
    tabs.setCurrentIndex(0)
    yield from _begin(desk)
    names = [button.objectName() for button in panel.findChildren(QAbstractButton) if button.objectName().endswith("_button")]
    desk.record["hidden_in_remove"] = _hidden_in_part(panel, "huefill_strip", "huefill_cancel", "huefill_bar", *names)
    desk.record["sideways"] = [area.objectName() for area in panel.findChildren(QScrollArea) if area.horizontalScrollBar().maximum() > 0]
    panel.grab().save(str(desk.out / f"{desk.name}-remove.png"))
    desk.record["floats_beside_the_docker"] = desk.floating()
    panel.setFloating(False)
    panel.setVisible(False)
    yield from desk.until(lambda: any("Remove Object" in text for text in desk.floating()), 8, "progress on the canvas")
    desk.record["floats_without_it"] = desk.floating()
    desk.screenshot("hidden")
    panel.setVisible(True)
    desk.widget("huefill_cancel").click()
    yield from desk.until_done()
    _restore(desk)
