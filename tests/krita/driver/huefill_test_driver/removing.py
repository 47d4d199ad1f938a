"""Remove Object on a photo, as a person does it, and in every kind of document."""

import os

SRGB = "sRGB-elle-V2-srgbtrc.icc"
REMOVE = "huefill_remove_object"


def _square(name):
    return [int(number) for number in os.environ[f"HUEFILL_TEST_{name.upper()}_SQUARE"].split(",")]


def remove_object(desk):
    """The whole way: menu, layer, history, undo, redo, saving."""
    document = desk.open(os.environ["HUEFILL_TEST_DAMAGED"])
    desk.show_docker()
    desk.select(document, *_square("damaged"))
    desk.record["menu"] = desk.menu_texts()
    desk.record["shortcut"] = desk.krita.action(REMOVE).shortcut().toString()
    desk.record["layers_before"] = desk.layers(document)
    desk.record["steps_before"] = desk.history()
    desk.dump("projection_before", document, document)
    longest_gap = desk.watch_gaps()
    desk.trigger(REMOVE)
    desk.record["working_at_once"] = desk.working()
    yield 400
    desk.screenshot("working")
    yield from desk.until_done()
    desk.record["longest_gap_s"] = longest_gap()
    document.waitForDone()
    yield 500
    desk.record["steps_after"] = desk.history()
    desk.record["layers_after"] = desk.layers(document)
    desk.record["active"] = document.activeNode().name()
    selection = document.selection()
    desk.record["selection"] = [selection.x(), selection.y(), selection.width(), selection.height()]
    result = desk.nodes(document)[1]
    desk.dump("photo", desk.nodes(document)[0], document)
    desk.dump("result", result, document)
    desk.dump("projection_after", document, document)
    desk.record["state"] = desk.widget("huefill_state").accessibleName()
    desk.screenshot("done")
    desk.record["png"] = desk.save(document, "png")
    desk.record["kra"] = desk.save(document, "kra")
    desk.trigger("edit_undo")
    document.waitForDone()
    yield 700
    desk.record["layers_undone"] = desk.layers(document)
    desk.dump("projection_undone", document, document)
    desk.trigger("edit_redo")
    document.waitForDone()
    yield 700
    desk.record["layers_redone"] = desk.layers(document)
    desk.dump("result_redone", desk.nodes(document)[1], document)
    again = desk.krita.openDocument(str(desk.out / f"{desk.name}.kra"))
    desk.record["layers_in_kra"] = desk.layers(again)
    desk.dump("result_in_kra", desk.nodes(again)[1], again)
    again.close()


def _in_space(model, depth, profile):
    def scenario(desk):
        document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
        document.setColorSpace(model, depth, profile)
        document.waitForDone()
        desk.show_docker()
        desk.select(document, *_square("small"))
        desk.dump("before", document, document)
        steps = desk.history()
        desk.trigger(REMOVE)
        yield from desk.until_done()
        document.waitForDone()
        yield 300
        desk.record["steps"] = desk.history() - steps
        desk.record["layers"] = desk.layers(document)
        desk.dump("result", desk.nodes(document)[1], document)
        desk.dump("after", document, document)
        desk.dump("photo", desk.nodes(document)[0], document)

    return scenario


in_rgb_u16 = _in_space("RGBA", "U16", SRGB)
in_rgb_f32_linear = _in_space("RGBA", "F32", "sRGB-elle-V2-g10.icc")
in_rgb_f16_linear = _in_space("RGBA", "F16", "sRGB-elle-V2-g10.icc")
in_gray_u8 = _in_space("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc")
in_gray_u16 = _in_space("GRAYA", "U16", "Gray-D50-elle-V2-srgbtrc.icc")
in_cmyk_u8 = _in_space("CMYKA", "U8", "Chemical proof")
in_lab_u16 = _in_space("LABA", "U16", "Lab identity built-in")


def layer_in_group(desk):
    """The photo's layer lies in a group, with a layer above it: the result belongs between the two."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    photo = document.topLevelNodes()[0]
    group = document.createGroupLayer("group")
    document.rootNode().addChildNode(group, photo)
    inside, above = photo.duplicate(), document.createNode("above", "paintlayer")
    inside.setName("inside")
    group.addChildNode(inside, None)
    group.addChildNode(above, inside)
    document.waitForDone()
    yield 500  # until the layer has its place in the window's list
    document.setActiveNode(inside)
    yield 500
    desk.select(document, *_square("small"))
    desk.trigger(REMOVE)
    yield from desk.until_done()
    desk.record["said_first"] = desk.said()
    desk.record["in_group"] = [node.name() for node in group.childNodes()]
    desk.record["at_top"] = [node.name() for node in desk.nodes(document)]
    document.setActiveNode(group)
    yield 500
    desk.trigger(REMOVE)
    yield from desk.until_done()
    desk.record["at_top_after_group"] = [node.name() for node in desk.nodes(document)]


def second_try(desk):
    """Again, from the docker: a second layer, above the first, with another seed; one more step in the history."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.select(document, *_square("small"))
    desk.trigger(REMOVE)
    yield from desk.until_done()
    desk.dump("first", desk.nodes(document)[1], document)
    document.setSelection(None)
    steps = desk.history()
    desk.widget("huefill_again").click()
    yield from desk.until_done()
    desk.record["steps"] = desk.history() - steps
    desk.record["layers"] = desk.layers(document)
    desk.dump("second", desk.nodes(document)[2], document)
    entry = desk.widget("huefill_again")
    entry.menu().actions()[1].trigger()
    yield from desk.until_done()
    desk.dump("third", desk.nodes(document)[3], document)
    desk.screenshot("results")


def photo_moved_meanwhile(desk):
    """A layer that was moved while the backend worked takes its result along."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.select(document, *_square("small"))
    photo = document.topLevelNodes()[0]
    desk.trigger(REMOVE)
    yield from desk.until(lambda: "reading" not in desk.widget("huefill_remedy").text() and desk.working(), 20, "the reading")
    yield 200
    photo.move(7, -5)
    document.refreshProjection()
    yield from desk.until_done()
    bounds = desk.nodes(document)[1].bounds()
    desk.record["bounds"] = [bounds.x(), bounds.y(), bounds.width(), bounds.height()]
