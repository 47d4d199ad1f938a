"""HiFill: the authors' names and shapes, TensorFlow's arithmetic, one attention for all sizes, detail at full resolution."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.architecture import NotThatNetwork, architectures
from huefill_models.harness import export
from huefill_models.hifill.attention import BLOCK, rebuilt, similar
from huefill_models.hifill.layers import Gated, doubled
from huefill_models.hifill.network import HiFill, build
from huefill_models.hifill.published import WIDTH, from_state, names
from huefill_models.hifill.residuals import aggregated
from huefill_models.inpainting.contract import Inpainter, planes

HIFILL = architectures()["hifill"]
VARIABLES = Path(__file__).resolve().parents[3] / "shared" / "parity" / "hifill_tf_variables.json"


def photo(height: int, width: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """RGB 1 3 H W in [0, 1] and a hole 1 1 H W of a few blocks."""
    random = torch.Generator().manual_seed(seed)
    hole = torch.zeros(1, 1, height, width)
    hole[:, :, 20:44, 24:50] = 1
    return torch.rand(1, 3, height, width, generator=random), hole


def random_variables() -> dict[str, Tensor]:
    """The authors' variables, as their checkpoint names and shapes them, with random values and the optimizer's beside them."""
    random = torch.Generator().manual_seed(0)
    own = HiFill(4, 3, WIDTH).state_dict()
    made = {}
    for ours, name in names().items():
        shape = [own[ours].shape[axis] for axis in (2, 3, 1, 0)] if own[ours].ndim == 4 else own[ours].shape
        made[name] = torch.randn(*shape, generator=random) * 0.05
    others = {"discriminator/conv1/w": torch.zeros(5, 5, 3, 64), "beta1_power": torch.zeros(())}
    return {**made, f"{next(iter(made))}/Adam_1": torch.zeros(1), **others}


@pytest.mark.parity
@pytest.mark.skipif(not VARIABLES.exists(), reason="the parity data is not here")
def test_the_published_network_has_the_authors_variables_with_their_shapes() -> None:
    told = json.loads(VARIABLES.read_text())
    shapes = {entry["name"]: tuple(entry["shape"]) for entry in told["entries"] if entry["name"].startswith("generator/")}
    made = {name: tuple(value.shape) for name, value in random_variables().items() if name in names().values()}
    assert made == shapes
    assert sum(parameter.numel() for parameter in HiFill(4, 3, WIDTH).parameters()) == told["generator_elements"] == 2_722_791


def test_published_variables_are_read_transposed_and_others_are_refused() -> None:
    state = random_variables()
    network = from_state({f"{name}:0": value for name, value in state.items()})
    kernel = state["generator/re_en_down_128/w"]
    assert torch.equal(network.refinement.levels[1].down.feature.conv.weight[5, 7], kernel[:, :, 7, 5])  # type: ignore[union-attr]
    assert torch.equal(network.coarse.dilated[13].gate.conv.bias, state["generator/c_dil_d14_gate/biases"])  # type: ignore[union-attr]
    for change in ({"generator/more/w": torch.zeros(1)}, {"generator/re_en_down_128/w": torch.zeros(3, 3, 32, 65)}):
        with pytest.raises(NotThatNetwork, match="HiFill"):
            from_state({**state, **change})


def test_a_gated_convolution_is_elu_times_gate_padded_as_tensorflow_pads() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 4, 12, 16)
    for kernel, before, after in ((5, 1, 2), (3, 0, 1)):
        layer = Gated(4, 6, kernel, stride=2, single=True)
        feature, gate = layer.feature.conv, layer.gate.conv  # type: ignore[union-attr]
        padded = F.pad(x, (before, after, before, after))
        own = F.elu(F.conv2d(padded, feature.weight, feature.bias, 2)) * torch.sigmoid(F.conv2d(padded, gate.weight, gate.bias, 2))
        assert torch.allclose(layer(x), own, atol=1e-6) and gate.weight.shape[0] == 1


def test_doubling_is_tensorflows_bilinear_without_half_pixels() -> None:
    x = torch.arange(6.0).reshape(1, 1, 2, 3)
    rows = [[0, 0.5, 1, 1.5, 2, 2], [1.5, 2, 2.5, 3, 3.5, 3.5], [3, 3.5, 4, 4.5, 5, 5], [3, 3.5, 4, 4.5, 5, 5]]
    assert torch.equal(doubled(x)[0, 0], torch.tensor(rows))


def test_attention_is_over_known_blocks_alone_as_a_plain_loop_says() -> None:
    random = torch.Generator().manual_seed(0)
    features = torch.randn(1, 3, 12, 16, generator=random)
    hole = torch.zeros(1, 1, 96, 128)
    hole[:, :, 0:10, 0:10] = 1
    weights = similar(features, hole, fuse=False)[0]
    small = F.pad(features[0, :, ::2, ::2], (1, 1, 1, 1))
    patches = [small[:, i : i + 3, j : j + 3] for i in range(6) for j in range(8)]
    known = [not (i < 2 and j < 2) for i in range(6) for j in range(8)]  # the block of the hole and its neighbours
    for place in (0, 13, 47):
        scores = [float((patch / patch.norm() * patches[place]).sum()) for patch in patches]
        expected = torch.softmax(torch.tensor([10 * s if k else 0.0 for s, k in zip(scores, known, strict=True)]), 0) * torch.tensor(known)
        assert torch.allclose(weights[:, place], expected, atol=1e-5)


@pytest.mark.parametrize(("block", "kernel"), [(2, 3), (2, 4), (4, 8), (8, 16), (4, 4)])
def test_rebuilding_is_cutting_squares_out_mixing_them_and_laying_them_down(block: int, kernel: int) -> None:
    random = torch.Generator().manual_seed(0)
    rows, columns, channels = 3, 4, 2
    features = torch.randn(2, channels, rows * block, columns * block, generator=random)
    weights = torch.rand(2, rows * columns, rows * columns, generator=random)
    # TensorFlow's SAME: of an odd number of padded pixels one more comes after.
    before, after = (kernel - block) // 2, (kernel - block + 1) // 2
    padded = F.pad(features, (before, after, before, after))
    squares = F.unfold(padded, kernel, stride=block)
    laid = F.fold(torch.matmul(squares, weights), padded.shape[2:], kernel, stride=block)
    expected = laid[:, :, before : before + rows * block, before : before + columns * block]
    assert torch.allclose(rebuilt(features, weights, rows, columns, kernel), expected, atol=1e-4)


@pytest.mark.parametrize("variant", ["mono", "rgb"])
def test_both_variants_learn_in_every_weight(variant: str) -> None:
    torch.manual_seed(0)
    network = HIFILL.build(variant, width=8)
    image, hole = photo(64, 96)
    x, truth = planes(image, hole, variant)
    coarse, refined = network(x, hole)
    assert coarse.shape == refined.shape == truth.shape
    ((coarse - truth).abs().mean() + (refined - truth).abs().mean()).backward()
    assert not [name for name, parameter in network.named_parameters() if parameter.grad is None or not parameter.grad.any()]


def test_what_is_in_the_hole_does_not_matter() -> None:
    network = Inpainter(build("mono", 8), "mono", HIFILL.sizes).eval()
    image, hole = photo(64, 96)
    other = image * (1 - hole) + 0.7 * hole
    with torch.no_grad():
        assert torch.equal(network(image, hole), network(other, hole))


@pytest.mark.parametrize("network", [build("mono", 8), HiFill(4, 3, 8)], ids=["ours", "as published"])
def test_the_exported_file_agrees_with_torch_at_every_size(network: HiFill, tmp_path: Path) -> None:
    torch.manual_seed(0)
    exported = Inpainter(network, "mono" if network.outputs == 1 else "rgb", HIFILL.sizes).eval()
    export.write(exported, tmp_path / "hifill.onnx")
    for size in ((64, 64), (96, 144), (176, 128)):
        assert export.largest_difference(exported, tmp_path / "hifill.onnx", *size) < 2e-5


def test_full_resolution_has_the_photos_own_detail_where_attention_copies_it_from() -> None:
    # Grain finer than the small photo can hold, the same in every block; attention takes the hole's blocks from one known block.
    torch.manual_seed(0)
    factor, rows, columns = 4, 4, 6
    grain = 0.1 * torch.randn(1, 1, BLOCK * factor, BLOCK * factor).repeat(1, 1, rows, columns)
    grain = grain - F.interpolate(F.avg_pool2d(grain, factor), scale_factor=float(factor), mode="bilinear")
    full = 0.5 + grain
    small = F.avg_pool2d(full, factor)
    hole = torch.zeros(1, 1, rows * BLOCK, columns * BLOCK)
    hole[:, :, 16:48, 16:48] = 1
    weights = torch.eye(rows * columns)[None].clone()
    for place in (7, 8, 13, 14):  # the hole's blocks
        weights[:, :, place] = 0
        weights[:, 4, place] = 1
    whole = aggregated(full, small, small, hole, weights)
    large = F.interpolate(hole, scale_factor=float(factor)) == 1
    wanted, lifted = full[large], F.interpolate(small, scale_factor=float(factor), mode="bilinear")[large]
    assert (whole[large] - wanted).abs().mean() < 0.2 * (lifted - wanted).abs().mean()
    # Elsewhere every block has its own detail: the photo, exactly.
    assert torch.allclose(whole[~large], full[~large], atol=1e-6)


def test_residuals_in_the_hole_are_never_copied() -> None:
    torch.manual_seed(0)
    full, small = torch.rand(1, 1, 128, 128), torch.rand(1, 1, 64, 64)
    hole, weights = torch.ones(1, 1, 64, 64), torch.softmax(torch.randn(1, 16, 16), 1)
    expected = F.interpolate(small, scale_factor=2.0, mode="bilinear")
    assert torch.equal(aggregated(full, small, small, hole, weights), expected)
    with pytest.raises(ValueError, match="whole number"):
        aggregated(full[..., :100], small, small, hole, weights)
