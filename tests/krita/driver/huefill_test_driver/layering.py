"""Results of several layers, of a task that makes foreseeable ones (tests/backend/layers_task.py), in every kind of document."""

import os

from huefill_krita import document as adapter
from huefill_krita.controller import controller
from huefill_krita.run import Order

from huefill_protocol.actions import Action, Option

SRGB = "sRGB-elle-V2-srgbtrc.icc"
TWO, ONE, COLORLESS = 0, 1, 2
_SEED = Option("seed", "Seed", "int", 0, "Which layers are made.", 0, 9)
_LAYERS = Action("layers", "layers", "Layers", "Make layers.", "Makes layers.", needs=("layer",), options=(_SEED,), done="Layered")


def _placed(model, depth, profile, what):
    def scenario(desk):
        document = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
        document.setColorSpace(model, depth, profile)
        document.waitForDone()
        yield 500
        desk.show_docker()
        desk.select(document, 30, 40, 50, 60)
        photo = desk.nodes(document)[0]
        desk.dump("photo", photo, document)
        desk.record["before"] = _state(desk, document)
        desk.dump("projection_before", document, document)
        source = adapter.find_source(document)
        controller().run(Order(_LAYERS, controller().choices, seed=what, source=source, window=source.canvas))
        yield from desk.until_done()
        yield from _settled(document)
        desk.record["after"] = _state(desk, document)
        _dump_layers(desk, document, "made")
        desk.dump("projection_after", document, document)
        desk.screenshot("done")
        selection = document.selection()
        desk.record["selection"] = [selection.x(), selection.y(), selection.width(), selection.height()]
        desk.trigger("edit_undo")
        yield from _settled(document)
        desk.record["undone"] = _state(desk, document)
        desk.dump("projection_undone", document, document)
        desk.trigger("edit_redo")
        yield from _settled(document)
        desk.record["redone"] = _state(desk, document)
        _dump_layers(desk, document, "redone")
        desk.dump("projection_redone", document, document)

    return scenario


def _settled(document):
    document.waitForDone()
    yield 700
    document.waitForDone()


def _state(desk, document):
    return {"steps": desk.history(), "tree": _tree(document.rootNode()), "active": document.activeNode().name()}


def _tree(node):
    return [[child.name(), _tree(child)] for child in node.childNodes() if child.type() != "selectionmask"]


def _dump_layers(desk, document, name):
    top = desk.nodes(document)[-1]
    for number, layer in enumerate(top.childNodes() or [top]):
        desk.dump(f"{name}_{number}", layer, document)


two_in_u8 = _placed("RGBA", "U8", SRGB, TWO)
two_in_u16 = _placed("RGBA", "U16", SRGB, TWO)
two_in_f32 = _placed("RGBA", "F32", SRGB, TWO)
two_in_gray_u8 = _placed("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc", TWO)
two_in_gray_u16 = _placed("GRAYA", "U16", "Gray-D50-elle-V2-srgbtrc.icc", TWO)
two_in_cmyk_u8 = _placed("CMYKA", "U8", "Chemical proof", TWO)
one_in_u8 = _placed("RGBA", "U8", SRGB, ONE)
colorless_in_u8 = _placed("RGBA", "U8", SRGB, COLORLESS)
