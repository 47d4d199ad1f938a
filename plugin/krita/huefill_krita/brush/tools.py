"""What a person holds in the hand: color, tool and eraser; made ready for painting, and afterwards as they were."""

from __future__ import annotations

from typing import Any

from krita import Krita, ManagedColor

from ..pixels import SRGB
from ..qt import QtWidgets

_RED = [0.0, 0.0, 1.0, 1.0]  # blue, green, red, alpha
_BRUSH = "KritaShape/KisToolBrush"
# Tools that put color on a layer with the foreground color.
_PAINTING = {
    _BRUSH,
    *(f"KritaShape/KisTool{name}" for name in ("Line", "Rectangle", "Ellipse", "Dyna", "MultiBrush")),
    *(f"KisTool{name}" for name in ("Path", "Pencil", "Polygon", "Polyline", "EncloseAndFill")),
    "KritaFill/KisToolFill",
}
# Looking closer is no wish for another tool.
_LOOKING = {"ZoomTool", "PanTool"}


class Tools:
    """`take` makes ready, `give_back` restores what a person has not changed meanwhile."""

    def __init__(self) -> None:
        self._color: Any = None
        self._tool = ""
        self._erased = False

    def take(self) -> None:
        """The foreground color becomes red, a tool that paints is chosen, the eraser is put away."""
        view = _view()
        if view is None or self._color is not None:
            return
        self._color = view.foregroundColor()
        view.setForeGroundColor(_red())
        self._erased = _is_erasing()
        if self._erased:
            _toggle_eraser()
        tool = _chosen_tool()
        self._tool = "" if tool in _PAINTING or tool in _LOOKING else tool
        if self._tool:
            _trigger(_BRUSH)

    @property
    def are_taken(self) -> bool:
        return self._color is not None

    def give_back(self) -> None:
        """To the view that is shown; while there is none, everything stays to be given back."""
        color, view = self._color, _view()
        if color is None or view is None:
            return
        self._color = None
        if _is_red(view.foregroundColor()):
            view.setForeGroundColor(color)
        if self._erased and not _is_erasing():
            _toggle_eraser()
        if self._tool and _chosen_tool() == _BRUSH:
            _trigger(self._tool)


def _view() -> Any:
    window = Krita.instance().activeWindow()
    view = window.activeView() if window is not None else None
    return view if view is not None and view.document() is not None else None


def _red() -> Any:
    color: Any = ManagedColor("RGBA", "U8", SRGB)  # type: ignore[call-arg]
    color.setComponents(_RED)
    return color


def _is_red(color: Any) -> bool:
    parts = color.components()
    return color.colorModel() == "RGBA" and all(abs(part - red) < 0.01 for part, red in zip(parts, _RED, strict=False))


def _is_erasing() -> bool:
    action = Krita.instance().action("erase_action")
    return action is not None and action.isChecked()


def _toggle_eraser() -> None:
    _trigger("erase_action")


def _chosen_tool() -> str:
    """Krita tells a plugin which tool is chosen only by the button that is pressed."""
    window = Krita.instance().activeWindow()
    box = window.qwindow().findChild(QtWidgets.QWidget, "ToolBox") if window is not None else None
    buttons = box.findChildren(QtWidgets.QToolButton) if box is not None else []
    return next((button.objectName() for button in buttons if button.isChecked() and button.objectName()), "")


def _trigger(name: str) -> None:
    action: Any = Krita.instance().action(name)
    if action is not None:
        action.trigger()
