"""The network of anchors is the published one: same names, same arithmetic, so that the published checkpoint loads (Xia et al. 2022)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from huefill.errors import HuefillError
from huefill.runtime.importing import import_checkpoint
from huefill.runtime.store import ModelStore
from huefill_models import card
from huefill_models.disco import colors, superpixels
from huefill_models.disco.network import CONFIGURATIONS, Disco
from huefill_models.disco.published import from_state, published_name
from huefill_models.disco.transformer import positions
from huefill_models.gamut import bins, soft_encode
from huefill_models.published import convert, read_state
from tests.parity.published import FOLDER, MARKS, state_of

pytestmark = MARKS


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as the published one is: the state among other things of a training, under a name that says RAR."""
    path = tmp_path_factory.mktemp("published") / "disco-beta.pth.rar"
    torch.save({"epoch": 59, "state_dict": state_of("disco_full"), "best_loss": 3.2, "optimizer": {"state": {}, "param_groups": []}}, path)
    return path


@pytest.fixture(scope="module")
def network(checkpoint: Path) -> Disco:
    return from_state(read_state(checkpoint))


class Reference:
    """The vectors of one part."""

    def __init__(self, part: str) -> None:
        arrays = np.load(FOLDER / f"{part}.npz")
        self.facts = json.loads((FOLDER / f"{part}.json").read_text())["outputs"]
        self.arrays = {key: torch.from_numpy(arrays[key]) for key in arrays.files}

    def __getitem__(self, name: str) -> torch.Tensor:
        return self.arrays[f"in_{name}"]

    def agrees(self, name: str, ours: torch.Tensor) -> bool:
        return bool((ours - self.arrays[f"out_{name}"]).abs().max() <= self.facts[name]["atol"])


def test_every_tensor_has_its_published_name() -> None:
    assert {published_name(ours) for ours in Disco(CONFIGURATIONS["published"]).state_dict()} == set(state_of("disco_full"))


def test_spixnet_backbone_and_refinenet_compute_what_the_published_ones_do(network: Disco) -> None:
    with torch.no_grad():
        for part, module, name in (
            ("segnet", network.spixnet, "L"),
            ("repnet", network.backbone, "L"),
            ("enhance", network.refinenet, "x"),
        ):
            reference = Reference(f"disco_{part}")
            assert reference.agrees("0", module(reference[name])), part


def test_superpixels_pool_and_spread_as_published() -> None:
    reference = Reference("disco_ops")
    pooled, mass = superpixels.pool(reference["feat"], reference["affinity"])
    assert reference.agrees("pool", pooled) and reference.agrees("size", mass)
    assert reference.agrees("up", superpixels.spread(reference.arrays["out_pool"], reference["affinity"]))
    assert reference.agrees("spixel_size", superpixels.sizes(reference["affinity"]))
    assert reference.agrees("pos", positions(4, 6, 64)[None])


def test_colors_are_labelled_and_chosen_as_published() -> None:
    reference = Reference("disco_ops")
    found, _ = colors.variants(torch.softmax(reference["logits"], 1))
    assert reference.agrees("decoded_T0", found[:, 0] / 110) and reference.agrees("anchor_colors", found[0, :3] / 110)
    # The published tool takes the distribution for logits: it is softened twice.
    assert reference.agrees("decoded_T038", colors.annealed_mean(torch.softmax(reference["logits"], 1)) / 110)
    ab, encoded = 110 * reference["ab"], reference.arrays["out_encoded"]
    assert torch.equal(colors.label(ab), encoded.argmax(1))
    # Ours gives a color far outside the gamut to its nearest bin; within it, the soft encoding is the published one.
    flat = ab[0].flatten(1).T
    inside = torch.cdist(flat, torch.from_numpy(bins()).float()).amin(1) < 10
    difference = (soft_encode(flat, 5) - encoded[0].flatten(1).T).abs().amax(1)
    assert inside.sum() >= 8 and (difference[inside] <= reference.facts["encoded"]["atol"]).all()


def test_the_whole_network_gives_the_published_colors_for_each_variant_of_the_anchors(network: Disco) -> None:
    reference = Reference("disco_full")
    with torch.no_grad():
        seen = network.see(reference["L"])
        _, modeled = network.modeler(seen.tokens)
        chosen = colors.variants(torch.softmax(modeled, 1))[0][0, :3]
        made = [network.generate(reference["L"], seen, each[None], reference["hint_mask"]) for each in chosen]
    assert reference.agrees("pal_logit", modeled) and reference.agrees("anchor_colors", chosen / 110)
    assert reference.agrees("ab", torch.cat([ab for ab, _ in made]))
    assert reference.agrees("ref_logit", torch.cat([logits for _, logits in made]))


def test_the_published_file_becomes_three_onnx_files_that_compute_the_published_colors(checkpoint: Path, tmp_path: Path) -> None:
    made = convert("disco", checkpoint, tmp_path / "disco", {})
    ModelStore([tmp_path]).verify(made)
    assert (made.role, made.architecture, made.sizes.multiple) == ("anchors", "disco", 16) and made.facts["difference_from_torch"] < 1e-3
    reference = Reference("disco_full")
    known = {"lightness": (50 * reference["L"] + 50).numpy(), "start": np.arange(8)[None], "mask": reference["hint_mask"].numpy()}

    def run(part: str, sizes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        session = onnxruntime.InferenceSession(str(made.file(part)), providers=["CPUExecutionProvider"])
        out = session.run(None, {item.name: sizes[item.name] for item in session.get_inputs()})
        return dict(zip([item.name for item in session.get_outputs()], out, strict=True))

    known |= run("features", known)
    known |= run("anchors", known)
    probability = torch.softmax(reference.arrays["out_pal_logit"], 1)
    assert (torch.from_numpy(known["probability"]) - probability).abs().max() < 1e-5
    for variant in range(3):
        out = run("generation", {**known, "ab": np.ascontiguousarray(known["colors"][:, variant])})
        published = 110 * reference.arrays["out_ab"][variant]
        # A few roundings more than the reference's, in units of Lab.
        assert (torch.from_numpy(out["ab_out"][0]) - published).abs().max() <= 2 * 110 * reference.facts["ab"]["atol"]
    # Another size, twice as wide: the same files.
    wide = {**known, "lightness": np.tile(known["lightness"], (1, 1, 1, 2))}
    wide |= run("features", wide)
    wide |= run("anchors", wide) | {"mask": np.tile(known["mask"], (1, 1, 1, 2))}
    assert run("generation", {**wide, "ab": np.ascontiguousarray(wide["colors"][:, 0])})["ab_out"].shape == (1, 2, 64, 192)
    shutil.rmtree(tmp_path / "disco")


def refused(name: str, change: torch.Tensor | None, tmp_path: Path) -> HuefillError:
    state = state_of("disco_full")
    if change is None:
        del state[name]
    else:
        state[name] = change
    torch.save({"state_dict": state}, tmp_path / "other.pth")
    with pytest.raises(HuefillError) as caught:
        import_checkpoint("disco", tmp_path / "other.pth", tmp_path / "made" / "disco.onnx")
    assert caught.value.code == "not_that_network" and not (tmp_path / "made").exists()
    return caught.value


def test_another_network_is_refused_by_the_name_of_what_is_wrong(tmp_path: Path) -> None:
    assert "1 of its tensors are missing or too many (wildpath.layers.3.norm2.bias)" in str(
        refused("wildpath.layers.3.norm2.bias", None, tmp_path)
    )
    assert "'trg_word_emb.weight' has the shape (64, 67), not (64, 378)" in str(
        refused("trg_word_emb.weight", torch.zeros(64, 67), tmp_path)
    )
    assert "not finite" in str(refused("enhanceNet.outConv.bias", torch.tensor([0.0, float("nan")]), tmp_path))


def test_a_file_with_code_or_without_a_network_is_refused(tmp_path: Path) -> None:
    class Runs:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("run",))

    torch.save({"state_dict": Runs()}, tmp_path / "code.pth")
    (tmp_path / "archive.pth.rar").write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(200))
    for file, words in (("code.pth", "would run code"), ("archive.pth.rar", "PyTorch checkpoint")):
        with pytest.raises(HuefillError, match=words):
            import_checkpoint("disco", tmp_path / file)


def test_output_names_the_three_files(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `-o` gives: the files beside each other, without the store."""
    from huefill.runtime import importing

    def made(name: str, source: Path, scratch: Path, extra: object) -> card.Card:
        parts = ("features", "anchors", "generation")
        for part in parts:
            (scratch / f"{name}_{part}.onnx").write_bytes(part.encode())
        return card.write(scratch, {"name": name, "role": "anchors"}, {part: f"{name}_{part}.onnx" for part in parts})

    monkeypatch.setattr(importing, "_converted", made)
    imported = import_checkpoint("disco", checkpoint, tmp_path / "there" / "mine.onnx")
    assert imported.official is None and imported.file == tmp_path / "there"
    assert {path.name: path.read_text() for path in (tmp_path / "there").iterdir()} == {
        "mine_features.onnx": "features",
        "mine_anchors.onnx": "anchors",
        "mine_generation.onnx": "generation",
    }
