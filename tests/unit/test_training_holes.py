"""The holes that inpainting networks are trained on: outlines of things, borders, scratches, strokes."""

from __future__ import annotations

import cv2
import numpy as np

from huefill_models.harness import masks
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.silhouettes import silhouette
from huefill_models.inpainting import holes


def disc(side: int = 160, radius: int = 42) -> np.ndarray:
    rows, columns = np.mgrid[:side, :side]
    inside = (rows - 80) ** 2 + (columns - 80) ** 2 < radius**2
    noise = np.random.default_rng(0).integers(0, 12, (side, side, 3))
    return (np.where(inside[..., None], (210, 60, 40), (40, 110, 60)) + noise).astype(np.uint8)


def test_a_silhouette_follows_the_edges_of_what_a_photograph_shows() -> None:
    # A disc of 22 % of the picture: outlines of about that size are mostly the disc or what is around it, not across its edge.
    photo, agreement = disc(), []
    truth = cv2.resize((photo[..., 0] > 150).astype(np.uint8), (128, 128), interpolation=cv2.INTER_AREA)
    for seed in range(24):
        mask = silhouette(np.random.default_rng(seed), photo, 128, 128, area=(0.2, 0.22))
        inside = mask[truth == 1].mean()
        agreement.append(max(inside, 1 - inside))
    assert np.median(agreement) > 0.9


def test_a_silhouette_is_of_the_size_that_was_asked_for_and_follows_its_seed() -> None:
    photo = np.random.default_rng(1).integers(0, 255, (90, 140, 3)).astype(np.uint8)
    for seed in range(10):
        mask = silhouette(np.random.default_rng(seed), photo, 96, 128, area=(0.1, 0.2))
        assert mask.shape == (96, 128) and set(np.unique(mask)) <= {0, 1}
        assert 0.06 < mask.mean() < 0.32
        assert np.array_equal(mask, silhouette(np.random.default_rng(seed), photo, 96, 128, area=(0.1, 0.2)))


def test_a_border_lies_at_the_sides_and_leaves_the_middle_to_reconstruct_from() -> None:
    touched = set()
    for seed in range(60):
        mask = masks.border(np.random.default_rng(seed), 100, 140)
        sides = {"top": mask[0], "bottom": mask[-1], "left": mask[:, 0], "right": mask[:, -1]}
        whole = {name for name, line in sides.items() if line.all()}
        assert whole and not mask[50, 70]
        touched |= whole
    assert touched == {"top", "bottom", "left", "right"}


def test_scratches_are_thin() -> None:
    for seed in range(20):
        mask = masks.lines(np.random.default_rng(seed), 128, 128)
        # Nothing is left of a stroke that is eroded by more than half of its width; where strokes cross, little.
        assert cv2.erode(mask, np.ones((7, 7), np.uint8)).sum() < 40


def test_every_kind_of_hole_is_drawn_and_keeps_to_its_area() -> None:
    photos = PhotoSet.of(["disc"], [disc()])
    drawn = [holes.hole(np.random.default_rng(seed), photos, 96) for seed in range(80)]
    assert all(holes.AREA[0] <= mask.mean() <= holes.AREA[1] and mask.shape == (96, 96) for mask in drawn)
    assert abs(sum(holes.SHARES.values()) - 1) < 1e-9
    assert set(holes.SHARES) - {holes.SILHOUETTE} <= set(masks.SHAPES)
    bordered = [mask[0].all() or mask[-1].all() or mask[:, 0].all() or mask[:, -1].all() for mask in drawn]
    assert 2 <= sum(bordered) <= 25
