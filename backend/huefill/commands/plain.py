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


def command_of(action: Action) -> click.Command:
    """``huefill WORD PHOTO -o RESULT``, also for a folder of photos."""
    sent = [option for option in action.options if option.sent]

    def run(mask: Path | None = None, points: Path | None = None, **options: Any) -> None:
        image, output, layer, as_json, device = (options.pop(name) for name in ("image", "output", "layer", "as_json", "device"))
        companions = [masks(mask)] if action.on_selection else []
        companions += [Companion("points", points, lambda path, photo: read_points(path), (".json",))] if "points" in action.hints else []
        pictures = tuple(options[option.name] for option in sent if option.kind == "layer" and options[option.name] is not None)
        with errors_are_sentences():
            values = {option.name: _value(option, options[option.name]) for option in sent if options[option.name] is not None}
            run_job(Job(action.task, device, values, tuple(companions), pictures), image, output, layer, as_json)

    shared = [OUTPUTS, *([MASK] if action.on_selection else []), *([POINTS] if "points" in action.hints else []), DEVICE, JSON]
    return click.command(action.command, help=action.details)(together(*shared, *(_option(option) for option in sent))(run))


def _option(option: Option) -> Any:
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
