"""What came of what was said of a photo's colors: the preview, what is likely at a point, what a person should know."""

from __future__ import annotations

from collections.abc import Callable

from huefill_client.color_changes import Change, Listeners
from huefill_client.color_hints import Suggestion
from huefill_client.color_points import ANCHOR, Color
from huefill_client.likely import LikelyColors
from huefill_client.live import Preview
from huefill_client.said import Said
from huefill_client.sentences import Sentence
from huefill_protocol.wire import Tensor


class Answered(Said):
    """``picture`` h w 3 U8 is the preview, ``confidence`` h w U8 the map that says where it is sure (255), ``beyond`` the ids of points
    whose color is not possible at the photo's lightness there, ``message`` what went wrong; each None or empty where there is none."""

    def __init__(self) -> None:
        self._listeners = Listeners()
        super().__init__()

    def _reset(self) -> None:
        super()._reset()
        self.with_confidence = False
        self.message: Sentence | None = None
        self._of_photo: tuple[Sentence, ...] = ()
        self._warned: Sentence | None = None
        self._forget_answers()

    def _forget_answers(self) -> None:
        self.picture: Tensor | None = None
        self.confidence: Tensor | None = None
        self._likely = LikelyColors()
        self._shown_for: tuple[Suggestion, ...] = ()
        self.beyond: frozenset[int] = frozenset()

    def listen(self, call: Callable[[], None], *changes: Change) -> None:
        """Have ``call()`` made after each of ``changes``."""
        self._listeners.add(call, *changes)

    def silence(self) -> None:
        """What has listened is gone: nothing is told any more."""
        self._listeners.clear()

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """The likely colors of the selected point, the likeliest first. They stay until it is moved: choosing one keeps the others."""
        return self._likely.of(self.selected)

    @property
    def warning(self) -> Sentence | None:
        """What a person should know of the likely colors of the selected point, or else of the photo."""
        return next(iter((*self._likely.warnings_of(self.selected), *self._of_photo)), None)

    @property
    def said(self) -> Sentence | None:
        """What is shown beside the picture: what went wrong, or else the `warning`."""
        return self.message or self.warning

    def say(self, sentence: Sentence | None) -> None:
        """Show a sentence, or none."""
        if sentence != self.message:
            self.message = sentence
            self._tell(Change.MESSAGE)

    def color_at(self, x: float, y: float) -> Color | None:
        """The preview's color at a pixel of the canvas; None where it shows none."""
        if self.photo is None or self.picture is None:
            return None
        (height, width), area = self.picture.shape[:2], self.photo.area
        column, row = int((x - area.x + 0.5) * width / area.width), int((y - area.y + 0.5) * height / area.height)
        at = 3 * (min(height - 1, max(0, row)) * width + min(width - 1, max(0, column)))
        red, green, blue = memoryview(self.picture.data).cast("B")[at : at + 3]
        return float(red), float(green), float(blue)

    def _take_picture(self, preview: Preview) -> None:
        self.picture = preview.image
        self.confidence = preview.confidence if self.with_confidence else None
        if preview.palette is not None and preview.palette_at is not None and self.photo is not None:
            place = (preview.palette_at[0] + self.photo.area.x, preview.palette_at[1] + self.photo.area.y)
            self._likely.learn(self.points, place, preview.palette, preview.warnings)
        sent = self._sent()
        anchors = [point for point in sent if point.kind == ANCHOR]
        if len(anchors) == len(preview.anchors):
            self._likely.offer(anchors, preview.anchors)
        self.beyond = frozenset(sent[index].id for index in preview.out_of_gamut if index < len(sent))
        self._shown_for = self.suggestions
        self._tell(Change.PICTURE, Change.SUGGESTIONS)

    def _tell_suggestions(self) -> None:
        """Tell where other colors are likely for the selected point than were told last."""
        if self.suggestions != self._shown_for:
            self._shown_for = self.suggestions
            self._tell(Change.SUGGESTIONS)

    def _tell_warning(self) -> None:
        if self.warning != self._warned:
            self._warned = self.warning
            self._tell(Change.MESSAGE)

    def _tell(self, *changes: Change) -> None:
        self._listeners.tell(*changes)
