"""Colorize with Points, Match Colors: what the image and the arguments say of the colors, and the way of the result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from gi.repository import Gimp, GLib

from huefill_client import requests
from huefill_client.color_hints import Hints
from huefill_client.color_hints import Photo as Colored
from huefill_client.color_points import Color, ColorPoint
from huefill_client.coloring import Coloring
from huefill_client.recipes import colored_by, names_of
from huefill_client.sentences import NOTHING_TO_MATCH, Problem
from huefill_client.session import Session
from huefill_client.settings import Settings
from huefill_protocol.actions import Action
from huefill_protocol.choices import SAMPLE_RESULTS

from . import layers, messages, points
from .exchange import is_gray, is_indexed
from .hint_layer import hint_layer, read
from .image_points import ImagePoints
from .photo import Photo, Placing, place
from .references import References
from .work import follow

PREVIEW_LONGEST = 640


class Order:
    """One call: what to do, on which layer, with which arguments. ``coloring`` is what is said of the colors."""

    def __init__(self, command: Action, photo: Photo, config: Any, session: Session) -> None:
        self.command, self.config = command, config
        self.photo = photo.sampled(SAMPLE_RESULTS, with_colors=False)
        self._session = session
        self._references = References()
        self.coloring = Coloring(_on_this_thread)
        self.image_points: ImagePoints | None = None

    def begin(self, *, live: bool) -> None:
        """Read the photo, and say of its colors what there is to say; ``live`` where previews are to come."""
        image = self.photo.read(self.photo.bounds, alpha=self.photo.layer.has_alpha())
        self.coloring.network = self._network
        known = tuple(self._known_points()) if live else self._points()
        self.coloring.begin(self._colored(image), known, live=live)
        if live:
            self.image_points = ImagePoints(self.photo.image, self.coloring, known)
        self.look()

    def cancel(self) -> None:
        """The dialog was closed: nothing of it stays, in the image or in the backend."""
        if self.image_points is not None:
            self.image_points.take_back()
        self.coloring.end()

    def look(self) -> None:
        """Take over arguments, and sample points in a dialog, as they are now; raises `Problem` for what cannot be read."""
        coloring = self.coloring
        coloring.use(self._network)
        if self.image_points is not None and self._pointed:
            self.image_points.look()
        coloring.saturate(float(self.config.get_property("saturation")) if self.config.get_property("set-saturation") else None)
        coloring.refer(self._references.of(self.config.get_property("reference"), self.config.get_property("reference-file")))

    def look_at_hint_layer(self) -> Iterator[None]:
        """Take over what is painted on the hint layer, in pieces."""
        layer = hint_layer(self.photo.image) if self._pointed else None
        self.coloring.paint(None if layer is None else (yield from read(layer, self.photo)))

    def run(self) -> Any:
        """The new layer; raises `Problem`."""
        image, coloring = self.photo.image, self.coloring
        convert = is_gray(image) or is_indexed(image)
        if convert and not self.config.get_property("convert-to-rgb"):
            raise Problem(messages.NEEDS_RGB)
        if coloring.photo is None:
            self.begin(live=False)
            for _ in self.look_at_hint_layer():
                pass
        if not coloring.ready:
            raise Problem(NOTHING_TO_MATCH)
        kept = coloring.points if self.image_points is None else self.image_points.kept()
        hints, begun = coloring.hints, time.monotonic()
        try:
            result = follow(self.command.title, coloring.application())
        finally:
            coloring.end()
        taken = layers.names(image)
        how = Placing(
            names_of(self.command, result, self.photo.canvas, time.monotonic() - begun, colored_by(hints), taken),
            rgb=convert,
            masked=not Gimp.Selection.is_empty(image),
            also=lambda: points.keep(image, kept) if kept else None,
        )
        return place(self.photo, result, how)

    def _colored(self, image: Any) -> Colored:
        photo, device = self.photo, Settings.load().device

        def job(hints: Hints) -> requests.Job:
            return requests.job(
                self.command,
                {"image": image, "hints": hints.painted, "reference": hints.reference},
                points=hints.points,
                saturation=hints.saturation,
                model=hints.network,
                transfer=photo.exchange.transfer,
                origin=(photo.bounds.x, photo.bounds.y),
                device=device,
            )

        own_color = partial(points.in_space_of, photo)
        return Colored(self._session, photo.bounds, job, self._pointed, self._radius, own_color, PREVIEW_LONGEST)

    @property
    def _network(self) -> str:
        return str(self.config.get_property("model") or "auto")

    @property
    def _pointed(self) -> bool:
        return self.command.has("colors")

    @property
    def _radius(self) -> float:
        return float(self.config.get_property("radius")) if self.command.has("radius") else 0.0

    def _points(self) -> tuple[ColorPoint, ...]:
        """All sample points with their colors."""
        return points.color_points(self.photo.image, self._given(), self._radius) if self._pointed else ()

    def _known_points(self) -> Iterable[ColorPoint]:
        """The sample points whose color is known before there is a preview."""
        return points.known_points(self.photo.image, self._given(), self._radius).values() if self._pointed else ()

    def _given(self) -> dict[int, Color]:
        return points.parsed(self.photo.image, self.config.get_property("colors") or "")


def _on_this_thread(call: Callable[[], None]) -> None:
    def once() -> bool:
        call()
        return False

    GLib.idle_add(once)
