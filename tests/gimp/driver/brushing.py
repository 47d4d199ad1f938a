"""Remove by Brush: a call, paint, another call; the paint is set as a brush leaves it, on the layer that the first call made."""

from gi.repository import Gegl, Gimp

LAYER = "Huefill Brush"
PROCEDURE = "remove-by-brush"


def paint(layer, x, y, width, height, color="#00ff00", alpha=255):
    """What a brush leaves on the layer."""
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    _, left, top = layer.get_offsets()
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(x - left, y - top, width, height), "R'G'B'A u8", bytes([red, green, blue, alpha]) * (width * height))
    buffer.flush()
    layer.update(x - left, y - top, width, height)


def state(image):
    return {
        "layers": [layer.get_name() for layer in image.get_layers()],
        "channels": [channel.get_name() for channel in image.get_channels()],
        "chosen": [layer.get_name() for layer in image.get_selected_layers()],
        "selected": not Gimp.Selection.is_empty(image),
    }


def two_calls(desk, space):
    """From a result's layer, with a faint brush of another color than red; again; and a call with nothing painted."""
    image, photo = desk.photo(space=space)
    square = desk.square()
    desk.record["before"] = state(image)
    desk.record["first"], layer = desk.call(PROCEDURE, image, photo)
    desk.record["painting"] = {
        **state(image),
        "opacity": layer.get_opacity(),
        "filters": [one.get_operation_name() for one in layer.get_filters()],
    }
    x, y, width, height = square
    paint(layer, x - 4, y - 4, width + 8, height + 8, alpha=90)
    desk.dump_visible("painted", image)
    desk.record["second"], result = desk.call(PROCEDURE, image, layer)
    desk.record["removed"] = state(image)
    if result is not None:
        desk.dump("result", result, image)
        desk.dump("photo", photo, image)
        desk.dump_visible("after", image)


def painting_on(desk):
    """With "Go on painting" the layer stays, empty, until a call with nothing painted."""
    image, photo = desk.photo("small_whole", selected=False)
    _, layer = desk.call(PROCEDURE, image, photo)
    for number, place in enumerate(((20, 20, 24, 20), (120, 100, 24, 20))):
        paint(layer, *place)
        desk.record[f"call{number}"], result = desk.call(PROCEDURE, image, layer, paint_on=True, engine="patch")
        desk.dump(f"result{number}", result, image)
        desk.record[f"after{number}"] = state(image)
        layer = image.get_selected_layers()[0]
    desk.record["last"], _ = desk.call(PROCEDURE, image, layer)
    desk.record["ended"] = state(image)


def quick_mask(desk):
    """What is clear in the quick mask goes, and the mask with it; with nothing clear in it, it is said."""
    image, _ = desk.photo(selected=False)
    mask = Gimp.Channel.new(image, "Qmask", image.get_width(), image.get_height(), 50, Gegl.Color.new("red"))
    image.insert_channel(mask, None, 0)
    image.set_selected_channels([mask])
    desk.record["empty"], _ = desk.call(PROCEDURE, image, mask)
    desk.record["mask_stays"] = state(image)
    x, y, width, height = desk.square()
    mask.get_buffer().set(Gegl.Rectangle.new(x, y, width, height), "Y' u8", b"\xff" * (width * height))
    mask.update(x, y, width, height)
    desk.record["call"], result = desk.call(PROCEDURE, image, mask)
    desk.record["removed"] = state(image)
    if result is not None:
        desk.dump("result", result, image)


def not_read(desk):
    """The paint is no part of the photo: neither for another action from its layer, nor where all that is seen is read."""
    image, photo = desk.photo("small_whole", selected=False)
    _, layer = desk.call(PROCEDURE, image, photo)
    paint(layer, 0, 0, image.get_width(), image.get_height(), "#ff00ff")
    desk.select(image, 60, 60, 30, 30)
    desk.record["call"], result = desk.call("remove-object", image, layer, sample="all", engine="patch")
    desk.record["removed"] = state(image)
    desk.dump("result", result, image)
