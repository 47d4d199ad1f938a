"""What every inpainting network shares: the contract of its ONNX file, recipe, critic, evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huefill_models.architecture import Architecture, Published
from huefill_models.card import Sizes

if TYPE_CHECKING:
    from torch import nn

    from huefill_models.harness.export import Exportable


def inpainting(
    name: str,
    build: Callable[..., nn.Module],
    sizes: Sizes,
    *,
    variants: tuple[str, ...] = ("rgb", "mono"),
    training: Mapping[str, Any] | None = None,
    load_published: Callable[..., tuple[nn.Module, str]] | None = None,
    published: tuple[Published, ...] = (),
) -> Architecture:
    """The architecture of a folder whose network is a backbone of `huefill_models.inpainting.contract`.

    ``build(variant, *, width)`` gives the untrained backbone; ``training`` are the arguments of `huefill_models.inpainting.recipe` that
    differ from its own, above all the weights of the paper's losses; the other arguments as in `Architecture`.
    """

    def wrap(network: nn.Module, variant: str) -> Exportable:
        from huefill_models.inpainting.contract import Inpainter

        # A published network may take other sizes than those that are trained here: it says so itself.
        return Inpainter(network, variant, getattr(network, "sizes", sizes))

    return Architecture(
        name=name,
        role="inpainting",
        variants=variants,
        sizes=sizes,
        build=build,
        wrap=wrap,
        recipe=_recipe,
        training=training or {},
        evaluate=_evaluate,
        load_published=load_published,
        published=published,
    )


def _recipe() -> type:
    from huefill_models.inpainting.recipe import Inpainting

    return Inpainting


def _evaluate(folder: Path, photographs: list[Path]) -> tuple[dict[str, float], dict[str, Any]]:
    from huefill_models.inpainting.evaluate import measure

    return measure(folder, photographs)
