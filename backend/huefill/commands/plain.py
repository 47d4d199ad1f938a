"""The command of an action that has no command of its own: its options, and what else it needs, come from its row in the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from huefill.commands.color import read_reference
from huefill.commands.companions import Companion
from huefill.commands.fill import MASK, masks
from huefill.commands.options import DEVICE, JSON, OUTPUTS, PATH, POINTS, together
from huefill.commands.photo import Job, run_job
from huefill.commands.points import read_points
from huefill.console import errors_are_sentences
from huefill_protocol import choices
from huefill_protocol.actions import Action, Option

_OWN_MASK = click.option(
    "--mask", type=PATH, help="A picture of the photo's size: what is white is taken, instead of what would be found. Or a folder of masks."
)


def command_of(action: Action) -> click.Command:
    """``huefill WORD PHOTO -o RESULT``, also for a folder of photos."""
    sent, with_mask = [option for option in action.options if option.sent], action.on_selection or action.takes_selection

    def run(mask: Path | None = None, points: Path | None = None, **options: Any) -> None:
        image, output, layer, as_json, device = (options.pop(name) for name in ("image", "output", "layer", "as_json", "device"))
        companions = [masks(mask, needed=action.on_selection)] if with_mask else []
        companions += [Companion("points", points, lambda path, photo: read_points(path), (".json",))] if "points" in action.hints else []
        pictures = tuple(options[option.name] for option in sent if option.kind == "layer" and options[option.name] is not None)
        with errors_are_sentences():
            values = {option.name: _value(option, options[option.name]) for option in sent if options[option.name] is not None}
            job = Job(action.task, device, values, tuple(companions), pictures, colors=action.makes_colors)
            run_job(job, image, output, layer, as_json)

    mask_option = [MASK if action.on_selection else _OWN_MASK] if with_mask else []
    shared = [OUTPUTS, *mask_option, *([POINTS] if "points" in action.hints else []), DEVICE, JSON]
    return click.command(action.command, help=action.details)(together(*shared, *(option_of(option) for option in sent))(run))


def option_of(option: Option) -> Any:
    kinds: dict[str, Any] = {
        "choice": str if option.more else click.Choice(choices.values(option.choices)),
        "int": click.IntRange(int(option.least), int(option.most)),
        "float": click.FloatRange(option.least, option.most),
        "bool": bool,
        "string": str,
        "layer": PATH,
        "file": PATH,
    }
    flag = option.kind == "bool"
    return click.option(
        f"--{option.argument}",
        option.name,
        type=kinds[option.kind],
        default=option.default,
        is_flag=flag,
        show_default=True,
        help=option.tip,
    )


def _value(option: Option, given: Any) -> Any:
    return read_reference(given) if option.kind == "layer" else given
