"""Colors for a gray photo: a network says chroma small, hints are obeyed, all is lifted to the photo's own resolution.

Zhang et al. 2017, with what its users missed: exact hints, strokes, full resolution, local and global hints together. What does
not depend on the hints is computed once (`Canvas`), so that a changed hint costs a network's run and no more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging.gamut import clip_to_gamut, in_gamut
from huefill.imaging.gray_levels import keep_gray_levels
from huefill.imaging.hints import HintMap, Strokes, apply_hints, hint_map, point_colors, propagate, stamp
from huefill.imaging.pixels import Array, Encoding, as_rgb, coverage, split_alpha
from huefill.imaging.resample import resize, working_shape
from huefill.imaging.saturation import with_saturation
from huefill.imaging.strips import strips
from huefill.imaging.upsample import ChromaLift
from huefill.runtime.devices import choose_device
from huefill.runtime.memory import require_memory
from huefill.runtime.progress import Progress
from huefill.runtime.store import model_store
from huefill.tasks import checks
from huefill.tasks.contract import ColorPoint

Image = npt.NDArray[np.float32]

DEFAULT_MODEL = "hints_compact"
TASK = "hints"
_BYTES, _BYTES_PER_PIXEL = 200 << 20, 30
_STAGE = "coloring"
# How far propagated hints are trusted, in longer sides of the picture. Farther suits points at random places (0.3 dB at one point), but a
# person clicks what stands out, and one red ball must not redden the photo: there it is a decibel the other way. The network knows far
# more of a picture whose colors a reference names: one point beside it would cost 3 dB if it counted everywhere.
_REACH, _REACH_BESIDE_REFERENCE = 0.2, 0.1


@dataclass(frozen=True)
class Guidance:
    """All that is said of the colors: ``points``, a hint layer's ``strokes``, a ``histogram`` (bins, sums to 1), a ``saturation``."""

    points: tuple[ColorPoint, ...] = ()
    strokes: Strokes | None = None
    histogram: Image | None = None
    saturation: float | None = None


def networks() -> list[str]:
    """Names of the hints networks of the store, the default first."""
    found = sorted(card.name for card in model_store().catalogue().values() if card.task == TASK)
    return sorted(found, key=lambda name: name != DEFAULT_MODEL)


class Model:
    """A hints network of the store, with what its card says of it."""

    def __init__(self, name: str, device: str) -> None:
        """Raises `HuefillError` "unknown_model" for a name that is no hints network of the store."""
        store = model_store()
        self.card = store.card(DEFAULT_MODEL if name == "auto" else name)
        if self.card.task != TASK:
            known = ", ".join(networks())
            raise HuefillError("unknown_model", f"The network '{self.card.name}' does not color photos.", f"Choose one of {known}.")
        # How much the hints' own propagation counts against the network: the less, the better the network knows photographs.
        self.propagated = float(self.card.facts.get("propagated", 0.0))
        chosen = choose_device(device)
        if self.propagated and chosen.kind == "cpu":
            # Hints are propagated beside the network. ONNX Runtime's threads wait for each other at every layer: a core taken from one of
            # them would stall all (measured on four cores: both take 54 ms, with a core left 27 ms).
            chosen = replace(chosen, threads=max(1, chosen.threads - 1))
        self._session = store.session(self.card.name, chosen)
        self.bins = np.array(self.card.facts["bins"], np.float32)
        self.takes_globals = bool(self.card.facts["global_hints"])
        self.size, self.multiple = int(self.card.facts["size"]), int(self.card.facts["multiple"])

    def run(
        self, lightness: Image, hints: HintMap, guidance: Guidance, places: npt.NDArray[np.int64], check: Callable[[], None] | None
    ) -> tuple[Image, Image]:
        """H W ``lightness`` in [0, 100] and hints of its size, K 2 ``places`` (x, y on a quarter-size grid) to ab H W 2 and K bins."""
        inputs: dict[str, Array] = {
            "lightness": lightness[None, None],
            "ab": hints.ab.transpose(2, 0, 1)[None],
            "mask": hints.mask[None, None].astype(np.float32),
            "at": places[None],
        }
        if self.takes_globals:
            histogram, saturation = guidance.histogram, guidance.saturation
            inputs["histogram"] = np.zeros((1, len(self.bins)), np.float32) if histogram is None else histogram[None]
            inputs["saturation"] = np.array([saturation or 0.0], np.float32)
            inputs["given"] = np.array([[histogram is not None, saturation is not None]], np.float32)
        elif guidance.histogram is not None or guidance.saturation is not None:
            raise HuefillError(
                "no_global_hints",
                f"The network '{self.card.name}' takes neither a reference nor a saturation.",
                f"Choose the network '{DEFAULT_MODEL}'.",
            )
        out = self._session.run({name: np.ascontiguousarray(value) for name, value in inputs.items()}, check)
        return np.ascontiguousarray(out["ab_out"][0].transpose(1, 2, 0)), out["probability"][0]


class Canvas:
    """A photo ready to be colored: its luminance at every size that is needed. ``bytes`` is what it holds. Threads may share it."""

    def __init__(self, image: Array, transfer: str, model: str, device: str) -> None:
        """``image`` H W 1 to 4, see `huefill.tasks.checks.check_image`; the colors of a color photo are not looked at."""
        checks.check_image(image)
        checks.check_choice("transfer", transfer, checks.TRANSFERS)
        self.shape = (image.shape[0], image.shape[1])
        require_memory(_BYTES + _BYTES_PER_PIXEL * self.shape[0] * self.shape[1], f"coloring {self.shape[1]} x {self.shape[0]} pixels")
        self.model = Model(model, device)
        colors, alpha = split_alpha(image)
        self.alpha = coverage(alpha, self.shape)
        if not self.alpha.any():
            raise HuefillError(
                "transparent", "The layer is transparent everywhere: there is nothing to color.", "Choose the photo's layer."
            )
        self.encoding = Encoding.of(colors, transfer == "linear")
        self.lightness = np.empty(self.shape, np.float32)
        for rows in strips(self.shape):
            self.lightness[rows] = spaces.lightness(as_rgb(self.encoding.to_unit(colors[rows])))
        self.small = self._at(self.model.size)
        self._lock = threading.Lock()
        self._view: tuple[int, Image] | None = None

    @property
    def bytes(self) -> int:
        return self.lightness.nbytes + self.alpha.nbytes

    def chroma(self, guidance: Guidance, progress: Progress | None = None, at: tuple[float, float] | None = None) -> tuple[Image, Image]:
        """The small picture's ab (h w 2) under ``guidance``, and the colors' probabilities at the photo's pixel ``at`` (x, y)."""
        shape = self.small.shape
        hints = hint_map((shape[0], shape[1]), self.shape, guidance.points, guidance.strokes)
        places = np.zeros((1, 2), np.int64)
        if at is not None:
            for axis, (value, full, small) in enumerate(zip(at, self.shape[::-1], shape[::-1], strict=True)):
                places[0, axis] = min(small // 4 - 1, max(0, int((value + 0.5) * small / full / 4)))
        check = progress.check if progress else None
        share = self.model.propagated if hints.mask.any() else 0.0
        # Propagation does not wait for the network: a moving hand would feel the sum of both.
        with ThreadPoolExecutor(1) as pool:
            spread = pool.submit(propagate, self.small, hints) if share else None
            ab, probability = self.model.run(self.small, hints, guidance, places, check)
        if not hints.mask.any():
            # Nobody waits for the answer to a moved point: a second look, at the mirrored picture, makes the guess steadier (0.03 dB).
            mirrored, _ = self.model.run(np.ascontiguousarray(self.small[:, ::-1]), hints, guidance, places, check)
            ab = np.asarray((ab + mirrored[:, ::-1]) / 2, np.float32)
        if guidance.saturation is not None:
            ab = with_saturation(self.small, ab, guidance.saturation)
        reach = _REACH if guidance.histogram is None else _REACH_BESIDE_REFERENCE
        return apply_hints(ab, hints, spread.result() if spread else None, share, reach), probability[0]

    def view(self, longest: int) -> Image:
        """The lightness at screen resolution: at most ``longest`` pixels on the longer side."""
        with self._lock:
            if self._view is None or self._view[0] != longest:
                scale = min(1.0, longest / max(self.shape))
                size = (max(1, round(self.shape[0] * scale)), max(1, round(self.shape[1] * scale)))
                self._view = (longest, resize(self.lightness, size))
            return self._view[1]

    def picture(self, ab: Image, guidance: Guidance, longest: int) -> npt.NDArray[np.uint8]:
        """h w 3 uint8 sRGB at screen resolution."""
        import cv2

        lightness = self.view(longest)
        lifted = ChromaLift(ab, _gray(self.small), lightness.shape).rows(slice(0, lightness.shape[0]), _gray(lightness))
        hints = hint_map((lightness.shape[0], lightness.shape[1]), self.shape, guidance.points, guidance.strokes)
        lifted[hints.mask] = hints.ab[hints.mask]
        lab = np.dstack([lightness, clip_to_gamut(lightness, lifted)])
        return np.asarray(np.rint(255 * np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), 0, 1)), np.uint8)

    def paint(self, ab: Image, guidance: Guidance, progress: Progress) -> Array:
        """H W 3 of the photo's dtype at full resolution: the photo's own lightness, ``ab`` lifted, hints exact."""
        lift = ChromaLift(ab, _gray(self.small), self.shape)
        out = np.empty((*self.shape, 3), self.encoding.dtype)
        colors = point_colors(guidance.points)
        for rows in strips(self.shape):
            progress.report(_STAGE, rows.start / self.shape[0])
            lightness = self.lightness[rows]
            chroma = lift.rows(rows, _gray(lightness))
            _set_exact(rows, chroma, guidance, colors)
            # The table of reaches is a little coarse: what it lets through beyond the gamut must not cost luminance.
            rgb = spaces.lab_to_shown(np.dstack([lightness, clip_to_gamut(lightness, chroma)]))
            out[rows] = self.encoding.from_unit(rgb)
            if out.dtype == np.uint8 and not self.encoding.linear:
                keep_gray_levels(out[rows], lightness)
        return out

    def out_of_gamut(self, points: Sequence[ColorPoint]) -> list[int]:
        """Indices of the points whose color sRGB cannot show at the photo's luminance there."""
        if not points:
            return []
        columns = np.clip(np.rint([point.x for point in points]), 0, self.shape[1] - 1).astype(np.int64)
        rows = np.clip(np.rint([point.y for point in points]), 0, self.shape[0] - 1).astype(np.int64)
        return np.flatnonzero(~in_gamut(self.lightness[rows, columns], point_colors(points)[:, 1:])).tolist()

    def palette(self, probability: Image, at: tuple[float, float], count: int) -> list[dict[str, Any]]:
        """The ``count`` likeliest colors of a pixel, likeliest first: K-means of its distribution (Zhang et al. 2017, section 3.3)."""
        x, y = min(self.shape[1] - 1, max(0, round(at[0]))), min(self.shape[0] - 1, max(0, round(at[1])))
        lightness = float(self.lightness[y, x])
        centres, shares = _clusters(self.model.bins, probability, count)
        ab = clip_to_gamut(np.full((len(centres), 1), lightness, np.float32), centres[:, None])[:, 0]
        rgb = np.clip(spaces.lab_to_rgb(np.column_stack([np.full(len(ab), lightness, np.float32), ab])), 0, 1)
        return [
            {
                "rgb": [round(float(v)) for v in 255 * color],
                "probability": round(float(share), 4),
                "ab": [round(float(v), 1) for v in place],
            }
            for color, share, place in zip(rgb, shares, ab, strict=True)
        ]

    def _at(self, longest: int) -> Image:
        """The lightness as the network sees it: about ``longest`` pixels on the longer side, sides of the network's multiple."""
        scale = longest / max(self.shape)
        sides = [max(2 * self.model.multiple, round(side * scale / self.model.multiple) * self.model.multiple) for side in self.shape]
        return np.ascontiguousarray(resize(self.lightness, (sides[0], sides[1])))


def guidance_of(
    canvas: Canvas, points: Sequence[ColorPoint], hints: Array | None, reference: Array | None, saturation: float | None
) -> Guidance:
    """What a request says, checked; raises `HuefillError` for points outside the photo, contradictions, a layer of another size."""
    check_points(points, canvas.shape)
    if saturation is not None and not 0 <= saturation <= 1:
        raise HuefillError("bad_saturation", f"The saturation {saturation:g} is not between 0 and 1.", "0 is gray, 1 as vivid as can be.")
    return Guidance(tuple(points), strokes_of(canvas, hints), histogram_of(canvas.model, reference), saturation)


def check_points(points: Sequence[ColorPoint], shape: tuple[int, int]) -> None:
    """Raises `HuefillError` for a point outside the photo, or two of one pixel with different colors."""
    seen: dict[tuple[int, int], int] = {}
    for number, point in enumerate(points, 1):
        if not (-0.5 <= point.x < shape[1] - 0.5 and -0.5 <= point.y < shape[0] - 0.5):
            raise HuefillError(
                "point_outside",
                f"Color point {number} at {point.x:g}, {point.y:g} lies outside the photo of {shape[1]} x {shape[0]} pixels.",
                "Move it inside, or delete it.",
            )
        pixel = (round(point.x), round(point.y))
        former = seen.setdefault(pixel, number)
        if former != number and points[former - 1].rgb != point.rgb:
            raise HuefillError(
                "points_contradict",
                f"Color points {former} and {number} give the pixel {pixel[0]}, {pixel[1]} different colors.",
                "Delete one of them.",
            )


def strokes_of(canvas: Canvas, hints: Array | None) -> Strokes | None:
    """A hint layer (H W 4 in the photo's encoding) as ab and mask; None where it says nothing."""
    if hints is None:
        return None
    if hints.ndim != 3 or hints.shape[2] != 4 or hints.shape[:2] != canvas.shape or hints.dtype != canvas.encoding.dtype:
        raise HuefillError(
            "bad_hints", "The hint layer is not an RGBA layer of the photo's size and depth.", "Use a layer of the same document."
        )
    mask = coverage(hints[..., 3], canvas.shape) > 0.5
    if not mask.any():
        return None
    ab = np.zeros((*canvas.shape, 2), np.float32)
    ab[mask] = spaces.rgb_to_lab(canvas.encoding.to_unit(hints[..., :3][mask][None]))[0, :, 1:]
    return Strokes(ab, mask)


def histogram_of(model: Model, reference: Array | None) -> Image | None:
    """A reference picture (h w 3 or 4, uint8 sRGB) as the share of each color bin (section 3.2, "global histogram")."""
    if reference is None:
        return None
    if reference.ndim != 3 or reference.shape[2] not in (3, 4) or reference.dtype != np.uint8 or 0 in reference.shape:
        raise HuefillError("bad_reference", "The reference is not an 8-bit RGB picture.", "Use a color photo.")
    rgb = np.asarray(reference[..., :3] / np.float32(255), np.float32)
    visible = np.ones(rgb.shape[:2], bool) if reference.shape[2] == 3 else reference[..., 3] > 127
    small = resize(rgb, working_shape((rgb.shape[0], rgb.shape[1]), 64 * 64))
    seen = resize(visible.astype(np.float32), (small.shape[0], small.shape[1])) > 0.5
    if not seen.any():
        raise HuefillError("bad_reference", "The reference is transparent everywhere.", "Use a color photo.")
    ab = spaces.rgb_to_lab(small)[seen][:, 1:]
    nearest = ((ab[:, None] - model.bins[None]) ** 2).sum(2).argmin(1)
    return np.asarray(np.bincount(nearest, minlength=len(model.bins)) / len(nearest), np.float32)


def _gray(lightness: Image) -> Image:
    return np.asarray(lightness / 100, np.float32)


def _set_exact(rows: slice, chroma: Image, guidance: Guidance, colors: Image) -> None:
    """Give a band's chroma (h W 2) the hints' own where they cover it, as they are given."""
    if guidance.strokes is not None:
        here = guidance.strokes.mask[rows]
        chroma[here] = guidance.strokes.ab[rows][here]
    for point, color in zip(guidance.points, colors, strict=True):
        stamp(chroma, point.x, point.y - rows.start, point.radius, point.radius, color[1:])


def _clusters(bins: Image, probability: Image, count: int) -> tuple[Image, Image]:
    """K-means of a distribution over N 2 ``bins``: centres K 2 and shares K, most likely first; started from the likeliest far apart."""
    weight = probability.astype(np.float64)
    centres = [bins[int(weight.argmax())].astype(np.float64)]
    while len(centres) < min(count, len(bins)):
        distance = np.min([((bins - centre) ** 2).sum(1) for centre in centres], 0)
        centres.append(bins[int((weight * distance).argmax())].astype(np.float64))
    place = np.array(centres)
    for _ in range(25):
        owner = ((bins[:, None] - place[None]) ** 2).sum(2).argmin(1)
        shares = np.bincount(owner, weight, len(place))
        sums = np.stack([np.bincount(owner, weight * bins[:, axis], len(place)) for axis in (0, 1)], 1)
        place = np.where(shares[:, None] > 0, sums / np.maximum(shares, 1e-12)[:, None], place)
    order = np.argsort(-shares)
    return place[order].astype(np.float32), shares[order].astype(np.float32)
