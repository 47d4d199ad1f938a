"""Recipes and times in words: what was done, for an editor's list of results and the layer's name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from huefill_client.color_hints import Hints
from huefill_client.color_points import ANCHOR
from huefill_client.geometry import Rect, around
from huefill_client.jobs import JobResult, ResultLayer
from huefill_protocol.actions import Action
from huefill_protocol.choices import GROWTHS, PRESETS, Choice, engines, title_of


def engines_used(recipe: dict[str, Any]) -> list[str]:
    """Names of the engines that filled the recipe's regions, each once, in order; empty where only color was made."""
    used: list[str] = []
    for region in _regions(recipe):
        name = region.get("engine")
        if isinstance(name, str) and name not in used:
            used.append(name)
    return used


@dataclass(frozen=True)
class Names:
    """``whole`` is the name of the only layer, or of the group of several; ``parts`` are those of the layers in it, the lowest first.

    ``pictures`` are the same of each picture where there are several to choose from, which lie in a group called ``whole``.
    """

    whole: str
    parts: tuple[str, ...]
    pictures: tuple[Names, ...] = ()


def names_of(
    action: Action, result: JobResult, canvas: Rect, seconds: float, about: str = "", taken: Iterable[str] = (), every: bool = True
) -> Names:
    """What the layers of a result are called: "Removed: lower left, 3.5 s", by which they are known again (`is_result_name`).

    ``about`` says what was done where the place on the ``canvas`` does not; a name that is ``taken`` gets a number.
    ``every`` is whether of several pictures to choose from all go in, or the first alone.
    """
    about = about or place_in(around([layer.rect for layer in result.layers]), canvas)
    pictures = (result.layers, *result.variants) if every else (result.layers,)
    if len(pictures) > 1:
        about = f"{about}, {len(pictures)} suggestions"
    name = whole = f"{action.done}: {about}, {duration(seconds)}"
    used, number = set(taken), 2
    while name in used:
        name, number = f"{whole} ({number})", number + 1

    def parts(layers: tuple[ResultLayer, ...]) -> tuple[str, ...]:
        return tuple(f"{action.done}: {layer.name or f'layer {number}'}, {duration(seconds)}" for number, layer in enumerate(layers, 1))

    each = (Names(f"{action.done}: suggestion {number}, {duration(seconds)}", parts(one)) for number, one in enumerate(pictures, 1))
    return Names(name, parts(result.layers), tuple(each) if len(pictures) > 1 else ())


def place_in(rect: Rect, canvas: Rect) -> str:
    """Where ``rect`` is in the photo, in a person's words."""
    if rect.width > 0.7 * canvas.width and rect.height > 0.7 * canvas.height:
        return "whole photo"
    across = ("left", "", "right")[_third(rect.x + rect.width / 2 - canvas.x, canvas.width)]
    down = ("upper", "", "lower")[_third(rect.y + rect.height / 2 - canvas.y, canvas.height)]
    if across and down:
        return f"{down} {across}"
    return across or {"upper": "top", "lower": "bottom"}.get(down, "middle")


def colored_by(hints: Hints) -> str:
    """What the colors of a photo were made from: "3 points and a reference"."""
    count = sum(point.kind != ANCHOR for point in hints.points)
    words = ["a suggestion" if hints.how.anchored else "", f"{count} {'point' if count == 1 else 'points'}" if count else ""]
    words += ["a painted layer" if hints.painted else ""]
    words += ["a reference" if hints.reference else "", "saturation" if hints.saturation is not None else ""]
    return " and ".join(word for word in words if word) or "likely colors"


def _third(at: float, size: float) -> int:
    return min(2, max(0, int(3 * at / size)))


def differences(recipe: dict[str, Any], former: dict[str, Any], known: tuple[Choice, ...]) -> str:
    """What was chosen or came out otherwise than in the result ``former``, in a few words; ``known`` are the engines by name."""
    now, then = _request(recipe), _request(former)
    words = []
    engines = [" and ".join(title_of(known, engine) for engine in engines_used(each)) for each in (recipe, former)]
    if engines[0] != engines[1]:
        words.append(engines[0])
    for name, offered in (("preset", PRESETS), ("grow", GROWTHS)):
        if now.get(name) != then.get(name) and now.get(name):
            words.append(title_of(offered, str(now[name])))
    if now.get("seed") != then.get("seed") and not words:
        words.append("another try")
    return ", ".join(word for word in words if word)


def details(recipe: dict[str, Any], stages: dict[str, float]) -> str:
    """Several lines for a tooltip: engine and why it was picked, quality, seed, sizes, and the time of every stage."""
    lines, request = [], _request(recipe)
    for region in _regions(recipe):
        if region.get("engine"):
            why = region.get("why")
            lines.append(f"{_engine(str(region['engine']))} engine" + (f": {why}" if why else ""))
    if request.get("preset"):
        lines.append(f"Quality: {title_of(PRESETS, str(request['preset']))}")
    if "seed" in request:
        lines.append(f"Seed: {request['seed']}")
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
