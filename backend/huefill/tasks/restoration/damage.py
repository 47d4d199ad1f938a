"""The damage of a scan as tasks ask for it: limits checked, any depth of image, progress and cancellation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from huefill.errors import Caution, HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging.pixels import Array, Encoding, coverage, split_alpha
from huefill.imaging.scratches import find_scratches
from huefill.imaging.strips import strips
from huefill.runtime.devices import cpu_threads
from huefill.runtime.memory import require_memory
from huefill.runtime.progress import Progress
from huefill.tasks import checks
from huefill_protocol import choices

NOTHING = Caution("no_scratches", "No scratches and no dust were found.", "If there are some, raise the sensitivity or the greatest width.")
MUCH = Caution(
    "many_scratches",
    "A tenth of the photo or more was taken for scratches and dust.",
    "Lower the sensitivity, or deselect what belongs to the photo.",
)
_MUCH = 0.1
# What the search takes beside the photo: a few pieces at once, and two planes of the photo's size.
_BYTES, _BYTES_PER_PIXEL = 400 << 20, 2


def check(sensitivity: float, width: int, kinds: str) -> None:
    """Raise `HuefillError` for what the search cannot use."""
    if not 0 <= sensitivity <= 1:
        raise HuefillError("bad_request", f"The sensitivity {sensitivity:g} is not between 0 and 1.", "0 finds least, 1 most.")
    if not 0 <= width <= choices.WIDEST_SCRATCH:
        raise HuefillError(
            "bad_request", f"A width of {width} pixels cannot be searched for.", f"Use 1 to {choices.WIDEST_SCRATCH}, or 0 for automatic."
        )
    checks.check_choice("kind of scratches", kinds, choices.values(choices.KINDS))


def found(image: Array, transfer: str, sensitivity: float, width: int, kinds: str, progress: Progress) -> npt.NDArray[np.uint8]:
    """H W uint8, 255 on the damage of ``image`` (H W C, see `checks.check_image`), 0 where it is transparent.

    Has a person warned where there is none, or too much to be true.
    """
    colors, alpha = split_alpha(image)
    shape = colors.shape[:2]
    require_memory(_BYTES + _BYTES_PER_PIXEL * shape[0] * shape[1], f"searching {shape[1]} x {shape[0]} pixels")
    encoding, gray = Encoding.of(colors, transfer == "linear"), np.empty(shape, np.uint8)
    for rows in strips(shape):
        unit = encoding.to_unit(colors[rows])
        gray[rows] = np.rint(255 * (spaces.monochrome(unit) if unit.shape[2] == 3 else unit[..., 0]))
    with progress.timed("search"):
        mask = find_scratches(
            gray,
            sensitivity=sensitivity,
            width=width,
            kinds=kinds,
            threads=cpu_threads(),
            check=lambda share: progress.report("looking for scratches and dust", share),
        )
    if alpha is not None:
        mask[coverage(alpha, shape) <= 0.5] = 0
    share = float((mask > 0).mean())
    progress.warn([NOTHING] if share == 0 else [MUCH] if share >= _MUCH else [])
    return mask
