"""By which method a photo is colored: what a person asked for, what was said of the colors, what is installed."""

from __future__ import annotations

from typing import Any

from huefill.errors import HuefillError
from huefill.tasks import checks
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.colorizers.protocol import Colorizer
from huefill.tasks.colorization.guidance import Guidance
from huefill_protocol.choices import ANCHORS, HINTS


def colorizer_for(guidance: Guidance, model: str, method: str, device: str, variants: int = 1) -> tuple[Colorizer[Any], Guidance]:
    """The colorizer for ``guidance``, which ``model`` and ``method`` name or leave open ("auto"), and the guidance as it takes it.

    Left open, anchors that are given and ``variants`` ask for a network of anchors, and anything else that is said of the colors for one of
    hints; where nothing is said, the best scored network colors. Raises `HuefillError` as `registry.choose` does, and for several variants
    where there is but one picture.
    """
    checks.check_choice("method", method, checks.METHODS)
    checks.check_variants(variants)
    colorizer = registry.choose(model, device, method if model != "auto" else _method(guidance, method, variants))
    if colorizer.method != ANCHORS:
        guidance = guidance.with_anchors_as_points()
    if variants > 1 and colorizer.method != ANCHORS:
        raise HuefillError(
            "one_variant", f"The network '{colorizer.name}' makes one picture, not {variants} to choose from.", "Use the method 'anchors'."
        )
    if variants > 1 and guidance.anchored:
        raise HuefillError("one_variant", "Anchors that are given make one picture.", "Ask for variants without anchors of your own.")
    return colorizer, guidance


def _method(guidance: Guidance, method: str, variants: int) -> str:
    if method != "auto":
        return method
    if guidance.anchored or variants > 1:
        return ANCHORS
    return HINTS if guidance.is_said and registry.cards(HINTS) else "auto"
