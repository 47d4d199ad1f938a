"""Pictures whose colors a photo can take: layers of open images, files."""

from __future__ import annotations

from typing import Any

from gi.repository import Gimp, GLib

from huefill_client.color_hints import Reference
from huefill_client.sentences import Problem

from . import messages
from .thumbnails import small

# A reference's colors are counted, not its details: this many pixels on its longer side are plenty.
_SIDE = 512


class References:
    """Remembers the last one: a dialog asks again and again."""

    def __init__(self) -> None:
        self._which: Any = None
        self._reference: Reference | None = None

    def of(self, drawable: Any, file: Any) -> Reference | None:
        """The reference that the arguments say, the layer before the file; raises `Problem` where the file is no picture."""
        which = drawable.get_id() if drawable is not None else file.get_uri() if file is not None else None
        if self._which != which:
            self._reference = None if which is None else _of_layer(drawable) if drawable is not None else _of_file(file)
            self._which = which
        return self._reference


def _of_layer(drawable: Any) -> Reference:
    return Reference(drawable.get_name(), small(drawable, _SIDE))


def _of_file(file: Any) -> Reference:
    try:
        image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    except GLib.Error:
        image = None
    if image is None:
        raise Problem(messages.bad_reference(file.get_path() or file.get_uri()))
    try:
        return Reference(file.get_basename(), small(image.flatten(), _SIDE))
    finally:
        image.delete()
