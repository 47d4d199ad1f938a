"""Recipes and times in words: what was done, for an editor's list of results and the layer's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huefill_client.jobs import JobResult
from huefill_protocol.actions import Action
from huefill_protocol.choices import PRESETS, engines, title_of


def engines_used(recipe: dict[str, Any]) -> list[str]:
    """Names of the engines that filled the recipe's regions, each once, in order; empty where only color was made."""
    used: list[str] = []
    for region in _regions(recipe):
        name = region.get("engine")
        if isinstance(name, str) and name not in used:
            used.append(name)
    return used


def layer_name(action: Action, recipe: dict[str, Any]) -> str:
    """ "Remove Object – patch, fast": begins with the action's title, by which our layers are known again."""
    words = [_engine(engine).lower() for engine in engines_used(recipe)]
    preset = _request(recipe).get("preset")
    if preset:
        words.append(title_of(PRESETS, str(preset)).lower())
    return f"{action.title} – {', '.join(words) or 'Huefill'}"


@dataclass(frozen=True)
class Names:
    """``whole`` is the name of the only layer, or of the group of several; ``parts`` are those of the layers in it, the lowest first."""

    whole: str
    parts: tuple[str, ...]


def names_of(action: Action, result: JobResult) -> Names:
    """What the layers of a result are called; each name begins with the action's title."""
    parts = [f"{action.title} – {layer.name or f'layer {number}'}" for number, layer in enumerate(result.layers, 1)]
    return Names(layer_name(action, result.recipe), tuple(parts))


def summary(recipe: dict[str, Any], seconds: float) -> str:
    """One line: engine, preset, seed and time."""
    request = _request(recipe)
    words = [_engine(engine) for engine in engines_used(recipe)]
    words.append(title_of(PRESETS, str(request.get("preset") or "")))
    words.append(f"seed {request['seed']}" if "seed" in request else "")
    words.append(duration(seconds))
    return ", ".join(word for word in words if word)


def details(recipe: dict[str, Any], stages: dict[str, float]) -> str:
    """Several lines for a tooltip: why the engine was picked, sizes, and the time of every stage."""
    lines = []
    for region in _regions(recipe):
        if region.get("engine"):
            why = region.get("why")
            lines.append(f"{_engine(str(region['engine']))} engine" + (f": {why}" if why else ""))
    hole = recipe.get("hole_pixels")
    if hole:
        lines.append(f"{hole:,} pixels filled".replace(",", " "))
    for name in ("rim", "band"):
        value = recipe.get(name)
        if value is not None:
            lines.append(f"{name} {value} px")
    device = recipe.get("device")
    if device:
        lines.append(f"on {device}")
    lines.extend(f"{stage}: {duration(spent)}" for stage, spent in stages.items())
    return "\n".join(dict.fromkeys(lines))


def duration(seconds: float) -> str:
    """A time as a person says it."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def remaining(seconds: float | None) -> str:
    """What stands beside a progress bar."""
    return "" if seconds is None else f"about {duration(max(1.0, round(seconds)))} left".replace(".0 s", " s")


def ahead(position: int) -> str:
    """What is said of a job that waits for ``position`` others."""
    return f"{position} {'job' if position == 1 else 'jobs'} ahead"


def _engine(name: str) -> str:
    return title_of(engines(), name)


def _regions(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    regions = recipe.get("regions", [])
    return [region for region in regions if isinstance(region, dict)] if isinstance(regions, list) else []


def _request(recipe: dict[str, Any]) -> dict[str, Any]:
    request = recipe.get("request")
    return request if isinstance(request, dict) else {}
