"""The network of anchors, piece by piece: superpixels, places, colors, anchors, and what an anchor changes."""

from __future__ import annotations

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.disco import anchors, colors, superpixels
from huefill_models.disco.network import CONFIGURATIONS, Configuration, Disco
from huefill_models.disco.superpixels import CELL, SPixNet, pool, spread
from huefill_models.disco.transformer import Transformer, positions
from huefill_models.gamut import bins

# As the published one, thin enough for a test.
SMALL = Configuration((4, 4, 6, 6, 8), 16, 2, 32, (8, 8, 8))


def random_affinity(seed: int, height: int, width: int) -> Tensor:
    return torch.softmax(2 * torch.randn(1, 9, height, width, generator=torch.Generator().manual_seed(seed)), 1)


def own_cells(height: int, width: int) -> Tensor:
    """Every pixel belongs to the cell it lies in."""
    affinity = torch.zeros(1, 9, height, width)
    affinity[:, 4] = 1
    return affinity


def test_pixels_that_stay_in_their_cells_give_the_means_of_the_cells() -> None:
    features = torch.rand(2, 3, 48, 64)
    means, sizes = pool(features, own_cells(48, 64).expand(2, -1, -1, -1))
    assert torch.allclose(means, F.avg_pool2d(features, CELL)) and torch.allclose(sizes, torch.ones(2, 1, 3, 4))
    assert torch.equal(spread(means, own_cells(48, 64)), F.interpolate(means, scale_factor=16.0))


@pytest.mark.parametrize("number", range(9))
def test_a_pixel_reaches_the_neighbor_that_its_share_names(number: int) -> None:
    """Row by row from above left; checked against a loop over cells."""
    affinity = torch.zeros(1, 9, 48, 80)
    affinity[:, number] = 1
    features = torch.rand(1, 1, 48, 80)
    means, sizes = pool(features, affinity)
    down, right = divmod(number, 3)
    tokens = torch.rand(1, 1, 3, 5)
    mixed = spread(tokens, affinity)
    for row in range(3):
        for column in range(5):
            to_row, to_column = row + down - 1, column + right - 1
            cell = (slice(16 * row, 16 * row + 16), slice(16 * column, 16 * column + 16))
            inside = 0 <= to_row < 3 and 0 <= to_column < 5
            assert torch.equal(mixed[0, 0][cell], torch.full((16, 16), float(tokens[0, 0, to_row, to_column]) if inside else 0.0))
            if inside:
                assert float(means[0, 0, to_row, to_column]) == pytest.approx(float(features[0, 0][cell].mean()), abs=1e-5)
                assert float(sizes[0, 0, to_row, to_column]) == pytest.approx(1)


def test_a_coarser_map_is_pooled_and_spread_as_its_pixels_would_be() -> None:
    affinity, coarse = random_affinity(1, 64, 96), torch.rand(1, 5, 16, 24)
    fine = F.interpolate(coarse, scale_factor=4.0)
    for one, other in zip(pool(fine, affinity), pool(coarse, superpixels.coarser(affinity, 4), 4), strict=True):
        assert torch.allclose(one, other, atol=1e-5)
    tokens = torch.rand(1, 5, 4, 6)
    assert torch.allclose(F.avg_pool2d(spread(tokens, affinity), 4), spread(tokens, superpixels.coarser(affinity, 4), 4), atol=1e-5)


def test_sizes_count_each_pixel_where_it_belongs_most_and_ties_for_each() -> None:
    affinity = 0.6 * own_cells(32, 32)
    affinity[:, 5] = 0.4
    assert torch.equal(superpixels.sizes(affinity), torch.ones(1, 1, 2, 2))
    affinity[:, 5] = 0.6
    assert torch.equal(superpixels.sizes(affinity)[0, 0], torch.tensor([[1.0, 2.0], [1.0, 2.0]]))


def test_spixnet_gives_each_pixel_nine_shares() -> None:
    shares = SPixNet(SMALL.superpixels).eval()(torch.rand(2, 1, 32, 64) * 2 - 1)
    assert shares.shape == (2, 9, 32, 64) and torch.allclose(shares.sum(1), torch.ones(2, 32, 64)) and (shares > 0).all()


def test_places_tell_rows_and_columns_apart_and_do_not_depend_on_the_grid_s_size() -> None:
    here = positions(5, 7, 16)
    assert here.shape == (16, 5, 7) and (here[:8, :, :1] == here[:8]).all() and (here[8:, :1] == here[8:]).all()
    assert len(torch.unique(here.flatten(1).T.round(decimals=4), dim=0)) == 35
    assert torch.allclose(positions(10, 14, 16)[:, 1::2, 1::2], here, atol=1e-5)


def test_every_superpixel_sees_every_other() -> None:
    torch.manual_seed(0)
    transformer = Transformer(16, 1, 2, 32).eval()
    tokens = torch.randn(1, 16, 3, 4)
    changed = tokens.clone()
    changed[:, :, 2, 3] += 1
    with torch.no_grad():
        difference = (transformer(changed) - transformer(tokens)).abs().amax(1)
    assert difference.shape == (1, 3, 4) and (difference > 1e-5).all()


@hypothesis.settings(deadline=None, max_examples=20)
@hypothesis.given(st.integers(0, 10_000))
def test_variants_are_the_ten_likeliest_colors_the_most_different_first(seed: int) -> None:
    logits = torch.randn(1, 313, 1, 2, generator=torch.Generator().manual_seed(seed))
    probability = torch.softmax(3 * logits, 1)
    found, chances = colors.variants(probability)
    assert found.shape == (1, 10, 2, 1, 2) and chances.shape == (1, 10, 1, 2)
    for column in range(2):
        likely = probability[0, :, 0, column].argsort(descending=True)[:10]
        ten, ours = bins()[likely.numpy()], found[0, :, :, 0, column].numpy()
        assert {tuple(color) for color in ten} == {tuple(color) for color in ours}
        assert np.array_equal(ours[0], ten[0])
        first = np.linalg.norm(ten - ours[0], axis=1)
        assert np.linalg.norm(ours[1] - ours[0]) == pytest.approx(first.max())
        both = first + np.linalg.norm(ten - ours[1], axis=1)
        assert np.linalg.norm(ours[2] - ours[0]) + np.linalg.norm(ours[2] - ours[1]) == pytest.approx(
            both[[not (color == ours[:2]).all(1).any() for color in ten]].max(), rel=1e-5
        )
        for color, chance in zip(ours, chances[0, :, 0, column], strict=True):
            place = int((bins() == color).all(1).argmax())
            assert float(chance) == float(probability[0, place, 0, column])


def test_a_bin_s_own_color_is_labelled_as_that_bin() -> None:
    ab = torch.from_numpy(bins()).float().T[None, :, None]
    assert torch.equal(colors.label(ab)[0, 0], torch.arange(313))
    assert torch.equal(colors.one_hot(colors.label(ab))[0, :, 0], torch.eye(313, dtype=torch.long))
    assert torch.equal(colors.annealed_mean(1000.0 * colors.one_hot(colors.label(ab))), ab)


def groups_of(counts: tuple[int, ...], seed: int = 0) -> tuple[Tensor, Tensor]:
    """Superpixels in well-separated groups of ``counts``, shuffled: features T 4, and the group of each."""
    random = np.random.default_rng(seed)
    which = random.permutation(np.repeat(np.arange(len(counts)), counts))
    centers = 10 * np.eye(4)[: len(counts)]
    return torch.from_numpy(centers[which] + random.normal(0, 0.1, (len(which), 4))).float(), torch.from_numpy(which)


@pytest.mark.parametrize("seed", range(5))
def test_groups_that_are_apart_are_found_and_the_largest_superpixel_of_each_is_its_anchor(seed: int) -> None:
    features, which = groups_of((21, 12, 5, 3), seed)
    sizes = torch.rand(len(which), generator=torch.Generator().manual_seed(seed))
    start = torch.tensor([int((which == group).nonzero()[0]) for group in (2, 0, 3, 1)])
    found = anchors.locate(features, sizes, start)
    assert found.members.tolist() == [5, 21, 3, 12]
    for number, group in enumerate((2, 0, 3, 1)):
        assert torch.equal(found.group == number, which == group)
        assert int(found.places[number]) == int(torch.where(which == group, sizes, -1.0).argmax())


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_gives_the_same_anchors_all_different(seed: int) -> None:
    features = torch.randn(60, 4, generator=torch.Generator().manual_seed(seed))
    found, again = (anchors.locate(features, torch.ones(60), anchors.beginning(seed, 8, 60)) for _ in range(2))
    assert all(torch.equal(one, other) for one, other in zip(found, again, strict=True))
    assert len(set(found.places.tolist())) == 8 and found.members.min() > 0 and found.members.sum() == 60
    other = anchors.locate(features, torch.ones(60), anchors.beginning(seed + 1, 8, 60))
    assert set(other.places.tolist()) != set(found.places.tolist())


def test_a_flat_picture_has_one_anchor_and_says_that_there_are_no_others() -> None:
    found = anchors.locate(torch.ones(24, 3), torch.rand(24), anchors.beginning(0, 8, 24))
    assert sorted(found.members.tolist()) == [0] * 7 + [24] and (found.group == found.members.argmax()).all()


def test_a_group_without_members_begins_again_elsewhere() -> None:
    # Three begin in one place: two are empty at once, and find the two places that nobody stands for.
    features = torch.tensor([[0.0], [0.0], [0.0], [5.0], [9.0]])
    found = anchors.locate(features, torch.ones(5), torch.tensor([0, 1, 2]))
    assert sorted(found.members.tolist()) == [1, 1, 3]


def test_what_is_known_least_gets_the_first_anchor_and_what_is_like_it_gets_none() -> None:
    features, weights, places = torch.eye(3)[torch.tensor([0, 0, 0, 1, 1, 2])], torch.tensor([1.0, 1, 1, 5, 5, 1]), torch.zeros(6, 2)
    found = anchors.spread_out(features, weights, places, torch.tensor([5, 4]))
    assert found.places.tolist() == [3, 0] and found.group[:5].tolist() == [1, 1, 1, 0, 0]
    assert anchors.spread_out(features, weights, places, torch.tensor([0, 1, 2])).members.tolist() == [2, 3, 1]


def test_an_anchor_tells_little_of_what_lies_far_from_it() -> None:
    places = torch.tensor([[0.0, 0], [0.1, 0], [0.9, 0], [1, 0]])
    found = anchors.spread_out(torch.ones(4, 1), torch.ones(4), places, torch.tensor([0, 3]))
    assert sorted((found.places // 2).tolist()) == [0, 1] and found.members.tolist() == [2, 2]


def test_among_equals_the_seed_decides_where_anchors_lie() -> None:
    places = torch.stack([torch.arange(8.0), torch.zeros(8)], 1)
    for start in ([2, 5], [7, 0]):
        found = anchors.spread_out(torch.ones(8, 1), torch.ones(8), places, torch.tensor(start))
        assert sorted(found.places.tolist()) == sorted(start)


def test_a_plain_picture_has_one_anchor_at_one_place() -> None:
    found = anchors.spread_out(torch.ones(9, 2), torch.ones(9), torch.zeros(9, 2), torch.tensor([1, 4, 7]))
    assert found.members.tolist() == [9, 0, 0]


def test_a_beginning_repeats_and_holds_different_superpixels() -> None:
    assert torch.equal(anchors.beginning(3, 8, 40), anchors.beginning(3, 8, 40))
    assert not torch.equal(anchors.beginning(3, 8, 40), anchors.beginning(4, 8, 40))
    assert len(set(anchors.beginning(3, 8, 40).tolist())) == 8 and len(anchors.beginning(3, 30, 16)) == 16


@pytest.mark.parametrize("configuration", [SMALL, CONFIGURATIONS["compact"]], ids=["as published, thin", "compact"])
def test_an_anchor_s_color_reaches_the_whole_picture_and_colors_elsewhere_are_not_read(configuration: Configuration) -> None:
    torch.manual_seed(0)
    network = Disco(configuration).eval()
    if network.refinenet is not None:
        torch.nn.init.normal_(network.refinenet.out.weight, std=0.1)
    lightness = torch.rand(1, 1, 64, 96) * 2 - 1
    mask = torch.zeros(1, 1, 4, 6)
    mask[0, 0, 1, 2] = 1
    blue, red = torch.zeros(1, 2, 4, 6), torch.zeros(1, 2, 4, 6)
    blue[0, :, 1, 2], red[0, :, 1, 2] = torch.tensor([20.0, -60.0]), torch.tensor([60.0, 40.0])
    elsewhere = blue.clone()
    elsewhere[0, :, 3, 5] = 50
    with torch.no_grad():
        seen = network.see(lightness)
        colored = [network.generate(lightness, seen, ab, mask) for ab in (blue, red, elsewhere)]
    assert colored[0][0].shape == (1, 2, 64, 96) and colored[0][1].shape == (1, 313, 4, 6)
    assert ((colored[0][0] - colored[1][0]).abs().amax(1) > 0).float().mean() > 0.95
    assert all(torch.equal(one, other) for one, other in zip(colored[0], colored[2], strict=True))
    assert all((out.abs() <= 1).all() for out, _ in colored)


def test_an_untrained_network_leaves_a_photo_gray() -> None:
    network = Disco(SMALL).eval()
    lightness = torch.rand(1, 1, 64, 64) * 2 - 1
    out, _ = network.generate(lightness, network.see(lightness), torch.zeros(1, 2, 4, 4), torch.zeros(1, 1, 4, 4))
    assert out.shape == (1, 2, 64, 64) and not out.any()


def test_the_compact_network_stands_on_the_hints_network_which_is_never_trained() -> None:
    network = Disco(CONFIGURATIONS["compact"]).train()
    encoder = network.backbone.hints
    assert not encoder.training and not any(parameter.requires_grad for parameter in encoder.parameters())
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    network.see(torch.rand(1, 1, 64, 64)).tokens.sum().backward()
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())
    assert network.backbone.quarter.weight.grad is not None
