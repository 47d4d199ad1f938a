"""Filling a hole: monochrome first, color second, both lifted to the photo's resolution (Wang et al. 2021, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill import internal
from huefill.imaging import color_spaces as spaces
from huefill.imaging.mask import Blend, blend_for, core_of
from huefill.imaging.parts import split
from huefill.imaging.pixels import Array, Encoding, coverage, split_alpha
from huefill.imaging.region import Box, beside_border, plan, with_context
from huefill.imaging.resample import resize, resize_known, working_shape
from huefill.imaging.strips import strips
from huefill.imaging.thin import THICKEST, fill_thin, thin_parts
from huefill.imaging.upsample import ChromaLift
from huefill.runtime.devices import choose_device
from huefill.runtime.memory import require_memory
from huefill.runtime.progress import Progress
from huefill.tasks import checks
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.inpainting import expected
from huefill.tasks.inpainting.engines import reconstruct as engines
from huefill.tasks.inpainting.engines import registry
from huefill.tasks.layer import layer

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Pixels of the region that the color network sees at most (the paper's 512 x 640); chroma is smooth enough to be lifted.
COLOR_PIXELS = 512 * 640
# Memory of a fill: what the networks and the engines take at their working sizes, and the copies of the window (benchmarks/memory.py).
_BYTES, _BYTES_PER_PIXEL = 400 << 20, 60
# The share of thin strokes in the progress of a fill that has others, too.
_STROKES = 0.3


@dataclass(frozen=True)
class Choice:
    """How to fill: what a person can choose, resolved from a request; ``border`` where the hole lies beyond the photo's edge."""

    engine: str
    preset: str
    seed: int
    device: str
    border: bool = False


def fill_selection(
    task: str, request: Any, selection: Array, rim: int | None, band: int | None, context: Context, *, border: bool = False
) -> Result:
    """What Remove Object and Extend Canvas share: the layer that fills a ``selection`` (H W uint8) of ``request.image``.

    ``rim`` and ``band`` in pixels, or by each part's thickness, see `huefill.imaging.mask.blend_for`. The request also has engine, preset,
    seed, transfer, points. ``border``: the selection lies beyond the photo's edge.
    """
    registry.require(request.engine)
    checks.check_choice("preset", request.preset, checks.PRESETS)
    checks.check_seed(request.seed)
    checks.check_choice("transfer", request.transfer, checks.TRANSFERS)
    checks.check_margins(rim or 0, band or 0)
    context.progress.report("looking at the selection", 0.0)
    shape = selection.shape
    selected = Box.around(selection > 0)
    grown = max(part.rim + part.band for part in split(core_of(selected.crop(selection)), rim, band))
    area = with_context(selected.grow(grown).clip(shape), shape)
    require_memory(needed(area, request.preset), f"filling {area.width} x {area.height} pixels")
    window = area.crop(request.image)
    blend = blend_for(np.ascontiguousarray(area.crop(selection)), rim, band)
    color, alpha = split_alpha(window)
    encoding = Encoding.of(color, request.transfer == "linear")
    choice = Choice(request.engine, request.preset, request.seed, context.device, border)
    points = points_within(request.points, area)
    usable = coverage(alpha, blend.alpha.shape) > 0.5
    filled = fill_hole(encoding.to_unit(color), blend.hole, usable, choice, points, context.progress)
    recipe = {**recipe_of(task, request, area, blend, filled.regions), "networks": filled.networks}
    made = layer(window, filled.pixels, blend, encoding, (area.x, area.y))
    return Result((made,), recipe, context.progress.stages(), warnings=tuple(context.progress.warnings))


def needed(area: Box, preset: str) -> int:
    """Bytes that filling or recoloring a hole whose surroundings are ``area`` takes at most, beside the photo itself."""
    pixels = area.width * area.height
    return _BYTES + _BYTES_PER_PIXEL * pixels + internal.training_memory(preset, min(pixels, COLOR_PIXELS))


def recipe_of(task: str, request: Any, area: Box, blend: Blend, regions: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything needed to run a request again on the same pixels, and what was done."""
    values = {name: value for name, value in vars(request).items() if not isinstance(value, np.ndarray)}
    values["points"] = [asdict(point) for point in request.points]
    return {
        "task": task,
        "request": {"version": request.VERSION, **values},
        "image_size": [request.image.shape[1], request.image.shape[0]],
        "area": [area.x, area.y, area.width, area.height],
        "hole_pixels": int(blend.hole.sum()),
        "rim": blend.rim,
        "band": blend.band,
        "regions": regions,
    }


def points_within(points: Sequence[ColorPoint], area: Box) -> list[ColorPoint]:
    """The points that lie in ``area``, in its pixels."""
    return [_moved(point, area) for point in points if _within(point, area)]


@dataclass(frozen=True)
class Filled:
    """``pixels`` H W C in the unit range; ``regions`` one dictionary of facts for each that was filled; ``networks`` that took part."""

    pixels: Image
    regions: list[dict[str, Any]]
    networks: list[dict[str, Any]]


def fill_hole(unit: Image, hole: Mask, usable: Mask, choice: Choice, points: Sequence[ColorPoint], progress: Progress) -> Filled:
    """Fill ``hole`` (H W) of ``unit`` (H W 1 or H W 3, [0, 1]) from its ``usable`` pixels (H W: known and not transparent).

    ``unit`` itself is filled, and returned; outside the hole it keeps its very values. ``points`` are in pixels of ``unit``.
    """
    missing = hole.copy()
    filled = Filled(unit, [], [])
    thin = _strokes_of(hole, choice, points)
    if thin.any():
        filled.regions.append(_fill_strokes(unit, thin, usable & ~hole, progress.part(0.0, _STROKES)))
        missing &= ~thin
        hole, progress = hole & ~thin, progress.part(_STROKES, 1.0)
        if not hole.any():
            progress.report("finishing", 1.0)
            return filled
    continued = choice.border and engines.continues(choice.engine)
    pieces = plan(hole, engines.REGION_PIXELS, tiles=not continued)
    regions = [beside_border(piece, hole.shape) if continued else with_context(piece.box, hole.shape) for piece in pieces]
    progress.expect(
        expected.of_fill(
            regions,
            "border" if continued else choice.engine,
            choice.preset,
            choice.device,
            colorful=unit.shape[2] == 3 and (not continued or bool(points)),
            most=engines.REGION_PIXELS,
            color_most=COLOR_PIXELS,
        )
    )
    costs = np.cumsum([0, *(region.area for region in regions)])
    for piece, region, begun, done in zip(pieces, regions, costs[:-1], costs[1:], strict=True):
        share = progress.part(begun / costs[-1], done / costs[-1])
        inside = np.zeros((region.height, region.width), bool)
        piece.box.within(region).crop(inside)[...] = piece.mask
        known = region.crop(usable) & ~region.crop(missing)
        photo = region.crop(usable) & ~region.crop(hole) if choice.border else None
        local = [_moved(point, region) for point in points if _within(point, region)]
        facts, networks = _fill_region(region.crop(unit), known, inside, choice, local, share, photo)
        piece.box.crop(missing)[piece.mask] = False
        filled.regions.append({"region": [region.x, region.y, region.width, region.height], "pixels": int(piece.mask.sum()), **facts})
        filled.networks.extend(network for network in networks if network not in filled.networks)
    return filled


def _strokes_of(hole: Mask, choice: Choice, points: Sequence[ColorPoint]) -> Mask:
    """H W: what of the hole is filled across, and not reconstructed: all that is thin, where nobody named an engine or a color."""
    if choice.engine != registry.AUTO or choice.border or points:
        return np.zeros_like(hole)
    return thin_parts(hole)


def _fill_strokes(unit: Image, thin: Mask, known: Mask, progress: Progress) -> dict[str, Any]:
    """Fill the ``thin`` parts (H W) of ``unit`` with their colors, all in one pass; the facts."""
    area = Box.around(thin)
    with progress.timed("strokes"):
        fill_thin(unit, thin, known, lambda share: progress.report("filling strokes and specks", share))
    why = f"no part is thicker than {THICKEST} pixels: the photo goes on across it"
    place = [area.x, area.y, area.width, area.height]
    return {"region": place, "pixels": int(thin.sum()), "engine": "strokes", "why": why, "color": "across"}


def _fill_region(
    unit: Image, known: Mask, inside: Mask, choice: Choice, points: Sequence[ColorPoint], progress: Progress, photo: Mask | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Fill one region, H W C, where it is ``inside`` the part of the hole at hand (H W), from its ``known`` pixels (H W).

    ``photo`` H W beyond a photo's edge: which known pixels are the photo's own.
    Gives the facts, and the networks that took part.
    """
    colorful = unit.shape[2] == 3
    rgb = unit if colorful else np.repeat(unit, 3, axis=2)
    with progress.timed("reconstruction"):
        made = engines.reconstruct(rgb, known, choice.engine, choice.seed, choice.device, progress.part(0.0, 0.4), photo)
    facts, gray = made.facts, made.gray
    if not colorful or (not points and internal.is_gray(rgb, known)):
        progress.skip("color", internal.LOADING, "lift")
        unit[inside] = gray[inside][:, None]
        progress.report("finishing", 1.0)
        return {**facts, "color": "gray"}, made.networks
    if made.color is not None and not points:  # points are kept by the internal colorizer alone
        progress.skip("color", internal.LOADING)
        with progress.timed("lift"):
            _give_color(unit, gray, inside, made.color.chroma, made.color.gray)
        progress.report("finishing", 1.0)
        return {"color": "network", **facts}, made.networks
    return {**facts, **restore_color(gray, unit, known, inside, choice, points, progress.part(0.4, 1.0))}, made.networks


def restore_color(
    gray: Image, rgb: Image, known: Mask, inside: Mask, choice: Choice, points: Sequence[ColorPoint], progress: Progress
) -> dict[str, Any]:
    """Give ``rgb`` (H W 3) ``inside`` (H W) the monochrome ``gray`` (H W), colored as its ``known`` pixels teach; returns the facts.

    The internal colorizer works on at most `COLOR_PIXELS`; its chroma is lifted along the edges of the full monochrome.
    """
    shape = working_shape(gray.shape, COLOR_PIXELS)
    scale_x, scale_y = shape[1] / gray.shape[1], shape[0] / gray.shape[0]
    small_rgb, small_known = resize_known(rgb, known, shape)
    small_gray = resize(gray, shape)
    small_points = [
        ColorPoint((p.x + 0.5) * scale_x - 0.5, (p.y + 0.5) * scale_y - 0.5, p.rgb, p.radius * min(scale_x, scale_y)) for p in points
    ]
    with progress.timed("color"):
        colored = internal.recolor(
            small_gray,
            small_rgb,
            ~small_known,
            preset=choice.preset,
            points=small_points,
            seed=choice.seed,
            device=choose_device(choice.device).kind,
            progress=progress.part(0.0, 0.95),
        )
    with progress.timed("lift"):
        _give_color(rgb, gray, inside, spaces.to_chroma(colored.rgb), small_gray)
    progress.report("finishing", 1.0)
    return {"color": choice.preset, "color_size": [shape[1], shape[0]], "iterations": colored.iterations}


def _give_color(rgb: Image, gray: Image, inside: Mask, chroma: Image, small_gray: Image) -> None:
    """Give ``rgb`` (H W 3) ``inside`` (H W) the monochrome ``gray`` (H W) and a small ``chroma`` (h w 2), lifted from its own gray."""
    lift = ChromaLift(chroma, small_gray, gray.shape)
    for rows in strips(gray.shape):
        here = inside[rows]
        if here.any():
            made = spaces.into_gamut(spaces.from_chroma(gray[rows], lift.rows(rows, gray[rows])))
            rgb[rows][here] = made[here]


def _moved(point: ColorPoint, region: Box) -> ColorPoint:
    return ColorPoint(point.x - region.x, point.y - region.y, point.rgb, point.radius)


def _within(point: ColorPoint, region: Box) -> bool:
    return region.x <= point.x < region.x + region.width and region.y <= point.y < region.y + region.height
