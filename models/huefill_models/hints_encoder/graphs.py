"""What is exported: the whole network in one file, as other hints networks are called."""

from __future__ import annotations

from typing import ClassVar

from torch import nn

from huefill_models.hints.graphs import LocalAndGlobal
from huefill_models.hints_encoder import SIZES
from huefill_models.hints_encoder.network import HintsOnEncoder


class Whole(LocalAndGlobal):
    """As `LocalAndGlobal`; H and W are multiples of 32."""

    sizes = SIZES
    # Chosen on the photographs that were held back from training: the regression alone is a little better, the mean a little bolder.
    expected: ClassVar[float] = 0.5


def wrap(network: nn.Module) -> Whole:
    assert isinstance(network, HintsOnEncoder)
    return Whole(network)
