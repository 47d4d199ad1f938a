"""EdgeConnect: edges as scikit-image draws them, both networks in one file, what they learn by, the two published files as an engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.feature import canny as reference

from huefill.errors import HuefillError
from huefill.runtime.importing import import_checkpoint, remove
from huefill.runtime.store import model_store, release_models
from huefill.tasks.contract import Context
from huefill.tasks.inpainting import remove_object
from huefill_models.architecture import architectures
from huefill_models.edgeconnect import FILES
from huefill_models.edgeconnect import canny as detector
from huefill_models.edgeconnect.canny import canny
from huefill_models.edgeconnect.network import EdgeConnect
from huefill_models.edgeconnect.published import _LAYERS
from huefill_models.harness import export, masks
from huefill_models.inpainting.contract import Inpainter, planes
from huefill_models.lab import GRAY

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
EDGECONNECT = architectures()["edgeconnect"]


@pytest.fixture(autouse=True)
def imported() -> Iterator[None]:
    """What a test imports is gone after it."""
    yield
    if "edgeconnect" in [card.name for card in model_store().cards()]:
        remove("edgeconnect")
    release_models()


def photo(name: str) -> torch.Tensor:
    """1 3 H W in [0, 1]."""
    pixels = np.asarray(Image.open(PHOTOS / name).convert("RGB").resize((240, 176)), np.float32) / 255
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None])


@pytest.mark.parametrize("name", ["parrots.png", "beach.png", "jetty.jpg"])
def test_edges_are_those_of_the_detector_that_the_published_networks_learned_with(name: str) -> None:
    gray = (photo(name) * torch.tensor(GRAY).view(1, 3, 1, 1)).sum(1, keepdim=True)
    known = torch.from_numpy(1 - masks.free_form(np.random.default_rng(2), 176, 240)).float()[None, None]
    drawn = canny(gray, known)[0, 0].numpy()
    expected = reference(gray[0, 0].double().numpy(), sigma=2, mask=known[0, 0].numpy() > 0)
    assert set(np.unique(drawn)) == {0, 1} and expected.sum() > 500
    assert not ((drawn == 1) & ~expected).any()
    assert ((drawn == 0) & expected).sum() < 0.05 * expected.sum()  # weak ends of long lines alone
    with torch.autocast("cpu", torch.bfloat16):
        assert np.array_equal(canny(gray, known)[0, 0].numpy(), drawn)


def test_nothing_in_the_hole_shows_in_the_edges_or_the_picture() -> None:
    network, hole = EDGECONNECT.build("rgb", width=4).eval(), torch.zeros(1, 1, 64, 64)
    hole[..., 20:40, 24:50] = 1
    first, second = photo("jetty.jpg")[..., :64, :64], torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        one, other = (network.draw(planes(image, hole, "rgb")[0], hole) for image in (first, first * (1 - hole) + second * hole))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert torch.equal(one.edges * (1 - hole), canny((first * torch.tensor(GRAY).view(1, 3, 1, 1)).sum(1, keepdim=True), 1 - hole))


def test_each_network_learns_by_its_own_loss() -> None:
    for variant, given in (("rgb", 3), ("mono", 1)):
        network, hole = EDGECONNECT.build(variant, width=4), torch.zeros(2, 1, 64, 64)
        hole[..., 20:40, 24:50] = 1
        x, truth = planes(photo("jetty.jpg")[..., :64, 100:164].repeat(2, 1, 1, 1), hole, variant)
        (picture,), losses, shown = network.learn(x, hole, truth)
        assert shown["edges"].made.shape == shown["edges"].true.shape == (2, 2, 64, 64)
        assert picture.shape == truth.shape == (2, given, 64, 64)
        losses["edges"].backward()
        assert network.edges.last.weight.grad is not None and network.picture.last.weight.grad is None
        network.zero_grad(set_to_none=True)
        (picture - truth).abs().mean().backward()
        assert network.edges.last.weight.grad is None and network.picture.first.weight.grad is not None


def test_the_exported_file_agrees_at_other_sizes_and_is_small(tmp_path: Path) -> None:
    assert 2 * sum(weight.numel() for weight in EDGECONNECT.build("rgb").parameters()) < 8 << 20
    network = Inpainter(EdgeConnect(6, 1, 4, blocks=1), "mono", EDGECONNECT.sizes).eval()
    export.write(network, tmp_path / "net.onnx")
    assert max(export.largest_difference(network, tmp_path / "net.onnx", *size) for size in ((64, 64), (92, 140))) < 1e-4


def test_a_training_step_has_the_losses_of_the_paper() -> None:
    kind = EDGECONNECT.recipe
    assert kind is not None
    recipe = kind()("edgeconnect", variant="mono", width=4, critic_width=8)
    torch.manual_seed(0)
    hole = torch.zeros(2, 1, 64, 64, dtype=torch.uint8)
    hole[..., 20:40, 24:50] = 1
    assert set(recipe.models) == set(recipe.optimizers) == {"generator", "critic", "critic_edges"}
    before = recipe.models["critic_edges"].state_dict()["0.parametrizations.weight.original"].clone()
    losses = recipe.step((torch.randint(0, 255, (2, 3, 64, 64), dtype=torch.uint8), hole), 0.9)
    assert (
        set(losses) >= {"edges", "adversarial_edges", "matching_edges", "critic_edges", "style", "perceptual", "adversarial"}
        and np.isfinite(list(losses.values())).all()
    )
    assert not torch.equal(recipe.models["critic_edges"].state_dict()["0.parametrizations.weight.original"], before)


# ---- the published files ------------------------------------------------------------------------------------------------------------


def published_states(width: int = 4) -> dict[str, dict[str, torch.Tensor]]:
    """The states of both files with the authors' keys, narrow, with weights of no meaning."""
    torch.manual_seed(0)
    network = EdgeConnect(4, 3, width)
    picture = {
        f"{their}.{part}": network.picture.state_dict()[f"{our}.{part}"] for our, their in _LAYERS.items() for part in ("weight", "bias")
    }
    edges = {}
    for our, their in _LAYERS.items():
        weight, bias = (network.edges.state_dict()[f"{our}.{part}"] for part in ("weight", "bias"))
        if not our.startswith("blocks"):
            edges[f"{their}.bias"] = bias
        if our == "last":
            edges[f"{their}.weight"] = weight
        else:
            rows = weight.transpose(0, 1 if our.startswith("up") else 0).flatten(1)
            u, _, v = torch.linalg.svd(rows, full_matrices=False)
            edges |= {f"{their}.weight_orig": weight, f"{their}.weight_u": u[:, 0], f"{their}.weight_v": v[0]}
    return {"edges": edges, "picture": picture}


def saved(folder: Path, states: dict[str, dict[str, torch.Tensor]]) -> Path:
    """Both files; gives the first."""
    for part, state in states.items():
        torch.save({"iteration": 2, "generator": state}, folder / FILES[part])
    return folder / FILES["edges"]


def test_the_two_published_files_become_one_engine_that_gives_color(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "FOLLOWED", 2)  # the exporter takes its time over every step
    card = import_checkpoint("edgeconnect", saved(tmp_path, published_states())).card
    assert (card.architecture, card.variant, card.color, list(card.files)) == ("edgeconnect", "rgb", "keep", ["network"])
    assert set(card.facts["imported_files"]) == set(FILES.values())
    rows, columns = np.mgrid[:72, :96]
    picture = np.dstack([columns + 60, rows + 80, np.full_like(rows, 90)]).astype(np.uint8)
    mask = np.zeros((72, 96), np.uint8)
    mask[30:42, 40:56] = 255
    result = remove_object.run(remove_object.Request(picture, mask, engine="edgeconnect"), Context(device="cpu"))
    assert result.recipe["networks"] == [card.identity] and result.recipe["regions"][0]["color"] == "network"


def test_a_file_that_is_missing_renamed_or_another_is_refused_in_words(tmp_path: Path) -> None:
    edges = saved(tmp_path, published_states())
    cases = {"the edge network": tmp_path / FILES["picture"]}
    renamed = tmp_path / "mine.pth"
    renamed.write_bytes(edges.read_bytes())
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / FILES["picture"]).write_bytes((tmp_path / FILES["picture"]).read_bytes())
    edges.write_bytes((tmp_path / FILES["picture"]).read_bytes())
    cases |= {"EdgeModel_gen.pth and InpaintingModel_gen.pth: name one": renamed, "EdgeModel_gen.pth has to lie": alone / FILES["picture"]}
    for words, path in cases.items():
        with pytest.raises(HuefillError, match=words) as caught:
            import_checkpoint("edgeconnect", path)
        assert caught.value.code == "not_that_network"
