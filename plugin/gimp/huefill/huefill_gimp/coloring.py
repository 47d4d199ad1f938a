"""Colorize with Points, Match Colors: the request from the image, its points and the arguments, and the way of its result."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gi.repository import Gegl, Gimp, GLib

from huefill_client import requests
from huefill_client.geometry import Rect
from huefill_client.recipes import names_of
from huefill_client.sentences import Problem
from huefill_client.session import Session
from huefill_client.settings import Settings
from huefill_protocol.actions import Action
from huefill_protocol.wire import Tensor

from . import messages, points
from .exchange import is_gray, is_indexed
from .photo import Photo, Placing, bounds_of, place
from .work import run_job

# A reference's colors are counted, not its details: this many pixels on its longer side are plenty.
_REFERENCE = 512


@dataclass
class Order:
    """One call: what to do, on which layer, with which arguments. ``chosen`` are colors from the dialog, by sample point."""

    command: Action
    photo: Photo
    config: Any
    session: Session
    chosen: dict[int, points.Color] = field(default_factory=dict)
    _read: tuple[Any, Tensor | None] = (None, None)

    def run(self) -> Any:
        """The new layer; raises `Problem`."""
        image = self.photo.image
        convert = is_gray(image) or is_indexed(image)
        if convert and not self.config.get_property("convert-to-rgb"):
            raise Problem(messages.NEEDS_RGB)
        window, color_points = self.photo.bounds, self.color_points()
        exchange = self.photo.exchange
        hints = self.painted(window)
        values = {
            "points": points.for_request(color_points, self.photo, window, self.radius),
            "transfer": exchange.transfer,
            "origin": (window.x, window.y),
            "device": Settings.load().device,
            "hints": hints,
        }
        job = self.request(self.photo.read(window, alpha=self.photo.layer.has_alpha()), **values)
        result = run_job(self.session, job)
        how = Placing(
            names_of(self.command, result),
            rgb=convert,
            masked=not Gimp.Selection.is_empty(image),
            also=lambda: points.keep(image, color_points) if color_points else None,
        )
        return place(self.photo, result, how)

    def request(self, image: Tensor, **values: Any) -> requests.Job:
        """The job for ``image``, with this order's reference and saturation."""
        guides = self.guides()
        if "reference or saturation" in self.command.needs and guides == {"reference": None, "saturation": None}:
            raise Problem(messages.NOTHING_TO_MATCH)
        tensors = {"image": image, "hints": values.pop("hints", None), "reference": guides.pop("reference")}
        return requests.job(self.command, tensors, model=self.model, **guides, **values)

    @property
    def model(self) -> str:
        return str(self.config.get_property("model") or "auto")

    def guides(self) -> dict[str, Any]:
        """The reference and the saturation that the arguments say, each None if it is not asked for."""
        saturation = float(self.config.get_property("saturation")) if self.config.get_property("set-saturation") else None
        return {"reference": self._reference(), "saturation": saturation}

    def color_points(self) -> Sequence[points.ColorPoint]:
        """The sample points with their colors, as things stand."""
        if not self.command.has("colors"):
            return ()
        given = points.parsed(self.photo.image, self.config.get_property("colors") or "")
        return points.color_points(self.photo.image, {**given, **self.chosen})

    @property
    def radius(self) -> float:
        return float(self.config.get_property("radius")) if self.command.has("radius") else 0.0

    def painted(self, window: Rect) -> Tensor | None:
        """The hint layer in ``window``, if there is one."""
        layer = points.hint_layer(self.photo.image)
        if layer is None or not self.command.has("colors") or bounds_of(layer).clip(window).empty:
            return None
        exchange = self.photo.exchange.in_rgb()
        area = window.moved(-bounds_of(layer).x, -bounds_of(layer).y)
        rectangle = Gegl.Rectangle.new(area.x, area.y, area.width, area.height)
        data = layer.get_buffer().get(rectangle, 1.0, exchange.name(True), Gegl.AbyssPolicy.NONE)
        return Tensor(exchange.dtype, (window.height, window.width, 4), data)

    def _reference(self) -> Tensor | None:
        drawable, file = self.config.get_property("reference"), self.config.get_property("reference-file")
        which = drawable.get_id() if drawable is not None else file.get_uri() if file is not None else None
        if self._read[0] != which:
            # Kept, because the dialog asks again and again.
            self._read = (which, None if which is None else _read_reference(drawable, file))
        return self._read[1]


def _read_reference(drawable: Any, file: Any) -> Tensor:
    if drawable is not None:
        return small(drawable, _REFERENCE)
    try:
        image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    except GLib.Error:
        image = None
    if image is None:
        raise Problem(messages.bad_reference(file.get_path() or file.get_uri()))
    try:
        return small(image.flatten(), _REFERENCE)
    finally:
        image.delete()


def small(drawable: Any, longest: int) -> Tensor:
    """All of ``drawable`` as R, G, B, A in sRGB bytes, every so manieth pixel of it: at most ``longest`` on a side."""
    width, height = drawable.get_width(), drawable.get_height()
    step = -(-max(width, height) // longest)
    area = Gegl.Rectangle.new(0, 0, width, height)
    # Taken apart here: a plug-in's buffer does not give scaled pixels, it gives zeros.
    pixels = array("I", drawable.get_buffer().get(area, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))
    rows = [pixels[row * width : (row + 1) * width : step] for row in range(0, height, step)]
    return Tensor("U8", (len(rows), len(rows[0]), 4), b"".join(row.tobytes() for row in rows))
