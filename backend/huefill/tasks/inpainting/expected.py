"""The work that filling a hole will be, said beforehand, so that the remaining time can be told."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from huefill import internal
from huefill.imaging.region import Box
from huefill.imaging.resample import working_shape
from huefill.runtime.devices import choose_device
from huefill.runtime.forecast import Work


def of_fill(regions: Sequence[Box], engine: str, preset: str, device: str, *, colorful: bool, most: int, color_most: int) -> list[Work]:
    """Of ``regions`` filled one after the other, each at no more than ``most`` pixels and colored at no more than ``color_most``."""
    kind = choose_device(device).kind
    works: list[Work] = []
    for number, region in enumerate(regions):
        works.append(Work("reconstruction", _pixels(region, most), (engine, kind)))
        if colorful:
            works += of_color(region, preset, kind, color_most, first=number == 0)
    return works


def of_color(region: Box, preset: str, kind: str, most: int, *, first: bool = True) -> list[Work]:
    """Of one region colored at no more than ``most`` pixels on a device of this ``kind``; ``first`` where libraries may still be loaded."""
    loading = [Work(internal.LOADING, 1)] if first and "torch" not in sys.modules else []
    return [Work("color", _pixels(region, most), (preset, kind)), *loading, Work("lift", region.area, light=True)]


def _pixels(region: Box, most: int) -> int:
    height, width = working_shape((region.height, region.width), most)
    return height * width
