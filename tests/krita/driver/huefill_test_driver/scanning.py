"""Find Scratches and Restore Old Photo on a scan with drawn damage: the selection, the layers, the history."""

import os


def found(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SCAN"])
    yield 500
    desk.show_docker()
    desk.record["before"] = _state(desk, document)
    desk.trigger("huefill_find_scratches")
    yield from desk.until_done()
    yield from _settled(document)
    desk.record["found"] = _state(desk, document)
    _dump_selection(desk, document, "found")
    desk.screenshot("selected")
    desk.trigger("edit_undo")
    yield from _settled(document)
    desk.record["undone"] = _state(desk, document)
    desk.trigger("edit_redo")
    yield from _settled(document)
    desk.record["redone"] = _state(desk, document)
    _dump_selection(desk, document, "redone")


def found_instead(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SCAN"])
    yield 500
    desk.select(document, 10, 20, 30, 40)
    desk.record["before"] = _state(desk, document)
    desk.trigger("huefill_find_scratches")
    yield from desk.until_done()
    yield from _settled(document)
    _dump_selection(desk, document, "found")
    for _ in range(2):
        desk.trigger("edit_undo")
        yield from _settled(document)
    desk.record["undone"] = _state(desk, document)


def restored(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SCAN"])
    yield 500
    desk.show_docker()
    yield from _restored(desk, document)
    desk.screenshot("restored")
    desk.trigger("edit_undo")
    yield from _settled(document)
    desk.record["undone"] = _state(desk, document)


def restored_selection(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SCAN"])
    yield 500
    desk.select(document, 60, 60, 12, 12)
    yield from _restored(desk, document)


def gray(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SCAN"])
    document.setColorSpace("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc")
    document.waitForDone()
    yield 500
    desk.trigger("huefill_restore_photo")
    yield from desk.until_done()
    desk.record["state"] = _state(desk, document)


def _restored(desk, document):
    desk.record["before"] = _state(desk, document)
    desk.trigger("huefill_restore_photo")
    yield from desk.until_done()
    yield from _settled(document)
    desk.record["after"] = _state(desk, document)
    desk.dump("photo", desk.nodes(document)[0], document)
    for number, layer in enumerate(desk.nodes(document)[-1].childNodes()):
        desk.dump(f"made_{number}", layer, document)
    desk.dump("seen", document, document)


def _settled(document):
    document.waitForDone()
    yield 500
    document.waitForDone()


def _state(desk, document):
    selection = document.selection()
    bounds = None if selection is None else [selection.x(), selection.y(), selection.width(), selection.height()]
    tree = [_entry(node) for node in desk.nodes(document)]
    return {"steps": desk.history(), "selection": bounds, "tree": tree, "active": document.activeNode().name()}


def _entry(node):
    return [node.name(), node.visible(), [_entry(child) for child in node.childNodes()]]


def _dump_selection(desk, document, name):
    width, height = document.width(), document.height()
    (desk.out / f"{desk.name}-{name}.bin").write_bytes(bytes(document.selection().pixelData(0, 0, width, height)))
