"""Training that begins with weights that are there: a checkpoint's, or those of an exported network, with a fresh optimizer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from huefill_models import card
from huefill_models.harness import checkpoint
from huefill_models.harness.recipe import Recipe
from huefill_models.onnx_reading import weights


def arguments_of(start: Path) -> dict[str, Any]:
    """The recipe's arguments that ``start`` was trained with, as far as it says."""
    described = _card(start)
    if described is not None:
        training = described.facts.get("training", {}).get("arguments", {})
        variant = {"variant": described.variant} if described.variant else {}
        return {**(training if isinstance(training, dict) else {}), **variant, **described.facts.get("options", {})}
    return {} if start.suffix == ".onnx" else dict(_checkpoint(start)["arguments"])


def begin(recipe: Recipe, start: Path) -> str:
    """Give the recipe's network the weights of ``start``, as `fill`."""
    return fill(recipe.models[recipe.averaged], start)


def fill(model: nn.Module, start: Path) -> str:
    """Give ``model`` the weights of ``start``: a network's folder or ONNX file, or a checkpoint; says what was done.

    Raises SystemExit with a sentence when they are another network's.
    """
    described = _card(start)
    files = _graphs(described) if described is not None else [start] if start.suffix == ".onnx" else []
    stored = {name: value for file in files for name, value in weights(file).items()}
    state = _named_as(stored, list(model.state_dict())) if files else _checkpoint(start)["average"]
    own = model.state_dict()
    fitting = {key: _copied(value) for key, value in state.items() if key in own and own[key].shape == value.shape}
    wanted = {key for key, value in own.items() if value.is_floating_point()}
    missing = sorted(wanted - set(fitting))
    # A file of a former exporter lacks a few weights, which were folded into constants; of another network, most.
    if sum(own[key].numel() for key in missing) > sum(own[key].numel() for key in wanted) / 2:
        raise SystemExit(
            f"{start} holds another network's weights, or those of another width or variant: {len(missing)} tensors do not fit"
        )
    model.load_state_dict({**own, **fitting})
    anew = f"; not in there, so begun anew: {', '.join(missing)}" if missing else ""
    return f"starting from {len(fitting)} tensors of {start}{anew}"


def _copied(value: Any) -> torch.Tensor:
    """A tensor of its own: what an ONNX file's reader gives may not be written to."""
    return value.clone() if isinstance(value, torch.Tensor) else torch.tensor(value)


def _named_as(stored: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """Weights by the network's own names: in the file all of them stand behind one prefix, the wrapper's."""
    prefixes = {name.removesuffix(names[0]) for name in stored if name.endswith(names[0])}
    for prefix in sorted(prefixes, key=len):
        return {name: stored[prefix + name] for name in names if prefix + name in stored}
    return {}


def _card(start: Path) -> card.Card | None:
    place = (start if start.is_dir() else start.parent) / card.CARD
    if start.suffix != ".onnx" and not start.is_dir():
        return None
    if not place.exists():
        if start.is_dir():
            raise SystemExit(f"there is no {card.CARD} in {start}")
        return None
    try:
        described = card.read(place)
    except (card.DamagedCard, OSError) as error:
        raise SystemExit(f"the card {place} cannot be read ({error})") from error
    return described if start.is_dir() or start in _graphs(described) else None


def _graphs(described: card.Card) -> list[Path]:
    """Its ONNX files; what else a card lists is data that they keep outside."""
    return [described.file(part) for part in described.files if described.file(part).suffix == ".onnx"]


def _checkpoint(start: Path) -> dict[str, Any]:
    if not start.is_file():
        raise SystemExit(f"there is no file {start}")
    return checkpoint.load(start)
