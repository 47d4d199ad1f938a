"""Every procedure in every kind of image, on every kind of layer."""

import os

from desk import NONINTERACTIVE
from gi.repository import Gegl, Gimp, Gio

POINT = (30, 140)


def kind_of_image(desk, space):
    """All five procedures, each on a fresh image of ``space``."""
    color = {"convert_to_rgb": True} if space.startswith("gray") or space == "indexed" else {}
    for procedure, arguments in {
        "remove-object": {"seed": 1},
        "recolor-selection": {},
        "extend-canvas": {"left": 24},
        "colorize-points": {"colors": "#d02020", **color},
        "match-colors": {"set_saturation": True, "saturation": 0.6, **color},
    }.items():
        selected = procedure in ("remove-object", "recolor-selection")
        image, layer = desk.photo("small" if selected else "small_whole", space, selected)
        if procedure == "colorize-points":
            image.add_sample_point(*POINT)
        desk.dump_visible(f"{procedure}-before", image)
        desk.record[procedure], result = desk.call(procedure, image, layer, **arguments)
        if result is not None:
            desk.dump(f"{procedure}-result", result, image)
            desk.dump_visible(f"{procedure}-after", image)


def feathered(desk):
    image, layer = desk.photo(selected=False)
    Gimp.context_set_feather(True)
    Gimp.context_set_feather_radius(24, 24)
    desk.select(image, *(int(value) for value in os.environ["HUEFILL_TEST_SMALL_SQUARE"].split(",")))
    Gimp.context_set_feather(False)
    desk.dump_visible("before", image)
    desk.record["call"], result = desk.call("remove-object", image, layer)
    desk.dump("result", result, image)
    desk.dump_visible("after", image)
    buffer = image.get_selection().get_buffer()
    area = Gegl.Rectangle.new(0, 0, image.get_width(), image.get_height())
    desk.record["selection"] = list(buffer.get(area, 1.0, "Y u8", Gegl.AbyssPolicy.NONE))


def offset_layer(desk):
    """The photo lies at (30, 20) in a larger image, beneath another layer."""
    image, layer = desk.photo(selected=False)
    x, y, width, height = (int(value) for value in os.environ["HUEFILL_TEST_SMALL_SQUARE"].split(","))
    image.resize(300, 250, 30, 20)
    above = Gimp.Layer.new(image, "above", 20, 20, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(above, None, 0)
    desk.select(image, x + 30, y + 20, width, height)
    desk.record["call"], result = desk.call("remove-object", image, layer)
    desk.dump("result", result, image)


def layer_larger_than_image(desk):
    image, layer = desk.photo()
    image.resize(120, 110, -30, -20)
    desk.record["selection"] = list(Gimp.Selection.bounds(image)[2:])
    desk.record["call"], result = desk.call("remove-object", image, layer)
    desk.dump("result", result, image)
    desk.dump_visible("after", image)


def transparent_layer(desk):
    """What is transparent is unknown, not black: a hole beside it does not turn dark."""
    image, layer = desk.photo()
    layer.add_alpha()
    desk.select(image, 0, 0, 40, 176)
    layer.edit_clear()
    desk.select(image, *(int(value) for value in os.environ["HUEFILL_TEST_SMALL_SQUARE"].split(",")))
    desk.record["call"], result = desk.call("remove-object", image, layer)
    desk.dump("result", result, image)


def in_group_twice(desk):
    image, layer = desk.photo()
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    desk.record["first"], _ = desk.call("remove-object", image, layer)
    desk.record["second"], _ = desk.call("remove-object", image, layer, engine="patch")
    desk.record["in_group"] = [child.get_name() for child in group.get_children()]
    desk.record["active"] = [chosen.get_name() for chosen in image.get_selected_layers()]


def canvas_made_larger(desk):
    """Extend without pixels: what the enlarged canvas leaves empty is filled."""
    image, layer = desk.photo("small_whole", selected=False)
    image.resize(216, 176, 40, 0)
    desk.dump("photo", layer, image)
    desk.record["call"], _ = desk.call("extend-canvas", image, layer)
    desk.dump_visible("after", image)
    desk.record["size"] = [image.get_width(), image.get_height()]


def refusals(desk):
    """What cannot be done, by what it is: what was said, and how many layers there are then."""

    def refused(name, procedure, image, *drawables, **arguments):
        before = len(image.get_layers())
        outcome, _ = desk.call(procedure, image, *drawables, **arguments)
        desk.record[name] = {**outcome, "unchanged": len(image.get_layers()) == before}

    image, layer = desk.photo(selected=False)
    refused("no_selection", "remove-object", image, layer)
    refused("nothing_to_extend", "extend-canvas", image, layer)
    refused("nothing_to_match", "match-colors", image, layer)
    refused("no_reference", "match-colors", image, layer, reference_file=Gio.File.new_for_path(__file__))
    image.add_sample_point(10, 10)
    refused("no_color", "colorize-points", image, layer, colors="reddish")
    small = Gimp.Layer.new(image, "corner", 20, 20, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(small, None, 0)
    desk.select(image, 100, 100, 40, 40)
    refused("selection_outside", "remove-object", image, small)
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    refused("mask", "remove-object", image, mask)
    refused("two_layers", "remove-object", image, small, layer)
    layer.remove_mask(Gimp.MaskApplyMode.DISCARD)
    gray, layer = desk.photo(space="gray_u8")
    refused("gray", "colorize-points", gray, layer)
    refused("gray_recolor", "recolor-selection", gray, layer)
    desk.record["gray_stays"] = gray.get_base_type() == Gimp.ImageBaseType.GRAY


def reference(desk):
    """The photo takes the colors of another open one, in two ways, of a file; with a selection, only there."""
    image, layer = desk.photo("small_whole", selected=False)
    other = Gimp.file_load(NONINTERACTIVE, Gio.File.new_for_path(os.environ["HUEFILL_TEST_BEACH"]))
    desk.images.append(other)
    beach = other.get_layers()[0]
    desk.record["layer"], result = desk.call("match-colors", image, layer, reference=beach)
    desk.dump("layer", result, image)
    image.remove_layer(result)
    desk.record["amounts"], result = desk.call("match-colors", image, layer, reference=beach, match="histogram")
    desk.dump("amounts", result, image)
    image.remove_layer(result)
    file = Gio.File.new_for_path(os.environ["HUEFILL_TEST_BEACH"])
    desk.select(image, 0, 0, 88, 176)
    desk.record["file"], result = desk.call("match-colors", image, layer, reference_file=file)
    desk.record["masked"] = result.get_mask() is not None
    desk.dump("file", result, image)
    desk.dump_visible("after", image)
    desk.dump("photo", layer, image)
    desk.record["images"] = len(Gimp.get_images()) - len(desk.images)


def unforeseen(desk):
    """Remove Object in a plug-in that is broken (the test has broken it)."""
    image, layer = desk.photo()
    desk.record["call"], _ = desk.call("remove-object", image, layer)
