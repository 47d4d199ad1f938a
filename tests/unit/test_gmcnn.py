"""GMCNN: the columns in both variants, exported with any size, what it learns by, and the published weights as an engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from huefill.errors import HuefillError
from huefill.runtime.importing import import_checkpoint, remove
from huefill.runtime.store import model_store, release_models
from huefill.tasks.contract import Context
from huefill.tasks.inpainting import remove_object
from huefill_models.architecture import architectures
from huefill_models.gmcnn import published
from huefill_models.gmcnn.losses import confidence
from huefill_models.gmcnn.network import Columns
from huefill_models.harness import export
from huefill_models.inpainting.contract import Inpainter, planes

GMCNN = architectures()["gmcnn"]


@pytest.fixture(autouse=True)
def imported() -> Iterator[None]:
    """What a test imports is gone after it."""
    yield
    if "gmcnn" in [card.name for card in model_store().cards()]:
        remove("gmcnn")
    release_models()


def published_state(width: int = 4) -> dict[str, torch.Tensor]:
    """A state with the authors' keys, narrow, with weights of no meaning."""
    torch.manual_seed(0)
    return {published._their_name(name): value for name, value in Columns(4, 3, width, padding="reflect").state_dict().items()}


def test_our_variants_differ_in_what_they_see_and_give() -> None:
    for variant, seen, given in (("rgb", 4, 3), ("mono", 5, 1)):
        network = GMCNN.build(variant, width=4)
        x, truth = planes(torch.rand(2, 3, 64, 72), torch.ones(2, 1, 64, 72), variant)
        (picture,) = network(x, torch.ones(2, 1, 64, 72))
        assert picture.shape == truth.shape and network.columns[0].down[0].conv.weight.shape[1] == seen
        assert picture.shape[1] == given and picture.abs().max() <= 1


def test_the_three_columns_of_the_published_width_have_its_number_of_weights() -> None:
    assert sum(weight.numel() for weight in Columns(4, 3, 32).parameters()) == 12_561_891


def test_the_exported_file_agrees_at_other_sizes_and_is_small(tmp_path: Path) -> None:
    assert 2 * sum(weight.numel() for weight in GMCNN.build("mono").parameters()) < 8 << 20
    exact = Inpainter(GMCNN.build("rgb", width=4), "rgb", GMCNN.sizes).eval()
    export.write(exact, tmp_path / "exact.onnx")
    assert max(export.largest_difference(exact, tmp_path / "exact.onnx", *size) for size in ((64, 64), (92, 140))) < 1e-4


def test_pixels_near_the_rim_count_more_and_known_ones_not() -> None:
    hole = torch.zeros(1, 1, 96, 96)
    hole[..., 16:80, 16:80] = 1
    sure = confidence(hole)
    assert (sure[hole == 0] == 0).all() and sure[0, 0, 17, 48] > 1.2 * sure[0, 0, 48, 48] > 0
    network = GMCNN.build("rgb", width=4)
    x, truth = planes(torch.rand(1, 3, 96, 96), hole, "rgb")
    (picture,), losses = network.learn(x, hole, truth)
    losses["confidence"].backward()
    assert picture.shape == truth.shape and all(weight.grad is not None for weight in network.parameters())


def test_a_training_step_has_the_losses_of_the_paper() -> None:
    kind = GMCNN.recipe
    assert kind is not None
    recipe = kind()("gmcnn", variant="mono", width=4, critic_width=8)
    torch.manual_seed(0)
    hole = torch.zeros(2, 1, 64, 64, dtype=torch.uint8)
    hole[..., 20:40, 24:50] = 1
    losses = recipe.step((torch.randint(0, 255, (2, 3, 64, 64), dtype=torch.uint8), hole), 0.9)
    assert set(losses) >= {"confidence", "id_mrf", "adversarial"} and np.isfinite(list(losses.values())).all()


def test_the_published_weights_become_an_engine_that_gives_color(tmp_path: Path) -> None:
    torch.save(published_state(), tmp_path / "net.pth")
    card = import_checkpoint("gmcnn", tmp_path / "net.pth").card
    assert (card.architecture, card.variant, card.color, card.sizes.minimum) == ("gmcnn", "rgb", "keep", 196)
    rows, columns = np.mgrid[:72, :96]
    photo = np.dstack([columns + 60, rows + 80, np.full_like(rows, 90)]).astype(np.uint8)
    mask = np.zeros((72, 96), np.uint8)
    mask[30:42, 40:56] = 255
    result = remove_object.run(remove_object.Request(photo, mask, engine="gmcnn"), Context(device="cpu"))
    assert result.recipe["networks"] == [card.identity] and result.recipe["regions"][0]["color"] == "network"


def test_another_networks_file_is_refused(tmp_path: Path) -> None:
    torch.save({**published_state(), "EB1.3.bias": torch.zeros(3)}, tmp_path / "net.pth")
    with pytest.raises(HuefillError, match=r"'EB1\.3\.bias' has the shape \(3,\)") as caught:
        import_checkpoint("gmcnn", tmp_path / "net.pth")
    assert caught.value.code == "not_that_network"
    torch.save({"conv1.weight": torch.zeros(3, 3)}, tmp_path / "other.pth")
    with pytest.raises(HuefillError, match="not a GMCNN checkpoint"):
        import_checkpoint("gmcnn", tmp_path / "other.pth")
