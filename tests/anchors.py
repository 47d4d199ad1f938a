"""A network of anchors for tests: the published one in little, its weights drawn by a seed. It knows nothing, but heeds anchors."""

from __future__ import annotations

import shutil
from pathlib import Path

from huefill.runtime.store import model_store
from huefill_models import card

NAME = "seeded_anchors"
# Weights as a network begins with would make pictures that are all alike, and all but gray.
_VIVID, _DECIDED, _HEEDED = 2.0, 30.0, 30.0
_WIDTH = 24


def provide_anchors(folder: Path) -> None:
    """A user whose own networks lie in ``folder`` has one of anchors then: the one that comes with Huefill, else one of the tests' own."""
    if not model_store().cards("anchors"):
        seeded_anchors(folder)


def seeded_anchors(folder: Path, name: str = NAME, **facts: object) -> card.Card:
    """A store entry ``folder``/``name`` with its three ONNX files; ``facts`` for its card."""
    import torch
    from torch import nn

    from huefill_models.disco.graphs import wrap
    from huefill_models.disco.network import Configuration, Disco
    from huefill_models.harness.export import write_parts

    torch.manual_seed(7)
    network = Disco(Configuration((4, 8, 8, 8, 8), _WIDTH, 1, 48, (16, 16, 16))).eval()
    # The published backbone is large: what it sees does not count here.
    network.backbone = nn.Sequential(nn.Conv2d(1, _WIDTH, 7, padding=3), nn.ReLU(), nn.Conv2d(_WIDTH, _WIDTH, 7, padding=3), nn.ReLU())
    with torch.no_grad():
        nn.init.normal_(network.refinenet.out.weight, std=_VIVID)
        network.modeler.colors.weight *= _DECIDED
        network.generator.colors.weight *= _DECIDED
        network.generator.embed.weight[:, _WIDTH:] *= _HEEDED
    exported, place = wrap(network), folder / name
    place.mkdir(parents=True)
    files = write_parts(exported, place / f"{name}.onnx")
    said = {"name": name, "title": "Anchors, drawn by a seed", "architecture": "disco", **exported.description(), **facts}
    return card.write(place, said, files)


def install(network: Path, home: Path) -> Path:
    """Put a store entry among the networks of a Huefill whose HUEFILL_HOME is ``home``; where it lies then."""
    return Path(shutil.copytree(network, home / "models" / network.name))
