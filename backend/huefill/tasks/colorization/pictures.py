"""Pictures that a live photo is sent once and that its hints then name: painted hint layers and references."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from huefill.errors import HuefillError
from huefill.imaging.pixels import Array, Encoding
from huefill.tasks.colorization.guidance import Painted, Reference

_MOST, _MOST_BYTES = 8, 512 << 20
Prepared = Painted | Reference
P = TypeVar("P", Painted, Reference)


@dataclass(frozen=True)
class Picture:
    """One picture: ``painted``, a hint layer as `colorize.Request.hints`, or ``reference``, as `colorize.Request.reference`."""

    VERSION: ClassVar[int] = 1
    painted: Array | None = None
    reference: Array | None = None


class Pictures:
    """The last few pictures, made ready. The one that was used longest ago goes first; the newest always stays."""

    def __init__(self, shape: tuple[int, int], encoding: Encoding) -> None:
        """Of a photo of ``shape`` (height, width) and ``encoding``."""
        self._shape, self._encoding = shape, encoding
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    @property
    def bytes(self) -> int:
        with self._lock:
            return sum(item.bytes for item in self._kept.values())

    def add(self, picture: Picture) -> str:
        """Make it ready; its name, which is the same for the same pixels. Raises `HuefillError` for what is no picture of its kind."""
        if picture.painted is not None and picture.reference is None:
            kind, pixels = "painted", picture.painted
            prepared: Prepared = Painted.of(pixels, self._shape, self._encoding)
        elif picture.reference is not None and picture.painted is None:
            kind, pixels = "reference", picture.reference
            prepared = Reference.of(pixels)
        else:
            raise HuefillError("bad_request", "Not one picture was sent.", "Send a painted layer or a reference.")
        name = f"{kind}-{'x'.join(map(str, pixels.shape))}-{prepared.sha256}"
        with self._lock:
            self._kept.setdefault(name, prepared)
            self._kept.move_to_end(name)
            while len(self._kept) > _MOST or (len(self._kept) > 1 and sum(item.bytes for item in self._kept.values()) > _MOST_BYTES):
                self._kept.popitem(last=False)
        return name

    def find(self, name: str | None, kind: type[P]) -> P | None:
        """The picture of this name; None for none. Raises `HuefillError` "unknown_picture", after which the client sends it again."""
        if name is None:
            return None
        with self._lock:
            found = self._kept.get(name)
            if not isinstance(found, kind):
                raise HuefillError("unknown_picture", "The hints name a picture that the backend does not have.", "Send it again.")
            self._kept.move_to_end(name)
            return found
