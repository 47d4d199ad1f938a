"""What every colorizer can do: look at a photo once, then say its chroma under any guidance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from huefill.tasks.colorization.guidance import Guidance
from huefill.tasks.contract import ColorPoint

Image = npt.NDArray[np.float32]
State = TypeVar("State")

# Units of Lab: closer colors of one lightness are told apart only side by side.
_CLOSE = 15.0


def certainty(ab: Image, probability: Image) -> Image:
    """T in [0, 1], of each of ``probability`` T N over the colors ``ab`` N 2: see `Distribution.confidence`."""
    mean = probability @ ab
    apart = (ab**2).sum(1) - 2 * mean @ ab.T + (mean**2).sum(1)[:, None]
    near = apart <= _CLOSE**2
    return np.asarray(np.clip((probability * near).sum(1), 0, 1), np.float32)


@dataclass(frozen=True)
class Distribution:
    """How likely each color is at one pixel: ``ab`` N 2 in units of Lab, ``probability`` N, which sums to 1."""

    ab: Image
    probability: Image

    @property
    def confidence(self) -> float:
        """In [0, 1]: the share of what is likely that lies within `_CLOSE` of the mean; low where very different colors are likely."""
        return float(certainty(self.ab, self.probability[None])[0])


@dataclass(frozen=True)
class Anchor:
    """A place from which whatever is like it takes its color.

    ``point`` where, and which color, as a person may give it back; ``members`` in [0, 1], the share of the picture that is like it;
    ``confidence`` in [0, 1] how sure the network is of the color there; ``alternatives`` {"rgb", "probability"} of other likely colors, in
    the order in which variants of the picture take them.
    """

    point: ColorPoint
    members: float
    confidence: float
    alternatives: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it stands on the wire, in recipes and in files; `huefill.tasks.contract.points_from_json` reads it."""
        return {**asdict(self.point), "members": self.members, "confidence": self.confidence, "alternatives": list(self.alternatives)}


@dataclass(frozen=True)
class Chroma:
    """What a colorizer says of a photo, at a size of its own.

    ``ab`` h w 2 in units of Lab, ``lightness`` h w in [0, 100] of the very picture that it belongs to; ``suggestions`` how likely colors
    are at the pixel that was asked about, None where the network does not know; ``anchors`` those that decided the colors; ``matched`` how
    a reference's colors were used, "likeness" or "histogram", None where there was no reference.
    """

    ab: Image
    lightness: Image
    suggestions: Distribution | None = None
    anchors: tuple[Anchor, ...] = ()
    matched: str | None = None


class Colorizer(Protocol[State]):
    """A network that says chroma, with what its card says of it. Threads may share it."""

    @property
    def name(self) -> str:
        """The network's name in the store."""
        ...

    @property
    def method(self) -> str:
        """One of `huefill_protocol.choices.METHODS`."""
        ...

    @property
    def record(self) -> list[dict[str, Any]]:
        """The networks behind it as a recipe names them: name, and the sha256 of each of its files."""
        ...

    def prepare(self, lightness: Image) -> State:
        """What it needs of a photo, whatever the guidance; ``lightness`` H W in [0, 100] at the photo's own size."""
        ...

    def chroma(
        self, state: State, guidance: Guidance, at: tuple[float, float] | None = None, check: Callable[[], None] | None = None
    ) -> Chroma:
        """The photo's chroma under ``guidance``, and suggestions for its pixel ``at`` (x, y).

        ``check`` is called every few hundredths of a second and may raise. Raises `HuefillError` for guidance that it cannot follow.
        """
        ...

    def suggestions(
        self, state: State, guidance: Guidance, at: tuple[float, float], check: Callable[[], None] | None = None
    ) -> Distribution | None:
        """The suggestions of `chroma` alone, in one run of the network."""
        ...

    def confidence(self, state: State, guidance: Guidance, check: Callable[[], None] | None = None) -> Image | None:
        """h w in [0, 1]: how sure it is of the color of each place, surest where a person's hints say it; None where it does not know.

        Coarse, of any size, over the whole picture: `PreparedPhoto.confidence` lifts it along the photo's lightness, as chroma is.
        """
        ...
