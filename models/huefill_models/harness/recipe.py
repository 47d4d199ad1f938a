"""What a recipe is: networks, how a batch is made, what one step does; and its arguments, which every recipe declares alike."""

from __future__ import annotations

import argparse
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from huefill_models.harness.data import PhotoSet


class Recipe(ABC):
    """A training of one architecture.

    ``models`` and ``optimizers`` by name are what a checkpoint holds; the model named ``averaged`` is followed by a moving average, which
    is what is exported. ``arguments`` (``DEFAULTS``, changed by what was given) rebuild the recipe; ``variant`` and ``options`` are what
    the architecture's ``build`` was given for that model.
    """

    DEFAULTS: ClassVar[dict[str, Any]]
    averaged: ClassVar[str]
    models: dict[str, nn.Module]
    optimizers: dict[str, torch.optim.Optimizer]
    variant: str = ""
    options: dict[str, Any]

    def __init__(self, architecture: str, **arguments: Any) -> None:
        """``architecture`` by name; raises TypeError for an argument that the recipe does not have."""
        if unknown := set(arguments) - set(self.DEFAULTS):
            raise TypeError(f"unknown arguments of the recipe: {', '.join(sorted(unknown))}")
        self.architecture, self.arguments, self.options = architecture, {**self.DEFAULTS, **arguments}, {}

    @classmethod
    def add_arguments(cls, parser: argparse._ArgumentGroup) -> None:
        """One option for each argument."""
        for name, value in cls.DEFAULTS.items():
            parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=None, help=f"default {value}")

    @abstractmethod
    def batch(self, photos: PhotoSet, rng: np.random.Generator, progress: float) -> tuple[Tensor, ...]:
        """CPU tensors; drawn from ``rng`` alone, so that a step sees the same examples whenever it is run."""

    @abstractmethod
    def step(self, batch: tuple[Tensor, ...], progress: float) -> dict[str, float]:
        """One optimisation step at ``progress`` in [0, 1] of the schedule; gives named losses."""
