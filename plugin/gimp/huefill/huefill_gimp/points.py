"""Color points: GIMP's sample points say where, this module says which color, and keeps it in the image.

GIMP's sample points carry no color. It comes, in this order, from what is given (an argument, the dialog), from what was kept with the
image, from the hint layer beneath the point, from the foreground color. What is kept lies in a parasite, so it is saved in the XCF.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gi.repository import Babl, Gimp

from huefill_client.color_points import KEPT_NAME, Color, ColorPoint, from_kept, to_kept
from huefill_client.sentences import Problem

from . import messages
from .hint_layer import color_beneath, hint_layer
from .photo import Photo

_PERSISTENT_AND_UNDOABLE = 3


def sample_points(image: Any) -> list[tuple[int, int, int]]:
    """Id, x and y of each, in the order in which they were made."""
    found = []
    point = image.find_next_sample_point(0)
    while point:
        x, y = image.get_sample_point_position(point)
        found.append((point, x, y))
        point = image.find_next_sample_point(point)
    return found


def color_points(image: Any, given: Mapping[int, Color], radius: float) -> tuple[ColorPoint, ...]:
    """Every sample point with its color; ``given`` says colors by id."""
    places = sample_points(image)
    if all(point in given for point, _, _ in places):
        colors = dict(given)
    else:
        colors = {**_matched(places, _kept(image)), **given}
        hints = hint_layer(image)
        for point, x, y in places:
            if point not in colors:
                colors[point] = (color_beneath(hints, x, y) if hints is not None else None) or foreground()
    return tuple(ColorPoint(point, x, y, colors[point], radius) for point, x, y in places)


def parsed(image: Any, text: str) -> dict[int, Color]:
    """The colors of the argument ``colors`` by id: "#c81e28,#1e64c8", in the order of the sample points; an empty item says none."""
    given = {}
    for (point, _, _), item in zip(sample_points(image), text.split(",") if text.strip() else (), strict=False):
        if item.strip():
            color = Gimp.color_parse_css(item.strip())
            if color is None:
                raise Problem(messages.bad_color(item.strip()))
            given[point] = _of_gegl(color)
    return given


def keep(image: Any, points: Sequence[ColorPoint]) -> None:
    """Attach the colors to the image; part of the undo group that is open."""
    image.attach_parasite(Gimp.Parasite.new(KEPT_NAME, _PERSISTENT_AND_UNDOABLE, to_kept(points)))


def foreground() -> Color:
    """GIMP's foreground color."""
    return _of_gegl(Gimp.context_get_foreground())


def in_space_of(photo: Photo, rgb: Color) -> Color:
    """An sRGB color in the primaries of the photo's own color space."""
    return _of_gegl(Gimp.color_parse_css("#{:02x}{:02x}{:02x}".format(*(round(value) for value in rgb))), photo.exchange.space)


def _of_gegl(color: Any, space: Any = None) -> Color:
    form = Babl.format_with_space("R'G'B' u8", space) if space is not None else Babl.format("R'G'B' u8")
    red, green, blue = color.get_bytes(form).get_data()
    return float(red), float(green), float(blue)


def _matched(places: Sequence[tuple[int, int, int]], kept: Sequence[ColorPoint]) -> dict[int, Color]:
    """What was kept, by the ids of now: a point that lies where it lay, else one of the same id (it was moved), else, where as many are
    left on both sides, in their order (moved after the XCF was opened anew, which gives other ids)."""
    colors: dict[int, Color] = {}
    left = list(kept)
    for same in (lambda place, entry: place[1:] == (entry.x, entry.y), lambda place, entry: place[0] == entry.id):
        for place in places:
            entry = next((entry for entry in left if same(place, entry)), None) if place[0] not in colors else None
            if entry is not None:
                colors[place[0]] = entry.rgb
                left.remove(entry)
    unknown = [place for place in places if place[0] not in colors]
    if len(unknown) == len(left):
        colors.update({place[0]: entry.rgb for place, entry in zip(unknown, left, strict=True)})
    return colors


def _kept(image: Any) -> tuple[ColorPoint, ...]:
    parasite = image.get_parasite(KEPT_NAME)
    return () if parasite is None else from_kept(bytes(parasite.get_data()))
