"""Published checkpoints: read without running their code, converted to ONNX, compared with the original, and given a card."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from huefill_models import card
from huefill_models.architecture import NotThatNetwork, Published, published
from huefill_models.harness import export

# Where a checkpoint keeps the state of the network itself.
_WITHIN = ("state_dict", "G", "generator", "netG")
_LARGEST_DIFFERENCE = 1e-3
_COMPARED = (72, 40)


def read_state(file: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint file by name; raises `NotThatNetwork` for a file that holds none or would run code (``weights_only``)."""
    try:
        stored = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise NotThatNetwork("it is no PyTorch checkpoint, or one that would run code when it is read") from error
    except (RuntimeError, EOFError, OSError, zipfile.BadZipFile, ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        # torch.load's own, of a file it cannot make sense of; nothing of ours runs inside this block.
        raise NotThatNetwork("it is no whole PyTorch checkpoint") from error
    return state_in(stored)


def state_in(stored: Any) -> dict[str, Tensor]:
    """The state itself, or the one that a checkpoint holds under one of the usual names."""
    for key in _WITHIN:
        if isinstance(stored, Mapping) and isinstance(stored.get(key), Mapping):
            stored = stored[key]
    if not isinstance(stored, Mapping):
        raise NotThatNetwork("it holds no network's weights")
    state = {name.removeprefix("module."): value for name, value in stored.items() if isinstance(name, str) and isinstance(value, Tensor)}
    if not state:
        raise NotThatNetwork("it holds no network's weights")
    if not all(bool(torch.isfinite(value).all()) for value in state.values() if value.is_floating_point()):
        raise NotThatNetwork("some of its weights are not finite numbers")
    return state


def convert(name: str, file: Path, folder: Path, extra: Mapping[str, Any]) -> card.Card:
    """The published checkpoint ``file`` of the kind ``name`` as ONNX, one file or several, with a card in ``folder``.

    Of a checkpoint in several files (`Published.files`) ``file`` is any one, and the others lie beside it.

    ``extra`` goes into the card. Raises `NotThatNetwork` for another file, KeyError for an unknown name.
    """
    architecture, item = published()[name]
    if architecture.load_published is None:
        raise KeyError(name)
    paths = item.beside(file)
    states = {part: read_state(path) for part, path in paths.items()}
    network, variant = architecture.load_published(states or read_state(file), **item.options)
    exportable = architecture.wrap(network, variant).eval()
    onnx = folder / f"{name}.onnx"
    files = export.write_parts(exportable, onnx)
    difference = export.difference(exportable, onnx, _COMPARED)
    if not difference < _LARGEST_DIFFERENCE:
        raise NotThatNetwork(f"the converted network differs from the original by {difference:.2g}")
    several = {"imported_files": {path.name: card.checksum(path) for path in paths.values()}} if paths else {}
    facts = {**_facts(item, architecture.name, variant), **exportable.description(), **extra, **several}
    return card.write(folder, {**facts, "difference_from_torch": difference}, files)


def _facts(item: Published, architecture: str, variant: str) -> dict[str, Any]:
    return {
        "name": item.name,
        "architecture": architecture,
        "variant": variant,
        "title": item.title,
        "licence": item.licence,
        "source": item.source,
        "data": item.data,
        "training": {"by": "as published"},
    }
