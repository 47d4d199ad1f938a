"""The choice of the engine in a dialog: what every Huefill has at once, the installed networks as soon as the backend has named them."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from gi.repository import GLib, Gtk

from huefill_client.networks import engines_of
from huefill_client.session import Session
from huefill_protocol.choices import Choice, engines
from huefill_protocol.errors import BackendError, Cancelled


class EngineBox:
    """``widget`` sets the argument "engine" of ``config``. The backend is started and asked in a thread: it is needed soon anyway."""

    def __init__(self, config: Any, session: Session) -> None:
        self._config = config
        self._box = Gtk.ComboBoxText()
        self.widget = Gtk.Box(spacing=6, margin_top=6, margin_bottom=6)
        self.widget.pack_start(Gtk.Label(label="Engine"), False, False, 0)
        self.widget.pack_start(self._box, True, True, 0)
        self.widget.show_all()
        self._closed = False
        self.widget.connect("destroy", self._close)
        self._handler = self._box.connect("changed", self._chosen)
        self._offer(engines())
        threading.Thread(target=self._ask, args=(session,), name="huefill-engines", daemon=True).start()

    def _ask(self, session: Session) -> None:
        with contextlib.suppress(BackendError, Cancelled):
            session.connect()
            GLib.idle_add(self._offer, engines_of(session.about()))

    def _offer(self, choices: tuple[Choice, ...]) -> bool:
        if self._closed:
            return False
        wanted = self._config.get_property("engine") or choices[0].value
        if wanted not in [choice.value for choice in choices]:
            choices = (*choices, Choice(wanted, wanted, "Not installed, as far as is known."))
        with self._box.handler_block(self._handler):
            self._box.remove_all()
            for choice in choices:
                self._box.append(choice.value, choice.title)
            self._box.set_active_id(wanted)
        self._box.set_tooltip_text("\n".join(f"{choice.title}: {choice.tip}" for choice in choices))
        return False

    def _close(self, _widget: Any) -> None:
        self._closed = True

    def _chosen(self, box: Any) -> None:
        if box.get_active_id():
            self._config.set_property("engine", box.get_active_id())
