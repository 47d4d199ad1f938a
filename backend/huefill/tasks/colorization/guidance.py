"""What a person says of a photo's colors, checked and made ready for any colorizer: points, painted hints, a reference, a saturation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging.color_spaces import rgb_to_lab
from huefill.imaging.hints import Strokes
from huefill.imaging.likeness import Places
from huefill.imaging.pixels import Array, Encoding, opaque
from huefill.imaging.resample import resize, working_shape
from huefill.imaging.strips import on_all_cores
from huefill.runtime.devices import cpu_threads
from huefill.tasks import checks
from huefill.tasks.contract import ANCHOR, POINT, ColorPoint

Image = npt.NDArray[np.float32]

# Pixels of a reference that its histogram is made of, which has no finer colors to tell, and those that are compared with a photo's.
_HISTOGRAM_PIXELS, _COMPARED_PIXELS = 64 * 64, 256 * 256


@dataclass(frozen=True)
class Painted:
    """A painted hint layer made ready: its ``strokes`` (None where nothing is painted), and the ``sha256`` of its pixels."""

    strokes: Strokes | None = field(compare=False)
    sha256: str

    @staticmethod
    def of(layer: Array, shape: tuple[int, int], encoding: Encoding) -> Painted:
        """``layer`` H W 4 of the photo's ``shape`` and ``encoding``, whose opaque pixels are hints, else `HuefillError` "bad_hints"."""
        if layer.ndim != 3 or layer.shape[2] != 4 or layer.shape[:2] != shape or layer.dtype != encoding.dtype:
            raise HuefillError(
                "bad_hints", "The hint layer is not an RGBA layer of the photo's size and depth.", "Use a layer of the same document."
            )
        mask = opaque(layer[..., 3])
        colors = layer[..., :3][mask]
        if not len(colors):
            return Painted(None, sha256(layer))
        ab = np.empty((len(colors), 2), np.float32)

        def work(part: slice) -> None:
            ab[part] = rgb_to_lab(encoding.to_unit(colors[part, None]))[:, 0, 1:]

        on_all_cores((len(colors), 1), work, cpu_threads())
        return Painted(Strokes(mask, ab), sha256(layer))

    @property
    def bytes(self) -> int:
        return self.strokes.bytes if self.strokes else 0


@dataclass(frozen=True)
class Reference:
    """A color picture made ready: ``ab`` N 2, the colors of some of its pixels in units of Lab, and the ``sha256`` of all of them.

    ``lab`` h w 3 is the picture small, ``visible`` h w where it is not transparent.
    """

    ab: Image = field(compare=False)
    lab: Image = field(compare=False)
    visible: npt.NDArray[np.bool_] = field(compare=False)
    sha256: str
    _histograms: dict[bytes, Image] = field(default_factory=dict, compare=False, repr=False)
    _places: dict[str, Places] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def of(picture: Array) -> Reference:
        """``picture`` h w 3 or 4, uint8 sRGB, of any size; else raises `HuefillError` "bad_reference"."""
        if picture.ndim != 3 or picture.shape[2] not in (3, 4) or picture.dtype != np.uint8 or 0 in picture.shape:
            raise HuefillError("bad_reference", "The reference is not an 8-bit RGB picture.", "Use a color photo.")
        rgb = np.asarray(picture[..., :3] / np.float32(255), np.float32)
        visible = np.ones(rgb.shape[:2], bool) if picture.shape[2] == 3 else picture[..., 3] > 127

        def small(pixels: int) -> tuple[Image, npt.NDArray[np.bool_]]:
            shape = working_shape((rgb.shape[0], rgb.shape[1]), pixels)
            return rgb_to_lab(resize(rgb, shape)), resize(visible.astype(np.float32), shape) > 0.5

        lab, seen = small(_HISTOGRAM_PIXELS)
        if not seen.any():
            raise HuefillError("bad_reference", "The reference is transparent everywhere.", "Use a color photo.")
        return Reference(np.ascontiguousarray(lab[seen][:, 1:]), *small(_COMPARED_PIXELS), sha256(picture))

    def histogram(self, bins: Image) -> Image:
        """The share of each color of ``bins`` (N 2): the global histogram of Zhang et al. 2017, section 3.2; worked out once."""
        key = bins.tobytes()
        if key not in self._histograms:
            nearest = ((self.ab[:, None] - bins[None]) ** 2).sum(2).argmin(1)
            self._histograms[key] = np.asarray(np.bincount(nearest, minlength=len(bins)) / len(nearest), np.float32)
        return self._histograms[key]

    def places(self, network: str, see: Callable[[Image], Places]) -> Places:
        """What the ``network`` of that name sees in the picture: ``see(lightness)`` h w in [0, 100], worked out once."""
        if network not in self._places:
            self._places[network] = see(np.ascontiguousarray(self.lab[..., 0]))
        return self._places[network]

    @property
    def bytes(self) -> int:
        held = [self.ab.nbytes, self.lab.nbytes, self.visible.nbytes, *(places.bytes for places in self._places.values())]
        return sum(held)


@dataclass(frozen=True)
class Guidance:
    """All that is said of the colors; ``saturation`` in [0, 1] or None.

    ``points`` a person's and the picture's own (see `exact` and `anchors`); ``anchored``: the latter are all anchors there are, else the
    network proposes them, and those among the points do not count. ``variant`` 0 the likeliest of the pictures that differ, ``seed`` what
    they begin with. ``match`` how the reference is used: "auto", "likeness" or "histogram".
    """

    points: tuple[ColorPoint, ...] = ()
    painted: Painted | None = None
    reference: Reference | None = None
    saturation: float | None = None
    anchored: bool = False
    seed: int = 0
    variant: int = 0
    match: str = "auto"

    @property
    def exact(self) -> tuple[ColorPoint, ...]:
        """The points that have their color in the picture: a person's."""
        return tuple(point for point in self.points if point.kind == POINT)

    @property
    def anchors(self) -> tuple[ColorPoint, ...]:
        """The anchors that are given."""
        return tuple(point for point in self.points if point.kind == ANCHOR) if self.anchored else ()

    @property
    def strokes(self) -> Strokes | None:
        return self.painted.strokes if self.painted else None

    @property
    def is_said(self) -> bool:
        """Whether anything is said that asks for a network of hints."""
        return bool(self.exact or self.strokes or self.reference) or self.saturation is not None

    def with_anchors_as_points(self) -> Guidance:
        """The same for a network that knows no anchors: those that are given have their color like a person's points."""
        given = tuple(replace(point, kind=POINT) for point in self.points) if self.anchored else self.points
        return replace(self, points=given, anchored=False)

    def without_point_at(self, at: tuple[float, float]) -> Guidance:
        """The same but for the points on the pixel ``at`` (x, y): what is likely there cannot be asked of a point that has the answer."""
        pixel = (round(at[0]), round(at[1]))
        others = tuple(point for point in self.points if (round(point.x), round(point.y)) != pixel)
        return self if len(others) == len(self.points) else replace(self, points=others)

    def check(self, shape: tuple[int, int]) -> None:
        """Raises `HuefillError` for a saturation or a seed that is none, a match that nobody knows, and as `check_points` does for a photo
        of ``shape`` (height, width)."""
        check_points(self.points, shape)
        checks.check_seed(self.seed)
        checks.check_choice("way to match", self.match, checks.MATCHES)
        if self.saturation is not None and not 0 <= self.saturation <= 1:
            raise HuefillError(
                "bad_saturation", f"The saturation {self.saturation:g} is not between 0 and 1.", "0 is gray, 1 as vivid as can be."
            )


def check_points(points: Sequence[ColorPoint], shape: tuple[int, int]) -> None:
    """Raises `HuefillError` for a point outside the photo, or two of a person's on one pixel with different colors."""
    seen: dict[tuple[int, int], int] = {}
    for number, point in enumerate(points, 1):
        if not (-0.5 <= point.x < shape[1] - 0.5 and -0.5 <= point.y < shape[0] - 0.5):
            raise HuefillError(
                "point_outside",
                f"Color point {number} at {point.x:g}, {point.y:g} lies outside the photo of {shape[1]} x {shape[0]} pixels.",
                "Move it inside, or delete it.",
            )
        pixel = (round(point.x), round(point.y))
        if point.kind != POINT:
            continue
        former = seen.setdefault(pixel, number)
        if former != number and points[former - 1].rgb != point.rgb:
            raise HuefillError(
                "points_contradict",
                f"Color points {former} and {number} give the pixel {pixel[0]}, {pixel[1]} different colors.",
                "Delete one of them.",
            )


def check_place(at: tuple[float, float], shape: tuple[int, int]) -> None:
    """Raises `HuefillError` for a pixel ``at`` (x, y) outside the photo of ``shape`` (height, width)."""
    x, y = at
    if not (-0.5 <= x < shape[1] - 0.5 and -0.5 <= y < shape[0] - 0.5):
        raise HuefillError("point_outside", f"The pixel {x:g}, {y:g} lies outside the photo of {shape[1]} x {shape[0]} pixels.")


def sha256(picture: Array) -> str:
    """Of a picture's pixels in C order: by it a recipe tells which picture was used."""
    return hashlib.sha256(np.ascontiguousarray(picture).data).hexdigest()
