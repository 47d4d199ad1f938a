"""Qt in one place: the binding that this Krita uses (PyQt5 up to Krita 5, PyQt6 from Krita 6 on).

Import Qt from here alone, and write enumerations in full (``Qt.AlignmentFlag.AlignLeft``): both bindings know that form.
"""

from __future__ import annotations

import importlib.util
import sys


def _binding() -> str:
    # Krita's own Python module has loaded one of the two by now; a machine may well have both installed.
    for name in ("PyQt6", "PyQt5"):
        if f"{name}.QtCore" in sys.modules:
            return name
    return "PyQt5" if importlib.util.find_spec("PyQt5") else "PyQt6"


BINDING = _binding()

if BINDING == "PyQt6":
    from PyQt6 import QtCore, QtGui, QtWidgets
else:
    from PyQt5 import QtCore, QtGui, QtWidgets  # type: ignore[no-redef]

Qt = QtCore.Qt
QObject = QtCore.QObject
QThread = QtCore.QThread
QTimer = QtCore.QTimer
Signal = QtCore.pyqtSignal

__all__ = ["BINDING", "QObject", "QThread", "QTimer", "Qt", "QtCore", "QtGui", "QtWidgets", "Signal"]
