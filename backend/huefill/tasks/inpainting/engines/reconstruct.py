"""The engines that complete a monochrome, and the rule by which ``auto`` picks one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging import exemplar
from huefill.imaging.blend import match_rim
from huefill.imaging.mask import distance_to
from huefill.imaging.resample import resize, resize_known, working_shape
from huefill.runtime.devices import choose_device
from huefill.runtime.progress import Progress
from huefill.runtime.store import model_store

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Pixels of a region that an engine works on at most; larger regions are reconstructed small and lifted.
REGION_PIXELS = 700 * 700
# Pixels the network sees at most: it was trained on small crops and knows holes of their size. Texture comes from the photo.
_NETWORK_PIXELS = 256 * 256
_NETWORK_MULTIPLE, _NETWORK_LEAST = 8, 64
# Pixels from the rim, at the size the network sees, up to which its structure can be trusted: half the width of its training holes.
_NETWORK_REACH = 56
# How much chroma counts against gray in the exemplar search: gray alone takes sea for sand, more than this follows color across edges.
_CHROMA_WEIGHT = 1.0
_STAGE = "reconstructing structure"


@dataclass(frozen=True)
class Reconstruction:
    """``gray`` H W float32: the completed monochrome, known pixels as they were; ``facts`` for the recipe (engine, why, size)."""

    gray: Image
    facts: dict[str, Any]


def reconstruct(rgb: Image, known: Mask, engine: str, seed: int, device: str, progress: Progress) -> Reconstruction:
    """Complete the monochrome of ``rgb`` (H W 3) from its ``known`` pixels (H W).

    "patch" copies pieces of the photo; "gatedconv" lets the network say the structure (its output, smooth and small, is the first
    guess) and the photo give it texture; "auto" picks one by rule. Raises `HuefillError` "nothing_known".
    """
    if not known.any():
        raise HuefillError(
            "nothing_known",
            "Everything around the selection is selected or transparent: there is nothing to fill it from.",
            "Make the selection smaller.",
        )
    gray = spaces.monochrome(rgb)
    shape = working_shape(known.shape, REGION_PIXELS)
    small_rgb, small_known = resize_known(rgb, known, shape)
    if not small_known.any():  # what is known is finer than the working size
        shape, small_rgb, small_known = known.shape, rgb, known
    small_gray, hole = spaces.monochrome(small_rgb), ~small_known
    progress.report(_STAGE, 0.0)
    chosen, why = choose(small_gray, hole) if engine == "auto" else (engine, "chosen by hand")
    guess = _by_network(small_rgb, hole, device, progress.part(0.0, 0.3)) if chosen == "gatedconv" else None
    share = progress.part(0.3 if chosen == "gatedconv" else 0.0, 1.0)
    filled = exemplar.fill(
        small_gray,
        hole,
        guide=np.asarray(_CHROMA_WEIGHT * spaces.to_chroma(small_rgb), np.float32),
        initial=guess,
        seed=seed,
        check=lambda fraction: share.report(_STAGE, fraction),
    )
    full = filled.gray if shape == known.shape else exemplar.lift(filled, gray, known, seed=seed)
    facts = {"engine": chosen, "why": why, "working_size": [shape[1], shape[0]]}
    return Reconstruction(np.where(known, gray, full).astype(np.float32), facts)


def choose(gray: Image, hole: Mask) -> tuple[str, str]:
    """The engine for an H W monochrome and its ``hole``, and why, in words."""
    if _network() is None:
        return "patch", "no reconstruction network is installed"
    depth = float(distance_to(~hole).max()) * min(1.0, (_NETWORK_PIXELS / hole.size) ** 0.5)
    if depth > _NETWORK_REACH:
        return "patch", f"the hole is deeper ({depth:.0f} pixels as the network sees it) than those the network was trained on"
    return "gatedconv", "structure from the network with texture from the photo came closer to the truth in most of our measurements"


def _network() -> str | None:
    cards = model_store().cards("inpainting")
    return cards[0].name if cards else None


def _by_network(rgb: Image, hole: Mask, device: str, progress: Progress) -> Image:
    """H W first guess of the monochrome by the reconstruction network, seen small; it meets the photo at the hole's rim."""
    name = _network()
    if name is None:
        raise HuefillError(
            "unknown_model", "No reconstruction network is installed.", "Choose the engine 'patch', or run the installer again."
        )
    session = model_store().session(name, choose_device(device))
    shape = working_shape(hole.shape, _NETWORK_PIXELS)
    small_rgb, small_known = resize_known(rgb, ~hole, shape)
    image, missing = _framed(small_rgb), _framed((~small_known).astype(np.float32))
    inputs = {"image": image.transpose(2, 0, 1)[None], "hole": missing[None, None]}
    out = session.run({key: np.ascontiguousarray(value, np.float32) for key, value in inputs.items()}, progress.check)["gray"]
    guess = np.clip(out[0, 0, : shape[0], : shape[1]], 0, 1)
    met = match_rim(np.ascontiguousarray(guess), spaces.monochrome(small_rgb), ~small_known)
    progress.report(_STAGE, 1.0)
    return np.clip(resize(met, hole.shape), 0, 1)


def _framed(image: Image) -> Image:
    """Grow the right and lower side by reflection (repetition where there is too little) to what the network takes."""
    wanted = [max(_NETWORK_LEAST, -(-side // _NETWORK_MULTIPLE) * _NETWORK_MULTIPLE) - side for side in image.shape[:2]]
    pads = [(0, extra) for extra in wanted] + [(0, 0)] * (image.ndim - 2)
    mode = "reflect" if all(extra < side for extra, side in zip(wanted, image.shape[:2], strict=True)) else "edge"
    return np.pad(image, pads, mode=mode)  # type: ignore[call-overload, no-any-return]
