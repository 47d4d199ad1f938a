"""Restore Old Photo: scratches and dust are found and removed, then the repaired photo is colored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from huefill.errors import Caution
from huefill.imaging.pixels import Array
from huefill.runtime.progress import Progress
from huefill.tasks import checks
from huefill.tasks.colorization import cautions, colorize
from huefill.tasks.contract import Context, Layer, Result
from huefill.tasks.inpainting import remove_object
from huefill.tasks.layer import composite
from huefill.tasks.restoration import damage
from huefill_protocol.choices import BOTH

REMOVED, COLOR, FOUND = "scratches removed", "color", "scratches found"
HAS_COLORS = Caution(
    "own_colors",
    "This photo has colors of its own.",
    "New ones are on the hidden layer; show it to see them. Repair Colors mends the colors of one place.",
)
_SEARCH, _REMOVAL = 0.15, 0.5  # of the work, as the progress bar counts it
# What was found is shown in red, on a layer that is hidden at first.
_MARK = (1.0, 0.1, 0.1)


class _Coloring(colorize.Request):
    """As Colorize, but that what a photo's own colors mean is said here."""

    WANTS_GRAY: ClassVar[bool] = False


@dataclass(frozen=True)
class Request:
    """``image`` H W C (gray or RGB, with or without alpha; uint8, uint16, float32). ``mask`` H W uint8, 255 on what is to be removed: with
    it nothing is searched for; else ``sensitivity``, ``width`` and ``kinds`` as in `find_scratches.Request`. ``model`` the network that
    colors, or "auto"; ``transfer`` "srgb" or "linear"."""

    VERSION: ClassVar[int] = 1
    image: Array
    mask: Array | None = None
    sensitivity: float = 0.5
    width: int = 0
    kinds: str = BOTH
    model: str = "auto"
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """Three layers, the lowest first: the photo's damage filled, its colors over that, and the damage marked (hidden).

    A photo without damage gets its colors alone; of one that has colors the new ones are hidden. Raises `HuefillError` as the tasks do
    that it is made of.
    """
    checks.check_image(request.image)
    checks.check_choice("transfer", request.transfer, checks.TRANSFERS)
    damage.check(request.sensitivity, request.width, request.kinds)
    progress, layers, steps = context.progress, [], {}
    progress.report("looking for scratches and dust", 0.0)
    mask = _mask(request, progress.part(0.0, _SEARCH))
    repaired = request.image
    if mask.any():
        part = replace(context, progress=progress.part(_SEARCH, _REMOVAL))
        removal = remove_object.run(
            remove_object.Request(request.image, mask, grow="never" if request.mask is None else "auto", transfer=request.transfer), part
        )
        layers += [replace(layer, name=REMOVED) for layer in removal.layers]
        repaired, steps["removal"] = composite(request.image, removal.layers), removal.recipe
    part = replace(context, progress=progress.part(_REMOVAL, 1.0))
    coloring = colorize.run(_Coloring(repaired, model=request.model, transfer=request.transfer), part)
    own_colors = cautions.is_color_photo(request.image, request.transfer)
    layers += [replace(layer, name=COLOR, visible=not own_colors) for layer in coloring.layers]
    steps["color"] = coloring.recipe
    progress.warn([HAS_COLORS] if own_colors else [])
    if mask.any():
        layers.append(_marked(request.image, mask))
    progress.report("finishing", 1.0)
    return Result(tuple(layers), _recipe(request, mask, steps), progress.stages(), warnings=tuple(progress.warnings))


def _mask(request: Request, progress: Progress) -> Array:
    if request.mask is None:
        return damage.found(request.image, request.transfer, request.sensitivity, request.width, request.kinds, progress)
    checks.check_mask(request.mask, request.image)
    return request.mask


def _marked(image: Array, mask: Array) -> Layer:
    """A hidden layer that is red where the mask (H W) says."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    area = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    full = 1.0 if image.dtype == np.float32 else float(np.iinfo(image.dtype).max)
    colors = np.empty((*area.shape, 3), image.dtype)
    colors[:] = np.asarray([full * share for share in _MARK], image.dtype)
    marked = Layer.of(colors, np.asarray(area / np.float32(255), np.float32), (int(columns[0]), int(rows[0])), FOUND)
    return replace(marked, visible=False)


def _recipe(request: Request, mask: Array, steps: dict[str, Any]) -> dict[str, Any]:
    networks = [network for step in steps.values() for network in step["networks"]]
    return {
        "task": "restore_photo",
        "request": {
            "version": request.VERSION,
            "sensitivity": request.sensitivity,
            "width": request.width,
            "kinds": request.kinds,
            "model": request.model,
            "transfer": request.transfer,
        },
        "image_size": [request.image.shape[1], request.image.shape[0]],
        "found": request.mask is None,
        "hole_pixels": int((mask > 0).sum()),
        "regions": steps.get("removal", {}).get("regions", []),
        "steps": steps,
        "networks": [network for number, network in enumerate(networks) if network not in networks[:number]],
    }
