"""Which colorizers there are: cards of the store, each with the code that its role needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huefill.errors import HuefillError
from huefill.runtime.store import Card, model_store
from huefill.tasks.colorization.colorizers.anchors_network import AnchorsNetwork
from huefill.tasks.colorization.colorizers.hints_network import HintsNetwork
from huefill.tasks.colorization.colorizers.protocol import Colorizer
from huefill_protocol.choices import ANCHORS, HINTS

# By a card's role. A new kind of network is one file beside this one and one line here.
_ROLES: dict[str, Callable[[Card, str], Colorizer[Any]]] = {"hints": HintsNetwork, "anchors": AnchorsNetwork}
# The role of the networks that color by a method of `huefill_protocol.choices.METHODS`.
_METHODS = {HINTS: "hints", ANCHORS: "anchors"}


def cards(method: str = "auto") -> list[Card]:
    """The installed networks that can color a photo by this method, the best scored first."""
    roles = [role for name, role in _METHODS.items() if method in ("auto", name)]
    return [card for card in model_store().cards() if card.role in roles]


def methods() -> list[str]:
    """The methods for which a network is installed."""
    return [method for method in _METHODS if cards(method)]


def choose(name: str, device: str, method: str = "auto") -> Colorizer[Any]:
    """The colorizer of this ``name`` and ``method``, or the best scored one where these are "auto".

    Raises `HuefillError` "unknown_model" for a name that is no colorizer of the store or one of another method, "no_model" where there is
    none at all.
    """
    if name == "auto":
        installed = cards(method)
        if not installed:
            what = {HINTS: "colors by points", ANCHORS: "colors by anchors"}.get(method, "colors photos")
            others = f"Choose another method: {', '.join(methods())}." if methods() else "Run the installer again."
            raise HuefillError("no_model", f"There is no network that {what} on this computer.", others)
        card = installed[0]
    else:
        card = model_store().card(name)
    if card.role not in _ROLES:
        known = ", ".join(card.name for card in cards())
        raise HuefillError("unknown_model", f"The network '{card.name}' does not color photos.", f"Choose one of: {known}.")
    if method != "auto" and card.role != _METHODS[method]:
        known = ", ".join(card.name for card in cards(method)) or "auto"
        raise HuefillError("unknown_model", f"The network '{card.name}' does not color by {method}.", f"Choose one of: {known}.")
    return _ROLES[card.role](card, device)
