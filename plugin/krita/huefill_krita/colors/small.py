"""A photo's pixels as a small picture, made in pieces: a large one would hold Krita up."""

from __future__ import annotations

from collections.abc import Generator

from huefill_protocol.wire import Tensor

from ..qt import Qt, QtCore, QtGui

_LONGEST = 1600
_PIECE = 1 << 20  # pixels that are made small at once


def shrunk(image: Tensor) -> Generator[int, None, QtGui.QImage]:
    """``image`` H W 4 U8 in Krita's order, at most 1600 pixels on the longer side; alpha does not count."""
    height, width = image.shape[:2]
    scale = min(1.0, _LONGEST / max(height, width))
    across, down = max(1, round(scale * width)), max(1, round(scale * height))
    picture = QtGui.QImage(across, down, QtGui.QImage.Format.Format_RGB32)
    pixels, step = memoryview(image.data).cast("B"), max(1, round(_PIECE / width * down / height))
    for top in range(0, down, step):
        bottom = min(down, top + step)
        first, last = top * height // down, max(top * height // down + 1, bottom * height // down)
        piece = QtGui.QImage(pixels[4 * width * first : 4 * width * last], width, last - first, 4 * width, picture.format())
        ratio, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        painter = QtGui.QPainter(picture)
        painter.drawImage(QtCore.QPoint(0, top), piece.scaled(across, bottom - top, ratio, smooth))
        painter.end()
        yield 0
    return picture
