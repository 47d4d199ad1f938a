"""The tab Color: the photo in color, suggestions for it, points and colors for them, saturation, a reference, Apply."""

from __future__ import annotations

from huefill_client.next_step import next_step
from huefill_protocol.actions import offered

from ..panels.labels import OneLine, Wrapped
from ..qt import Qt, QtWidgets
from .buttons import button
from .palette import PalettePanel
from .picture import Picture
from .picture_tools import PictureTools
from .point_list import PointList
from .strength import Strength
from .studio import Studio
from .under_picture import UnderPicture
from .whole_picture import WholePicture

_ACTIONS = tuple(action for action in offered("krita") if action.live)
_SHORTEST = 112


class ColorTab(QtWidgets.QWidget):
    """The picture takes what height there is; what is needed now and then is folded under More."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setObjectName("huefill_colors")
        self._studio = studio
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(2)
        picture = Picture(studio)
        self._pages = QtWidgets.QStackedWidget()
        self._pages.setMinimumHeight(_SHORTEST)
        self._pages.addWidget(picture)
        self._pages.addWidget(_Invitation(studio))
        column.addWidget(_Head(studio))
        column.addWidget(self._pages, 1)
        column.addWidget(PictureTools(studio, picture))
        column.addWidget(UnderPicture(studio, picture))
        column.addWidget(Strength(studio))
        column.addWidget(_Foot(studio))
        column.addWidget(_More(studio))
        studio.opened.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._pages.setCurrentIndex(0 if self._studio.source is not None else 1)


class _Foot(QtWidgets.QWidget):
    """What is to be said of the colors; where there is nothing, what can be done next, and else which photo it is."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._said = OneLine(faint=True)
        self._said.setObjectName("huefill_colors_said")
        self._name = OneLine(faint=True, elide=Qt.TextElideMode.ElideMiddle)
        self._name.setObjectName("huefill_colors_photo")
        self._next = OneLine(faint=True)
        self._next.setObjectName("huefill_colors_next")
        for each in (self._said, self._next, self._name):
            row.addWidget(each)
        for signal in (
            studio.opened,
            studio.sources_changed,
            studio.said,
            studio.proposed,
            studio.points_changed,
            studio.pictured,
        ):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        coloring, title = self._studio.coloring, self._studio.title
        # Without a photo, the invitation in the picture's place says it.
        said = "" if coloring.said is None or coloring.photo is None else coloring.said.text
        texts = ((self._said, said), (self._next, next_step(coloring)), (self._name, title))
        shown = next((label for label, text in texts if text), self._name)
        for label, text in texts:
            label.setText(text)
            label.setToolTip(text)
            label.setVisible(label is shown)


class _Head(QtWidgets.QWidget):
    """Which action, and Apply."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 2)
        row.setSpacing(4)
        self._action = QtWidgets.QComboBox()
        self._action.setObjectName("huefill_colors_action")
        self._action.setAccessibleName("What to do")
        self._action.setMinimumContentsLength(8)
        self._action.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for action in _ACTIONS:
            self._action.addItem(action.title)
            self._action.setItemData(self._action.count() - 1, action.tip, Qt.ItemDataRole.ToolTipRole)
        self._action.activated.connect(lambda index: studio.choose(_ACTIONS[index]))
        self._apply = button("A&pply", "huefill_colors_apply", "Add the colors as one layer, one undo step.", studio.apply)
        row.addWidget(self._action, 1)
        row.addWidget(self._apply)
        studio.opened.connect(self._show)
        studio.sources_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._action.setCurrentIndex(_ACTIONS.index(self._studio.action))
        self._apply.setEnabled(self._studio.coloring.ready)


class _Invitation(QtWidgets.QWidget):
    """Stands in the picture's place while the document that is shown is not being colored."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        column = QtWidgets.QVBoxLayout(self)
        self._words = Wrapped()
        self._words.setObjectName("huefill_colors_message")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tip = "Begin with the photo that is shown. Nothing in it is changed."
        self._open = button("&Color This Photo", "huefill_colors_open", tip, studio.open)
        tip = "One step in Krita's own history."
        self._convert = button("Con&vert the Document to RGB", "huefill_colors_convert", tip, studio.convert)
        column.addStretch(1)
        for each in (self._words, self._convert, self._open):
            column.addWidget(each)
        column.addStretch(1)
        for signal in (studio.opened, studio.said):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        sentence, title = self._studio.coloring.message, self._studio.title
        nothing = f"{title} is not being colored yet." if title else "No photo is open."
        self._words.setText(nothing if sentence is None else sentence.text)
        gray = sentence is not None and sentence.code == "gray_document"
        self._convert.setVisible(gray)
        # It would say the same again.
        self._open.setVisible(not gray)
        self._open.setEnabled(bool(title))


class _More(QtWidgets.QWidget):
    """What is needed now and then, folded away until it is asked for."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._fold = QtWidgets.QToolButton()
        self._fold.setObjectName("huefill_more")
        self._fold.setToolTip("Show or hide what is needed now and then.")
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.setAutoRaise(True)
        self._fold.setCheckable(True)
        self._fold.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self._fold.toggled.connect(self._toggled)
        column.addWidget(self._fold)
        self._of_points = (PalettePanel(studio), PointList(studio))
        read = "Read the photo again, as it is now. Points, reference and saturation stay."
        self._again = button("Read the Photo A&gain", "huefill_colors_again", read, studio.open)
        self._parts = (*self._of_points, WholePicture(studio), self._again)
        self._by_itself = False
        for part in self._parts:
            column.addWidget(part)
        studio.opened.connect(self._unfold)
        self._show()

    def _unfold(self) -> None:
        """By itself where what is needed first is in it, and back again afterwards; a person's own choice stays."""
        coloring = self._studio.coloring
        needed = coloring.photo is not None and not coloring.photo.pointed
        if needed and not coloring.ready and not self._fold.isChecked():
            self._fold.setChecked(True)
            self._by_itself = True
        elif self._by_itself and not needed:
            self._fold.setChecked(False)
        self._show()

    def _toggled(self, _open: bool) -> None:
        self._by_itself = False
        self._show()

    def _show(self) -> None:
        unfolded = self._fold.isChecked()
        self._fold.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        pointed = "points" in self._studio.action.hints
        self._fold.setText("&More: points, reference, saturation" if pointed else "&More: reference, saturation")
        for part in self._parts:
            part.setVisible(unfolded and (pointed or part not in self._of_points))
        self._again.setEnabled(self._studio.source is not None)
