"""The actions that run at once, and the names of all in Krita."""

from __future__ import annotations

from huefill_protocol.actions import Action, offered

# By their actions' ids.
COMMANDS = {action.key: action for action in offered("krita") if not action.live}


def action_of(command: Action) -> str:
    """The id of the command's action in Krita."""
    return command.key
