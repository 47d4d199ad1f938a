"""The photos that are being colored in Krita: one for each document, and the one that is shown follows the document that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from huefill_client.color_changes import Change
from huefill_client.coloring import Coloring
from huefill_client.sentences import NOTHING_TO_MATCH
from huefill_protocol.actions import COLORIZE_POINTS, Action
from krita import Krita

from .. import document as adapter
from .. import messages, pixels
from ..controller import controller
from ..qt import QObject, QTimer, Signal
from ..run import Order
from ..turns import in_thread
from . import hint_layer, references
from .open_photo import OpenPhoto

# Of so many documents the pixels are kept, here and in the backend: the one that is shown, and the one before it.
_AWAKE = 2


class Studio(QObject):
    """One for all of Krita's windows. ``opened``: another action, another photo, or none."""

    opened = Signal()
    points_changed = Signal()
    pictured = Signal()
    suggested = Signal()
    sources_changed = Signal()
    proposed = Signal()
    said = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.action = COLORIZE_POINTS
        self._signals = {
            Change.PHOTO: self.opened,
            Change.POINTS: self.points_changed,
            Change.PICTURE: self.pictured,
            Change.SUGGESTIONS: self.suggested,
            Change.SOURCES: self.sources_changed,
            Change.VARIANTS: self.proposed,
            Change.MESSAGE: self.said,
        }
        # The one that was shown last comes first.
        self._photos: list[OpenPhoto] = []
        self._shown = self._none = self._new(None)
        notifier = Krita.instance().notifier()
        notifier.setActive(True)
        # Krita counts the document among the open ones until a moment later.
        notifier.imageClosed.connect(lambda *_: QTimer.singleShot(0, self.follow))

    def _new(self, document: Any) -> OpenPhoto:
        photo = OpenPhoto(document, self)
        photo.changed.connect(partial(self._changed, photo))
        return photo

    def _changed(self, photo: OpenPhoto, change: Change) -> None:
        # A step that is complete is the open photo's own affair: it keeps its points.
        if photo is self._shown and change is not Change.STEP:
            self._signals[change].emit()

    # the photo

    @property
    def coloring(self) -> Coloring:
        """What is said of the photo that is shown; of none, an empty one."""
        return self._shown.coloring

    @property
    def source(self) -> adapter.Source | None:
        return self._shown.source

    @property
    def photo(self) -> OpenPhoto:
        return self._shown

    @property
    def title(self) -> str:
        """What a person calls the photo: its document, and the layer where there are several."""
        document = Krita.instance().activeDocument()
        if document is None:
            return ""
        name = adapter.name_of(document)
        source = self.source
        return name if source is None or len(document.topLevelNodes()) < 2 else f"{name}: {source.name}"

    def follow(self) -> None:
        """Show the document that Krita shows, and forget those that were closed."""
        documents = Krita.instance().documents()
        for photo in [photo for photo in self._photos if photo.document not in documents]:
            self._photos.remove(photo)
            photo.close()
            photo.deleteLater()
            if photo is self._shown:
                self._shown = self._none
        active = Krita.instance().activeDocument()
        self._show(next((photo for photo in self._photos if photo.document == active), self._none))

    def _show(self, photo: OpenPhoto) -> None:
        self._shown = photo
        if photo is not self._none:
            self._photos = [photo, *(other for other in self._photos if other is not photo)]
            if photo.resting:
                photo.wake(self.action)
            for other in self._photos[_AWAKE:]:
                other.rest()
        self._none.coloring.say(None)
        for signal in self._signals.values():
            signal.emit()

    def open(self, action: Action | None = None) -> None:
        """Begin with the photo that is active in Krita; problems are told in the docker."""
        self.action = action or self.action
        self.follow()
        document = Krita.instance().activeDocument()
        if document is None:
            self.coloring.say(messages.NO_DOCUMENT)
            self.opened.emit()
            return
        if self._shown is self._none:
            self._show_new(document)
        self._shown.read(self.action)

    def _show_new(self, document: Any) -> None:
        photo = self._new(document)
        self._photos.insert(0, photo)
        self._show(photo)

    def begin(self, action: Action) -> None:
        """What the menu entry of ``action`` does: open the active photo, or go on with it where it is open already."""
        self.follow()
        if self.source is None:
            self.open(action)
        else:
            self.choose(action)

    def choose(self, action: Action) -> None:
        """Color by the other action, with all that was said of the photo so far."""
        if action is self.action:
            return
        self.action = action
        for photo in self._photos:
            photo.color_by(action)
        self.opened.emit()

    def close(self) -> None:
        """Forget the photo that is shown; its points stay in its document."""
        photo, self._shown = self._shown, self._none
        if photo is not self._none:
            self._photos.remove(photo)
            photo.close()
            photo.deleteLater()
        self._show(self._none)

    def convert(self) -> None:
        """Make a gray document RGB, as the person asked by a click, and color it; one that was converted by hand is colored at once."""
        document = Krita.instance().activeDocument()
        if document is None:
            return
        if document.colorModel() == "GRAYA":
            document.setColorSpace("RGBA", document.colorDepth(), pixels.SRGB)
            document.waitForDone()
        self.open()

    def make_hint_layer(self) -> None:
        """A layer to paint hints on, above the photo."""
        if self.source is not None and hint_layer.find(self.source.document) is None:
            hint_layer.make(self.source.document, self.source.node)

    # a reference

    def refer_to_file(self, path: str) -> None:
        """Take the colors of a picture in a file."""
        photo = self._shown
        photo.do(_referred(photo.coloring, path))

    # applying

    def apply(self) -> None:
        """Put the photo in color into the document that is shown: one layer, one step in the history."""
        self.follow()
        source, coloring = self.source, self.coloring
        if source is None or coloring.photo is None:
            coloring.say(messages.NOT_OPEN)
        elif not coloring.ready:
            coloring.say(NOTHING_TO_MATCH)
        else:
            hints, begin = coloring.hints, coloring.application()
            controller().run(Order(self.action, controller().choices, source=source, window=source.canvas, colors=hints, begin=begin))


def _referred(coloring: Coloring, path: str) -> Iterator[int]:
    reference = yield from in_thread(partial(references.of_file, path))
    coloring.refer(reference)
