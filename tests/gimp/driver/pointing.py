"""Color points: sample points, where their colors come from, and whether these survive."""

import json

from desk import NONINTERACTIVE
from gi.repository import Gegl, Gimp


def kept(image):
    parasite = image.get_parasite("huefill-points")
    return json.loads(bytes(parasite.get_data()))["points"] if parasite is not None else None


def sample_places(image):
    """Where the image's sample points are."""
    found, point = [], image.find_next_sample_point(0)
    while point:
        found.append(tuple(image.get_sample_point_position(point)))
        point = image.find_next_sample_point(point)
    return found


def from_everywhere(desk):
    """One point by argument, one from the hint layer, one from the foreground color; a painted dot counts without a point."""
    image, layer = desk.photo("small_whole", selected=False)
    hints = Gimp.Layer.new(image, "Huefill Hints", 60, 60, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(hints, None, 0)
    hints.set_offsets(110, 110)
    paint(hints, 10, 10, "#2040d0")
    paint(hints, 40, 40, "#d0c020")
    for x, y in ((30, 140), (122, 122), (60, 30)):
        image.add_sample_point(x, y)
    Gimp.context_set_foreground(Gimp.color_parse_css("#20a040"))
    desk.record["call"], result = desk.call("colorize-points", image, layer, colors="#d02020")
    desk.record["kept"] = kept(image)
    desk.dump("result", result, image)


def paint(layer, x, y, color):
    red, green, blue = Gimp.color_parse_css(color).get_bytes(_SRGB()).get_data()
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(x, y, 6, 6), "R'G'B'A u8", bytes([red, green, blue, 255]) * 36)
    buffer.flush()
    layer.update(x, y, 6, 6)


def _SRGB():
    from gi.repository import Babl

    return Babl.format("R'G'B' u8")


def through_xcf(desk):
    """Saved, closed, opened anew, one point moved (as GIMP has it: the point is elsewhere); no color is said again."""
    image, layer = desk.photo("small_whole", selected=False)
    first, second = image.add_sample_point(30, 140), image.add_sample_point(60, 30)
    desk.call("colorize-points", image, layer, colors="#d02020,#2040d0")
    Gimp.file_save(NONINTERACTIVE, image, desk.file("points.xcf"), None)
    image.delete()
    again = Gimp.file_load(NONINTERACTIVE, desk.file("points.xcf"))
    desk.images.append(again)
    layer = again.get_layers()[-1]
    points = []
    point = again.find_next_sample_point(0)
    while point:
        points.append(point)
        point = again.find_next_sample_point(point)
    desk.record["ids"] = [[first, second], points]
    desk.record["kept"] = kept(again)
    again.delete_sample_point(points[1])
    again.add_sample_point(150, 40)
    Gimp.context_set_foreground(Gimp.color_parse_css("#ffffff"))
    desk.record["call"], result = desk.call("colorize-points", again, layer)
    desk.record["then"] = kept(again)
    desk.dump("result", result, again)
