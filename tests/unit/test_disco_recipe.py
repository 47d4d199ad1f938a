"""The recipe of the network of anchors: superpixels first, then all the rest upon them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from huefill_models.disco.anchors import beginning
from huefill_models.disco.losses import balanced_entropy, class_weights, common_colors, explained, superpixel_loss
from huefill_models.disco.network import CONFIGURATIONS, Configuration
from huefill_models.disco.recipe import Anchored, anchor_mask
from huefill_models.harness.data import PhotoSet
from huefill_models.lab import rgb_to_lab

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
TINY = {"size": 64, "batch": 2, "most": 6}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> PhotoSet:
    folder = tmp_path_factory.mktemp("photos")
    for name in ("parrots.png", "beach.png"):
        (folder / name).write_bytes((PHOTOS / name).read_bytes())
    return PhotoSet(folder)


def recipe(**arguments: object) -> Anchored:
    torch.manual_seed(0)
    try:
        made = Anchored("disco", **{**TINY, **arguments})
    except ModuleNotFoundError as missing:
        pytest.skip(str(missing))
    made.models["network"].train()
    return made


def test_a_batch_follows_its_random_numbers(photos: PhotoSet) -> None:
    made = recipe(varied=1.0, perceptual=0.0)
    batch, again = (made.batch(photos, np.random.default_rng(4), 0.1) for _ in range(2))
    assert all(torch.equal(one, other) for one, other in zip(batch, again, strict=True))
    rgb, starts, counts, weights = batch
    assert rgb.shape == (2, 3, 64, 64) and rgb.dtype == torch.uint8 and starts.shape == (2, 8) and weights.shape == (313,)
    assert int(counts.min()) >= 1 and int(counts.max()) <= 6
    assert recipe(varied=0.0, perceptual=0.0).batch(photos, np.random.default_rng(4), 0.1)[2].tolist() == [8, 8]


def test_superpixels_are_learned_first_and_stay_while_the_rest_is_learned(photos: PhotoSet) -> None:
    made = recipe(warmup=0.01, rate=1e-3)
    batch = made.batch(photos, np.random.default_rng(1), 0.1)

    def state() -> dict[str, torch.Tensor]:
        return {name: value.clone() for name, value in made.models["network"].state_dict().items()}

    def changed(before: dict[str, torch.Tensor]) -> set[str]:
        return {name.split(".")[0] for name, value in state().items() if not torch.equal(value, before[name])}

    before = state()
    first = [made.step(batch, 0.1) for _ in range(10)]
    assert set(first[0]) == {"color", "place", "norm"} and first[-1]["color"] < first[0]["color"]
    assert changed(before) == {"spixnet"}
    between = state()
    then = [made.step(batch, 0.5) for _ in range(8)]
    assert changed(between) == {"backbone", "modeler"}
    assert not any(".hints." in name and not torch.equal(value, between[name]) for name, value in state().items())
    assert then[-1]["modeler"] < then[0]["modeler"] and then[-1]["automatic"] > then[0]["automatic"]
    assert all(np.isfinite(list(step.values())).all() for step in first + then)


def test_a_network_with_a_generator_of_its_own_learns_to_generate(photos: PhotoSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONFIGURATIONS, "thin", Configuration((4, 4, 6, 6, 8), 16, 2, 32, (8, 8, 8)))
    made = recipe(configuration="thin", warmup=0.01, rate=1e-3)
    batch = made.batch(photos, np.random.default_rng(1), 0.5)
    steps = [made.step(batch, 0.5) for _ in range(3)]
    assert set(steps[0]) == {"modeler", "generator", "pixel", "perceptual", "automatic", "anchored", "norm"}
    assert steps[-1]["generator"] < steps[0]["generator"] and all(np.isfinite(list(step.values())).all() for step in steps)


def test_superpixels_of_one_color_lose_nothing_and_others_do() -> None:
    torch.manual_seed(0)
    affinity = torch.zeros(1, 9, 32, 48)
    affinity[:, 4] = 1
    cells = 40 * torch.randn(1, 2, 2, 3).repeat_interleave(16, 2).repeat_interleave(16, 3)
    losses = superpixel_loss(affinity, cells)
    # A pixel lies 6.1 of 16 pixels from the middle of its cell on the mean.
    assert float(losses["color"]) < 1e-6 and float(losses["place"]) == pytest.approx(6.1 / 16, abs=0.01)
    assert float(superpixel_loss(affinity, cells.roll(8, 3))["color"]) > 0.05


def test_rare_colors_count_more_and_the_mean_is_one(photos: PhotoSet) -> None:
    prior = common_colors(photos)
    assert float(prior.sum()) == pytest.approx(1, abs=1e-5) and (prior >= 0).all()
    weights = class_weights(prior, 0.5)
    assert float((prior * weights).sum()) == pytest.approx(1, abs=1e-4)
    assert weights.argmin() == prior.argmax() and float(weights.max() / weights.min()) > 5
    assert torch.allclose(class_weights(prior, 1.0), torch.ones(313))
    logits, labels = torch.randn(1, 313, 2, 2), torch.tensor([[[0, 1], [2, 3]]])
    plain = torch.nn.functional.cross_entropy(logits, labels)
    assert float(balanced_entropy(logits, labels, torch.full((313,), 2.0))) == pytest.approx(2 * float(plain))


def test_what_is_explained_is_nothing_for_gray_and_all_for_the_truth() -> None:
    truth = 20 * torch.randn(1, 2, 4, 4)
    assert float(explained(torch.zeros_like(truth), truth)) == 0 and float(explained(truth, truth)) == 1
    assert -4 < float(explained(truth, torch.zeros_like(truth))) / float(truth.square().mean()) < 0


def test_anchors_of_known_colors_are_as_many_as_asked_and_one_for_each_color(photos: PhotoSet) -> None:
    rgb = torch.zeros(2, 3, 4, 6)
    rgb[0, 0, :, :3], rgb[0, 2, :, 3:], rgb[1] = 1, 1, 0.5
    ab = rgb_to_lab(rgb)[:, 1:]
    starts = torch.stack([beginning(seed, 8, 24) for seed in (0, 1)])
    starts[0, :2] = torch.tensor([0, 5])
    mask = anchor_mask(ab, torch.ones(2, 1, 4, 6), starts, torch.tensor([2, 8]))
    assert mask[0].sum() == 2 and mask[0, 0, :, :3].sum() == 1
    assert mask[1].sum() == 1  # a picture of one color has nothing for a second anchor to say


def test_what_cannot_be_trained_is_refused_in_words() -> None:
    with pytest.raises(SystemExit, match=r"configuration 'huge'.*published, compact"):
        Anchored("disco", configuration="huge")
    with pytest.raises(SystemExit, match="size 72 is no multiple of 16"):
        Anchored("disco", configuration="published", size=72)
