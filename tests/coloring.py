"""Jobs that color a photo, as the editors build them."""

from __future__ import annotations

from typing import Any

from huefill_client.requests import Job, job
from huefill_protocol.actions import COLORIZE_POINTS, MATCH_COLORS
from huefill_protocol.wire import Tensor


def colorize_points(image: Tensor, *, hints: Tensor | None = None, reference: Tensor | None = None, **values: Any) -> Job:
    return job(COLORIZE_POINTS, {"image": image, "hints": hints, "reference": reference}, **values)


def match_colors(image: Tensor, *, hints: Tensor | None = None, reference: Tensor | None = None, **values: Any) -> Job:
    return job(MATCH_COLORS, {"image": image, "hints": hints, "reference": reference}, **values)
