"""The monochrome of a hole, and its colors where an engine says them: completed small, brought to full size with detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging.resample import resize, resize_known, working_shape
from huefill.runtime.progress import Progress
from huefill.tasks.inpainting.engines import border, exemplar, network, registry

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Pixels of a region that an engine works on at most; larger regions are reconstructed small and lifted.
REGION_PIXELS = 700 * 700
_STAGE = "reconstructing structure"
# Networks are trained and measured on holes with the photo all around; beyond its edge they are only asked by name (benchmarks/extend.py).
_BORDER = registry.Engine(registry.PATCH, "the border lies beyond the photo's edge, and goes on from what touches it")


@dataclass(frozen=True)
class SmallColor:
    """``chroma`` h w 2 (`color_spaces.to_chroma`) and the ``gray`` h w of the picture it belongs to, smaller than the photo."""

    chroma: Image
    gray: Image


@dataclass(frozen=True)
class Reconstruction:
    """``gray`` H W float32: the completed monochrome, known pixels as they were; ``color`` what the engine says of it, None where that is
    left to the internal colorizer; ``facts`` for the recipe (engine, why, sizes); ``networks`` that took part, as a recipe names them."""

    gray: Image
    color: SmallColor | None
    facts: dict[str, Any]
    networks: list[dict[str, Any]]


def reconstruct(
    rgb: Image, known: Mask, engine: str, seed: int, device: str, progress: Progress, photo: Mask | None = None
) -> Reconstruction:
    """Complete the monochrome of ``rgb`` (H W 3) from its ``known`` pixels (H W).

    ``photo`` H W where the hole lies beyond the photo's edge: the known pixels that are its own. Unless a network is named it is then
    continued as `huefill.imaging.border` does, with its colors.

    "patch" copies pieces of the photo; a network says the structure, and its card, whether texture comes from the photo; "auto" picks one
    (`registry.choose`). Raises `HuefillError` "nothing_known", and as `registry.choose` does.
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
        shape, small_rgb, small_known = (known.shape[0], known.shape[1]), rgb, known
    hole = ~small_known
    progress.report(_STAGE, 0.0)
    chosen = _BORDER if photo is not None and continues(engine) else registry.choose(engine, hole, device)
    facts: dict[str, Any] = {"engine": chosen.name, "why": chosen.why, "working_size": [shape[1], shape[0]]}
    if photo is not None and continues(engine):
        small_photo = resize_known(rgb, photo, shape)[1] & small_known
        made = border.continued(
            small_rgb,
            small_known,
            small_photo if small_photo.any() else small_known,
            gray,
            known,
            seed,
            lambda fraction: progress.report(_STAGE, fraction),
        )
        whole = np.where(known, gray, made.gray).astype(np.float32)
        return Reconstruction(
            whole, SmallColor(made.chroma, made.small_gray), {**facts, "color": "pieces", "calm": round(made.calm, 3)}, []
        )
    if chosen.card is None or chosen.session is None:
        full = exemplar.completed(small_rgb, hole, gray, known, None, seed, lambda fraction: progress.report(_STAGE, fraction))
        return Reconstruction(np.where(known, gray, full).astype(np.float32), None, facts, [])
    share = progress.part(0.0, 0.3)
    said = network.guess(chosen.card, chosen.session, small_rgb, hole, share.check)
    share.report(_STAGE, 1.0)
    facts["network_size"] = [said.gray.shape[1], said.gray.shape[0]]
    full = _in_detail(chosen.card.detail, small_rgb, hole, gray, known, said.gray, seed, progress.part(0.3, 1.0))
    keeps = chosen.card.color == "keep" and said.chroma is not None
    color = SmallColor(said.chroma, said.gray) if keeps and said.chroma is not None else None
    return Reconstruction(np.where(known, gray, full).astype(np.float32), color, facts, [chosen.card.identity])


def continues(engine: str) -> bool:
    """Whether a border is continued with its colors when a person wishes this ``engine``, and not reconstructed like a hole."""
    return engine in (registry.AUTO, registry.PATCH)


def _in_detail(detail: str, small_rgb: Image, hole: Mask, gray: Image, known: Mask, said: Image, seed: int, progress: Progress) -> Image:
    """H W: what the network ``said`` (h w, at its own size) at the photo's size, with the detail that its card asks for."""

    def check(fraction: float) -> None:
        progress.report(_STAGE, fraction)

    if detail == "none":
        return np.clip(resize(said, gray.shape), 0, 1)
    guess = np.clip(resize(said, (hole.shape[0], hole.shape[1])), 0, 1)
    if detail == "residual":
        return exemplar.with_residuals(small_rgb, hole, gray, known, guess, (said.shape[0], said.shape[1]), seed, check)
    return exemplar.completed(small_rgb, hole, gray, known, guess, seed, check)
