"""What is said of one photo's colors, and what came of it: the one state that both editors show. Knows no editor and no toolkit.

It is made of layers, each of which knows those beneath it: what is said (`huefill_client.said`), what came (`color_answers`), what is asked
(`color_asking`), points changed by hand (`color_pointing`), and here the photo, and what guides the whole picture.
"""

from __future__ import annotations

from typing import Any

from huefill_client.color_changes import OF_ANOTHER_PHOTO, Change
from huefill_client.color_hints import Photo, Reference
from huefill_client.color_pointing import Pointing
from huefill_client.color_points import ColorPoint, PointHistory
from huefill_protocol.choices import MOST_STRENGTH
from huefill_protocol.wire import Tensor

# So many suggestions for the whole picture an editor shows side by side.
VARIANTS = 6


class Coloring(Pointing):
    """Whatever is said by the methods here is told to the listeners, and asks for another preview."""

    # the photo

    def begin(self, photo: Photo, points: tuple[ColorPoint, ...] = (), *, live: bool = True) -> None:
        """Color another photo, with the points that its document has kept; previews come only where it is ``live``."""
        self._close()
        self._reset()
        self.history, self._is_live = PointHistory(points), live
        self.go_on_with(photo)

    def go_on_with(self, photo: Photo) -> None:
        """Keep all that was said, for the same photo in another task."""
        self.photo = photo
        self._proposing = 0 if self.variants or self.anchors else photo.variants
        self._reopen()
        self._tell(*OF_ANOTHER_PHOTO)
        self._ask()

    def end(self) -> None:
        """Close the photo, here and in the backend."""
        self._close()
        self._reset()
        self._tell(*OF_ANOTHER_PHOTO)

    def rest(self) -> None:
        """Let go of the photo, here and in the backend, and keep what was said of its colors for `go_on_with`."""
        self._close()
        self.photo = None
        self._forget_answers()
        self._tell(*OF_ANOTHER_PHOTO)

    # what guides the whole picture

    def paint(self, layer: Tensor | None) -> None:
        """The hint layer as it is now (H W 4 of the area, in the photo's own dtype and encoding), or none."""
        self._guide("painted", layer)

    def refer(self, reference: Reference | None) -> None:
        """Take the colors of a picture, or of none."""
        self._guide("reference", reference)

    def saturate(self, value: float | None) -> None:
        """Ask for a saturation in [0, 1], or leave it to the network."""
        self._guide("saturation", value)

    def strengthen(self, strength: float) -> None:
        """All colors weaker (0 is gray) or stronger; at 1 the points' colors are exact."""
        self._guide("strength", min(MOST_STRENGTH, max(0.0, strength)))

    def match_by(self, way: str) -> None:
        """Use the colors of a reference in one of the ways of `huefill_protocol.choices.MATCHES`."""
        self._guide("match", way)

    def show_confidence(self, shown: bool) -> None:
        """Ask for the map that says where the colors are unsure, or no more."""
        if not shown:
            self.confidence = None
        self._guide("with_confidence", shown)

    def use(self, network: str) -> None:
        """Color with the network of that name."""
        if network == self.network:
            return
        self.network = network
        self._reopen()
        self._tell(Change.SOURCES)
        self._ask()

    def _guide(self, name: str, value: Any) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self._tell(Change.SOURCES)
            self._ask()
