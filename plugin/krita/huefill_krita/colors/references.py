"""Pictures whose colors a photo can take: other open photos, layers of its document, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huefill_client.color_hints import Reference
from huefill_client.sentences import Problem
from huefill_protocol.wire import Tensor
from krita import Krita

from .. import document as adapter
from .. import layers, messages
from ..qt import Qt, QtGui
from . import hint_layer

# A reference's colors are counted, not its details.
_SIDE = 256
FILES = "Pictures (*.png *.jpg *.jpeg *.tif *.tiff *.webp)"


@dataclass(frozen=True)
class Offer:
    """A picture to choose: ``read()`` gets its colors, on Krita's thread and at once."""

    title: str
    read: Callable[[], Reference]


def offers(source: adapter.Source) -> list[Offer]:
    """The open photos and layers but for the photo ``source`` itself, its hint layer and our results."""
    found = []
    for document in Krita.instance().documents():
        if document != source.document:
            name = document.name() or Path(document.fileName()).name or "unnamed"
            found.append(_offer(f"Photo: {name}", document))
    for node in source.document.topLevelNodes():
        if node != source.node and node != hint_layer.find(source.document) and not layers.is_result(node):
            found.append(_offer(f"Layer: {node.name()}", node))
    return found


def of_file(path: str) -> Reference:
    """The picture of a file; raises `Problem`. May be called in any thread."""
    image = QtGui.QImage(path)
    if image.isNull():
        raise Problem(messages.bad_reference(path))
    return Reference(Path(path).name, _tensor(image))


def _offer(title: str, shown: Any) -> Offer:
    return Offer(title, lambda: Reference(title, _tensor(shown.thumbnail(_SIDE, _SIDE))))


def _tensor(image: QtGui.QImage) -> Tensor:
    small = image.scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    small = small.convertToFormat(QtGui.QImage.Format.Format_RGBA8888)
    bits = small.constBits()
    bits.setsize(small.sizeInBytes())
    return Tensor("U8", (small.height(), small.width(), 4), bytes(bits))
