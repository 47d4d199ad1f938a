"""The image as buffers: what is read before a job, and how its result becomes layers in one undo step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gi.repository import Gegl, Gimp

from huefill_client import sentences
from huefill_client.geometry import Rect
from huefill_client.jobs import JobResult, ResultLayer
from huefill_client.recipes import Names
from huefill_client.sentences import Problem
from huefill_protocol.choices import SAMPLE_ALL, SAMPLE_RESULTS
from huefill_protocol.wire import Tensor

from . import layers, messages, scratch
from .exchange import Exchange, exchange_of, is_indexed
from .thumbnails import small, thinned


@dataclass(frozen=True)
class Photo:
    """The layer a job works on, as it was when the job began. Rectangles are in the image's pixels.

    ``bounds`` are the layer's. ``above`` are the results that are read with it, the lowest first; ``everything`` whether all that is seen
    is read instead.
    """

    image: Any
    layer: Any
    exchange: Exchange
    canvas: Rect
    bounds: Rect
    above: tuple[Any, ...] = ()
    everything: bool = False

    def sampled(self, sample: str, *, with_colors: bool = True) -> Photo:
        """The same photo, to be read as ``sample`` says (`choices.SAMPLES`).

        Of the results above it, those that are colors alone are left out where not ``with_colors``: who colors wants the photo beneath.
        """
        results = layers.results_above(self.image, self.layer) if sample == SAMPLE_RESULTS else ()
        above = tuple(one for one in results if one.get_visible() and (with_colors or not layers.is_color_result(one)))
        return replace(self, above=above, everything=sample == SAMPLE_ALL)

    @property
    def area(self) -> Rect:
        """Where there is something to read."""
        if self.everything:
            return self.canvas
        area = self.bounds
        for layer in self.above:
            area = area.around(bounds_of(layer))
        return area

    @property
    def transparent(self) -> bool:
        """Whether what is read may be transparent somewhere in its `area`."""
        return bool(self.everything or self.layer.has_alpha() or self.area != self.bounds)

    def read(self, rect: Rect, alpha: bool) -> Tensor:
        """The pixels in ``rect``; transparent beyond what there is to read. Without ``alpha`` their transparency is left out."""
        name = self.exchange.name(alpha)
        if self.everything:
            data = scratch.all_visible(self.image, rect, name)
        elif self.above:
            data = scratch.composited(self.image, (self.layer, *self.above), rect, name)
        else:
            data = pixels_of(self.layer, rect, name)
        return Tensor(self.exchange.dtype, (rect.height, rect.width, self.exchange.colors + alpha), data)

    def small(self, longest: int) -> Tensor:
        """The layer's part of what is read as R, G, B, A in sRGB bytes, every n-th pixel of it: at most ``longest`` on a side."""
        if not self.above:
            return small(self.layer, longest)
        pixels = scratch.composited(self.image, (self.layer, *self.above), self.bounds, "R'G'B'A u8")
        return thinned(pixels, self.bounds.width, self.bounds.height, longest)

    def read_selection(self, rect: Rect) -> Tensor:
        """The selection in ``rect``, H W bytes 0..255, as it is feathered."""
        return Tensor("U8", (rect.height, rect.width), pixels_of(self.image.get_selection(), rect, "Y u8"))

    def selected(self) -> Rect:
        """Bounds of the selection inside the `area`; raises `Problem` without a selection, or where it misses the layer."""
        if Gimp.Selection.is_empty(self.image):
            raise Problem(sentences.NO_SELECTION)
        _, _, left, top, right, bottom = Gimp.Selection.bounds(self.image)
        bounds = Rect(left, top, right - left, bottom - top).clip(self.area)
        if bounds.empty:
            raise Problem(sentences.selection_outside(self.layer.get_name()))
        return bounds


def find_photo(image: Any, drawables: Any) -> Photo:
    """The photo at the one layer among ``drawables``; raises `Problem` where that is not what they are."""
    if image.get_floating_sel() is not None:
        raise Problem(messages.FLOATING)
    if len(drawables) != 1:
        raise Problem(messages.ONE_LAYER)
    layer = drawables[0]
    if not isinstance(layer, Gimp.Layer):
        raise Problem(sentences.mask_active(layer.get_name()))
    layer = layers.photo_of(image, layer)
    canvas = Rect(0, 0, image.get_width(), image.get_height())
    return Photo(image, layer, exchange_of(layer, is_indexed(image)), canvas, bounds_of(layer))


def bounds_of(layer: Any) -> Rect:
    _, x, y = layer.get_offsets()
    return Rect(x, y, layer.get_width(), layer.get_height())


@dataclass(frozen=True)
class Placing:
    """How a result goes in: ``names`` of its layers, and of its variants where they go in, too; ``rgb`` converts the image to RGB first;
    ``grown`` is the canvas afterwards, in pixels of the canvas of now; ``masked`` gives it the selection as its mask; ``also`` is done in
    the same undo step."""

    names: Names
    rgb: bool = False
    grown: Rect | None = None
    masked: bool = False
    also: Callable[[], None] = lambda: None


def place(photo: Photo, result: JobResult, how: Placing) -> Any:
    """Insert the result above its source (and above earlier results there) in one undo step; above all where all that is seen was read.

    Returns the new layer: the only one, or the group of several; of several pictures to choose from the first is on top and seen.
    """
    image, source = photo.image, photo.layer
    if not image.is_valid():
        raise Problem(sentences.GONE_DOCUMENT)
    if not source.is_valid():
        raise Problem(sentences.gone_layer(how.names.whole))
    if (image.get_width(), image.get_height()) != (photo.canvas.width, photo.canvas.height):
        raise Problem(sentences.canvas_changed(image.get_name()))
    now = bounds_of(source)
    # What was read of the whole image lies where it was seen, whatever became of the photo.
    x, y = (0, 0) if photo.everything else (now.x - photo.bounds.x, now.y - photo.bounds.y)
    # Opened only now that nothing has to be waited for: nobody else's steps can get into the group.
    image.undo_group_start()
    try:
        if how.rgb:
            image.convert_rgb()
        if how.grown:
            image.resize(how.grown.width, how.grown.height, -how.grown.x, -how.grown.y)
            x, y = x - how.grown.x, y - how.grown.y
        whole = _inserted(photo, result, how.names, (x, y))
        if how.masked:
            whole.add_mask(whole.create_mask(Gimp.AddMaskType.SELECTION))
        how.also()
        # The photo is what the next action is to work on.
        image.set_selected_layers([source])
    finally:
        image.undo_group_end()
    Gimp.displays_flush()
    return whole


def _inserted(photo: Photo, result: JobResult, names: Names, shift: tuple[int, int]) -> Any:
    """The layers in the image, ``shift`` from where they were made: the only one, or several in a group of their own."""
    image, parent, position = photo.image, photo.layer.get_parent(), layers.position_on(photo.image, photo.layer)
    if photo.everything:
        parent, position = None, layers.position_on_all(image)
    if not names.pictures:
        return _picture(photo, result.layers, names, shift, (parent, position))
    group = _group(image, names.whole, (parent, position))
    for number, (made, called) in enumerate(zip((result.layers, *result.variants), names.pictures, strict=True)):
        _picture(photo, made, called, shift, (group, number)).set_visible(number == 0)
    return group


def _picture(photo: Photo, made: Sequence[ResultLayer], names: Names, shift: tuple[int, int], place: tuple[Any, int]) -> Any:
    """One complete result, inserted at ``place`` (the group or None, and the position in it): its only layer, or the group of several."""
    if len(made) == 1:
        layer = _layer(photo, made[0], names.whole, shift)
        photo.image.insert_layer(layer, *place)
        return layer
    group = _group(photo.image, names.whole, place)
    for one, name in zip(made, names.parts, strict=True):
        photo.image.insert_layer(_layer(photo, one, name, shift), group, 0)
    return group


def _group(image: Any, name: str, place: tuple[Any, int]) -> Any:
    group = Gimp.GroupLayer.new(image, name)
    image.insert_layer(group, *place)
    return group


def _layer(photo: Photo, made: ResultLayer, name: str, shift: tuple[int, int]) -> Any:
    """One layer of a result, not yet in the image."""
    rect, image = made.rect.moved(*shift), photo.image
    layer = Gimp.Layer.new(image, name, rect.width, rect.height, type_with_alpha(image), 100.0, Gimp.LayerMode.NORMAL)
    layer.set_offsets(rect.x, rect.y)
    buffer = layer.get_buffer()
    area = Gegl.Rectangle.new(0, 0, rect.width, rect.height)
    buffer.set(area, photo.exchange.for_colors(made.colors).name(True), bytes(made.pixels.data))
    buffer.flush()
    layer.update(0, 0, rect.width, rect.height)
    layer.set_visible(made.visible)
    return layer


def pixels_of(drawable: Any, rect: Rect, name: str) -> bytes:
    """The pixels of a layer or channel in ``rect``, which is in the image's pixels; 0 beyond it. ``name`` is babl's name for them."""
    bounds = bounds_of(drawable) if isinstance(drawable, Gimp.Layer) else Rect(0, 0, 0, 0)
    area = Gegl.Rectangle.new(rect.x - bounds.x, rect.y - bounds.y, rect.width, rect.height)
    return drawable.get_buffer().get(area, 1.0, name, Gegl.AbyssPolicy.NONE)


def type_with_alpha(image: Any) -> Any:
    """What GIMP calls a layer with transparency in ``image``."""
    return {
        Gimp.ImageBaseType.RGB: Gimp.ImageType.RGBA_IMAGE,
        Gimp.ImageBaseType.GRAY: Gimp.ImageType.GRAYA_IMAGE,
        Gimp.ImageBaseType.INDEXED: Gimp.ImageType.INDEXEDA_IMAGE,
    }[image.get_base_type()]
