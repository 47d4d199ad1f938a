"""A network that colors by anchors (Xia et al. 2022): it proposes a few places whose colors decide all others."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging.color_spaces import lab_to_rgb
from huefill.imaging.gamut import clip_to_gamut, lightness_that_shows
from huefill.imaging.hints import Along, apply_hints, hint_map, point_colors
from huefill.imaging.resample import resize
from huefill.imaging.saturation import with_saturation
from huefill.runtime.devices import choose_device
from huefill.runtime.store import Card, model_store
from huefill.tasks.colorization.colorizers.confidence import lift, steadiness, with_hints
from huefill.tasks.colorization.colorizers.protocol import Anchor, Chroma, Distribution, certainty
from huefill.tasks.colorization.colorizers.sizing import seen_shape
from huefill.tasks.colorization.colorizers.superpixels import Superpixels
from huefill.tasks.colorization.guidance import Guidance
from huefill.tasks.contract import ANCHOR, ColorPoint
from huefill_protocol.choices import ANCHORS

Image = npt.NDArray[np.float32]
Tensors = dict[str, npt.NDArray[Any]]

# The tensor that says how likely each color of each superpixel is.
_LIKELY = "probability_out"
# The map that tells best what is alike, where a network gives one.
_SHOWN = "sixteenth"
# Places of the map of confidence to a superpixel's side.
_FINER = 4
# How much the propagation of a person's hints counts beside them, and how far it is trusted, in longer sides of the picture: anchors say
# the color of a superpixel, not where in it a stroke ends.
_PROPAGATED, _REACH = 0.9, 0.2
# A superpixel of which painted hints cover this share takes their color as an anchor.
_COVERED = 0.25
# Groupings of a photo that are kept: each seed has its own.
_GROUPINGS_KEPT = 8


@dataclass(frozen=True)
class Grouping:
    """What the network says of a photo's superpixels. ``places`` the superpixels of the anchors that it proposes; ``group`` T, which of
    its groups each superpixel belongs to; ``probability`` T N, how likely each bin is; ``sure`` T, see `certainty`; ``colors`` T 10 2 in
    units of Lab and ``chances`` T 10, the likely colors in the order in which variants take them."""

    places: list[int]
    group: npt.NDArray[np.int64]
    probability: Image
    sure: Image
    colors: Image
    chances: Image


@dataclass(frozen=True)
class Seen:
    """A photo as the network sees it: ``lightness`` h w in [0, 100]; ``shape`` (height, width) of the photo; ``features`` by name; its
    superpixels; the groupings that were made of them, by seed."""

    lightness: Image
    shape: tuple[int, int]
    features: Tensors
    superpixels: Superpixels
    groupings: OrderedDict[int, Grouping] = field(default_factory=OrderedDict, compare=False)
    lock: threading.Lock = field(default_factory=threading.Lock, compare=False)

    @cached_property
    def along(self) -> Along:
        """As hints are propagated along it."""
        return Along(self.lightness)

    def superpixel_at(self, x: float, y: float) -> int:
        """The superpixel of a pixel of the photo."""
        (height, width), (rows, columns) = self.shape, self.lightness.shape
        return self.superpixels.at(int((x + 0.5) * columns / width), int((y + 0.5) * rows / height))

    def place_of(self, superpixel: int) -> tuple[float, float]:
        """The photo's pixel in the middle of a superpixel: one that belongs to it."""
        (height, width), (rows, columns) = self.shape, self.lightness.shape
        x, y = self.superpixels.middle(superpixel)
        return round((x + 0.5) * width / columns - 0.5, 2), round((y + 0.5) * height / rows - 0.5, 2)

    def lightness_of(self, superpixel: int) -> float:
        x, y = self.superpixels.middle(superpixel)
        return float(self.lightness[y, x])


@dataclass(frozen=True)
class Colored:
    """A few superpixels and the color of each, ``ab`` in units of Lab; ``anchors`` those that are not a person's."""

    ab: dict[int, Image]
    anchors: tuple[tuple[int, ColorPoint], ...]


class AnchorsNetwork:
    """A card of role "anchors" as a `Colorizer`: parts "features", once for each photo, "anchors", and "generation" for each change."""

    method = ANCHORS

    def __init__(self, card: Card, device: str) -> None:
        """Loads the network; raises `HuefillError` as `ModelStore.session` does."""
        self.name = card.name
        self.record = [card.identity]
        try:
            self._bins = np.array(card.facts["bins"], np.float32).reshape(-1, 2)
            self._count = int(card.facts["anchors"])
            self._propagated = float(card.facts.get("propagated", _PROPAGATED))
        except (KeyError, TypeError, ValueError) as error:
            raise HuefillError(
                "damaged_model",
                f"The card of the network '{card.name}' does not say its bins, its anchors or its propagation as it should.",
                "Put a whole copy of the network there, or remove it.",
            ) from error
        self._sizes = card.sizes
        chosen = choose_device(device)
        self._features, self._anchors, self._generation = (
            model_store().session(card.name, chosen, part) for part in ("features", "anchors", "generation")
        )

    def prepare(self, lightness: Image) -> Seen:
        """The features of the lightness at the network's size, see `seen_shape`."""
        shape = (lightness.shape[0], lightness.shape[1])
        small = np.ascontiguousarray(resize(lightness, seen_shape(shape, self._sizes)))
        features = {"lightness": small[None, None], **self._features.run({"lightness": small[None, None]})}
        return Seen(small, shape, features, Superpixels(features["affinity"][0], features["tokens"].shape[2:]))

    def chroma(
        self, state: Seen, guidance: Guidance, at: tuple[float, float] | None = None, check: Callable[[], None] | None = None
    ) -> Chroma:
        """As `Colorizer.chroma`: a person's hints are anchors, too, and exact beside that."""
        grouping = self._grouping(state, guidance.seed, check)
        colored = self._colored(state, guidance, grouping)
        ab, probability = self._generate(state, colored, check)
        if guidance.saturation is not None:
            ab = with_saturation(state.lightness, ab, guidance.saturation)
        hints = hint_map(state.lightness.shape, state.shape, guidance.exact, guidance.strokes)
        ab = apply_hints(ab, hints, state.along, self._propagated, _REACH)
        likely = None if at is None else self._likely(state, guidance, at, grouping, probability)
        return Chroma(ab, state.lightness, likely, self._described(state, colored, grouping))

    def suggestions(
        self, state: Seen, guidance: Guidance, at: tuple[float, float], check: Callable[[], None] | None = None
    ) -> Distribution | None:
        """As `Colorizer.suggestions`."""
        grouping = self._grouping(state, guidance.seed, check)
        if not _is_said(guidance):
            return self._likely(state, guidance, at, grouping, grouping.probability)
        _, probability = self._generate(state, self._colored(state, guidance, grouping), check)
        return self._likely(state, guidance, at, grouping, probability)

    def confidence(self, state: Seen, guidance: Guidance, check: Callable[[], None] | None = None) -> Image | None:
        """As `Colorizer.confidence`; anchors do not count, as the network takes also those that it proposes for the truth."""
        probability = self._grouping(state, guidance.seed, check).probability
        grid = state.superpixels.grid
        hints = hint_map(state.lightness.shape, state.shape, guidance.exact, guidance.strokes)
        shown = state.features.get(_SHOWN)
        guess = np.asarray(probability @ self._bins, np.float32).reshape(*grid, 2)
        # Hints are finer than superpixels.
        finer = resize(state.lightness, (_FINER * grid[0], _FINER * grid[1]))
        sure = lift(steadiness(self._bins, probability).reshape(grid), finer)
        return with_hints(sure, None if shown is None else shown[0], guess, hints.mask)

    def _likely(self, state: Seen, guidance: Guidance, at: tuple[float, float], grouping: Grouping, probability: Image) -> Distribution:
        """How likely colors are at a pixel: with what is given, ``probability`` T N, or where nothing is, before any anchor."""
        known = probability if _is_said(guidance) else grouping.probability
        return Distribution(self._bins, known[state.superpixel_at(*at)])

    def _grouping(self, state: Seen, seed: int, check: Callable[[], None] | None) -> Grouping:
        with state.lock:
            if seed in state.groupings:
                state.groupings.move_to_end(seed)
                return state.groupings[seed]
        count = len(state.superpixels)
        start = np.random.default_rng(seed).choice(count, min(self._count, count), replace=False)
        given = {"tokens": state.features["tokens"], "extent": state.features["extent"], "start": start[None].astype(np.int64)}
        if _LIKELY in self._anchors.inputs:
            # What colors are likely is told by what generates them, before any anchor.
            given[_LIKELY] = self._run(state, {}, check)[_LIKELY]
        found = self._anchors.run(given, check)
        columns = found["groups"].shape[2]
        proposed = [int(y) * columns + int(x) for (x, y), members in zip(found["anchors"][0], found["members"][0], strict=True) if members]
        probability = _by_superpixel(found["probability"])
        made = Grouping(
            list(dict.fromkeys(proposed)),
            found["groups"][0].reshape(-1),
            probability,
            certainty(self._bins, probability),
            np.ascontiguousarray(found["colors"][0].reshape(*found["colors"].shape[1:3], count).transpose(2, 0, 1)),
            _by_superpixel(found["chances"]),
        )
        with state.lock:
            state.groupings[seed] = made
            while len(state.groupings) > _GROUPINGS_KEPT:
                state.groupings.popitem(last=False)
        return made

    def _colored(self, state: Seen, guidance: Guidance, grouping: Grouping) -> Colored:
        """The anchors, given or proposed, and a person's hints, which go before them."""
        if guidance.reference is not None:
            raise HuefillError(
                "no_reference", f"The network '{self.name}' takes no reference.", "Use the method 'hints', or leave the choice to 'auto'."
            )
        own = _painted(state, guidance)
        for point, color in zip(guidance.exact, point_colors(guidance.exact)[:, 1:], strict=True):
            own[state.superpixel_at(point.x, point.y)] = color
        if guidance.anchored:
            given = [(state.superpixel_at(point.x, point.y), point) for point in guidance.anchors]
            colors = point_colors(guidance.anchors)[:, 1:]
            anchored = {place: color for (place, _), color in zip(given, colors, strict=True)}
            return Colored({**anchored, **own}, tuple(given))
        # Of a group in which a person has said a color, that one is the anchor.
        taken = {int(grouping.group[place]) for place in own}
        places = [place for place in grouping.places if int(grouping.group[place]) not in taken]
        light = np.array([state.lightness_of(place) for place in places], np.float32)
        rgb = _shown(grouping.colors[places, guidance.variant], light)
        points = [ColorPoint(*state.place_of(place), color, 0.0, ANCHOR) for place, color in zip(places, rgb, strict=True)]
        # The network gets what it would get of these very points, should they be given back.
        proposed = dict(zip(places, point_colors(points)[:, 1:], strict=True))
        return Colored({**proposed, **own}, tuple(zip(places, points, strict=True)))

    def _generate(self, state: Seen, colored: Colored, check: Callable[[], None] | None) -> tuple[Image, Image]:
        """ab h w 2 in units of Lab, and T N, how likely each bin is."""
        out = self._run(state, colored.ab, check)
        return np.ascontiguousarray(out["ab_out"][0].transpose(1, 2, 0)), _by_superpixel(out[_LIKELY])

    def _run(self, state: Seen, colors: Mapping[int, Image], check: Callable[[], None] | None) -> Tensors:
        """The part "generation" with a color, ab in units of Lab, at each of some superpixels."""
        rows, columns = state.superpixels.grid
        ab, mask = np.zeros((2, rows * columns), np.float32), np.zeros(rows * columns, np.float32)
        for place, color in colors.items():
            ab[:, place], mask[place] = color, 1
        known = {**state.features, "ab": ab.reshape(1, 2, rows, columns), "mask": mask.reshape(1, 1, rows, columns)}
        return self._generation.run({name: known[name] for name in self._generation.inputs}, check, again=True)

    def _described(self, state: Seen, colored: Colored, grouping: Grouping) -> tuple[Anchor, ...]:
        places = [place for place, _ in colored.anchors]
        colors, chances = grouping.colors[places], grouping.chances[places]
        light = np.array([state.lightness_of(place) for place in places], np.float32)
        rgb = iter(_shown(colors.reshape(-1, 2), np.repeat(light, colors.shape[1])))
        described = []
        for (place, point), shares in zip(colored.anchors, chances, strict=True):
            others = tuple({"rgb": list(next(rgb)), "probability": round(float(chance), 4)} for chance in shares)
            members = float((grouping.group == grouping.group[place]).mean())
            described.append(Anchor(point, round(members, 4), round(float(grouping.sure[place]), 3), others))
        return tuple(described)


def _painted(state: Seen, guidance: Guidance) -> dict[int, Image]:
    """The superpixels that painted hints and wide points cover well enough, and the mean color there."""
    drawn = hint_map(state.lightness.shape, state.shape, guidance.exact, guidance.strokes)
    if not drawn.mask.any():
        return {}
    colors, covered = state.superpixels.means(drawn.ab, drawn.mask.astype(np.float32))
    return {int(place): colors[place] for place in np.flatnonzero(covered >= _COVERED)}


def _is_said(guidance: Guidance) -> bool:
    """Whether a person has said any color."""
    return bool(guidance.exact or guidance.anchors or guidance.strokes)


def _shown(ab: Image, lightness: Image) -> list[tuple[int, int, int]]:
    """sRGB of each of ``ab`` N 2 at its ``lightness`` N or, where that has not the color, at the nearest that has it."""
    if not len(ab):
        return []
    here = lightness_that_shows(lightness, ab)
    lab = np.column_stack([here, clip_to_gamut(here[:, None], ab[:, None])[:, 0]])
    values = np.rint(255 * np.clip(lab_to_rgb(lab[:, None])[:, 0], 0, 1)).astype(int)
    return [(red, green, blue) for red, green, blue in values.tolist()]


def _by_superpixel(maps: npt.NDArray[Any]) -> Image:
    """1 C h w to T C."""
    return np.ascontiguousarray(maps[0].reshape(maps.shape[1], -1).T)
