"""Colorize without a dialog: what comes of its arguments, and which points and anchors the image keeps."""

from desk import NONINTERACTIVE
from gi.repository import Gimp
from places import COLOR, POINT
from pointing import kept, sample_places


def kept_with_the_image(desk):
    """Colored by a seed with one point; then other actions, and the image saved and opened anew."""
    image, layer = desk.photo("small_whole", selected=False)
    image.add_sample_point(*POINT)
    desk.record["call"], result = desk.call("colorize", image, layer, colors=COLOR, method="anchors", seed=3)
    desk.dump("result", result, image)
    desk.record["kept"], desk.record["samples"] = kept(image), sample_places(image)
    desk.record["matched"], _ = desk.call("match-colors", image, layer, set_saturation=True, saturation=0.5)
    desk.record["kept_by_match"] = kept(image)
    desk.record["pointed"], _ = desk.call("colorize-points", image, layer)
    desk.record["kept_by_points"] = kept(image)
    Gimp.file_save(NONINTERACTIVE, image, desk.file("kept.xcf"), None)
    again = Gimp.file_load(NONINTERACTIVE, desk.file("kept.xcf"))
    desk.images.append(again)
    desk.record["kept_in_xcf"] = kept(again)


def by_arguments(desk):
    """The same seed again, another one, by points alone, without any strength."""
    for name, arguments in {
        "again": {"seed": 3, "method": "anchors"},
        "other": {"seed": 4, "method": "anchors"},
        "hints": {"seed": 3, "method": "hints"},
        "gray": {"seed": 3, "method": "anchors", "strength": 0.0},
    }.items():
        image, layer = desk.photo("small_whole", selected=False)
        image.add_sample_point(*POINT)
        desk.record[name], result = desk.call("colorize", image, layer, colors=COLOR, **arguments)
        desk.record[f"{name}_kept"] = kept(image)
        if result is not None:
            desk.dump(name, result, image)


def several_to_choose_from(desk):
    """Three pictures of one call, beside the one that the same seed gives alone; then another action from one of them; and a file."""
    image, layer = desk.photo("small_whole", selected=False)
    desk.record["alone"], alone = desk.call("colorize", image, layer, method="anchors", seed=3)
    desk.dump("alone", alone, image)
    image, layer = desk.photo("small_whole", selected=False)
    desk.select(image, 20, 30, 90, 70)
    desk.record["call"], group = desk.call("colorize", image, layer, seed=3, variants=3)
    desk.record["active"] = [one.get_name() for one in image.get_selected_layers()]
    _describe(desk, "group", group)
    for number, one in enumerate(group.get_children()):
        desk.dump(f"picture_{number}", one, image)
    desk.record["masked"] = group.get_mask() is not None
    desk.record["kept"] = kept(image)
    Gimp.file_save(NONINTERACTIVE, image, desk.file("several.xcf"), None)
    again = Gimp.file_load(NONINTERACTIVE, desk.file("several.xcf"))
    desk.images.append(again)
    _describe(desk, "group_in_xcf", again.get_layers()[0])
    desk.record["from_one"], _ = desk.call("colorize-points", image, group.get_children()[1])
    desk.record["by_points"], _ = desk.call("colorize", image, layer, method="hints", variants=2)


def _describe(desk, name, group):
    """What lies in a group, the uppermost first."""
    desk.record[name] = [[one.get_name(), one.get_visible()] for one in group.get_children()]
