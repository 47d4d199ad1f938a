"""Which networks are installed, as the backend has said it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huefill_protocol.choices import Choice, engines


def engines_of(about: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The engines to offer, given what ``GET /v1/about`` said (docs/protocol.md): also of a backend that named no networks."""
    return engines(installed(about, "inpainting"))


def installed(about: Mapping[str, Any], role: str) -> tuple[Choice, ...]:
    """The installed networks of a role ("inpainting", "hints", "colorizer", "halftone"), the best first."""
    entries = about.get("networks")
    found = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []
    return tuple(
        Choice(str(entry["name"]), str(entry.get("title") or entry["name"]), str(entry.get("about") or "An installed network."))
        for entry in found
        if entry.get("role") == role and "name" in entry
    )
