"""Buttons of the color dialogs: what they are called, what they say, what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk


def button(text: str, tip: str, act: Callable[[], Any]) -> Any:
    """``text`` has "_" before the letter that presses it with Alt."""
    made = Gtk.Button.new_with_mnemonic(text)
    made.set_tooltip_text(tip)
    made.connect("clicked", lambda _: act())
    return made


def switch(text: str, tip: str, act: Callable[[bool], Any]) -> Any:
    """A button that stays pressed; ``act(pressed)``."""
    made = Gtk.ToggleButton.new_with_mnemonic(text)
    made.set_tooltip_text(tip)
    made.connect("toggled", lambda pressed: act(pressed.get_active()))
    return made
