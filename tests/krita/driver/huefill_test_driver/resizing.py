"""Extend Canvas in the very moment in which a script resizes the image, before Krita has drawn it anew."""

import os

EXTEND = "huefill_extend_canvas"
_TIMES = 4


def extend_at_once(desk):
    """Resize and run in one tick, again and again, with larger and smaller canvases; what was made each time."""
    desk.show_docker()
    desk.record["runs"] = []
    for number in range(_TIMES):
        document = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
        yield 300 if number % 2 else 0
        by = 24 + 16 * (number % 3)
        document.resizeImage(-by, 0, 256 + 2 * by, 256)
        desk.trigger(EXTEND)
        yield from desk.until_done()
        desk.record["runs"].append({"said": desk.said(), "layers": [node.name() for node in desk.nodes(document)]})
        document.setModified(False)
        document.close()


def extend_while_seen(desk):
    """The same in one document, zoomed in, whose canvas grows step by step."""
    document = desk.open(os.environ["HUEFILL_TEST_DAMAGED"])
    desk.show_docker()
    yield 1000
    desk.record["runs"] = []
    for _ in range(_TIMES):
        document.resizeImage(-16, -16, document.width() + 32, document.height() + 32)
        desk.trigger(EXTEND)
        yield from desk.until_done()
        desk.record["runs"].append({"said": desk.said(), "layers": [node.name() for node in desk.nodes(document)]})
