"""How a point looks on a picture, in the docker as on the canvas."""

from __future__ import annotations

from huefill_client.color_points import ANCHOR, ColorPoint
from huefill_client.coloring import Coloring

from ..qt import Qt, QtCore, QtGui

_GRAB = 9.0
_RING = 7.0
_DIAMOND = 8.5


def draw(painter: QtGui.QPainter, point: ColorPoint, centre: QtCore.QPointF, coloring: Coloring, scale: float) -> None:
    """A disk of its color in a black and a white ring, a diamond for an anchor; of the selected one also how far it reaches (``scale``:
    screen pixels a pixel)."""
    chosen = point == coloring.selected
    if chosen and point.radius * scale > _RING + 2:
        painter.setPen(QtGui.QPen(QtGui.QColor("white"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, point.radius * scale, point.radius * scale)
    painter.setPen(QtGui.QPen(QtGui.QColor("black"), 4 if chosen else 2))
    painter.setBrush(QtGui.QColor(*(round(value) for value in point.rgb)))
    shape = _shape(point, centre)
    painter.drawPath(shape)
    painter.setPen(QtGui.QPen(QtGui.QColor("white"), 2 if chosen else 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shape)
    if point.id in coloring.beyond:
        painter.drawText(centre + QtCore.QPointF(9, -5), "!")


def _shape(point: ColorPoint, centre: QtCore.QPointF) -> QtGui.QPainterPath:
    path = QtGui.QPainterPath()
    if point.kind == ANCHOR:
        path.addPolygon(QtGui.QPolygonF([centre + _DIAMOND * QtCore.QPointF(x, y) for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0))]))
        path.closeSubpath()
    else:
        path.addEllipse(centre, _RING, _RING)
    return path


def near(place: QtCore.QPointF, centre: QtCore.QPointF) -> bool:
    """Whether a hand at ``place`` means the point that is drawn at ``centre``."""
    away = place - centre
    return away.x() ** 2 + away.y() ** 2 <= _GRAB**2
