"""What the plugin offers in Krita's menus. A new entry is one more here (and in huefill_krita.action)."""

from __future__ import annotations

from huefill_protocol.actions import Action, offered

# By their actions' ids.
COMMANDS = {f"huefill_{action.id}": action for action in offered("krita") if not action.live}


def action_of(command: Action) -> str:
    """The id of the command's action in Krita."""
    return f"huefill_{command.id}"
