"""A task whose result is layers that can be foretold to the last bit: two, or one, or one without color, and two variants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from huefill.tasks.contract import Context, Layer, Result

TWO, ONE, COLORLESS = 0, 1, 2
# Of the second layer's upper left pixel.
CORNER = (20, 9)


@dataclass(frozen=True)
class Request:
    """``seed`` says which layers: `TWO`, `ONE` or `COLORLESS`."""

    VERSION: ClassVar[int] = 1

    image: npt.NDArray[Any]
    seed: int = TWO
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    layers = layers_of(request.image, request.seed)
    return Result(layers, {"task": "layers", "order": "first lowest"}, {"work": 0.0}, (layers[:1], tuple(reversed(layers))))


def layers_of(image: npt.NDArray[Any], seed: int) -> tuple[Layer, ...]:
    """For an ``image`` H W C with alpha: its negative under every alpha that there is, and over a corner its mirror image, opaque.

    A name that is no text in UTF-8 belongs to what must be survived.
    """
    colors = image[..., :-1]
    top = 1 if image.dtype == np.float32 else np.iinfo(image.dtype).max
    negative = (top - colors).astype(image.dtype)
    count = colors.shape[0] * colors.shape[1]
    ramp = np.linspace(0, top, count).reshape(colors.shape[:2]).astype(image.dtype)
    below = Layer(np.dstack([negative, ramp]), (0, 0), "negative \udce9")
    mirrored = colors[::-1, ::-1][: colors.shape[0] - CORNER[1] - 3, : colors.shape[1] - CORNER[0] - 2]
    above = Layer.of(mirrored, np.ones(mirrored.shape[:2], np.float32), CORNER, "mirror")
    if seed == COLORLESS:
        return (Layer(np.dstack([negative[..., 1], ramp])),)
    return (below, above)[: 1 if seed == ONE else 2]
