"""The engines there are, and which one a hole gets: the patch engine, and each installed inpainting network under its own name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging.mask import distance_to
from huefill.runtime.devices import choose_device
from huefill.runtime.sessions import Session
from huefill.runtime.store import Card, model_store
from huefill.tasks.inpainting.engines import network
from huefill_protocol.choices import AUTO_ENGINE, PATCH_ENGINE

Mask = npt.NDArray[np.bool_]

ROLE = "inpainting"
AUTO, PATCH = AUTO_ENGINE.value, PATCH_ENGINE.value


@dataclass(frozen=True)
class Engine:
    """``why`` in words; ``card`` and ``session`` of a network, None for the patch engine."""

    name: str
    why: str
    card: Card | None = None
    session: Session | None = None


def names() -> list[str]:
    """What ``engine`` may be: "auto", the installed networks, the best measured first, "patch"."""
    return [AUTO, *(card.name for card in model_store().cards(ROLE)), PATCH]


def require(name: str) -> None:
    """Raise `HuefillError` "unknown_engine" for a name that is not installed."""
    if name not in names():
        raise HuefillError("unknown_engine", f"There is no engine '{name}' on this computer.", f"Choose one of: {', '.join(names())}.")


def choose(wish: str, hole: Mask, device: str) -> Engine:
    """The engine for a hole (H W, at the size the region is worked on), loaded.

    A name is taken as it is: raises `HuefillError` "unknown_engine", or what is wrong with that network. "auto" takes, of the networks
    whose reach suffices, the one with the best measured score; one that cannot be used is passed over, and the reason says so.
    """
    require(wish)
    if wish == PATCH:
        return Engine(PATCH, "chosen by hand")
    if wish != AUTO:
        return _loaded(model_store().card(wish), "chosen by hand", device)
    unusable: list[str] = []
    measured = [card for card in model_store().cards(ROLE) if card.rank > -np.inf]
    for card in measured:
        if not _reaches(card, hole):
            continue
        try:
            return _loaded(card, _also("the best measured of the installed networks that can fill a hole this deep", unusable), device)
        except HuefillError as error:
            if error.code not in ("bad_model", "damaged_model", "missing_model"):
                raise
            unusable.append(f"'{card.name}' cannot be used: {error.message.rstrip('.')}")
    if unusable or not measured:
        return Engine(
            PATCH, _also("no measured network for filling is installed" if not measured else "no other network can be used", unusable)
        )
    depth = max(_depth(card, hole) for card in measured)
    return Engine(PATCH, f"the hole is deeper ({depth:.0f} pixels as a network sees it) than the installed networks can fill")


def _loaded(card: Card, why: str, device: str) -> Engine:
    if card.role != ROLE:
        raise HuefillError("unknown_engine", f"The network '{card.name}' does not fill holes.", f"Choose one of: {', '.join(names())}.")
    network.check(card)
    return Engine(card.name, why, card, model_store().session(card.name, choose_device(device)))


def _reaches(card: Card, hole: Mask) -> bool:
    return card.sizes.reach == 0 or _depth(card, hole) <= card.sizes.reach


def _depth(card: Card, hole: Mask) -> float:
    """Pixels from the rim to the middle of the hole, at the size the network sees."""
    return float(distance_to(~hole).max()) * network.scale(card.sizes, hole.shape)


def _also(why: str, unusable: list[str]) -> str:
    return "; ".join([why, *unusable])
