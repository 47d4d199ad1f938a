"""Extend Canvas: nothing recognizable is repeated, nothing breaks off at the old edge, and a calm continuation is told."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from huefill.imaging import border
from huefill.tasks.contract import Context
from huefill.tasks.inpainting import extend_canvas
from huefill.tasks.layer import composite

WIDTH, HEIGHT, NEW = 240, 180, 70


def grass(seed: int = 0) -> np.ndarray:
    """A green texture, H W 3 in [0, 1]."""
    noise = np.random.default_rng(seed).normal(0, 1, (HEIGHT, WIDTH, 1)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 1.2).reshape(HEIGHT, WIDTH, 1)
    return np.clip(np.array([0.32, 0.45, 0.22]) + 0.25 * noise, 0, 1).astype(np.float32)


def with_dial(photo: np.ndarray, x: int) -> np.ndarray:
    """A kitchen scale's dial, H W 3 uint8, such as no other is in the photo; its middle is ``x`` pixels from the left edge."""
    result, middle = np.ascontiguousarray((photo * 255).round().astype(np.uint8)), (x, 90)
    cv2.circle(result, middle, 60, (235, 235, 225), -1, cv2.LINE_AA)
    cv2.circle(result, middle, 52, (30, 30, 40), 4, cv2.LINE_AA)
    cv2.circle(result, middle, 12, (200, 30, 30), -1, cv2.LINE_AA)
    for angle in np.arange(12) * np.pi / 6:
        ends = [(round(x + far * np.cos(angle)), round(90 + far * np.sin(angle))) for far in (42, 50)]
        cv2.line(result, *ends, (20, 20, 20), 3, cv2.LINE_AA)
    cv2.line(result, middle, (x + 22, 62), (200, 30, 30), 4, cv2.LINE_AA)
    return result


def sky_over_hills() -> np.ndarray:
    """A gradient above, a dark ridge with a texture below, H W 3 uint8."""
    rows, columns = np.indices((HEIGHT, WIDTH)).astype(np.float32)
    photo = np.dstack([0.30 + rows / 500, 0.45 + rows / 600, 0.75 + rows / 900])
    hills = rows > 110 + 12 * np.sin(columns / 13) + 9 * np.sin(columns / 5.3 + 1)
    photo[hills] = (0.5 * grass(2))[hills]
    return (np.clip(photo, 0, 1) * 255).round().astype(np.uint8)


def extended(photo: np.ndarray, side: str = "left", **choices: object) -> tuple[np.ndarray, dict]:
    """The photo with ``NEW`` pixels filled on a side: H W 3 uint8, and the recipe with the warnings."""
    widths = {"left": ((0, 0), (NEW, 0)), "top": ((NEW, 0), (0, 0)), "right": ((0, 0), (0, NEW))}[side]
    layer = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    layer = np.pad(layer, (*widths, (0, 0)))
    result = extend_canvas.run(extend_canvas.Request(layer, **choices), Context(device="cpu"))  # type: ignore[arg-type]
    made = composite(layer, result.layers)
    assert (made[..., 3] == 255).all()
    return made[..., :3], {**result.recipe, "warnings": result.warnings}


def likeness(picture: np.ndarray, part: np.ndarray) -> float:
    """The best correlation of the part with any place of the picture."""
    return float(cv2.matchTemplate(np.ascontiguousarray(picture), np.ascontiguousarray(part), cv2.TM_CCOEFF_NORMED).max())


@pytest.mark.parametrize("x", [20, 40, 70])
def test_a_thing_beside_the_edge_is_not_repeated(x: int) -> None:
    """It is cut off by the edge, or stands just within it."""
    photo = with_dial(grass(), x)
    made, _ = extended(photo)
    hand, scale = photo[58:104, x - 14 : x + 26], photo[70:110, x + 36 : x + 62]
    assert min(likeness(made, hand), likeness(made, scale)) > 0.99  # in the photo itself they are
    assert max(likeness(made[:, : NEW - 5], hand), likeness(made[:, : NEW - 5], scale)) < 0.8


def test_a_texture_goes_on_as_a_texture() -> None:
    photo = (grass() * 255).round().astype(np.uint8)
    made, recipe = extended(photo)
    assert made[:, : NEW - 8].std() > 0.7 * photo.std()
    assert not recipe["warnings"] and recipe["regions"][0]["color"] == "pieces"


@pytest.mark.parametrize("side", ["left", "top", "right"])
def test_a_gradient_goes_on_without_a_step(side: str) -> None:
    made, _ = extended(sky_over_hills(), side)
    sky = made[: NEW + 80 if side == "top" else 80].astype(np.float32)
    along, across = (1, 0) if side == "top" else (0, 1)
    steps = np.abs(np.diff(sky.mean(axis=along), axis=0)).max(axis=1)
    assert steps.max() <= 2.0, "no line along the old edge"
    assert np.abs(np.diff(sky, axis=across)).max() <= 12
    if side == "top":  # no hills in the sky
        assert sky[..., 2].min() > 170


def test_a_line_that_meets_the_edge_goes_on_in_its_direction() -> None:
    photo = np.full((HEIGHT, WIDTH, 3), 0.75, np.float32)
    rows, columns = np.indices((HEIGHT, WIDTH))
    photo[np.abs(rows - (60 + 0.35 * columns)) < 5] = 0.15
    made, _ = extended((photo * 255).round().astype(np.uint8))
    for left in (15, 35):
        dark = np.argmin(cv2.GaussianBlur(made[:, NEW - left].mean(axis=1), (1, 9), 0))
        assert abs(dark - (60 - 0.35 * left)) < 9


def test_what_cannot_be_continued_is_soft_and_told() -> None:
    generator = np.random.default_rng(3)
    photo = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    for _ in range(60):  # no thing twice
        x, y = (int(value) for value in generator.integers(0, (WIDTH, HEIGHT)))
        color = tuple(int(value) for value in generator.integers(0, 255, 3))
        cv2.ellipse(photo, (x, y), (int(generator.integers(8, 30)), int(generator.integers(5, 20))), x, 0, 360, color, -1, cv2.LINE_AA)
    made, recipe = extended(photo)
    (told,) = recipe["warnings"]
    assert told.code == "border_softly" and "%" in told.message and told.remedy
    assert extend_canvas.calm_share(recipe["regions"]) > 0.1
    fine = np.abs(np.diff(made.astype(np.float32), axis=0)).mean(axis=2)
    assert fine[:, : NEW // 2].mean() < 0.5 * fine[:, NEW + 8 :].mean()


def test_the_photo_stays_and_the_seed_decides() -> None:
    photo = with_dial(grass(), 40)
    first, again, other = (extended(photo, seed=seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first[:, NEW + 5 :], photo[:, 5:])
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize("shape", [(6, 40), (7, 12), (14, 14), (64, 11)])
def test_the_smallest_photos_are_extended_too(shape: tuple[int, int]) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (*shape, 3), np.uint8)
    layer = np.pad(np.dstack([photo, np.full(shape, 255, np.uint8)]), ((12, 0), (12, 7), (0, 0)))
    made = extend_canvas.run(extend_canvas.Request(layer), Context(device="cpu")).layers[0]
    assert np.isfinite(made.image.astype(float)).all()


def test_a_stop_is_asked_for_often_and_the_fraction_only_grows() -> None:
    seen: list[float] = []
    known = np.zeros((HEIGHT, WIDTH), bool)
    known[:, NEW:] = True
    border.extend(grass(), known, known, 0, seen.append)
    assert len(seen) > 50 and seen == sorted(seen) and seen[-1] >= 0.9


def test_nothing_to_continue_is_said_clearly() -> None:
    nothing = np.zeros((9, 9), bool)
    with pytest.raises(ValueError, match="nothing to continue"):
        border.extend(np.zeros((9, 9, 3), np.float32), nothing, nothing, 0, lambda _: None)
