"""Options that several commands have, written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from huefill_protocol import choices

F = TypeVar("F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)
# What every generator of random numbers behind a task takes.
_SEEDS = click.IntRange(0, 2**31 - 1)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """One decorator of several, in the order in which the help lists them."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


IMAGE = click.argument("image", type=PATH)
DEVICE = click.option("--device", type=click.Choice(choices.values(choices.DEVICES)), default="auto", show_default=True)
SEED = click.option("--seed", type=_SEEDS, default=0, show_default=True, help="Another number, another variant.")
POINTS = click.option(
    "--points", type=PATH, help='Color points: a JSON list of {"x", "y", "rgb", "radius"}. For a folder of photos: a folder of such files.'
)
OUTPUTS = together(
    IMAGE,
    click.option(
        "-o", "--output", type=PATH, required=True, help="Where to write: a file (.png, .tif, .jpg, .webp), or a folder for a folder."
    ),
    click.option("--layer", type=PATH, help="Also write the result alone, as a layer with transparency: a file, or a folder for a folder."),
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each photo: sizes, times, networks, memory, recipe.")
