"""A network that completes a photo's hole, run as its card describes it: no network is known here by name.

The vocabulary of a card's inputs and outputs is stated in `huefill_models.inpainting.contract`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging.blend import match_rim
from huefill.imaging.resample import resize_known
from huefill.runtime.sessions import Session
from huefill.runtime.store import Card
from huefill_models.card import Sizes

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_COLORS = ("r", "g", "b")
_PICTURE, _MASKS = (*_COLORS, "gray"), ("hole", "known")
# Pixels for a network whose card names no size.
_USUAL_AREA = 512 * 512


@dataclass(frozen=True)
class Guess:
    """What a network says of a photo, h w at the size it saw: ``gray``, and ``chroma`` h w 2 (`color_spaces.to_chroma`) of a network that
    gives color; both meet the photo at the hole's rim and are the photo outside it."""

    gray: Image
    chroma: Image | None


def check(card: Card) -> None:
    """Raise `HuefillError` "bad_model" where the card does not say, in words known here, how the network is run."""
    for name, described in card.inputs.items():
        planes = _list(described, "channels")
        if not planes or not set(planes) <= {*_PICTURE, *_MASKS, "ones"}:
            raise _unclear(card, f"its input '{name}' has no known channels")
        if _word(described, "type", "float32") not in ("float32", "uint8") or _word(described, "layout", "nchw") not in ("nchw", "nhwc"):
            raise _unclear(card, f"its input '{name}' has an unknown type or layout")
        if _pair(described, "range") is None or _pair(described, "mask") is None or not _number(described.get("in_hole", 0)):
            raise _unclear(card, f"its input '{name}' has values that are no numbers")
    if not card.inputs:
        raise _unclear(card, "its inputs are not described")
    for name, described in card.outputs.items():
        planes = _list(described, "channels")
        if sorted(planes) not in (sorted(_COLORS), ["gray"]) or _word(described, "layout", "nchw") not in ("nchw", "nhwc"):
            raise _unclear(card, f"its output '{name}' is neither gray nor r, g, b")
        bounds = _pair(described, "range")
        if bounds is None or bounds[0] == bounds[1]:
            raise _unclear(card, f"its output '{name}' has no range")
    if len(card.outputs) != 1:
        raise _unclear(card, "it describes not one output")


def scale(sizes: Sizes, shape: tuple[int, ...]) -> float:
    """How much smaller (or larger) a network sees a region of ``shape`` (height, width, in pixels)."""
    longest = max(shape[:2])
    if _fixed(sizes):
        return _largest(sizes) / longest
    best = sizes.best_side / longest if sizes.best_side else ((sizes.best_area or _USUAL_AREA) / max(1, shape[0] * shape[1])) ** 0.5
    most = _largest(sizes) / longest if sizes.maximum else 1.0
    return min(1.0, best, most)


def guess(card: Card, session: Session, rgb: Image, hole: Mask, stopped: Callable[[], None]) -> Guess:
    """Run the network on ``rgb`` (H W 3 in [0, 1]) with ``hole`` (H W), as small as it likes; ``stopped`` may raise to break it off.

    Raises `HuefillError` "bad_model" or "model_failed".
    """
    check(card)
    factor = scale(card.sizes, hole.shape)
    shape = (max(1, round(hole.shape[0] * factor)), max(1, round(hole.shape[1] * factor)))
    small, known = resize_known(rgb, ~hole, shape)
    if factor > 1:  # bicubic: beside a hole what grows overshoots
        small = np.clip(small, 0, 1)
    picture, missing = _framed(small, card.sizes), _framed((~known).astype(np.float32), card.sizes)
    inputs = {name: _input(described, picture, missing) for name, described in card.inputs.items()}
    ((name, described),) = card.outputs.items()
    outputs = session.run(inputs, stopped)
    if name not in outputs:
        raise _unclear(card, f"the network has no output '{name}'")
    made = _picture(card, described, outputs[name], missing.shape)[: shape[0], : shape[1]]
    gray = made[..., 0] if made.shape[2] == 1 else spaces.monochrome(made)
    met = match_rim(np.ascontiguousarray(gray), spaces.monochrome(small), ~known)
    return Guess(met, None if made.shape[2] == 1 else _chroma(made, small, ~known))


def _chroma(made: Image, photo: Image, hole: Mask) -> Image:
    said, true = spaces.to_chroma(made), spaces.to_chroma(photo)
    planes = [match_rim(np.ascontiguousarray(said[..., i]), np.ascontiguousarray(true[..., i]), hole) for i in range(2)]
    return np.stack(planes, -1)


def _input(described: Mapping[str, Any], picture: Image, missing: Image) -> npt.NDArray[Any]:
    """One input of the network, as a batch of one."""
    black, white = _pair(described, "range") or (0.0, 1.0)
    elsewhere, own = _pair(described, "mask") or (0.0, 1.0)
    in_hole = described.get("in_hole")
    planes = []
    for channel in described["channels"]:
        if channel in _PICTURE:
            plane = spaces.monochrome(picture) if channel == "gray" else picture[..., _COLORS.index(channel)]
            plane = _to_range(plane, black, white)
            planes.append(plane if in_hole is None else np.where(missing > 0.5, np.float32(in_hole), plane))
        elif channel == "ones":
            planes.append(np.ones_like(missing))
        else:
            inside = missing > 0.5 if channel == "hole" else missing <= 0.5
            planes.append(np.where(inside, np.float32(own), np.float32(elsewhere)))
    tensor = np.stack(planes, -1 if described.get("layout") == "nhwc" else 0)[None].astype(np.float32)
    if described.get("type") == "uint8":
        tensor = np.clip(np.rint(tensor), 0, 255)
    return np.ascontiguousarray(tensor, described.get("type", "float32"))


def _picture(card: Card, described: Mapping[str, Any], output: npt.NDArray[Any], shape: tuple[int, ...]) -> Image:
    """H W 1 (gray) or H W 3 (RGB) in [0, 1]."""
    channels = described["channels"]
    wanted = (1, *shape, len(channels)) if described.get("layout") == "nhwc" else (1, len(channels), *shape)
    if output.shape != wanted:
        raise _unclear(card, f"it gives {' x '.join(map(str, output.shape))} values, not {' x '.join(map(str, wanted))}")
    image = output[0] if described.get("layout") == "nhwc" else output[0].transpose(1, 2, 0)
    if len(channels) == 3:
        image = image[..., [channels.index(color) for color in _COLORS]]
    black, white = _pair(described, "range") or (0.0, 1.0)
    values = image if (black, white) == (0.0, 1.0) else (image.astype(np.float32) - np.float32(black)) / np.float32(white - black)
    if not np.isfinite(values).all():
        raise HuefillError(
            "model_failed", f"The network '{card.name}' gave values that are no numbers.", "Choose another engine, for example 'patch'."
        )
    return np.asarray(np.clip(values, 0, 1), np.float32)


def _to_range(plane: Image, black: float, white: float) -> Image:
    return plane if (black, white) == (0.0, 1.0) else np.asarray(plane * np.float32(white - black) + np.float32(black), np.float32)


def _framed(image: Image, sizes: Sizes) -> Image:
    """Grow the right and lower side by reflection (repetition where there is too little) to what the network takes."""
    least = _largest(sizes) if _fixed(sizes) else -(-sizes.minimum // sizes.multiple) * sizes.multiple
    wanted = [max(least, -(-side // sizes.multiple) * sizes.multiple) - side for side in image.shape[:2]]
    pads = [(0, extra) for extra in wanted] + [(0, 0)] * (image.ndim - 2)
    mode = "reflect" if all(extra < side for extra, side in zip(wanted, image.shape[:2], strict=True)) else "edge"
    return np.pad(image, pads, mode=mode)  # type: ignore[call-overload, no-any-return]


def _largest(sizes: Sizes) -> int:
    return sizes.maximum // sizes.multiple * sizes.multiple


def _fixed(sizes: Sizes) -> bool:
    return 0 < sizes.maximum <= sizes.minimum


def _unclear(card: Card, why: str) -> HuefillError:
    return HuefillError("bad_model", f"The network '{card.name}' cannot be run as its card describes it: {why}.", "Choose another engine.")


def _list(described: Any, key: str) -> list[str]:
    value = described.get(key) if isinstance(described, Mapping) else None
    return value if isinstance(value, list) and all(isinstance(item, str) for item in value) else []


def _word(described: Mapping[str, Any], key: str, otherwise: str) -> Any:
    return described.get(key, otherwise)


def _pair(described: Mapping[str, Any], key: str) -> tuple[float, float] | None:
    """Two numbers, 0 and 1 where the card says nothing; None where what it says is no pair."""
    value = described.get(key, [0, 1])
    if isinstance(value, list) and len(value) == 2 and all(_number(item) for item in value):
        return float(value[0]), float(value[1])
    return None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
