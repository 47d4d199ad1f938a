"""Match Colors, as a person does it: the colors of a layer, of another open photo, of a file; a saturation; another network."""

import os

from .colors import applied, coloring, docker, laid_out, result_of, studio, widget


def match(desk):
    other = desk.open(os.environ["HUEFILL_TEST_BEACH"])
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    desk.dump("photo", desk.nodes(document)[0], document)
    _add_layer(document, desk.nodes(other)[0])
    yield 500
    document.setActiveNode(desk.nodes(document)[0])
    document.waitForDone()
    yield 300
    desk.trigger("huefill_match_colors")
    state = coloring(desk)
    yield from desk.until(lambda: state.photo is not None or state.message, 60, "the photo being read")
    yield 500
    desk.record["asked_without_a_reference"] = state.picture is not None
    desk.record["apply_without_a_reference"] = widget(desk, "huefill_colors_apply").isEnabled()
    desk.record["reference_in_sight"] = widget(desk, "huefill_reference").isVisibleTo(docker(desk))
    names = ("huefill_points", "huefill_saturation")
    desk.record["points_shown"] = {name: widget(desk, name).isVisibleTo(docker(desk)) for name in names}
    for kind, title in (("layer", "Layer: reference"), ("photo", "Photo: ")):
        _choose(desk, title)
        yield from _matched(desk, document, kind)
    yield from laid_out(desk)
    desk.screenshot("match")
    docker(desk).setFloating(False)
    _choose(desk, "None")
    desk.record["reference_taken_back"] = state.reference is None
    studio(desk).refer_to_file(os.environ["HUEFILL_TEST_BEACH"])
    yield from desk.until(lambda: state.reference is not None or state.message, 30, "the file being read")
    yield from _matched(desk, document, "file")
    studio(desk).refer_to_file(__file__)
    yield from desk.until(lambda: state.message is not None, 30, "a sentence")
    desk.record["no_picture"] = state.message.text
    studio(desk).refer_to_file(os.environ["HUEFILL_TEST_BEACH"])
    yield from desk.until(lambda: state.reference is not None, 30, "the file being read")
    ways = widget(desk, "huefill_match")
    ways.setCurrentIndex(ways.findData("histogram"))
    ways.activated.emit(ways.currentIndex())
    desk.record["way"] = [state.match, state.hints.how.match]
    desk.trigger("huefill_colorize_points")
    yield 500
    desk.record["folded_again"] = not widget(desk, "huefill_more").isChecked()
    studio(desk).close()


def _add_layer(document, source):
    """What another document's layer shows as a hidden layer above the photo."""
    width, height = document.width(), document.height()
    layer = document.createNode("reference", "paintlayer")
    layer.setPixelData(source.pixelData(0, 0, width, height), 0, 0, width, height)
    document.rootNode().addChildNode(layer, None)
    layer.setVisible(False)


def saturation(desk):
    """The slider alone, from gray to vivid."""
    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    yield 500
    desk.trigger("huefill_match_colors")
    state = coloring(desk)
    yield from desk.until(lambda: state.photo is not None or state.message, 60, "the photo being read")
    widget(desk, "huefill_saturation_on").setChecked(True)
    for value in (0, 90):
        widget(desk, "huefill_saturation").setValue(value)
        yield from _matched(desk, document, f"saturation_{value}")
    widget(desk, "huefill_saturation_on").setChecked(False)
    desk.record["off"] = state.saturation is None
    studio(desk).close()


def network(desk):
    """Two networks are installed: the box is there, and the chosen one colors."""
    from huefill_krita.controller import controller

    document = desk.open(os.environ["HUEFILL_TEST_GRAY"])
    yield 500
    desk.trigger("huefill_colorize_points")
    state = coloring(desk)
    yield from desk.until(lambda: state.picture is not None or state.message, 90, "the first preview")
    box = widget(desk, "huefill_network")
    widget(desk, "huefill_more").setChecked(True)
    desk.record["names"] = [box.itemText(index) for index in range(box.count())]
    desk.record["offered"] = box.isVisibleTo(docker(desk))
    widget(desk, "huefill_more").setChecked(False)
    former = state.picture
    index = box.findText("second")
    box.setCurrentIndex(index)
    box.activated.emit(index)
    yield from desk.until(lambda: (state.picture is not None and state.picture is not former) or state.message, 90, "another preview")
    desk.record["network"] = state.network
    yield from applied(desk)
    desk.record["said"] = desk.said()
    desk.record["layers"] = desk.layers(document)
    desk.record["recipe"] = controller().history[0].recipe
    studio(desk).close()


def _choose(desk, title):
    """Pick the entry of the reference box that begins with ``title``."""
    box = widget(desk, "huefill_reference")
    box.showPopup()
    titles = [box.itemText(index) for index in range(box.count())]
    desk.record.setdefault("offered", titles)
    index = next(index for index, text in enumerate(titles) if text.startswith(title))
    box.setCurrentIndex(index)
    box.activated.emit(index)
    box.hidePopup()


def _matched(desk, document, kind):
    """Apply what is chosen, dump the layer and take it away again."""
    state = coloring(desk)
    yield from desk.until(lambda: state.ready, 20, "something to match")
    yield 1200
    yield from applied(desk)
    layer = result_of(desk, document)
    desk.record.setdefault("names", {})[kind] = layer.name()
    desk.dump(kind, layer, document)
    layer.remove()
    document.waitForDone()
    yield 300
