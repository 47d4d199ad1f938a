"""Where the results of one photo go: a file for each, and for several pictures of one photo a number at the end of each name."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from huefill.errors import HuefillError
from huefill.files import check_place, check_writable
from huefill.tasks.contract import Layer


@dataclass(frozen=True)
class Paths:
    """One photo, where its result goes, where the layer alone goes (or None), and the folder that it was found in; where the list of its
    anchors goes (or None). Of several ``variants`` each has files of its own."""

    photo: Path
    output: Path
    layer: Path | None
    root: Path
    anchors: Path | None = None
    variants: int = 1

    @property
    def outputs(self) -> list[Path]:
        """A file for each variant."""
        return [self._of(self.output, number) for number in range(self.variants)]

    @property
    def layers(self) -> list[Path | None]:
        """The same for the layers alone."""
        return [None if self.layer is None else self._of(self.layer, number) for number in range(self.variants)]

    @property
    def lists(self) -> list[Path | None]:
        """The same for the lists of anchors."""
        return [None if self.anchors is None else self._of(self.anchors, number) for number in range(self.variants)]

    @property
    def targets(self) -> list[Path]:
        """All that is written."""
        return [path for path in (*self.outputs, *self.layers, *self.lists) if path is not None]

    def check(self, inputs: Sequence[Path]) -> None:
        """Raise `HuefillError` before any work where something cannot be written, or would overwrite what is read (``inputs`` also)."""
        for path in self.targets:
            (check_place if path in self.lists else check_writable)(path)
        _check_apart(self.targets, [self.photo, *inputs])

    def _of(self, path: Path, number: int) -> Path:
        return path if self.variants == 1 else path.with_stem(f"{path.stem}-{number + 1}")


def layer_files(path: Path | None, layers: Sequence[Layer]) -> list[Path | None]:
    """A file for each layer: ``path`` for the only one, else one for each, with the layer's name (or number) added."""
    if path is None or len(layers) == 1:
        return [path] * len(layers)
    words = [re.sub(r"\W+", "-", layer.name.lower()).strip("-") or str(number) for number, layer in enumerate(layers, 1)]
    return [path.with_stem(f"{path.stem}-{word}") for word in words]


def _check_apart(targets: Sequence[Path], inputs: Sequence[Path]) -> None:
    """No result may overwrite another, or what was read, whatever name leads there."""
    for number, target in enumerate(targets):
        for other in targets[:number]:
            if _same_file(target, other):
                raise HuefillError("bad_output", f"'{target}' is where another result goes.", "Give each a file of its own.")
        for given in inputs:
            if _same_file(target, given):
                raise HuefillError("bad_output", f"'{target}' would overwrite '{given}', which is read.", "Give another name with -o.")


def _same_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there yet
        return os.path.normcase(one.resolve()) == os.path.normcase(other.resolve())
