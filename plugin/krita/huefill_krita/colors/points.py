"""The docker's color points, and how a document keeps them: in an annotation, which the .kra saves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from huefill_client.requests import Point

from ..qt import QtCore

ANNOTATION = "huefill-points"


@dataclass(frozen=True)
class Points:
    """The docker's points, and which one is selected (-1: none)."""

    points: tuple[Point, ...] = ()
    selected: int = -1


def keep_in(document: Any, points: Sequence[Point]) -> None:
    """Write the points into the document, in place of what it kept before."""
    text = json.dumps([asdict(point) for point in points]).encode()
    document.setAnnotation(ANNOTATION, "Huefill's color points", QtCore.QByteArray(text))


def kept_in(document: Any) -> tuple[Point, ...]:
    """The points that the document has kept; none where what it has cannot be read."""
    try:
        items = json.loads(bytes(document.annotation(ANNOTATION)).decode() or "[]")
        return tuple(Point(float(i["x"]), float(i["y"]), tuple(float(v) for v in i["rgb"]), float(i["radius"])) for i in items)
    except (ValueError, TypeError, KeyError):
        return ()
