"""What the plugin offers in Krita's menus. A new entry is one more here (and in huefill_krita.action)."""

from __future__ import annotations

from huefill_protocol.actions import EXTEND_CANVAS, RECOLOR_SELECTION, REMOVE_OBJECT, Command

# By their actions' ids.
COMMANDS = {f"huefill_{command.name}": command for command in (REMOVE_OBJECT, RECOLOR_SELECTION, EXTEND_CANVAS)}


def action_of(command: Command) -> str:
    """The id of the command's action in Krita."""
    return f"huefill_{command.name}"
