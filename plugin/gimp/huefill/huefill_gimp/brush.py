"""Remove by Brush: what is to go is painted on a layer of its own, or in the quick mask, and goes with the next call."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gi.repository import Gegl, Gimp, GLib

from huefill_client import painting, sentences
from huefill_client.geometry import Rect
from huefill_client.jobs import JobResult
from huefill_client.recipes import Names
from huefill_client.sentences import Problem
from huefill_protocol.actions import BRUSH_LAYER
from huefill_protocol.wire import Tensor

from . import filling, layers
from .photo import Placing, pixels_of, place, type_with_alpha

_QUICK_MASK = "Qmask"
_OPACITY = 50.0
_RED = "#ff0000"
# On the layer: the photo on which the person was when it was made.
_PHOTO = "huefill-brush-photo"
_STRIP = 1_000_000  # pixels that are looked at at once


@dataclass
class Order(filling.Order):
    """A call: without a ``sheet`` it makes one, with one it removes what is painted on it."""

    sheet: Sheet | None = None

    def run(self) -> Any:
        """The layer to paint on, or the result; with nothing painted the layer goes, and the photo is returned."""
        if self.sheet is None:
            return begin(self.photo.image, self.photo.layer)
        if self.sheet.painted().empty:
            return self.sheet.end(self.photo.layer)
        return super().run()

    def _hole(self) -> Rect:
        assert self.sheet is not None
        bounds = self.sheet.painted().clip(self.photo.area)
        if bounds.empty:
            raise Problem(sentences.selection_outside(self.photo.layer.get_name()))
        return bounds

    def _mask(self, window: Rect) -> Tensor:
        assert self.sheet is not None
        return Tensor("U8", (window.height, window.width), self.sheet.mask(window))

    def _placed(self, result: JobResult, names: Names) -> Any:
        assert self.sheet is not None
        on = self.config.get_property("paint-on")
        whole = place(self.photo, result, Placing(names, also=self.sheet.renew if on else self.sheet.take_away))
        if on:
            self.sheet.select()
        return whole


class Sheet:
    """What is painted on in ``image``."""

    def __init__(self, image: Any, drawable: Any) -> None:
        self.image, self.drawable = image, drawable

    def photo_layer(self) -> Any:
        """The layer from which something is to be removed."""
        raise NotImplementedError

    def mask(self, rect: Rect) -> bytes:
        """The hole in ``rect``, H W bytes."""
        raise NotImplementedError

    def take_away(self) -> None:
        raise NotImplementedError

    def renew(self) -> None:
        """Nothing is painted any more, and painting goes on."""
        raise NotImplementedError

    def select(self) -> None:
        """It is what the person paints on."""

    def end(self, photo: Any) -> Any:
        """Nothing is painted: take it away, and go back to ``photo``."""
        raise NotImplementedError

    def painted(self) -> Rect:
        """Where something is painted in the image."""
        width, height = self.image.get_width(), self.image.get_height()
        rows = max(1, _STRIP // width)
        found = Rect(0, 0, 0, 0)
        for top in range(0, height, rows):
            strip = Rect(0, top, width, min(rows, height - top))
            bounds = painting.bounds_of(self._raw(strip), width)
            if not bounds.empty:
                bounds = bounds.moved(0, top)
                found = bounds if found.empty else found.around(bounds)
        return found

    def _raw(self, rect: Rect) -> bytes:
        raise NotImplementedError


class PaintLayer(Sheet):
    """A layer above all others; whatever covers it, in any color, is to go."""

    def photo_layer(self) -> Any:
        kept = self.drawable.get_parasite(_PHOTO)
        text = bytes(kept.get_data()).decode("ascii", "ignore") if kept is not None else ""
        named = self.image.get_layer_by_tattoo(int(text)) if text.isdigit() else None
        return named or layers.photo_of(self.image, self.drawable)

    def mask(self, rect: Rect) -> bytes:
        return painting.mask_of(self._raw(rect))

    def take_away(self) -> None:
        self.image.remove_layer(self.drawable)

    def renew(self) -> None:
        photo = self.photo_layer()
        self.take_away()
        self.drawable = _insert(self.image, photo)

    def select(self) -> None:
        self.image.set_selected_layers([self.drawable])
        Gimp.displays_flush()

    def end(self, photo: Any) -> Any:
        self.image.undo_group_start()
        try:
            self.take_away()
            self.image.set_selected_layers([photo])
        finally:
            self.image.undo_group_end()
        Gimp.displays_flush()
        return photo

    def _raw(self, rect: Rect) -> bytes:
        return painting.coverage(pixels_of(self.drawable, rect, "R'G'B'A u8"))


class QuickMask(Sheet):
    """GIMP's own: what is clear in it is selected, and that is to go."""

    def photo_layer(self) -> Any:
        chosen = self.image.get_selected_layers()
        if len(chosen) == 1:
            return chosen[0]
        seen = [layer for layer in self.image.get_layers() if layer.get_visible()] or self.image.get_layers()
        return layers.photo_of(self.image, seen[0])

    def mask(self, rect: Rect) -> bytes:
        return self._raw(rect)

    def take_away(self) -> None:
        # GIMP knows by its channel that the quick mask is on.
        self.image.remove_channel(self.drawable)

    def renew(self) -> None:
        Gimp.context_push()
        Gimp.context_set_foreground(Gegl.Color.new("black"))
        self.drawable.edit_fill(Gimp.FillType.FOREGROUND)
        Gimp.context_pop()

    def select(self) -> None:
        self.image.set_selected_channels([self.drawable])
        Gimp.displays_flush()

    def end(self, photo: Any) -> Any:
        raise Problem(sentences.NOTHING_PAINTED)

    def _raw(self, rect: Rect) -> bytes:
        return pixels_of(self.drawable, rect, "Y u8")


def sheet_of(image: Any) -> Sheet | None:
    """What is painted on in ``image``, or None."""
    mask = image.get_channel_by_name(_QUICK_MASK)
    if mask is not None:
        return QuickMask(image, mask)
    layer = next((layer for layer in layers.every(image.get_layers()) if layer.get_name() == BRUSH_LAYER), None)
    return None if layer is None else PaintLayer(image, layer)


def begin(image: Any, photo: Any) -> Any:
    """A layer to paint on, above all others and chosen; one undo step."""
    image.undo_group_start()
    try:
        layer = _insert(image, photo)
        image.set_selected_layers([layer])
    finally:
        image.undo_group_end()
    Gimp.displays_flush()
    return layer


def _insert(image: Any, photo: Any) -> Any:
    size = image.get_width(), image.get_height()
    layer = Gimp.Layer.new(image, BRUSH_LAYER, *size, type_with_alpha(image), _OPACITY, Gimp.LayerMode.NORMAL)
    data = str(photo.get_tattoo()).encode("ascii")
    image.insert_layer(layer, None, 0)
    layer.attach_parasite(Gimp.Parasite.new(_PHOTO, Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE, data))
    with _nothing_selected(image):
        _show_red(layer)
    return layer


def _show_red(layer: Any) -> None:
    """Whatever color is painted with, red is seen; where GIMP cannot show that, the color itself is."""
    with contextlib.suppress(GLib.Error, AttributeError, TypeError):
        red = Gimp.DrawableFilter.new(layer, "gegl:color-overlay", "Huefill")
        red.get_config().set_property("value", Gegl.Color.new(_RED))
        red.update()
        layer.append_filter(red)


@contextlib.contextmanager
def _nothing_selected(image: Any) -> Iterator[None]:
    """For the while; a filter would work in what is selected alone."""
    kept = None if Gimp.Selection.is_empty(image) else Gimp.Selection.save(image)
    if kept is not None:
        Gimp.Selection.none(image)
    try:
        yield
    finally:
        if kept is not None:
            image.select_item(Gimp.ChannelOps.REPLACE, kept)
            image.remove_channel(kept)
