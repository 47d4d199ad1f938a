"""The hints network as it is exported: agreement with a histogram, its two files at any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from huefill_models.card import part_file
from huefill_models.gamut import bins
from huefill_models.harness.export import InParts, difference, write_parts
from huefill_models.hints.graphs import wrap
from huefill_models.hints.histogram_fitting import agree, blur
from huefill_models.hints.network import HintsNetwork


@pytest.fixture(scope="module")
def whole() -> InParts:
    torch.manual_seed(3)
    network = HintsNetwork("lite0").eval()
    with torch.no_grad():
        for layer in (network.decoder.ab, network.decoder.logits):
            layer.weight.normal_(0, 0.3)  # untrained, the ab would be 0 and every distribution nearly even
    made = wrap(network)
    assert isinstance(made, InParts)
    return made.eval()


@pytest.fixture(scope="module")
def exported(whole: InParts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "hints.onnx"
    write_parts(whole, path)
    return path


def test_distributions_are_made_to_agree_with_a_histogram_and_no_more() -> None:
    torch.manual_seed(0)
    said = torch.softmax(2 * torch.randn(1, 400, 313), 2)
    histogram = torch.zeros(1, 313)
    histogram[0, [40, 150, 151, 260]] = torch.tensor([0.1, 0.3, 0.2, 0.4])
    blurred = histogram @ blur()
    torch.testing.assert_close(blurred.sum(), torch.tensor(1.0))
    agreed = agree(said, blurred)
    torch.testing.assert_close(agreed.sum(2), torch.ones(1, 400))
    assert (said.mean(1) - blurred).abs().sum() > 1.5
    assert (agreed.mean(1) - blurred).abs().sum() < 0.05
    # What agrees already stays as it is.
    torch.testing.assert_close(agree(said, said.mean(1)), said)


def test_places_keep_their_rank_among_each_other() -> None:
    """The place that expects a color most is the one that gets it."""
    said = torch.full((1, 2, 313), 1e-4)
    red, blue = 250, 60
    said[0, 0, red], said[0, 0, blue], said[0, 1, red], said[0, 1, blue] = 0.6, 0.37, 0.5, 0.47
    said = said / said.sum(2, keepdim=True)
    histogram = torch.zeros(1, 313)
    histogram[0, [red, blue]] = 0.5
    agreed = agree(said, histogram)
    assert agreed[0, 0, red] > 0.5 > agreed[0, 1, red]


@pytest.mark.parametrize("given", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_the_exported_decoder_computes_what_torch_does_whatever_is_given(
    whole: InParts, exported: Path, given: tuple[float, float]
) -> None:
    decoder = whole.parts()["decoder"]
    inputs = decoder.example(64, 96)
    inputs["given"] = torch.tensor([given])
    if not given[0]:
        inputs["histogram"] = torch.zeros(1, 313)
    with torch.no_grad():
        expected = decoder(**inputs)
    session = onnxruntime.InferenceSession(str(part_file(exported, "decoder")), providers=["CPUExecutionProvider"])
    out = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    np.testing.assert_allclose(out[0], expected[0].numpy(), atol=0.05)
    np.testing.assert_allclose(out[1], expected[1].numpy(), atol=1e-4)
    np.testing.assert_allclose(out[1].sum(2), 1, atol=1e-3)


def test_the_exported_files_say_what_torch_says_at_any_size(whole: InParts, exported: Path) -> None:
    assert difference(whole, exported, (64, 64), (96, 160), (256, 192)) < 2e-3
    assert whole.description()["sizes"] == {"minimum": 64, "multiple": 32, "best": {"side": 256}}


def test_a_card_lists_as_inputs_what_no_part_gives(whole: InParts) -> None:
    described = whole.description()
    assert set(described["inputs"]) == {"lightness", "ab", "mask", "histogram", "saturation", "given", "at"}
    assert {"sixteenth", "eighth", "quarter", "ab_out", "probability"} == set(described["outputs"])


def test_with_a_histogram_the_picture_has_its_colors(whole: InParts) -> None:
    decoder = whole.parts()["decoder"]
    inputs = decoder.example(64, 64)
    inputs["ab"], inputs["mask"] = torch.zeros(1, 2, 64, 64), torch.zeros(1, 1, 64, 64)
    wanted = int(np.abs(bins() - np.array([30, 20])).sum(1).argmin())
    inputs["histogram"] = torch.zeros(1, 313)
    inputs["histogram"][0, wanted] = 1
    with torch.no_grad():
        ab, _ = decoder(**inputs)
    assert (ab.mean((2, 3))[0] - torch.tensor([30.0, 20.0])).abs().max() < 1.5
