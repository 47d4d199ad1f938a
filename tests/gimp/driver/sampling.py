"""Removals beside earlier ones, from the layer of a result, and what is read of an image with results, adjustments and hints."""

import pathlib
import sys

from gi.repository import Gegl, Gimp

_PLUGIN = pathlib.Path(Gimp.directory(), "plug-ins", "huefill")
sys.path[:0] = [str(_PLUGIN), str(_PLUGIN / "lib")]

THING = (60, 60, 56, 40)
# Around the thing, and a place beside it that reaches over where it stood.
FIRST, BESIDE = (54, 54, 68, 52), (104, 54, 46, 52)


def one_beside_another(desk, chosen):
    """A thing of a color that the photo has nowhere else goes, then something beside it, begun from the layer ``chosen``."""
    image, photo = _photo_with_thing(desk)
    desk.select(image, *FIRST)
    desk.record["first"], first = desk.call("remove-object", image, photo)
    desk.select(image, *BESIDE)
    desk.record["second"], second = desk.call("remove-object", image, first if chosen == "result" else photo)
    desk.record["photo"] = photo.get_name()
    desk.record["active"] = [layer.get_name() for layer in image.get_selected_layers()]
    desk.dump("second", second, image)
    desk.dump_visible("after", image)


def reads(desk, space):
    """What is read of an image with a half transparent result on its photo and a hidden one, in every way, and what that leaves behind."""
    from huefill_gimp.photo import find_photo

    from huefill_client.geometry import Rect

    image, photo = desk.photo("small_whole", space, selected=False)
    for number in range(2):
        made = photo.copy()
        made.add_alpha()
        image.insert_layer(made, None, 0)
        made.set_name(f"Removed: try {number}, 1.0 s")
        made.set_offsets(25, 15)
        made.set_opacity(60)
        made.set_visible(number == 0)
    images, rect = len(Gimp.get_images()), Rect(10, 5, 120, 90)
    for sample in ("results", "layer", "all"):
        source = find_photo(image, [image.get_layers()[0]]).sampled(sample)
        read = bytes(source.read(rect, True).data)
        desk.record[sample] = {
            "photo": source.layer.get_name() == photo.get_name(),
            "as_shown": read == _shown(image, rect, source.exchange.name(True)),
            "as_photo": read == _of(photo, rect, source.exchange.name(True)),
        }
    before = bytes(find_photo(image, [photo]).sampled("results").read(rect, True).data)
    colors = photo.copy()
    image.insert_layer(colors, None, 0)
    colors.set_name("Colored: 3 points, 1.0 s")
    colors.fill(Gimp.FillType.FOREGROUND)
    for_colors = find_photo(image, [photo]).sampled("results", with_colors=False)
    desk.record["for_colors"] = bytes(for_colors.read(rect, True).data) == before
    desk.record["small"] = list(for_colors.small(40).shape)
    desk.record["images"] = len(Gimp.get_images()) - images


def all_visible(desk):
    """A layer that inverts what is beneath it, and hints over it: all is read but the hints, and the result lies between."""
    image, photo = desk.photo(selected=True)
    width, height = image.get_width(), image.get_height()
    invert = Gimp.Layer.new(image, "inverted", width, height, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.DIFFERENCE)
    Gimp.context_set_foreground(Gimp.color_parse_css("#ffffff"))
    invert.fill(Gimp.FillType.FOREGROUND)
    image.insert_layer(invert, None, 0)
    desk.dump_visible("seen", image)
    hints = Gimp.Layer.new(image, "Huefill Hints", width, 20, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    Gimp.context_set_foreground(Gimp.color_parse_css("#ff00ff"))
    hints.fill(Gimp.FillType.FOREGROUND)
    hints.set_offsets(0, 34)
    image.insert_layer(hints, None, 0)
    desk.record["call"], result = desk.call("remove-object", image, photo, sample="all")
    desk.dump("result", result, image)


def _photo_with_thing(desk):
    image, photo = desk.photo("small_whole", selected=False)
    desk.select(image, *THING)
    Gimp.context_set_foreground(Gimp.color_parse_css("#ff00ff"))
    photo.edit_fill(Gimp.FillType.FOREGROUND)
    return image, photo


def _shown(image, rect, name):
    copy = image.duplicate()
    if copy.get_base_type() == Gimp.ImageBaseType.INDEXED:
        copy.convert_rgb()
    merged = copy.merge_visible_layers(Gimp.MergeType.EXPAND_AS_NECESSARY)
    data = _of(merged, rect, name)
    copy.delete()
    return data


def _of(layer, rect, name):
    _, x, y = layer.get_offsets()
    area = Gegl.Rectangle.new(rect.x - x, rect.y - y, rect.width, rect.height)
    return bytes(layer.get_buffer().get(area, 1.0, name, Gegl.AbyssPolicy.NONE))
