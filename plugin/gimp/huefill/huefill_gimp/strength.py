"""How strong all colors are: a slider in percent, with a way back to 100."""

from __future__ import annotations

from typing import Any

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk

from huefill_protocol.choices import MOST_STRENGTH

from .buttons import button

_STEP = 5


class Strength:
    """Sets the argument "strength" of ``config``, and shows what else has set it."""

    def __init__(self, config: Any) -> None:
        self._config = config
        tip = "All colors of the picture weaker or stronger: 0 % is gray, at 100 % the colors of points are exact."
        self._scale = Gtk.Scale.new_with_range(Gtk.Orientation.HORIZONTAL, 0, 100 * MOST_STRENGTH, _STEP)
        self._scale.set_value_pos(Gtk.PositionType.RIGHT)
        self._scale.add_mark(100, Gtk.PositionType.BOTTOM, None)
        self._scale.set_tooltip_text(tip)
        self._scale.connect("format-value", lambda _, value: f"{value:.0f} %")
        label = Gtk.Label.new_with_mnemonic("S_trength of all colors")
        label.set_mnemonic_widget(self._scale)
        self._reset = button("Reset", "100 %: the colors as they are.", lambda: self._scale.set_value(100))
        self.widget = Gtk.Box(spacing=6, margin_start=6, margin_end=6)
        self.widget.pack_start(label, False, False, 0)
        self.widget.pack_start(self._scale, True, True, 0)
        self.widget.pack_start(self._reset, False, False, 0)
        self.widget.show_all()
        self._show()
        self._scale.connect("value-changed", self._moved)
        self._handler = config.connect("notify::strength", lambda *_: self._show())

    def close(self) -> None:
        """The dialog goes."""
        self._config.disconnect(self._handler)

    def _moved(self, scale: Any) -> None:
        if abs(scale.get_value() - self._percent) > 0.5:
            self._config.set_property("strength", scale.get_value() / 100)

    def _show(self) -> None:
        if abs(self._scale.get_value() - self._percent) > 0.5:
            self._scale.set_value(self._percent)
        self._reset.set_sensitive(abs(self._percent - 100) > 0.5)

    @property
    def _percent(self) -> float:
        return 100 * float(self._config.get_property("strength"))
