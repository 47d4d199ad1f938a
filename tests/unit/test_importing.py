"""Published checkpoints and damaged cards from the shell's side: what is brought in works, what is not that network is refused whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click.testing
import numpy as np
import pytest
import torch

from huefill.commands.models import models
from huefill.errors import HuefillError
from huefill.runtime.importing import import_checkpoint, known, remove
from huefill.runtime.store import model_store, release_models
from huefill.tasks.contract import Context
from huefill.tasks.inpainting import remove_object
from huefill_models.architecture import architectures
from huefill_models.deepfill import published as deepfill
from huefill_models.deepfill.network import Generator
from huefill_protocol.locations import models_folder
from tests.networks import doubler


@pytest.fixture(autouse=True)
def own() -> Iterator[Path]:
    """The folder of the person's own networks, emptied afterwards."""
    yield models_folder()
    shutil.rmtree(models_folder(), ignore_errors=True)
    release_models()


def published_state(flat: bool) -> dict[str, torch.Tensor]:
    """A state with the keys of one of the two ports, eight channels wide, with weights of no meaning."""
    torch.manual_seed(0)
    state = Generator(5, 3, 8).state_dict()
    names = deepfill._flat_names() if flat else deepfill._block_names()
    made = {f"{their}.conv.{part}": state[f"{our}.conv.{part}"] for our, their in names.items() for part in ("weight", "bias")}
    return made if flat else {**made, "stage2.contextual_attention.fuse_weight": torch.eye(3)[None, None]}


def huefill_models(*arguments: object) -> click.testing.Result:
    return click.testing.CliRunner().invoke(models, [str(word) for word in arguments])


@pytest.mark.parametrize("flat", [False, True])
def test_deepfill_becomes_an_engine_that_gives_color(tmp_path: Path, flat: bool) -> None:
    torch.save({"G": published_state(flat), "G_optim": {}}, tmp_path / "states.pth")
    told = huefill_models("import", "deepfillv2", tmp_path / "states.pth")
    assert told.exit_code == 0 and "--engine deepfillv2" in told.output
    card = model_store().card("deepfillv2")
    assert (card.role, card.architecture, card.variant, card.color) == ("inpainting", "deepfill", "rgb", "keep")
    assert card.sizes == architectures()["deepfill"].sizes and card.licence
    rows, columns = np.mgrid[:72, :96]
    photo = np.dstack([columns + 60, rows + 80, np.full_like(rows, 90)]).astype(np.uint8)
    mask = np.zeros((72, 96), np.uint8)
    mask[30:42, 40:56] = 255
    result = remove_object.run(remove_object.Request(photo, mask, engine="deepfillv2"), Context(device="cpu"))
    assert result.recipe["networks"] == [card.identity] and result.recipe["regions"][0]["color"] == "network"


def torch_file(path: Path, stored: Any) -> Path:
    torch.save(stored, path)
    return path


class Runs:
    """What a hostile checkpoint holds."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("run",))


def without(state: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    return {key: value for key, value in state.items() if key != name}


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "text": (lambda path: path.write_text("weights") and path, "no PyTorch checkpoint|no whole PyTorch checkpoint"),
    "empty": (lambda path: path.write_bytes(b"") or path, "no whole PyTorch checkpoint"),
    "cut off": (lambda path: path.write_bytes(torch_file(path, published_state(False)).read_bytes()[:5000]) and path, "checkpoint"),
    "code": (lambda path: torch_file(path, {"G": Runs()}), "would run code"),
    "a number": (lambda path: torch_file(path, 3), "no network's weights"),
    "nothing": (lambda path: torch_file(path, {"G": {}}), "no network's weights"),
    "another network": (lambda path: torch_file(path, {"layer.weight": torch.zeros(3, 3)}), "first or last convolution"),
    "a tensor lacks": (
        lambda path: torch_file(path, without(published_state(False), "stage2.conv_bn7.conv.bias")),
        r"1 of its tensors .*stage2\.conv_bn7\.conv\.bias",
    ),
    "another shape": (
        lambda path: torch_file(path, {**published_state(False), "stage2.conv_bn7.conv.bias": torch.zeros(5)}),
        r"'stage2\.conv_bn7\.conv\.bias' has the shape \(5,\)",
    ),
    "not finite": (
        lambda path: torch_file(path, {**published_state(True), "conv17.conv.bias": torch.full((3,), np.nan)}),
        "not finite",
    ),
}


@pytest.mark.parametrize(("make", "words"), BAD.values(), ids=BAD)
def test_another_file_is_refused_in_words_and_nothing_is_written(tmp_path: Path, own: Path, make: Any, words: str) -> None:
    with pytest.raises(HuefillError, match=words) as caught:
        import_checkpoint("deepfillv2", make(tmp_path / "file.pth"))
    assert caught.value.code == "not_that_network" and "Nothing was changed" in caught.value.remedy
    assert not list(own.rglob("*.onnx"))


def test_a_fault_of_ours_is_not_called_a_wrong_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> None:
        raise TypeError("a fault in the conversion")

    monkeypatch.setattr(deepfill, "from_state", faulty)
    with pytest.raises(TypeError, match="a fault in the conversion"):
        import_checkpoint("deepfillv2", torch_file(tmp_path / "file.pth", published_state(True)))


def test_every_checkpoint_that_a_folder_declares_can_be_asked_for() -> None:
    declared = {item.name for architecture in architectures().values() for item in architecture.published}
    assert set(known()) == declared >= {"deepfillv2", "siggraph17"}
    assert set(huefill_models("kinds").output.split()) >= declared
    with pytest.raises(HuefillError, match="Known: ") as caught:
        import_checkpoint("nonsense", Path("file.pth"))
    assert all(name in caught.value.remedy for name in declared)


def test_one_damaged_card_is_named_and_breaks_no_command(own: Path) -> None:
    (own / "broken").mkdir(parents=True)
    (own / "broken" / "card.json").write_text('{"card": ' + "[" * 100_000)
    doubler(own, "mine")
    listed = huefill_models("list")
    assert listed.exit_code == 0 and "mine" in listed.output
    assert f"Cannot be used: The card of a network cannot be read: {own / 'broken' / 'card.json'}" in listed.output
    record = json.loads(huefill_models("list", "--json").output)
    assert "mine" in [item["name"] for item in record["models"]] and len(record["damaged"]) == 1
    verified = huefill_models("verify")
    assert verified.exit_code == 2 and "mine: whole" in verified.output and "broken" in verified.output
    assert huefill_models("verify", "mine").exit_code == 0
    assert huefill_models("info", "mine").exit_code == 0
    assert huefill_models("info", "broken").exit_code == 2
    assert remove("broken") == own / "broken" and huefill_models("verify").exit_code == 0
