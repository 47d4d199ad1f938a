"""The tab Color with several documents, and with the results that lie on one."""

import os

from PyQt5.QtWidgets import QMdiArea

from .colors import applied, coloring, opened, studio, widget


def _shows(desk):
    """What a person sees in the tab."""
    state = coloring(desk)
    return {
        "photo": widget(desk, "huefill_colors_photo").text(),
        "points": [[round(point.x), round(point.y), [round(value) for value in point.rgb]] for point in state.points],
        "reference": None if state.reference is None else state.reference.name,
        "picture": state.picture is not None,
        "undo": widget(desk, "huefill_points_undo").isEnabled(),
        "apply": widget(desk, "huefill_colors_apply").isEnabled(),
    }


def _pictured(desk):
    state = coloring(desk)
    yield from desk.until(lambda: state.picture is not None or state.message, 60, "a preview")


def _to_tab(desk, tab):
    desk.krita.activeWindow().qwindow().findChild(QMdiArea).setActiveSubWindow(tab)
    yield 200


def _opened_in_a_tab(desk, photo):
    document = desk.open(os.environ[f"HUEFILL_TEST_{photo}"])
    tab = desk.krita.activeWindow().qwindow().findChild(QMdiArea).activeSubWindow()
    yield 200
    return document, tab


def documents(desk):
    """Three photos in three tabs: what is said of each, where Apply goes, and what is left when one is closed."""
    record = desk.record
    first, first_tab = yield from _opened_in_a_tab(desk, "GRAY")
    yield from opened(desk, first)
    state = coloring(desk)
    state.place(40, 50)
    state.recolor((200.0, 60.0, 40.0))
    state.place(100, 120)
    studio(desk).refer_to_file(os.environ["HUEFILL_TEST_BEACH"])
    yield from desk.until(lambda: state.reference is not None, 30, "the reference")
    yield from _pictured(desk)
    record["first"] = _shows(desk)
    second, second_tab = yield from _opened_in_a_tab(desk, "SMALL_WHOLE")
    record["not_yet"] = {**_shows(desk), "words": widget(desk, "huefill_colors_message").text()}
    record["invited"] = widget(desk, "huefill_colors_open").isVisible()
    widget(desk, "huefill_colors_open").click()
    yield from _pictured(desk)
    coloring(desk).place(7, 9)
    yield from _pictured(desk)
    record["second"] = _shows(desk)
    yield from _to_tab(desk, first_tab)
    yield from _pictured(desk)
    record["first_again"] = _shows(desk)
    yield from applied(desk)
    record["applied_to_first"] = [len(desk.nodes(document)) for document in (first, second)]
    first.setActiveNode(desk.nodes(first)[1])
    widget(desk, "huefill_points_undo").click()
    record["undone"] = len(coloring(desk).points)
    widget(desk, "huefill_points_redo").click()
    yield from _to_tab(desk, second_tab)
    record["second_again"] = _shows(desk)
    yield from applied(desk)
    record["applied_to_second"] = [len(desk.nodes(document)) for document in (first, second)]
    yield from _after_a_third(desk, first, first_tab)


def _after_a_third(desk, first, first_tab):
    """The photo that was let go of while others were shown comes back by itself; another of its layers is active by then."""
    record = desk.record
    third, _ = yield from _opened_in_a_tab(desk, "BEACH")
    yield from opened(desk, third)
    photo = studio(desk).photo
    yield from _to_tab(desk, first_tab)
    record["photo_changed"] = studio(desk).photo is not photo
    record["back_at_once"] = {**_shows(desk), "picture": None}
    yield from _pictured(desk)
    record["back"] = _shows(desk)
    record["source"] = studio(desk).source.name
    record["active"] = first.activeNode().name()
    record["layers"] = [name for name, _ in desk.layers(first)]
    desk.screenshot("back")
    first.setModified(False)
    first.close()
    yield 250
    record["shown_then"] = desk.krita.activeDocument() is not None and desk.krita.activeDocument().name()
    record["closed"] = _shows(desk)
    studio(desk).close()


def beneath(desk):
    """Colors for a photo on which something was removed, and which was colored before: of these two layers one is read."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    photo = desk.nodes(document)[0]
    for name, pixel, place in (
        ("Removed: middle, 1.0 s", b"\x50\x50\x50\xff", (60, 60, 40, 40)),
        ("Colored: 3 points, 1.0 s", b"\x20\x20\xd0\xff", (0, 0, 256, 256)),
    ):
        layer = document.createNode(name, "paintlayer")
        document.rootNode().addChildNode(layer, desk.nodes(document)[-1])
        layer.setPixelData(pixel * (place[2] * place[3]), *place)
    colors = desk.nodes(document)[-1]
    colors.setVisible(False)
    document.refreshProjection()
    document.waitForDone()
    without = bytes(document.pixelData(0, 0, 256, 256))
    colors.setVisible(True)
    document.refreshProjection()
    document.waitForDone()
    document.setActiveNode(colors)
    yield 300
    yield from opened(desk, document)
    read = bytes(studio(desk).photo._image.data)
    desk.record["read_without_colors"] = read == without
    desk.record["read_with_removal"] = read != bytes(photo.pixelData(0, 0, 256, 256))
    yield from applied(desk)
    desk.record["layers"] = [name.split(":")[0] for name, _ in desk.layers(document)]
    studio(desk).close()
