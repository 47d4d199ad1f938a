"""Removals beside earlier ones, from the layer of a result, and what is read of a document with results, adjustments and hints."""

import os

from huefill_krita import document as adapter
from huefill_krita import sampling
from huefill_krita.controller import controller
from PyQt5.QtWidgets import QLabel

from huefill_client.geometry import Rect

from .removing import REMOVE, SRGB

THING = (92, 66, 56, 48)
# Around the thing, and a place beside it that reaches over where it stood.
FIRST, BESIDE = (86, 60, 68, 60), (136, 60, 50, 60)
_MAGENTA = b"\xff\x00\xff\xff"


def _photo_with_thing(desk):
    """A photo on which something of a color that it has nowhere else stands at `THING`."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    x, y, width, height = THING
    document.topLevelNodes()[0].setPixelData(_MAGENTA * (width * height), x, y, width, height)
    document.refreshProjection()
    document.waitForDone()
    desk.show_docker()
    return document


def _removed(desk, document, place):
    desk.select(document, *place)
    yield 200
    desk.trigger(REMOVE)
    yield from desk.until_done()
    document.waitForDone()


def _one_beside_another(on_result):
    def scenario(desk):
        document = _photo_with_thing(desk)
        yield from _removed(desk, document, FIRST)
        if on_result:
            document.setActiveNode(desk.nodes(document)[1])
            yield 300
        steps = desk.history()
        yield from _removed(desk, document, BESIDE)
        desk.record["steps"] = desk.history() - steps
        desk.record["layers"] = [name for name, _ in desk.layers(document)]
        desk.record["active"] = document.activeNode().name()
        desk.dump("photo", desk.nodes(document)[0], document)
        desk.dump("second", desk.nodes(document)[-1], document)
        desk.dump("after", document, document)
        desk.screenshot("done")

    return scenario


one_beside_another = _one_beside_another(False)
one_beside_another_on_result = _one_beside_another(True)


def _with_results(desk, model, depth, profile):
    """A document with a half transparent result on its photo, a pale one on that, and a hidden one."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    document.setColorSpace(model, depth, profile)
    document.waitForDone()
    photo = document.topLevelNodes()[0]
    for number, opacity in enumerate((255, 90, 255)):
        made = photo.duplicate()
        made.setName(f"Removed: try {number}, 1.0 s")
        made.setPixelData(bytes(made.pixelData(10 * number, 40, 120, 90)), 60, 70, 120, 90)
        made.setOpacity(opacity)
        document.rootNode().addChildNode(made, document.topLevelNodes()[-1])
        made.setVisible(number < 2)
    document.refreshProjection()
    document.waitForDone()
    return document, photo


def _reads(model, depth, profile):
    """Which documents are open, which steps there are, and what is read, in every way."""

    def scenario(desk):
        document, photo = _with_results(desk, model, depth, profile)
        yield 300
        rect, steps, documents = Rect(40, 50, 150, 130), desk.history(), len(desk.krita.documents())
        document.setActiveNode(document.topLevelNodes()[1])
        yield 300
        place = (rect.x, rect.y, rect.width, rect.height)
        shown, alone = (bytes(node.pixelData(*place)) for node in (document, photo))
        for sample in ("results", "layer", "all"):
            source = adapter.find_source(document, sample)
            read = sampling._read(source, rect, document)
            desk.record[sample] = {"photo": source.name, "as_shown": read == shown, "as_photo": read == alone}
        desk.record["differ"] = shown != alone
        desk.record["steps"] = desk.history() - steps
        desk.record["documents"] = len(desk.krita.documents()) - documents

    return scenario


reads_rgb_u8 = _reads("RGBA", "U8", SRGB)
reads_rgb_u16 = _reads("RGBA", "U16", SRGB)
reads_rgb_f16 = _reads("RGBA", "F16", "sRGB-elle-V2-g10.icc")
reads_rgb_f32 = _reads("RGBA", "F32", "sRGB-elle-V2-g10.icc")
reads_gray_u8 = _reads("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc")
reads_cmyk_u8 = _reads("CMYKA", "U8", "Chemical proof")
reads_lab_u16 = _reads("LABA", "U16", "Lab identity built-in")


def all_visible(desk):
    """An adjustment layer inverts the photo, hints lie over it: all is read but the hints, the result lies between."""
    from krita import Krita, Selection

    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    everywhere = Selection()
    everywhere.select(0, 0, document.width(), document.height(), 255)
    invert = document.createFilterLayer("inverted", Krita.instance().filter("invert"), everywhere)
    document.rootNode().addChildNode(invert, document.topLevelNodes()[-1])
    document.refreshProjection()
    document.waitForDone()
    yield 300
    desk.dump("seen", document, document)
    hints = document.createNode("Huefill Hints", "paintlayer")
    hints.setPixelData(_MAGENTA * (150 * 20), 50, 50, 150, 20)
    document.rootNode().addChildNode(hints, invert)
    document.refreshProjection()
    document.waitForDone()
    document.setActiveNode(document.topLevelNodes()[0])
    yield 300
    controller().choose("sample", "all")
    try:
        steps = desk.history()
        yield from _removed(desk, document, (92, 66, 56, 48))
    finally:
        controller().choose("sample", "results")
    desk.record["steps"] = desk.history() - steps
    desk.record["layers"] = [name.split(":")[0] for name, _ in desk.layers(document)]
    desk.dump("result", desk.nodes(document)[2], document)


def time_to_read(desk):
    """How long Krita is held up at most while a part of a photo of 12 megapixels is read with a result on it."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY_12_MEGAPIXELS"])
    made = document.createNode("Removed: upper left, 1.0 s", "paintlayer")
    made.setPixelData(_MAGENTA * (300 * 300), 1900, 1400, 300, 300)
    document.rootNode().addChildNode(made, document.topLevelNodes()[0])
    document.waitForDone()
    yield 1500
    import time

    source = adapter.find_source(document, "results")
    spent = []
    for strip in sampling.strips(source, Rect(1700, 1200, 700, 700)):
        # Of the processor, on Krita's own thread: other programs do not count.
        begun = time.thread_time()
        sampling.read_pixels(source, strip)
        spent.append(time.thread_time() - begun)
        yield 20
    desk.record["spent"] = spent


def put_elsewhere(desk):
    """Again on a result whose photo is in another tab."""
    first = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.forget_results()
    yield from _removed(desk, first, (92, 66, 56, 48))
    desk.record["said_first"] = desk.said()
    other = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    yield 300
    desk.widget("huefill_again").click()
    yield from desk.until_done()
    desk.record["said"] = desk.said()
    desk.record["layers"] = [len(desk.nodes(document)) for document in (first, other)]
    labels = desk.widget("huefill_results").findChildren(QLabel)
    desk.record["results"] = [label.text() for label in labels if label.text()]
