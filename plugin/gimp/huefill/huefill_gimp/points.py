"""Color points: GIMP's sample points say where, this module says which color, and keeps it in the image.

GIMP's sample points carry no color. It comes, in this order, from what is given (an argument), from what was kept with the image, from
the hint layer beneath the point; then in the dialog from the colors that the preview shows there, in a call without one from the
foreground color. What is kept lies in a parasite, so it is saved in the XCF; the anchors that a picture was colored by, too, which are no
sample points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gi.repository import Babl, Gimp

from huefill_client.color_points import ANCHOR, KEPT_NAME, Color, ColorPoint, from_kept, to_kept
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
    """Every sample point with its color, ``radius`` pixels large; ``given`` says colors by id."""
    known = known_points(image, given, radius)
    return tuple(
        replace(known[point], radius=radius) if point in known else ColorPoint(point, x, y, foreground(), radius)
        for point, x, y in sample_points(image)
    )


def known_points(image: Any, given: Mapping[int, Color], radius: float) -> dict[int, ColorPoint]:
    """The sample points, by id, whose color is given, kept with the image or painted on the hint layer beneath them."""
    places = sample_points(image)
    kept, hints = _matched(places, [point for point in _kept(image) if point.kind != ANCHOR]), hint_layer(image)
    known = {}
    for point, x, y in places:
        if point in given:
            known[point] = ColorPoint(point, x, y, given[point], radius)
        elif point in kept:
            known[point] = replace(kept[point], id=point, x=x, y=y)
        elif hints is not None and (beneath := color_beneath(hints, x, y)) is not None:
            known[point] = ColorPoint(point, x, y, beneath, radius)
    return known


def kept_anchors(image: Any, beside: Iterable[ColorPoint] = ()) -> tuple[ColorPoint, ...]:
    """The anchors that are kept with the image, with ids that no point ``beside`` them has."""
    first = 1 + max((point.id for point in beside), default=0)
    anchors = (point for point in _kept(image) if point.kind == ANCHOR)
    return tuple(replace(anchor, id=number) for number, anchor in enumerate(anchors, first))


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
    """Attach points and anchors to the image, or none instead of those that it has; part of the undo group that is open."""
    if points or _kept(image):
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


def _matched(places: Sequence[tuple[int, int, int]], kept: Sequence[ColorPoint]) -> dict[int, ColorPoint]:
    """What was kept, by the ids of now: a point that lies where it lay, else one of the same id (it was moved), else, where as many are
    left on both sides, in their order (moved after the XCF was opened anew, which gives other ids)."""
    found: dict[int, ColorPoint] = {}
    left = list(kept)
    for same in (lambda place, entry: place[1:] == (entry.x, entry.y), lambda place, entry: place[0] == entry.id):
        for place in places:
            entry = next((entry for entry in left if same(place, entry)), None) if place[0] not in found else None
            if entry is not None:
                found[place[0]] = entry
                left.remove(entry)
    unknown = [place for place in places if place[0] not in found]
    if len(unknown) == len(left):
        found.update({place[0]: entry for place, entry in zip(unknown, left, strict=True)})
    return found


def _kept(image: Any) -> tuple[ColorPoint, ...]:
    parasite = image.get_parasite(KEPT_NAME)
    return () if parasite is None else from_kept(bytes(parasite.get_data()))
