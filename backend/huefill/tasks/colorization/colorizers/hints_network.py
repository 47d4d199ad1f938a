"""A network that follows local and global hints (Zhang et al. 2017), and what makes its hints exact."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging.hint_influence import influence
from huefill.imaging.hints import Along, HintMap, apply_hints, hint_map
from huefill.imaging.likeness import Matched, Places, matched
from huefill.imaging.resample import resize
from huefill.imaging.saturation import with_saturation
from huefill.runtime.devices import choose_device
from huefill.runtime.store import Card, model_store
from huefill.tasks.colorization.colorizers.confidence import steadiness, with_hints
from huefill.tasks.colorization.colorizers.protocol import Chroma, Distribution
from huefill.tasks.colorization.colorizers.sizing import seen_shape
from huefill.tasks.colorization.guidance import Guidance, Reference
from huefill_protocol.choices import HINTS, HISTOGRAM, LIKENESS

Image = npt.NDArray[np.float32]

# How far propagated hints are trusted, in longer sides of the picture: one red ball must not redden the photo (benchmarks/README.md).
_REACH = 0.2
# The network says how likely colors are on a grid of this share of its picture's sides.
_GRID = 4
# The parts of a network that sees a photo once, and the map that tells best what is alike.
_ENCODER, _DECODER, _SHOWN = "encoder", "decoder", "sixteenth"
_ALONE_KEPT = 8

_Tensors = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Seen:
    """A photo as the network sees it: ``lightness`` h w in [0, 100]; ``shape`` (height, width) of the photo itself.

    ``features`` and ``mirrored`` are what a network with an encoder needs of it and of its mirror image; of another, the lightness itself.
    ``alone`` what the network said of it without any hint, ``matches`` the colors of what is alike in a reference, by its pixels.
    """

    lightness: Image
    shape: tuple[int, int]
    features: _Tensors
    mirrored: _Tensors
    alone: dict[Hashable, tuple[Image, Image]] = field(default_factory=dict, compare=False)
    matches: dict[str, Matched] = field(default_factory=dict, compare=False)

    @cached_property
    def along(self) -> Along:
        """As hints are propagated along it."""
        return Along(self.lightness)

    @cached_property
    def places(self) -> Places:
        """As a reference is compared with it."""
        return Places.of(self.lightness, [one[0] for one in self.features.values()])


class HintsNetwork:
    """A card of role "hints" as a `Colorizer`."""

    method = HINTS

    def __init__(self, card: Card, device: str) -> None:
        """Loads the network; raises `HuefillError` as `ModelStore.session` does."""
        self.name = card.name
        self.record = [card.identity]
        try:
            self._bins = np.array(card.facts["bins"], np.float32).reshape(-1, 2)
            self._takes_globals = bool(card.facts["global_hints"])
            # How much the hints' own propagation counts against the network: the less, the better the network knows photographs.
            self._propagated = float(card.facts.get("propagated", 0.0))
        except (KeyError, TypeError, ValueError) as error:
            raise HuefillError(
                "damaged_model",
                f"The card of the network '{card.name}' does not say its bins, global hints or propagation as it should.",
                "Put a whole copy of the network there, or remove it.",
            ) from error
        self._sizes = card.sizes
        chosen = choose_device(device)
        self._seen_by = card.files[_ENCODER].sha256 if _ENCODER in card.files else ""
        self._encoder = model_store().session(card.name, chosen, _ENCODER) if _ENCODER in card.files else None
        self._session = model_store().session(card.name, chosen, "network" if self._encoder is None else _DECODER)

    def prepare(self, lightness: Image) -> Seen:
        """The lightness at the network's size, see `seen_shape`."""
        small = self._small(lightness)
        mirrored = np.ascontiguousarray(small[:, ::-1])
        return Seen(small, (lightness.shape[0], lightness.shape[1]), self._see(small), self._see(mirrored))

    def _small(self, lightness: Image) -> Image:
        return np.ascontiguousarray(resize(lightness, seen_shape((lightness.shape[0], lightness.shape[1]), self._sizes)))

    def _see(self, lightness: Image) -> _Tensors:
        inputs: _Tensors = {"lightness": lightness[None, None]}
        return inputs if self._encoder is None else self._encoder.run(inputs)

    def chroma(
        self, state: Seen, guidance: Guidance, at: tuple[float, float] | None = None, check: Callable[[], None] | None = None
    ) -> Chroma:
        """As `Colorizer.chroma`: hints exact, propagated beside the network, saturation as it is asked for."""
        self._refuse_what_it_cannot(guidance)
        lightness = state.lightness
        hints = hint_map((lightness.shape[0], lightness.shape[1]), state.shape, guidance.exact, guidance.strokes)
        nothing = HintMap(np.zeros_like(hints.ab), np.zeros_like(hints.mask))
        place, concerned = _place(at, state), np.ones(lightness.shape, np.float32)
        if not hints.mask.any():
            ab, probability = self._alone(state, nothing, guidance, place, check)
        else:
            ab, probability = self._run(state.features, hints, guidance, place, check)
            if (seen := state.features.get(_SHOWN)) is not None:
                # One red ball must not redden the photo: of what is unlike and far, hints change little.
                alone, _ = self._alone(state, nothing, guidance, _place(None, state), check)
                concerned = influence(seen[0], alone, hints.mask)
                ab = alone + concerned[..., None] * (ab - alone)
        if guidance.saturation is not None:
            ab = with_saturation(lightness, ab, guidance.saturation)
        ab = apply_hints(ab, hints, state.along, self._propagated * concerned, _REACH)
        return Chroma(ab, lightness, None if at is None else Distribution(self._bins, probability[0]), matched=self._matched_by(guidance))

    def _alone(
        self, state: Seen, nothing: HintMap, guidance: Guidance, place: npt.NDArray[np.int64], check: Callable[[], None] | None
    ) -> tuple[Image, Image]:
        """As `_run` without hints: the mean of the picture's colors and its mirror image's, which is steadier, and what is alike in a
        reference; the last ones are kept."""
        key = (guidance.reference and guidance.reference.sha256, guidance.saturation, guidance.match, place.tobytes())
        if key not in state.alone:
            ab, probability = self._run(state.features, nothing, guidance, place, check)
            mirrored, _ = self._run(state.mirrored, nothing, guidance, place, check)
            ab = np.asarray((ab + mirrored[:, ::-1]) / 2, np.float32)
            if (match := self._match(state, guidance)) is not None:
                ab = match.mixed(ab, alone=guidance.match == LIKENESS)
            while len(state.alone) >= _ALONE_KEPT:
                state.alone.pop(next(iter(state.alone)), None)
            state.alone[key] = (ab, probability)
        return state.alone[key]

    def _matched_by(self, guidance: Guidance) -> str | None:
        """How the reference's colors are used, as `Chroma.matched`; what is alike can only be told with an encoder."""
        if guidance.reference is None:
            return None
        return HISTOGRAM if guidance.match == HISTOGRAM or self._encoder is None else LIKENESS

    def _match(self, state: Seen, guidance: Guidance) -> Matched | None:
        """The colors of what in the reference is like each place; None where likeness does not count."""
        reference = guidance.reference
        if reference is None or self._matched_by(guidance) != LIKENESS:
            return None
        if reference.sha256 not in state.matches:
            made = self._compare(state, reference)
            while len(state.matches) >= _ALONE_KEPT:
                state.matches.pop(next(iter(state.matches)), None)
            state.matches[reference.sha256] = made
        return state.matches[reference.sha256]

    def _compare(self, state: Seen, reference: Reference) -> Matched:
        def see(lightness: Image) -> Places:
            small = self._small(lightness)
            return Places.of(small, [one[0] for one in self._see(small).values()])

        places = reference.places(self._seen_by, see)
        ab = resize(np.ascontiguousarray(reference.lab[..., 1:]), places.shape).reshape(-1, 2)
        covered = resize(reference.visible.astype(np.float32), places.shape).ravel()
        return matched(state.places, places, ab, covered >= min(0.5, float(covered.max()))).lifted(state.lightness)

    def suggestions(
        self, state: Seen, guidance: Guidance, at: tuple[float, float], check: Callable[[], None] | None = None
    ) -> Distribution | None:
        """As `Colorizer.suggestions`."""
        self._refuse_what_it_cannot(guidance)
        lightness = state.lightness
        hints = hint_map((lightness.shape[0], lightness.shape[1]), state.shape, guidance.exact, guidance.strokes)
        return Distribution(self._bins, self._run(state.features, hints, guidance, _place(at, state), check)[1][0])

    def confidence(self, state: Seen, guidance: Guidance, check: Callable[[], None] | None = None) -> Image | None:
        """As `Colorizer.confidence`, on the grid on which the network says how likely colors are."""
        self._refuse_what_it_cannot(guidance)
        height, width = state.lightness.shape
        rows, columns = np.indices((height // _GRID, width // _GRID))
        every = np.stack([columns.ravel(), rows.ravel()], 1)[None]
        nothing = HintMap(np.zeros((height, width, 2), np.float32), np.zeros((height, width), bool))
        guess, probability = self._run(state.features, nothing, guidance, every, check)
        # What differs from place to place of one thing is noise.
        sure = cv2.GaussianBlur(steadiness(self._bins, probability).reshape(rows.shape), (0, 0), 1)
        hints = hint_map((height, width), state.shape, guidance.exact, guidance.strokes)
        seen = state.features.get(_SHOWN)
        return with_hints(np.asarray(sure, np.float32), None if seen is None else seen[0], guess, hints.mask)

    def _refuse_what_it_cannot(self, guidance: Guidance) -> None:
        if not self._takes_globals and (guidance.reference is not None or guidance.saturation is not None):
            raise HuefillError(
                "no_global_hints",
                f"The network '{self.name}' takes neither a reference nor a saturation.",
                "Choose another network, or 'auto'.",
            )
        if guidance.reference is not None and guidance.match == LIKENESS and self._encoder is None:
            raise HuefillError(
                "no_likeness", f"The network '{self.name}' cannot tell what is alike in two photos.", "Match by 'histogram', or 'auto'."
            )

    def _run(
        self, seen: _Tensors, hints: HintMap, guidance: Guidance, places: npt.NDArray[np.int64], check: Callable[[], None] | None
    ) -> tuple[Image, Image]:
        """ab h w 2, and K N, the probability of each bin at the ``places`` (1 K 2: x, y on the network's grid)."""
        inputs: _Tensors = {
            **seen,
            "ab": hints.ab.transpose(2, 0, 1)[None],
            "mask": hints.mask[None, None].astype(np.float32),
            "at": places,
        }
        if self._takes_globals:
            reference, saturation = guidance.reference, guidance.saturation
            histogram = np.zeros(len(self._bins), np.float32) if reference is None else reference.histogram(self._bins)
            inputs["histogram"] = histogram[None]
            inputs["saturation"] = np.array([saturation or 0.0], np.float32)
            inputs["given"] = np.array([[reference is not None, saturation is not None]], np.float32)
        out = self._session.run({name: np.ascontiguousarray(value) for name, value in inputs.items()}, check, again=True)
        return np.ascontiguousarray(out["ab_out"][0].transpose(1, 2, 0)), out["probability"][0]


def _place(at: tuple[float, float] | None, state: Seen) -> npt.NDArray[np.int64]:
    """The photo's pixel ``at`` (x, y) on the network's grid, 1 1 2; its corner where nothing is asked."""
    place = np.zeros((1, 1, 2), np.int64)
    if at is not None:
        sides = zip(at, state.shape[::-1], state.lightness.shape[::-1], strict=True)
        place[0, 0] = [min(small // _GRID - 1, max(0, int((value + 0.5) * small / full / _GRID))) for value, full, small in sides]
    return place
