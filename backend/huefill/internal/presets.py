"""What can be chosen: one implementation, four settings of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pyramid:
    """The generators of the paper, level by level on the whole picture (Wang et al. 2021, section 3.3).

    ``blocks`` residual blocks; ``loss`` "l1" or "mse"; ``over`` what the loss is a mean of: "known" pixels or "all";
    ``down`` and ``up`` resampling filters; ``iterations`` and ``rates`` for each level, coarsest first, by pyramid height;
    ``clip_8_bit`` whether a level's output is rounded to 8 bits before the next; ``height`` how many levels at most.
    """

    blocks: int
    loss: str
    over: str
    down: str
    up: str
    iterations: dict[int, tuple[int, ...]]
    rates: dict[int, tuple[float, ...]]
    clip_8_bit: bool
    height: int = 3


@dataclass(frozen=True)
class Ensemble:
    """Several guesses of the chroma, weighted by how well they do on mock holes in the known part (validation).

    ``pixels`` size of the picture they are made on, lifted afterwards; ``iterations``, ``width`` and ``batch`` of the pixel
    network; ``validations`` how many mock holes.
    """

    pixels: int
    iterations: int
    width: int
    batch: int
    validations: int


# Measured at 320 x 256 and 640 x 512, nine blocks.
_PYRAMID_BYTES_PER_PIXEL = 12_500

PRESETS: dict[str, Pyramid | Ensemble] = {
    "fast": Ensemble(pixels=256 * 320, iterations=150, width=48, batch=1536, validations=1),
    "best": Ensemble(pixels=512 * 640, iterations=200, width=48, batch=1536, validations=4),
    "paper": Pyramid(
        blocks=9,
        loss="l1",
        over="known",
        down="box",
        up="bilinear",
        iterations={1: (1000,), 2: (500, 1000), 3: (500, 1000, 1000)},
        rates={1: (0.01,), 2: (0.01, 0.003), 3: (0.01, 0.005, 0.003)},
        clip_8_bit=False,
    ),
    "published": Pyramid(
        blocks=8,
        loss="mse",
        over="all",
        down="bicubic",
        up="lanczos",
        iterations={1: (1001,), 2: (401, 401), 3: (401, 401, 401), 4: (401,) * 4, 5: (401,) * 5},
        rates={
            1: (0.01,),
            2: (0.01, 0.003),
            3: (0.01, 0.005, 0.003),
            4: (0.02, 0.01, 0.005, 0.002),
            5: (0.04, 0.02, 0.01, 0.005, 0.002),
        },
        clip_8_bit=True,
    ),
}


def training_memory(preset: str, pixels: int) -> int:
    """Bytes that training ``preset`` on a picture of ``pixels`` takes at most, beside what the libraries and the picture take.

    The pyramid keeps every layer's output of the whole finest level for the way back; the pixel network sees a few pixels at a time.
    """
    return _PYRAMID_BYTES_PER_PIXEL * pixels if isinstance(PRESETS[preset], Pyramid) else 0
