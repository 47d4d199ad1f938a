"""A photo ready to be colored: its lightness at every size that is needed, and the way from a colorizer's chroma to its pixels."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging import color_spaces
from huefill.imaging.gamut import clip_to_gamut, in_gamut
from huefill.imaging.gray_levels import keep_gray_levels
from huefill.imaging.hints import hint_map, point_colors, stamp
from huefill.imaging.pixels import Array, Encoding, alpha_of, coverage, split_alpha
from huefill.imaging.resample import resize
from huefill.imaging.strips import on_all_cores
from huefill.imaging.upsample import ChromaLift
from huefill.runtime.devices import cpu_threads
from huefill.runtime.memory import require_memory
from huefill.runtime.progress import Progress
from huefill.tasks import checks
from huefill.tasks.colorization.colorizers import confidence
from huefill.tasks.colorization.colorizers.protocol import Chroma, Colorizer, Distribution
from huefill.tasks.colorization.guidance import Guidance
from huefill.tasks.contract import POINT, ColorPoint

Image = npt.NDArray[np.float32]
T = TypeVar("T")

_BYTES, _BYTES_PER_PIXEL = 200 << 20, 30
_STAGE = "coloring"
# Answers of networks that are kept: those of the variants and of the last changes.
_ANSWERS_KEPT = 12


class PreparedPhoto:
    """``shape`` (height, width), ``encoding`` and ``alpha`` (H W of its dtype) of the photo, and its ``lightness`` H W in [0, 100].

    What does not depend on the hints is worked out once, so that a changed hint costs a network's run and no more. Threads may share it.
    """

    def __init__(self, image: Array, transfer: str) -> None:
        """``image`` H W 1 to 4, see `huefill.tasks.checks.check_image`; the colors of a color photo do not count."""
        checks.check_image(image)
        checks.check_choice("transfer", transfer, checks.TRANSFERS)
        self.shape = (image.shape[0], image.shape[1])
        self.transfer = transfer
        require_memory(_BYTES + _BYTES_PER_PIXEL * self.shape[0] * self.shape[1], f"coloring {self.shape[1]} x {self.shape[0]} pixels")
        colors, alpha = split_alpha(image)
        self.alpha = alpha_of(coverage(alpha, self.shape), image.dtype)
        if not self.alpha.any():
            raise HuefillError(
                "transparent", "The layer is transparent everywhere: there is nothing to color.", "Choose the photo's layer."
            )
        self.encoding = Encoding.of(colors, transfer == "linear")
        self.lightness = np.empty(self.shape, np.float32)

        def work(rows: slice) -> None:
            self.lightness[rows] = color_spaces.luminance_to_lightness(self.encoding.luminance(colors[rows]))

        on_all_cores(self.shape, work, cpu_threads())
        self._lock = threading.Lock()
        self._states: dict[str, Any] = {}
        self._view: tuple[int, Image] | None = None
        self._suggested = _Answers[Distribution | None]()
        self._colored = _Answers[Chroma]()
        self._sure = _Answers[Image | None]()

    @property
    def bytes(self) -> int:
        """What it holds in memory."""
        return self.lightness.nbytes + self.alpha.nbytes

    def chroma(
        self,
        colorizer: Colorizer[Any],
        guidance: Guidance,
        at: tuple[float, float] | None = None,
        check: Callable[[], None] | None = None,
    ) -> Chroma:
        """As `Colorizer.chroma`, which looks at the photo only the first time."""
        return colorizer.chroma(self._state(colorizer), guidance, at, check)

    def suggestions(
        self, colorizer: Colorizer[Any], guidance: Guidance, at: tuple[float, float], check: Callable[[], None] | None = None
    ) -> Distribution | None:
        """As `Colorizer.suggestions`; the last answers are kept, so that another color of the point ``at`` costs nothing."""
        return self._suggested.get(
            (colorizer.name, guidance, at), lambda: colorizer.suggestions(self._state(colorizer), guidance, at, check)
        )

    def known_chroma(
        self,
        colorizer: Colorizer[Any],
        guidance: Guidance,
        at: tuple[float, float] | None = None,
        check: Callable[[], None] | None = None,
    ) -> Chroma:
        """As `chroma`; the last answers are kept, so that another strength, size or choice of a variant costs no run of the network."""
        return self._colored.get((colorizer.name, guidance, at), lambda: self.chroma(colorizer, guidance, at, check))

    def confidence(
        self, colorizer: Colorizer[Any], guidance: Guidance, longest: int, check: Callable[[], None] | None = None
    ) -> npt.NDArray[np.uint8] | None:
        """h w uint8 of the size of `preview`: how sure the colorizer is of the color of each place, 255 where it is; None where it does not
        know. Soft within a thing and following its edges; the last answers are kept."""
        known = self._sure.get((colorizer.name, guidance), lambda: colorizer.confidence(self._state(colorizer), guidance, check))
        if known is None:
            return None
        return np.asarray(cv2.convertScaleAbs(confidence.lift(known, self.view(longest)), alpha=255), np.uint8)

    def _state(self, colorizer: Colorizer[Any]) -> Any:
        with self._lock:
            if colorizer.name not in self._states:
                self._states[colorizer.name] = colorizer.prepare(self.lightness)
            return self._states[colorizer.name]

    def view(self, longest: int) -> Image:
        """The lightness at screen resolution: at most ``longest`` pixels on the longer side."""
        with self._lock:
            if self._view is None or self._view[0] != longest:
                scale = min(1.0, longest / max(self.shape))
                size = (max(1, round(self.shape[0] * scale)), max(1, round(self.shape[1] * scale)))
                self._view = (longest, resize(self.lightness, size))
            return self._view[1]

    def preview(self, chroma: Chroma, guidance: Guidance, longest: int, strength: float = 1.0) -> npt.NDArray[np.uint8]:
        """h w 3 uint8 sRGB at screen resolution: quicker and rounder than `paint`."""
        lightness = self.view(longest)
        shape = (lightness.shape[0], lightness.shape[1])
        lifted = ChromaLift(chroma.ab, _gray(chroma.lightness), shape).rows(slice(0, shape[0]), _gray(lightness))
        hints = hint_map(shape, self.shape, guidance.exact, guidance.strokes)
        lifted[hints.mask] = hints.ab[hints.mask]
        lifted *= np.float32(strength)
        shown = clip_to_gamut(lightness, lifted)
        lab = cv2.merge([lightness, np.ascontiguousarray(shown[..., 0]), np.ascontiguousarray(shown[..., 1])])
        return np.asarray(cv2.convertScaleAbs(np.maximum(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), 0), alpha=255), np.uint8)

    def paint(self, chroma: Chroma, guidance: Guidance, progress: Progress, strength: float = 1.0) -> Array:
        """H W 4 of the photo's dtype at full resolution: its own lightness and alpha, chroma lifted along its edges, hints exact.

        All chroma is multiplied by ``strength``.
        """
        lift = ChromaLift(chroma.ab, _gray(chroma.lightness), self.shape)
        out = np.empty((*self.shape, 4), self.encoding.dtype)
        colors = point_colors(guidance.exact)

        def work(rows: slice) -> None:
            lightness = self.lightness[rows]
            ab = lift.rows(rows, _gray(lightness))
            _set_exact(rows, ab, guidance, colors)
            ab *= np.float32(strength)
            # The table of the gamut is a little coarse: what it lets through beyond sRGB must not cost luminance.
            planes = self.encoding.from_light(color_spaces.lab_to_light(lightness, clip_to_gamut(lightness, ab)))
            if planes.dtype == np.uint8 and not self.encoding.linear:
                keep_gray_levels(planes, lightness)
            cv2.merge([*planes, self.alpha[rows]], out[rows])

        on_all_cores(self.shape, work, cpu_threads(), lambda share: progress.report(_STAGE, share))
        return out

    def lightness_at(self, x: float, y: float) -> float:
        """Of the pixel nearest to ``x``, ``y``."""
        return float(self.lightness[min(self.shape[0] - 1, max(0, round(y))), min(self.shape[1] - 1, max(0, round(x)))])

    def out_of_gamut(self, points: Sequence[ColorPoint], strength: float = 1.0) -> list[int]:
        """Indices of those of a person's points whose color, at this ``strength``, sRGB cannot show at the photo's lightness there."""
        own = [number for number, point in enumerate(points) if point.kind == POINT]
        if not own:
            return []
        lightness = np.array([self.lightness_at(points[number].x, points[number].y) for number in own], np.float32)
        ab = point_colors([points[number] for number in own])[:, 1:] * np.float32(strength)
        return [number for number, shown in zip(own, in_gamut(lightness, ab), strict=True) if not shown]


class _Answers(Generic[T]):
    """The last answers by what was asked. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: deque[tuple[Any, T]] = deque(maxlen=_ANSWERS_KEPT)

    def get(self, asked: Any, find: Callable[[], T]) -> T:
        """The answer to what equals ``asked``, found anew where it is not known."""
        with self._lock:
            for known, answer in self._known:
                if known == asked:
                    return answer
        found = find()
        with self._lock:
            self._known.append((asked, found))
        return found


def _gray(lightness: Image) -> Image:
    return np.asarray(lightness / 100, np.float32)


def _set_exact(rows: slice, ab: Image, guidance: Guidance, colors: Image) -> None:
    """Give the chroma of some rows (h W 2) the hints' own where they cover it."""
    if guidance.strokes is not None:
        mask, painted = guidance.strokes.rows(rows)
        ab[mask] = painted
    for point, color in zip(guidance.exact, colors, strict=True):
        stamp(ab, point.x, point.y - rows.start, point.radius, point.radius, color[1:])
