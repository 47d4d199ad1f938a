"""What the folder of a network declares of it, without importing torch: how it is built, trained, exported, and read from files of others.

Each folder of `huefill_models` that holds a network has an ``ARCHITECTURE`` in its ``__init__``; `architectures` finds them. Training
(`huefill_models.harness.train`), export and ``huefill models import`` know networks through this alone.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huefill_models.card import Sizes

if TYPE_CHECKING:
    from torch import Tensor, nn

    from huefill_models.harness.export import Exportable, InParts


class NotThatNetwork(ValueError):
    """A file holds another network than was said, or none; the message is for a person."""


@dataclass(frozen=True)
class Published:
    """A checkpoint that others have published and that people may own. ``sha256`` of the file, "" where several are in circulation;
    ``options`` goes to `Architecture.load_published`. ``files`` where it is more than one: the names of all, by part; they lie in one
    folder, and `Architecture.load_published` gets the state of each by part."""

    name: str
    title: str
    licence: str
    source: str
    data: str
    sha256: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def beside(self, file: Path) -> dict[str, Path]:
        """All files by part, where ``file`` is one of several; raises `NotThatNetwork` where it is none of them or another is not there."""
        if self.files and file.name not in self.files.values():
            raise NotThatNetwork(f"it is in {len(self.files)} files of one folder, {' and '.join(self.files.values())}: name one of these")
        paths = {part: file.parent / name for part, name in self.files.items()}
        if lacking := [path.name for path in paths.values() if not path.is_file()]:
            raise NotThatNetwork(f"{' and '.join(lacking)} has to lie beside it")
        return paths


@dataclass(frozen=True)
class Architecture:
    """A network that can be built in each of its ``variants`` ("rgb", "mono" or "" alone).

    ``build(variant, **options)`` gives the untrained network, ``wrap(network, variant)`` what is exported of it; ``recipe`` the class
    that trains it (`huefill_models.harness.recipe.Recipe`), made with the architecture's name and the command line's arguments, and
    ``training`` those of its arguments that are others for this architecture;
    ``load_published(state, **options)`` the trained network from the state of a published file, or `NotThatNetwork`.
    ``evaluate(folder, photographs)`` gives the card's score and scores of the network whose card lies in ``folder``.
    """

    name: str
    role: str
    variants: tuple[str, ...]
    sizes: Sizes
    build: Callable[..., nn.Module]
    wrap: Callable[[nn.Module, str], Exportable | InParts]
    recipe: Callable[[], type] | None = None
    training: Mapping[str, Any] = field(default_factory=dict)
    evaluate: Callable[[Path, list[Path]], tuple[dict[str, float], dict[str, Any]]] | None = None
    load_published: Callable[..., tuple[nn.Module, str]] | None = None
    published: tuple[Published, ...] = ()


@cache
def architectures() -> dict[str, Architecture]:
    """Every architecture by name, from the folders of this package."""
    package = importlib.import_module("huefill_models")
    found: dict[str, Architecture] = {}
    for module in pkgutil.iter_modules(package.__path__, "huefill_models."):
        if module.ispkg:
            declared = getattr(importlib.import_module(module.name), "ARCHITECTURE", None)
            if isinstance(declared, Architecture):
                found[declared.name] = declared
    return found


def published() -> dict[str, tuple[Architecture, Published]]:
    """Every published checkpoint that can be imported, by name, and what it is read with."""
    return {item.name: (architecture, item) for architecture in architectures().values() for item in architecture.published}


def matched(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor], what: str, ignored: frozenset[str] = frozenset()) -> None:
    """Raise `NotThatNetwork` unless ``state`` has the names and shapes of ``wanted``, apart from the ``ignored`` names."""
    if wrong := set(wanted) ^ (set(state) - ignored):
        named = ", ".join(sorted(wrong)[:5])
        raise NotThatNetwork(f"it is not {what}: {len(wrong)} of its tensors are missing or too many ({named})")
    for name, tensor in wanted.items():
        if state[name].shape != tensor.shape:
            raise NotThatNetwork(f"it is not {what}: '{name}' has the shape {tuple(state[name].shape)}, not {tuple(tensor.shape)}")
