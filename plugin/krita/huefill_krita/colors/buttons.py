"""A push button with a tip that fits a narrow docker."""

from __future__ import annotations

from collections.abc import Callable

from ..qt import QtWidgets


def button(text: str, name: str, tip: str, act: Callable[[], None]) -> QtWidgets.QPushButton:
    """``name`` is its object's name, by which tests and themes find it."""
    made = QtWidgets.QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setMinimumWidth(30)
    made.clicked.connect(lambda _checked=False: act())
    return made
