"""A gray photograph under drawn damage whose place is known: scratches and specks, white."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


def scratched(rgb: Bytes) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """``rgb`` (H W 3) in gray, damaged, and H W where: a scratch from above to below, one across, and a dozen specks."""
    height, width = rgb.shape[:2]
    sheet = np.zeros((height, width), np.uint8)
    cv2.line(sheet, (width // 3, 0), (width // 3 + 6, height - 1), 255, 2)
    cv2.line(sheet, (width // 2, height // 4), (width - 20, height // 2), 255, 2)
    rng = np.random.default_rng(4)
    for _ in range(12):
        x, y = int(rng.integers(10, width - 10)), int(rng.integers(10, height - 10))
        cv2.circle(sheet, (x, y), int(rng.integers(1, 3)), 255, -1)
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    damaged = np.where(sheet > 0, np.uint8(250), np.minimum(gray, 200))
    return np.repeat(damaged[..., None], 3, axis=2), sheet > 0


def share(selected: npt.NDArray[np.bool_], damage: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """How much of what is ``selected`` lies on or beside damage (5 pixels), and how much of the ``damage`` is selected."""
    near = cv2.dilate(damage.astype(np.uint8), np.ones((11, 11), np.uint8)) > 0
    return float((selected & near).sum() / max(1, selected.sum())), float((selected & damage).sum() / damage.sum())
