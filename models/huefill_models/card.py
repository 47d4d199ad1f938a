"""Model cards: ``card.json`` beside a network's file, which the backend's model store reads and checks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def write(network: Path, facts: dict[str, Any]) -> None:
    """Write the card of the file ``network`` beside it: ``facts``, completed by the file's name, size and sha256."""
    data = network.read_bytes()
    card = {**facts, "file": network.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (network.parent / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
