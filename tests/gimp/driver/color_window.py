"""Inside the GIMP that a person sees: the color dialogs on a gray photo, one after another, and what became of the image.

The parts that are played are named in HUEFILL_TEST_PARTS; the person goes on to the next by a file of its name.
"""

import os
import pathlib

from desk import Desk
from gi.repository import Gimp
from pointing import kept, sample_places
from watching import tell, wait_for

OUT = pathlib.Path(os.environ["HUEFILL_TEST_OUT"])


def run():
    desk = Desk(OUT, "color-window")
    parts = os.environ["HUEFILL_TEST_PARTS"].split()
    for part, then in zip(parts, (*parts[1:], "end"), strict=True):
        globals()[part](desk)
        wait_for(then, lambda part=part: _tell(desk, part))


def split(desk):
    """Points all over the photo; the person compares before and after, and confirms."""
    gray = _gray(desk)
    for point in os.environ["HUEFILL_TEST_POINTS"].split(","):
        gray.add_sample_point(*(int(value) for value in point.split(":")))
    _colorize(desk, "split", gray, "colorize-points", colors=os.environ["HUEFILL_TEST_COLORS"])


def taken(desk):
    """A suggestion is taken as it is."""
    _colorize(desk, "taken", _gray(desk))


def changed(desk):
    """The same suggestion is taken and changed."""
    gray = _gray(desk)
    _colorize(desk, "changed", gray)
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, gray, desk.file("anchors.xcf"), None)


def opened(desk):
    """What was saved, opened anew and colored by what is found again."""
    again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, desk.file("anchors.xcf"))
    desk.images.append(again)
    Gimp.Display.new(again)
    _colorize(desk, "opened", again)


def _tell(desk, part):
    image = desk.images[-1]
    tell({**desk.record, "part": part, "layers": [layer.get_name() for layer in image.get_layers()], "kept": kept(image)})


def _gray(desk):
    image = desk.photo("large_gray", selected=False)[0]
    Gimp.Display.new(image)
    return image


def _colorize(desk, part, image, procedure="colorize", **arguments):
    photo = image.get_layers()[-1]
    outcome, result = desk.call(procedure, image, photo, mode=Gimp.RunMode.INTERACTIVE, **arguments)
    desk.record[part] = {**outcome, "kept": kept(image), "samples": len(sample_places(image))}
    if result is not None:
        desk.dump(part, result, image)


def gray(desk):
    """A grayscale image: a suggestion is taken, and nothing else is done in the dialog."""
    image = desk.photo("large_gray", "gray_u8", selected=False)[0]
    Gimp.Display.new(image)
    _colorize(desk, "gray", image)


def matched(desk):
    """A gray photo and nothing to match yet."""
    _colorize(desk, "matched", _gray(desk), "match-colors")
