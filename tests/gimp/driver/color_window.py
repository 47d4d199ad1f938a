"""Inside the GIMP that a person sees: the color dialogs on a gray photo, one after another, and what became of the image."""

import os
import pathlib

from desk import Desk
from gi.repository import Gimp
from watching import tell, wait_for

OUT = pathlib.Path(os.environ["HUEFILL_TEST_OUT"])


def run():
    desk = Desk(OUT, "color-window")
    _split(desk)
    _tell(desk, "split", until="end")


def _split(desk):
    """Points all over the photo; the person compares before and after, and confirms."""
    gray = _gray(desk)
    for point in os.environ["HUEFILL_TEST_POINTS"].split(","):
        gray.add_sample_point(*(int(value) for value in point.split(":")))
    colors = os.environ["HUEFILL_TEST_COLORS"]
    desk.record["split"], _ = _colorize(desk, "colorize-points", gray, colors=colors)


def _gray(desk):
    image = desk.photo("large_gray", selected=False)[0]
    Gimp.Display.new(image)
    return image


def _colorize(desk, procedure, image, **arguments):
    return desk.call(procedure, image, image.get_layers()[-1], mode=Gimp.RunMode.INTERACTIVE, **arguments)


def _tell(desk, part, until):
    wait_for(until, lambda: tell({**desk.record, "part": part}))
