"""The row under the picture: closer and whole, before and after, undo of the points."""

from __future__ import annotations

from ..qt import QtCore, QtWidgets
from .buttons import switch, tool
from .picture import Picture
from .picture_keys import HELP
from .studio import Studio


class PictureTools(QtWidgets.QWidget):
    """Buttons that never move; gray where there is nothing to do."""

    def __init__(self, studio: Studio, picture: Picture) -> None:
        super().__init__()
        self._studio, self._picture = studio, picture
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        closer = tool("+", "huefill_zoom_in", "Closer: also by the wheel.", lambda: picture.zoom(1))
        away = tool("−", "huefill_zoom_out", "Further away: also by the wheel.", lambda: picture.zoom(-1))
        whole = tool("Fit", "huefill_zoom_fit", "Whole photo.", lambda: picture.zoom(0))
        full = tool("1:1", "huefill_zoom_full", "Full size: one pixel for one.", picture.full_size)
        before = "Before: the photo as it is, while this is pressed, or B is held over the picture."
        self._before = switch("Before", "huefill_before", before, picture.show_before)
        split = "Split: before on the left of a line that you drag, after on its right."
        self._split = switch("Split", "huefill_split", split, picture.divide)
        self._undo = tool("↶", "huefill_points_undo", "Undo the last change of the points.", lambda: studio.coloring.undo())
        self._redo = tool("↷", "huefill_points_redo", "Redo what was undone.", lambda: studio.coloring.redo())
        self._help = tool("?", "huefill_picture_help", "How to use the picture.", self._tell)
        self._zooms = (closer, away, whole, full)
        for each in (*self._zooms, self._before, self._split, self._undo, self._redo, self._help):
            row.addWidget(each)
        picture.compared.connect(self._show_comparison)
        studio.opened.connect(self._show)
        studio.points_changed.connect(self._show)
        studio.pictured.connect(self._show)
        self._show()

    def _tell(self) -> None:
        QtWidgets.QWhatsThis.showText(self._help.mapToGlobal(QtCore.QPoint(0, 0)), HELP, self._help)

    def _show(self) -> None:
        coloring = self._studio.coloring
        shown = coloring.picture is not None
        for each in (*self._zooms, self._before, self._split):
            each.setEnabled(shown)
        if not shown:
            for switch_ in (self._before, self._split):
                switch_.setChecked(False)
        pointed = coloring.photo is not None and coloring.photo.pointed
        self._undo.setEnabled(pointed and coloring.history.can_undo)
        self._redo.setEnabled(pointed and coloring.history.can_redo)

    def _show_comparison(self) -> None:
        """It may have been changed by a key."""
        self._before.setChecked(self._picture.comparison.whole)
        self._split.setChecked(self._picture.comparison.divided)
