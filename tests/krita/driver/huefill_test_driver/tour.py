"""The first five minutes, as docs/first-five-minutes.md tells them: each step leaves a picture of the whole screen."""

import json
import os
import pathlib

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QWidget

from krita import Selection

from .colors import answered, applied, color, coloring, docker, shown, studio, widget
from .removing import REMOVE

# The docker of a person who has given it room, in pixels.
_WIDE, _HIGH = 400, 600


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
    yield from _given_room(desk)
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


def _points(desk):
    """A few points of true colors on another photo, and Apply."""
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
    desk.screenshot("points")
    desk.widget("huefill_colors_apply").click()
    yield from desk.until(lambda: len(desk.nodes(gray)) > 1, 120, "the colors")
    yield from desk.until_done()
    gray.waitForDone()
    yield 1500
    desk.screenshot("points-applied")


def colorize(desk):
    """An old photo: suggestions, one of them with its anchors and the line of before and after, another color for an anchor, Apply."""
    desk.krita.activeWindow().qwindow().showMaximized()
    document = desk.open("tetons.jpg")
    yield from desk.until(lambda: not desk.docker.visibleRegion().isEmpty(), 10, "the docker's first place")
    yield from shown(document)
    yield from _given_room(desk)
    desk.trigger("huefill_colorize")
    yield from desk.until(lambda: coloring(desk).message is not None, 30, "the word about a gray document")
    yield 500
    _look(desk, "0-gray", "huefill_colors_convert")
    widget(desk, "huefill_colors_convert").click()
    state = coloring(desk)
    yield from desk.until(lambda: state.variants and not state.proposing, 120, "the suggestions")
    yield 1500
    _look(desk, "1-suggestions", "huefill_variants")
    widget(desk, "huefill_variant_0").click()
    yield from answered(desk)
    widget(desk, "huefill_split").click()
    yield 800
    _look(desk, "2-anchors", "huefill_picture")
    widget(desk, "huefill_split").click()
    sky = min(state.anchors, key=lambda point: point.y)
    state.select(sky.id)
    yield from desk.until(lambda: len(state.suggestions) > 3, 60, "the likely colors of an anchor")
    widget(desk, "huefill_swatch_3").click()
    yield from answered(desk)
    _look(desk, "3-anchor", "huefill_picture", "huefill_likely")
    widget(desk, "huefill_more").click()
    yield 800
    _look(desk, "4-more", "huefill_more")
    widget(desk, "huefill_more").click()
    yield from applied(desk)
    yield 1500
    _look(desk, "5-colored", "huefill_colors_apply")
    yield from _matched(desk)


def _matched(desk):
    """The same photo takes the colors of another one."""
    document = desk.krita.activeDocument()
    desk.nodes(document)[-1].setVisible(False)
    document.refreshProjection()
    desk.trigger("huefill_match_colors")
    state = coloring(desk)
    yield 800
    _look(desk, "6-to-match", "huefill_reference")
    before = state.picture
    studio(desk).refer_to_file(os.path.join(os.environ["HUEFILL_TEST_PHOTOS"], "jetty.jpg"))
    yield from desk.until(lambda: state.reference is not None and state.picture not in (None, before), 60, "the matched colors")
    yield 1500
    _look(desk, "7-matched", "huefill_reference")


def _given_room(desk):
    """A person gives the docker room: wider, and without the brushes beneath it."""
    window = desk.krita.activeWindow().qwindow()
    for other in desk.krita.dockers():
        if other.objectName() == "PresetDocker":
            other.setVisible(False)
    window.resizeDocks([desk.docker], [_WIDE], Qt.Horizontal)
    yield 300
    layers = next(other for other in desk.krita.dockers() if other.objectName() == "KisLayerBox")
    window.resizeDocks([desk.docker, layers], [_HIGH, 1], Qt.Vertical)
    yield 1500


def screens(desk):
    """What a person sees in the docker: alone, running, with results, with colors from near; narrow and low, too."""
    desk.krita.activeWindow().qwindow().showMaximized()
    yield from five_minutes(desk)
    yield from _points(desk)
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
