"""Buttons that fit a narrow docker."""

from __future__ import annotations

from collections.abc import Callable

from ..qt import QtWidgets


def button(text: str, name: str, tip: str, act: Callable[[], None]) -> QtWidgets.QPushButton:
    """``name`` is its object's name, by which tests and themes find it."""
    made = QtWidgets.QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setAccessibleDescription(tip)
    made.setMinimumWidth(30)
    made.clicked.connect(lambda _checked=False: act())
    return made


def tool(text: str, name: str, tip: str, act: Callable[[], None]) -> QtWidgets.QToolButton:
    """A small button with a sign on it; ``tip`` is also what is read aloud."""
    made = _tool(text, name, tip)
    made.clicked.connect(lambda _checked=False: act())
    return made


def switch(text: str, name: str, tip: str, act: Callable[[bool], None]) -> QtWidgets.QToolButton:
    """A small button that stays pressed; ``act(pressed)``."""
    made = _tool(text, name, tip)
    made.setCheckable(True)
    made.toggled.connect(act)
    return made


def _tool(text: str, name: str, tip: str) -> QtWidgets.QToolButton:
    made = QtWidgets.QToolButton()
    made.setObjectName(name)
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(tip.split(":")[0].rstrip("."))
    made.setAutoRaise(True)
    made.setMinimumSize(20, 22)
    made.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
    return made
