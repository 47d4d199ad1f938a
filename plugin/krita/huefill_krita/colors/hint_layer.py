"""The document's hint layer: a paint layer whose dots and strokes are hints. Krita's own undo and file format keep them."""

from __future__ import annotations

from typing import Any

from huefill_client.geometry import Rect
from huefill_client.requests import Point
from huefill_protocol.actions import HINT_LAYER

from .. import document as adapter
from ..pixels import SRGB, Space
from ..qt import QtCore, QtGui

# The layer is looked at through a grid of at most this many cells on a side; a cell that is painted is a point.
_CELLS = 160
_PAINTED = 40
_LARGEST = 16_000_000
_EIGHT_BIT = Space("RGBA", "U8", SRGB)


def find(document: Any) -> Any:
    """The document's hint layer, or None."""
    return next((node for node in document.topLevelNodes() if node.name() == HINT_LAYER and node.type() == "paintlayer"), None)


def make(document: Any, above: Any) -> Any:
    """A new, empty hint layer above the node ``above``, active: one step in the history, asked for by a click."""
    layer = document.createNode(HINT_LAYER, "paintlayer")
    above.parentNode().addChildNode(layer, above)
    return layer


def photo_below(document: Any, node: Any) -> Any:
    """The layer that is meant when ``node`` is active: itself, or under the hint layer and our results the next one."""
    siblings = node.parentNode().childNodes() if node.parentNode() is not None else [node]
    index = siblings.index(node)
    while index > 0 and (siblings[index].name() == HINT_LAYER or adapter.is_result(siblings[index])):
        index -= 1
    return siblings[index]


def read(layer: Any, canvas: Rect) -> list[Point]:
    """What the layer says, as points in pixels of the canvas; an empty layer says nothing."""
    bounds = layer.bounds()
    rect = Rect(bounds.x(), bounds.y(), max(0, bounds.width()), max(0, bounds.height())).clip(canvas)
    if rect.empty or not layer.visible() or rect.width * rect.height > _LARGEST:
        return []
    pixels = bytes(layer.pixelData(rect.x, rect.y, rect.width, rect.height))
    pixels = adapter.converted(pixels, rect, adapter.space_of(layer), _EIGHT_BIT)
    image = QtGui.QImage(pixels, rect.width, rect.height, 4 * rect.width, QtGui.QImage.Format.Format_ARGB32)
    step = max(1, -(-max(rect.width, rect.height) // _CELLS))
    size = QtCore.QSize(-(-rect.width // step), -(-rect.height // step))
    small = image.scaled(size, QtCore.Qt.AspectRatioMode.IgnoreAspectRatio, QtCore.Qt.TransformationMode.SmoothTransformation)
    small = small.convertToFormat(QtGui.QImage.Format.Format_ARGB32)
    across, down = rect.width / size.width(), rect.height / size.height()
    points = []
    for row in range(size.height()):
        for column in range(size.width()):
            value = small.pixel(column, row)
            if (value >> 24) & 255 >= _PAINTED:
                color = ((value >> 16) & 255, (value >> 8) & 255, value & 255)
                x, y = rect.x + (column + 0.5) * across - 0.5, rect.y + (row + 0.5) * down - 0.5
                points.append(Point(x, y, tuple(float(part) for part in color), 0.5 * max(across, down)))
    return points
