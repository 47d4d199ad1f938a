"""Colorize, Colorize with Points, Match Colors: what the image and the arguments say of the colors, and the way of the result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from gi.repository import Gimp, GLib

from huefill_client import requests
from huefill_client.anchors import anchors_in
from huefill_client.color_hints import Hints
from huefill_client.color_hints import Photo as Colored
from huefill_client.color_points import ANCHOR, Color, ColorPoint
from huefill_client.coloring import VARIANTS, Coloring
from huefill_client.jobs import JobResult
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
        self._live = False

    def begin(self, *, live: bool) -> None:
        """Read the photo, and say of its colors what there is to say; ``live`` where previews are to come."""
        self._live = live
        image = self.photo.read(self.photo.bounds, alpha=self.photo.layer.has_alpha())
        self.coloring.network = self._network
        known = self._known_points() if live else self._points()
        self.coloring.begin(self._colored(image), known, live=live)
        if self.proposes and self.coloring.proposing:
            self.coloring.propose(VARIANTS, int(self.config.get_property("seed")))
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
        coloring.strengthen(float(self.config.get_property("strength")))
        coloring.saturate(float(self.config.get_property("saturation")) if self.config.get_property("set-saturation") else None)
        coloring.match_by(self.config.get_property("match"))
        coloring.refer(self._references.of(self.config.get_property("reference"), self.config.get_property("reference-file")))

    def look_at_hint_layer(self) -> Iterator[None]:
        """Take over what is painted on the hint layer, in pieces."""
        layer = hint_layer(self.photo.image) if self._pointed else None
        self.coloring.paint(None if layer is None else (yield from read(layer, self.photo)))

    def run(self) -> Any:
        """The new layer; raises `Problem`."""
        image, coloring = self.photo.image, self.coloring
        convert = self.needs_rgb
        if convert and not self.config.get_property("convert-to-rgb"):
            raise Problem(messages.NEEDS_RGB)
        if coloring.photo is None:
            self.begin(live=False)
            for _ in self.look_at_hint_layer():
                pass
        if not coloring.ready:
            raise Problem(NOTHING_TO_MATCH)
        points_kept = coloring.points if self.image_points is None else self.image_points.kept()
        hints, begun = coloring.hints, time.monotonic()
        try:
            result = follow(self.command.title, coloring.application())
        finally:
            coloring.end()
        taken, kept = layers.names(image), self._with_anchors(points_kept, result)
        how = Placing(
            names_of(self.command, result, self.photo.canvas, time.monotonic() - begun, colored_by(hints), taken),
            rgb=convert,
            masked=not Gimp.Selection.is_empty(image),
            also=lambda: points.keep(image, kept) if self._pointed else None,
        )
        return place(self.photo, result, how)

    def _with_anchors(self, kept: tuple[ColorPoint, ...], result: JobResult) -> tuple[ColorPoint, ...]:
        """What the image keeps: those that the network has proposed, too, where nobody has chosen; those of before where none count."""
        if not self.proposes:
            return (*kept, *points.kept_anchors(self.photo.image, kept))
        if any(point.kind == ANCHOR for point in kept):
            return kept
        first, bounds = 1 + max((point.id for point in kept), default=0), self.photo.bounds
        proposed = (anchor.point(bounds.x, bounds.y) for anchor in anchors_in(result.recipe))
        return (*kept, *(replace(anchor, id=number) for number, anchor in enumerate(proposed, first)))

    def _colored(self, image: Any) -> Colored:
        photo, device = self.photo, Settings.load().device

        def job(hints: Hints) -> requests.Job:
            return requests.job(
                self.command,
                {"image": image, "hints": hints.painted, "reference": hints.reference},
                points=hints.points,
                saturation=hints.saturation,
                model=hints.network,
                **{**self._way, **hints.how.values},
                transfer=photo.exchange.transfer,
                origin=(photo.bounds.x, photo.bounds.y),
                device=device,
            )

        own_color = partial(points.in_space_of, photo)
        suggestions = VARIANTS if self.proposes else 0
        return Colored(self._session, photo.bounds, job, self._pointed, self._radius, own_color, PREVIEW_LONGEST, suggestions)

    @property
    def _way(self) -> dict[str, Any]:
        """How the photo is colored where nothing was chosen in a dialog; in one, a person chooses among pictures beforehand."""
        names = ("method", "seed") if self._live else ("method", "seed", "variants")
        return {name: self.config.get_property(name) for name in names if self.command.has(name)}

    @property
    def needs_rgb(self) -> bool:
        """Whether the image cannot store new colors as it is."""
        return is_gray(self.photo.image) or is_indexed(self.photo.image)

    @property
    def proposes(self) -> bool:
        """Whether there are suggestions for the whole picture, with anchors."""
        return "variants" in self.command.hints

    def seeded(self, seed: int) -> None:
        """Other suggestions were asked for: the next call begins with them."""
        self.config.set_property("seed", seed)

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

    def _known_points(self) -> tuple[ColorPoint, ...]:
        """The sample points whose color is known before there is a preview, and the anchors that the image has kept."""
        if not self._pointed:
            return ()
        known = tuple(points.known_points(self.photo.image, self._given(), self._radius).values())
        return (*known, *points.kept_anchors(self.photo.image, known)) if self.proposes else known

    def _given(self) -> dict[int, Color]:
        return points.parsed(self.photo.image, self.config.get_property("colors") or "")


def _on_this_thread(call: Callable[[], None]) -> None:
    def once() -> bool:
        call()
        return False

    GLib.idle_add(once)
