"""Inside the GIMP that a person sees: opens dialogs as its menu would, and tells all the time what the image consists of.

The person, who confirms the dialogs and presses Ctrl+Z, is a test outside: it goes on to the next part by a file of that name.
"""

import json
import os
import pathlib
import time

from desk import Desk
from gi.repository import Gimp
from layering import TWO, place_layers
from pointing import kept, sample_places

OUT = pathlib.Path(os.environ["HUEFILL_TEST_OUT"])
_PATIENCE_S = 240


def run():
    desk = Desk(OUT, "window")
    image = desk.photo("large", selected=False)[0]
    Gimp.Display.new(image)
    layer = image.get_layers()[0]
    desk.select(image, *(int(value) for value in os.environ["HUEFILL_TEST_LARGE_SQUARE"].split(",")))
    _tell(desk, image, "opened")
    desk.record["remove"], _ = desk.call("remove-object", image, layer, mode=Gimp.RunMode.INTERACTIVE, engine="patch")
    _watch(desk, image, "removed", until="again")
    desk.record["again"], _ = desk.call("remove-object", image, layer, mode=Gimp.RunMode.WITH_LAST_VALS)
    desk.record["closed"], _ = desk.call("extend-canvas", image, layer, mode=Gimp.RunMode.INTERACTIVE, left=20)
    _watch(desk, image, "closed", until="color")
    gray = desk.photo("large_gray", selected=False)[0]
    Gimp.Display.new(gray)
    for point in os.environ["HUEFILL_TEST_POINTS"].split(","):
        gray.add_sample_point(*(int(value) for value in point.split(":")))
    colors = os.environ["HUEFILL_TEST_COLORS"]
    mode = Gimp.RunMode.INTERACTIVE
    desk.record["color"], result = desk.call("colorize-points", gray, gray.get_layers()[0], mode=mode, colors=colors)
    if result is not None:
        desk.dump("colored", result, gray)
    _watch(desk, gray, "colored", until="points")
    plain = desk.photo("large_gray", selected=False)[0]
    Gimp.Display.new(plain)
    Gimp.context_set_foreground(Gimp.color_parse_css("#000000"))
    desk.record["place"], result = desk.call("colorize-points", plain, plain.get_layers()[0], mode=mode, colors="")
    desk.record["kept"] = kept(plain)
    desk.record["samples"] = len(sample_places(plain))
    if result is not None:
        desk.dump("placed", result, plain)
    _watch(desk, plain, "placed", until="escape")
    desk.record["before_escape"] = sample_places(plain)
    desk.record["escape"], _ = desk.call("colorize-points", plain, plain.get_layers()[-1], mode=mode, colors="")
    desk.record["after_escape"] = sample_places(plain)
    _watch(desk, plain, "escaped", until="match")
    desk.record["match"], _ = desk.call("match-colors", gray, gray.get_layers()[-1], mode=mode, set_saturation=True, saturation=0.5)
    _watch(desk, gray, "matched", until="layers")
    several = desk.photo("large", selected=False)[0]
    Gimp.Display.new(several)
    place_layers(several, several.get_layers()[0], TWO)
    _watch(desk, several, "layered", until="end")


def _watch(desk, image, part, until):
    """Tell of ``image`` until the person goes on."""
    wait_for(until, lambda: _tell(desk, image, part))


def wait_for(part, meanwhile):
    """Until the person goes on to ``part``; call ``meanwhile`` again and again."""
    limit = time.monotonic() + _PATIENCE_S
    while not (OUT / part).exists() and time.monotonic() < limit:
        meanwhile()
        time.sleep(0.2)


def _tell(desk, image, part):
    layers = [layer.get_name() for layer in image.get_layers()]
    tell({**desk.record, "part": part, "layers": layers, "size": [image.get_width(), image.get_height()]})


def tell(told):
    unfinished = OUT / ".told.json"
    unfinished.write_text(json.dumps(told))
    unfinished.rename(OUT / "told.json")
