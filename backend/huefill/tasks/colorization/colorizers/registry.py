"""Which colorizers there are: cards of the store, each with the code that its role needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huefill.errors import HuefillError
from huefill.runtime.store import Card, model_store
from huefill.tasks.colorization.colorizers.hints_network import HintsNetwork
from huefill.tasks.colorization.colorizers.protocol import Colorizer

# By a card's role. A new kind of network is one file beside this one and one line here.
_ROLES: dict[str, Callable[[Card, str], Colorizer[Any]]] = {"hints": HintsNetwork}


def cards() -> list[Card]:
    """The installed networks that can color a photo, the best scored first."""
    return [card for card in model_store().cards() if card.role in _ROLES]


def choose(name: str, device: str) -> Colorizer[Any]:
    """The colorizer of this ``name``, or the best one for "auto".

    Raises `HuefillError` "unknown_model" for a name that is no colorizer of the store, "no_model" where there is none at all.
    """
    if name == "auto":
        installed = cards()
        if not installed:
            raise HuefillError("no_model", "There is no network that colors photos on this computer.", "Run the installer again.")
        card = installed[0]
    else:
        card = model_store().card(name)
    if card.role not in _ROLES:
        known = ", ".join(card.name for card in cards())
        raise HuefillError("unknown_model", f"The network '{card.name}' does not color photos.", f"Choose one of: {known}.")
    return _ROLES[card.role](card, device)
