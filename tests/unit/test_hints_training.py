"""The hints network: what it does with hints, and how it is trained."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from huefill_models.encoders.efficientnet_lite import EfficientNetLite
from huefill_models.gamut import bins
from huefill_models.harness.data import PhotoSet
from huefill_models.hints import recipe
from huefill_models.hints.attention import HintPropagation
from huefill_models.hints.network import HintsNetwork, Seen, cells
from huefill_models.hints.pictures import Album, otherwise_taken

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
SMALL = {"photos": 4, "hinted": 2, "places": 16, "least_chroma": 0.0}


@pytest.fixture(scope="module")
def network() -> HintsNetwork:
    torch.manual_seed(3)
    network = HintsNetwork("lite0").eval()
    with torch.no_grad():
        for layer in (network.decoder.ab, network.decoder.logits):
            layer.weight.normal_(0, 0.3)  # untrained, the ab would be 0 and every distribution nearly even
    return network


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> PhotoSet:
    folder = tmp_path_factory.mktemp("photos")
    for name, there in (("parrots.png", "birds_1.png"), ("beach.png", "sea_1.png")):
        (folder / there).write_bytes((PHOTOS / name).read_bytes())
    Image.fromarray(np.tile(np.arange(96, dtype=np.uint8)[:, None, None], (1, 96, 3))).save(folder / "gray_1.png")
    return PhotoSet(folder)


def said(height: int, width: int) -> tuple[torch.Tensor, ...]:
    random = torch.Generator().manual_seed(height)
    mask = (torch.rand(1, 1, height, width, generator=random) < 0.01).float()
    return (
        torch.rand(1, 1, height, width, generator=random) - 0.5,
        0.5 * (torch.rand(1, 2, height, width, generator=random) - 0.5) * mask,
        mask,
        torch.rand(1, 316, 1, 1, generator=random),
    )


def test_a_photo_that_was_seen_once_answers_every_hint_as_if_it_were_seen_anew(network: HintsNetwork) -> None:
    lightness, ab, mask, given = said(64, 96)
    with torch.no_grad():
        out, logits = network(lightness, ab, mask, given)
        seen = network.see(lightness + 0.5)
        features = network.decoder(seen, cells(ab, mask), given.flatten(1))
        index = torch.tensor([[0, 5, 24 * 16 - 1]])
        some = network.decoder.classify(features, index)
        other, _ = network(lightness, torch.zeros_like(ab), torch.zeros_like(mask), given)
    assert out.shape == (1, 2, 64, 96) and logits.shape == (1, 16 * 24, len(bins()))
    torch.testing.assert_close(some, logits[:, index[0]], rtol=1e-4, atol=1e-4)
    assert float((out - other).abs().max()) > 1e-3


def test_one_point_reaches_the_far_corner(network: HintsNetwork) -> None:
    lightness, ab, mask, given = said(128, 128)
    ab, mask = torch.zeros_like(ab), torch.zeros_like(mask)
    mask[..., :4, :4], ab[:, 0, :4, :4] = 1, 0.6
    with torch.no_grad():
        change = (network(lightness, ab, mask, given)[0] - network(lightness, 0 * ab, 0 * mask, given)[0]).abs()
    assert float(change[..., -8:, -8:].max()) > 1e-5


def test_pictures_without_hints_may_be_left_out_of_propagation(network: HintsNetwork) -> None:
    lightness, ab, mask, given = said(64, 64)
    with torch.no_grad():
        seen = network.see(torch.cat([lightness + 0.5, lightness + 0.5]))
        hints = torch.cat([torch.zeros(1, 3, 16, 16), cells(ab, mask)])
        whole, without = (network.decoder(seen, hints, given.flatten(1).expand(2, -1), unhinted=count) for count in (0, 1))
        alone = network.decoder(Seen(*(part[:1] for part in seen)), hints[:1], given.flatten(1), unhinted=1)
    torch.testing.assert_close(whole, without, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(whole[:1], alone, rtol=1e-4, atol=1e-4)


def test_propagation_passes_on_the_hint_s_own_color_to_what_looks_like_it() -> None:
    torch.manual_seed(0)
    layer = HintPropagation(8)
    with torch.no_grad():
        layer.key.weight.copy_(layer.query.weight)  # so that likeness is likeness before anything is learned
        layer.key.bias.copy_(layer.query.bias)
        looks = torch.zeros(1, 8, 6, 12)
        looks[:, 0], looks[:, 1, :, 6:] = 1, -3
        hints = torch.zeros(1, 3, 6, 12)
        hints[0, :, 2, 2] = torch.tensor([0.4, -0.2, 1.0])
        found = layer(looks, hints).view(1, layer.HEADS, 3, 6, 12)
        nothing = layer(looks, torch.zeros_like(hints))
    assert float(nothing.abs().max()) < 1e-6
    taken = found[:, :, 2]
    torch.testing.assert_close(found[:, :, :2], taken[:, :, None] * torch.tensor([0.4, -0.2])[:, None, None].expand(2, 6, 12))
    odds = taken / (1 - taken)
    assert float(odds[0, 0, 2, 5]) > 5 * float(odds[0, 0, 2, 6])  # neighbours, of which one looks like the hinted place
    assert float(odds[0, 3, 2, 2]) > 5 * float(odds[0, 3, 2, 5])  # the last head minds the distance, the first does not
    assert float(odds[0, 0, 2, 2]) == pytest.approx(float(odds[0, 0, 2, 5]), rel=1e-3)


def test_a_cell_holds_the_mean_of_its_hinted_pixels() -> None:
    ab, mask = torch.rand(1, 2, 8, 8), torch.zeros(1, 1, 8, 8)
    mask[..., 0, 1], mask[..., 3, 3], mask[..., 5, 6] = 1, 1, 1
    made = cells(ab, mask)
    torch.testing.assert_close(made[0, :2, 0, 0], (ab[0, :, 0, 1] + ab[0, :, 3, 3]) / 2)
    torch.testing.assert_close(made[0, :2, 1, 1], ab[0, :, 5, 6])
    assert made[0, 2].tolist() == [[1, 0], [0, 1]] and made[0, :2, 0, 1].tolist() == [0, 0]


def test_gray_photographs_are_never_drawn_and_shares_say_how_often_others_are(photos: PhotoSet) -> None:
    album = Album(photos, {"birds": 3.0}, least_chroma=3.0)
    assert [name.split("_")[0] for name in photos.names] == ["birds", "gray", "sea"]
    assert np.diff(album.until, prepend=0).tolist() == [0.75, 0.0, 0.25]
    with pytest.raises(SystemExit, match="color"):
        Album(photos, {"birds": 0.0, "sea": 0.0}, least_chroma=3.0)


def test_drawn_pictures_are_squares_that_follow_their_random_numbers(photos: PhotoSet) -> None:
    album = Album(photos, {}, least_chroma=3.0)
    first, again, other = (album.draw(np.random.default_rng(seed), 96, squeezed=0.4) for seed in (1, 1, 2))
    assert first.shape == (96, 96, 3) and first.dtype == np.uint8
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_a_picture_otherwise_taken_shows_the_same_in_another_lightness() -> None:
    gray = cv2.cvtColor(cv2.imread(str(PHOTOS / "parrots.png")), cv2.COLOR_BGR2GRAY)
    lightness = cv2.resize(gray, (192, 128), interpolation=cv2.INTER_AREA).astype(np.float32) / 2.55
    sharp, soft = 0, 0
    for seed in range(60):
        other = otherwise_taken(np.random.default_rng(seed), lightness)
        assert other.dtype == np.float32 and other.min() >= 0 and other.max() <= 100
        assert np.corrcoef(other.ravel(), lightness.ravel())[0, 1] > 0.93
        edges = np.abs(np.diff(other)).mean() / np.abs(np.diff(lightness)).mean()
        sharp, soft = sharp + (edges > 1.1), soft + (edges < 0.95)
    assert sharp >= 15 and soft >= 3


def test_training_learns_the_decoder_and_leaves_the_encoder_alone(photos: PhotoSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "published", EfficientNetLite)  # the package's weights are not what is tested here
    monkeypatch.setattr(recipe, "_SIZES", (64,))
    monkeypatch.setattr(recipe, "_SIZE_CHANCE", (1.0,))
    monkeypatch.setattr(recipe, "_USUAL", 64)
    torch.manual_seed(0)
    made = recipe.Hints("hints", encoder="lite0", rate=2e-3, shares="birds:2,gray:0", **SMALL)
    made.network.train()
    former = {name: value.clone() for name, value in made.network.encoder.state_dict().items()}
    batch = made.batch(photos, np.random.default_rng(4), 0.5)
    assert all(torch.equal(a, b) for a, b in zip(batch, made.batch(photos, np.random.default_rng(4), 0.5), strict=True))
    losses = [made.step(batch, 0.2) for _ in range(25)]
    assert losses[-1]["huber"] < 0.8 * losses[0]["huber"] and losses[-1]["entropy"] < 0.8 * losses[0]["entropy"]
    assert all(torch.equal(value, former[name]) for name, value in made.network.encoder.state_dict().items())
    assert made.options == {"encoder": "lite0"}


def test_the_rate_rises_and_falls_in_lines() -> None:
    rates = [recipe.falling(progress, 0.1) for progress in (0.0, 0.05, 0.1, 0.55, 1.0)]
    assert rates == pytest.approx([0.01, 0.5, 1.0, 0.5, 0.02])
