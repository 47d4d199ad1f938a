"""The first five minutes, as docs/first-five-minutes.md tells them: each step leaves a picture of the whole screen."""

import json
import os
import pathlib

from PyQt5.QtCore import QPoint
from PyQt5.QtWidgets import QWidget

from krita import Selection

from .colors import color, coloring, docker, shown, widget
from .removing import REMOVE


def _look(desk, name, *marked):
    """A picture of the screen, and where the widgets lie that a reader is to look at."""
    desk.screenshot(name)
    places = {}
    for each in marked:
        found = desk.docker.findChild(QWidget, each)
        corner, ratio = found.mapToGlobal(QPoint(0, 0)), found.devicePixelRatioF()
        places[each] = [round(value * ratio) for value in (corner.x(), corner.y(), found.width(), found.height())]
    (desk.out / f"{desk.name}-{name}.json").write_text(json.dumps(places))


def five_minutes(desk):
    desk.krita.activeWindow().qwindow().showMaximized()
    document = desk.open("jetty.jpg")
    yield from desk.until(lambda: not desk.docker.visibleRegion().isEmpty(), 10, "the docker's first place")
    yield 2500
    desk.record["docker_is_seen"] = not desk.docker.visibleRegion().isEmpty()
    _look(desk, "1-first-start", "huefill_tabs")
    person = Selection()
    mask = pathlib.Path(os.environ["HUEFILL_TEST_JETTY_MASK"]).read_bytes()
    person.setPixelData(mask, 0, 0, document.width(), document.height())
    document.setSelection(person)
    document.waitForDone()
    yield 800
    _look(desk, "2-selected", "huefill_remove_object_button")
    desk.trigger(REMOVE)
    yield from desk.until(lambda: desk.widget("huefill_bar").value() > 300 or not desk.working(), 60, "some progress")
    _look(desk, "3-running", "huefill_bar", "huefill_cancel")
    yield from desk.until_done()
    document.setSelection(None)
    yield 1500
    _look(desk, "4-removed", "huefill_results")
    gray = desk.open("parrots-gray.jpg")
    yield from shown(gray)
    yield 500
    desk.trigger("huefill_colorize_points")
    yield from desk.until(lambda: coloring(desk).message is not None, 30, "the word about a gray document")
    widget(desk, "huefill_colors_convert").click()
    yield from desk.until(lambda: coloring(desk).picture is not None, 90, "the first preview")
    state = coloring(desk)
    for x, y, hexadecimal in json.loads(pathlib.Path(os.environ["HUEFILL_TEST_FEW_POINTS"]).read_text()):
        state.place(float(x), float(y))
        yield from desk.until(lambda: len(state.suggestions) == 9, 60, "the suggested colors")
        state.recolor(color(hexadecimal))
        yield 400
    yield 800
    _look(desk, "5-colors", "huefill_picture", "huefill_likely")
    desk.widget("huefill_colors_apply").click()
    yield from desk.until(lambda: len(desk.nodes(gray)) > 1, 120, "the colors")
    yield from desk.until_done()
    gray.waitForDone()
    yield 1500
    _look(desk, "6-colored", "huefill_colors_apply")


def screens(desk):
    """What a person sees in the docker: alone, running, with results, with colors from near; narrow and low, too."""
    desk.krita.activeWindow().qwindow().showMaximized()
    yield from five_minutes(desk)
    picture = widget(desk, "huefill_picture")
    picture.zoom(5)
    yield 1200
    desk.screenshot("7-zoomed")
    widget(desk, "huefill_more").click()
    yield 500
    desk.screenshot("8-more")
    widget(desk, "huefill_more").click()
    yield from _suggestions(desk)
    panel = docker(desk)
    panel.setFloating(True)
    panel.setGeometry(60, 80, 280, 400)
    yield 1000
    panel.grab().save(str(desk.out / f"{desk.name}-small-color.png"))
    widget(desk, "huefill_more").click()
    yield 500
    panel.grab().save(str(desk.out / f"{desk.name}-small-more.png"))
    widget(desk, "huefill_more").click()
    widget(desk, "huefill_tabs").setCurrentIndex(0)
    yield 500
    panel.grab().save(str(desk.out / f"{desk.name}-small-remove.png"))
    panel.setFloating(False)
    yield 300


def _suggestions(desk):
    """Colorize: the small pictures, then one of them with its anchors, split into before and after."""
    widget(desk, "huefill_points_clear").click()
    desk.trigger("huefill_colorize")
    state = coloring(desk)
    yield from desk.until(lambda: not state.proposing or state.message, 120, "the suggestions or none")
    widget(desk, "huefill_picture").zoom(0)
    yield 1500
    desk.screenshot("9-suggestions")
    if state.variants:
        widget(desk, "huefill_variant_1").click()
        yield 1500
        widget(desk, "huefill_split").click()
        yield 800
        desk.screenshot("10-anchors")
        widget(desk, "huefill_split").click()
        state.select(state.points[0].id)
        yield 1500
        desk.screenshot("11-anchor")
        state.select(None)
        yield 500
