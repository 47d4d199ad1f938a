"""The row under the picture: likely colors of the selected point, or else suggestions for the whole picture."""

from __future__ import annotations

from huefill_client.coloring import VARIANTS
from huefill_client.sentences import NO_ANCHORS, Sentence

from ..panels.labels import Wrapped
from ..qt import QtGui, QtWidgets
from .buttons import button, tool
from .likely import LikelyColors
from .picture import Picture
from .studio import Studio
from .variants import Variants

# In pixels: of the row, and how much of the docker's width that is where there is more.
_LEAST, _MOST, _SHARE = 34, 64, 0.12
_COMING = Sentence("proposing", "Suggestions are being made…")


class UnderPicture(QtWidgets.QStackedWidget):
    """As high as the docker's width allows, whatever is in it, so that nothing moves."""

    def __init__(self, studio: Studio, picture: Picture) -> None:
        super().__init__()
        self._studio = studio
        self.setFixedHeight(_LEAST)
        self._colors = QtWidgets.QWidget()
        row = QtWidgets.QHBoxLayout(self._colors)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        back = "Back to the suggestions for the whole picture; also by Escape over the picture."
        self._back = tool("‹", "huefill_back_to_variants", back, lambda: studio.coloring.select(None))
        self._back.setSizePolicy(QtWidgets.QSizePolicy.Policy.Fixed, QtWidgets.QSizePolicy.Policy.Expanding)
        row.addWidget(self._back)
        row.addWidget(LikelyColors(studio), 1)
        self._variants = Variants(studio, picture)
        self._said = Wrapped(faint=True)
        self._said.setObjectName("huefill_variants_said")
        tip = "Show the photo in several different colors to choose from. Your points stay."
        self._ask = button("&Suggest Colors", "huefill_suggest", tip, lambda: studio.coloring.propose(VARIANTS))
        for page in (self._colors, self._variants, self._said, self._ask):
            self.addWidget(page)
        for signal in (studio.opened, studio.proposed, studio.points_changed):
            signal.connect(self._show)
        self._show()

    def hasHeightForWidth(self) -> bool:
        """Its words would have the whole tab laid out by their width, and it is of one height."""
        return False

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(round(min(_MOST, max(_LEAST, _SHARE * self._room))))

    @property
    def _room(self) -> int:
        """The docker's width: unlike the row's own it does not change when a scroll bar comes or goes."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QtWidgets.QScrollArea):
            around = around.parentWidget()
        return self.width() if around is None else around.width()

    def _show(self) -> None:
        coloring = self._studio.coloring
        offers = "variants" in self._studio.action.hints
        # Where points do not count, the picture has the room.
        self.setVisible("points" in self._studio.action.hints)
        self._back.setVisible(offers and bool(coloring.variants))
        self.setCurrentWidget(self._page() if offers and coloring.photo is not None else self._colors)

    def _page(self) -> QtWidgets.QWidget:
        coloring = self._studio.coloring
        if coloring.selected is not None:
            return self._colors
        if coloring.proposing:
            return self._say(_COMING)
        if not coloring.can_propose:
            return self._say(NO_ANCHORS)
        return self._variants if coloring.variants else self._ask

    def _say(self, sentence: Sentence) -> QtWidgets.QWidget:
        self._said.setText(sentence.message)
        self._said.setToolTip(sentence.text)
        return self._said
