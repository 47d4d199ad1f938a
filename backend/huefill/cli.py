"""``huefill``: the same tasks from a shell. Each command lies in `huefill.commands` and is loaded when it is called.

An action whose word is not in the list gets a command made from its row in the table of actions.
"""

from __future__ import annotations

import importlib
from typing import Any

import click

from huefill import __version__
from huefill.console import errors_are_sentences, leaving_at_once
from huefill_protocol.actions import ACTIONS, Action

COMMANDS = {
    "remove": "huefill.commands.fill:remove",
    "recolor": "huefill.commands.fill:recolor",
    "extend": "huefill.commands.fill:extend",
    "colorize": "huefill.commands.color:colorize",
    "match": "huefill.commands.color:match",
    "find": "huefill.commands.find:find",
    "palette": "huefill.commands.color:palette",
    "models": "huefill.commands.models:models",
    "serve": "huefill.commands.serve:serve",
}


def _plain() -> dict[str, Action]:
    """The actions without a command of their own, by their words."""
    return {action.command: action for action in ACTIONS if action.command and action.command.split()[0] not in COMMANDS}


class Commands(click.Group):
    """The list above as a group of commands; every error of every command is one sentence and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *_plain()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if action := _plain().get(cmd_name):
            with leaving_at_once():
                from huefill.commands.plain import command_of

                return command_of(action)
        first, _, rest = cmd_name.partition(" ")
        if first not in COMMANDS:
            return None
        module, name = COMMANDS[first].split(":")
        with leaving_at_once():
            command: click.Command = getattr(importlib.import_module(module), name)
        return command.get_command(ctx, rest) if rest and isinstance(command, click.Group) else command

    def main(self, *args: Any, **options: Any) -> Any:
        with errors_are_sentences():
            status = super().main(*args, **{**options, "standalone_mode": False})
            raise SystemExit(status if isinstance(status, int) else 0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="huefill")
def main() -> None:
    """Color and clean removal for photographs, on this computer alone."""


if __name__ == "__main__":
    main()
