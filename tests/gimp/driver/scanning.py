"""Find Scratches and Restore Old Photo on a scan with drawn damage."""

from gi.repository import Gegl, Gimp


def found(desk, space):
    image, layer = desk.photo("scan", space, selected=False)
    before = [one.get_name() for one in image.get_layers()]
    desk.record["call"], _ = desk.call("find-scratches", image, layer)
    desk.record["layers"] = [before, [one.get_name() for one in image.get_layers()]]
    desk.record["channels"] = len(image.get_channels())
    desk.record["active"] = [one.get_name() for one in image.get_selected_layers()] == [layer.get_name()]
    _dump_selection(desk, image, "found")


def found_none(desk):
    """Nothing is found in a plain image, and the selection stays."""
    image = Gimp.Image.new(90, 80, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(image, "plain", 90, 80, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    layer.fill(Gimp.FillType.WHITE)
    desk.images.append(image)
    desk.select(image, 10, 20, 30, 40)
    desk.record["call"], _ = desk.call("find-scratches", image, layer)
    desk.record["selection"] = list(Gimp.Selection.bounds(image)[2:])


def restored(desk, space):
    image, layer = desk.photo("scan", space, selected=False)
    if space.startswith("gray"):
        desk.record["refused"], _ = desk.call("restore-photo", image, layer)
    desk.record["call"], group = desk.call("restore-photo", image, layer, convert_to_rgb=True)
    parts = list(reversed(group.get_children()))
    desk.record["parts"] = [[part.get_name(), part.get_visible()] for part in parts]
    for number, part in enumerate(parts):
        desk.dump(f"made_{number}", part, image)
    desk.dump_visible("seen", image)


def restored_selection(desk):
    image, layer = desk.photo("scan", selected=False)
    desk.select(image, 60, 60, 12, 12)
    desk.record["call"], group = desk.call("restore-photo", image, layer)
    lowest = group.get_children()[-1]
    desk.record["bounds"] = [*lowest.get_offsets()[1:], lowest.get_width(), lowest.get_height()]


def _dump_selection(desk, image, name):
    area = Gegl.Rectangle.new(0, 0, image.get_width(), image.get_height())
    data = image.get_selection().get_buffer().get(area, 1.0, "Y u8", Gegl.AbyssPolicy.NONE)
    (desk.out / f"{desk.name}-{name}.bin").write_bytes(data)
