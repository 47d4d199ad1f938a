"""How a result becomes layers of the document: built beside it, attached once, one step in its history."""

from __future__ import annotations

from typing import Any

from huefill_client import sentences
from huefill_client.geometry import Rect
from huefill_client.jobs import ResultLayer
from huefill_client.recipes import Names
from huefill_client.sentences import Problem

from . import layers as stack
from . import messages
from .document import Source, locked_ancestor, space_of, still_open, still_there
from .pixels import gray_in_rgb
from .scratch import converted


class Placement:
    """The layers of a result, the lowest first: `write` fills them strip by strip, `attach` puts them in.

    One layer goes in as it is, several in a group of their own.
    """

    def __init__(self, source: Source, names: Names, layers: tuple[ResultLayer, ...]) -> None:
        self._document = still_open(source.document)
        self._source = source
        self._photo = still_there(source, self._document)
        if (self._document.width(), self._document.height()) != (source.canvas.width, source.canvas.height):
            raise Problem(sentences.canvas_changed(self._document.name() or source.name))
        position = self._photo.position()
        # What was read of the whole image lies where it was seen, whatever became of the photo.
        moved = (position.x() - source.position[0], position.y() - source.position[1])
        self._shift = (0, 0) if source.everything else moved
        self._given, self._names = layers, names
        titles = names.parts if len(layers) > 1 else (names.whole,)
        self._layers = [self._unattached(*both) for both in zip(titles, layers, strict=True)]

    def write(self, number: int, rect: Rect, pixels: Any) -> None:
        """Fill ``rect`` of layer ``number`` from its pixels, any bytes-like object.

        ``rect`` is where it was in the source; a photo moved since takes its result along.
        """
        rect, layer, travelled = rect.moved(*self._shift), self._layers[number], self._source.space.travels_as()
        if self._given[number].colors == 3:
            travelled = travelled.in_rgb()
        elif travelled.model == "RGBA":
            pixels = gray_in_rgb(pixels, travelled.dtype)
        layer.setPixelData(converted(bytes(pixels), rect, travelled, space_of(layer)), rect.x, rect.y, rect.width, rect.height)

    def attach(self) -> None:
        """Insert what was built above its source, and above earlier results there; above all layers where all that is seen was read."""
        self._document = still_open(self._document)
        photo = still_there(self._source, self._document)
        below = stack.top_of_all(self._document) if self._source.everything else stack.top_of(photo)
        parent = below.parentNode()
        locked = locked_ancestor(parent)
        if locked is not None:
            raise Problem(messages.locked_layer(locked.name()))
        self._whole = self._layers[0] if len(self._layers) == 1 else self._group()
        parent.addChildNode(self._whole, below)

    @property
    def whole(self) -> Any:
        """What was attached: the only layer, or the group of several."""
        return self._whole

    def keep_source_active(self) -> bool:
        """Once Krita has made a new layer the active one, go back to the photo; True when there is nothing left to do."""
        if self._document.activeNode() not in (self._whole, *self._layers):
            return False
        self._document.setActiveNode(self._photo)
        return True

    def show(self) -> None:
        """Have Krita compute the group's picture: it does not by itself for layers that were in it before it was attached, nor on redo."""
        self._document.refreshProjection()

    def _unattached(self, name: str, given: ResultLayer) -> Any:
        """An empty layer of the space that was read; a gray one has no room for colors."""
        layer = self._document.createNode(name, "paintlayer")
        space = space_of(self._document if self._source.everything else self._photo)
        if given.colors == 3 and space.model == "GRAYA":
            space = self._source.space.travels_as().in_rgb()
        if space_of(layer) != space:
            layer.setColorSpace(space.model, space.depth, space.profile)
        layer.setVisible(given.visible)
        return layer

    def _group(self) -> Any:
        group = self._document.createGroupLayer(self._names.whole)
        # Not `addChildNode`: each of those is a step in the history, even into a group that is not attached.
        group.setChildNodes(self._layers)
        return group
