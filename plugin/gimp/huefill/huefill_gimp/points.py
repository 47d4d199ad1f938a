"""Color points: GIMP's sample points say where, this module says which color, and keeps it in the image.

GIMP's sample points carry no color. It comes, in this order, from what is given (an argument, the dialog), from what was kept with the
image, from the hint layer beneath the point, from the foreground color. What is kept lies in a parasite, so it is saved in the XCF.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gi.repository import Babl, Gegl, Gimp

from huefill_client.geometry import Rect
from huefill_client.requests import Point
from huefill_client.sentences import Problem
from huefill_protocol.actions import HINT_LAYER

from . import messages
from .photo import Photo, bounds_of

PARASITE = "huefill-points"
_PERSISTENT_AND_UNDOABLE = 3

# sRGB-encoded, 0 to 255.
Color = tuple[float, float, float]


@dataclass(frozen=True)
class ColorPoint:
    """A sample point: its id, its pixel in the image, and its color."""

    id: int
    x: int
    y: int
    rgb: Color

    @property
    def pixel(self) -> Rect:
        return pixel(self.x, self.y)


def pixel(x: int, y: int) -> Rect:
    return Rect(x, y, 1, 1)


def sample_points(image: Any) -> list[tuple[int, int, int]]:
    """Id, x and y of each, in the order in which they were made."""
    found = []
    point = image.find_next_sample_point(0)
    while point:
        x, y = image.get_sample_point_position(point)
        found.append((point, x, y))
        point = image.find_next_sample_point(point)
    return found


def color_points(image: Any, given: Mapping[int, Color]) -> list[ColorPoint]:
    """Every sample point with its color; ``given`` says colors by id."""
    places = sample_points(image)
    colors = {**_matched(places, _kept(image)), **given}
    hints = hint_layer(image)
    for point, x, y in places:
        if point not in colors:
            colors[point] = (_beneath(hints, x, y) if hints is not None else None) or of_gegl(Gimp.context_get_foreground())
    return [ColorPoint(point, x, y, colors[point]) for point, x, y in places]


def parsed(image: Any, text: str) -> dict[int, Color]:
    """The colors of the argument ``colors`` by id: "#c81e28,#1e64c8", in the order of the sample points; an empty item says none."""
    given = {}
    for (point, _, _), item in zip(sample_points(image), text.split(",") if text.strip() else (), strict=False):
        if item.strip():
            color = Gimp.color_parse_css(item.strip())
            if color is None:
                raise Problem(messages.bad_color(item.strip()))
            given[point] = of_gegl(color)
    return given


def keep(image: Any, points: Sequence[ColorPoint]) -> None:
    """Attach the colors to the image; part of the undo group that is open."""
    entries = [{"id": point.id, "x": point.x, "y": point.y, "rgb": list(point.rgb)} for point in points]
    data = json.dumps({"version": 1, "points": entries}).encode()
    image.attach_parasite(Gimp.Parasite.new(PARASITE, _PERSISTENT_AND_UNDOABLE, data))


def for_request(points: Sequence[ColorPoint], photo: Photo, window: Rect, radius: float) -> list[Point]:
    """The points inside ``window`` as the backend takes them: in its pixels, in the photo's own color space."""
    inside = [point for point in points if window.contains(point.pixel)]
    return [Point(point.x - window.x, point.y - window.y, of_gegl(to_gegl(point.rgb), photo.exchange.space), radius) for point in inside]


def hint_layer(image: Any) -> Any:
    """The layer named "Huefill Hints", or None."""
    return image.get_layer_by_name(HINT_LAYER)


def of_gegl(color: Any, space: Any = None) -> Color:
    """In ``space``'s own primaries, sRGB's if None."""
    form = Babl.format_with_space("R'G'B' u8", space) if space is not None else Babl.format("R'G'B' u8")
    red, green, blue = color.get_bytes(form).get_data()
    return float(red), float(green), float(blue)


def to_gegl(rgb: Color) -> Any:
    return Gimp.color_parse_css("#{:02x}{:02x}{:02x}".format(*(round(value) for value in rgb)))


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


def _kept(image: Any) -> list[ColorPoint]:
    parasite = image.get_parasite(PARASITE)
    if parasite is None:
        return []
    try:
        entries = json.loads(bytes(parasite.get_data()))["points"]
        return [ColorPoint(int(e["id"]), int(e["x"]), int(e["y"]), tuple(float(value) for value in e["rgb"])) for e in entries]
    except (ValueError, KeyError, TypeError):
        return []


def _beneath(hints: Any, x: int, y: int) -> Color | None:
    bounds = bounds_of(hints)
    area = Gegl.Rectangle.new(x - bounds.x, y - bounds.y, 1, 1)
    red, green, blue, alpha = hints.get_buffer().get(area, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
    return (float(red), float(green), float(blue)) if alpha > 127 else None
