"""Match Colors: a photo takes the colors of a reference, or a saturation (Zhang et al. 2017, section 3.2, the global hints)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huefill.errors import HuefillError
from huefill.tasks.colorization import colorize
from huefill.tasks.colorization.guidance import Guidance

run = colorize.run


@dataclass(frozen=True)
class Request(colorize.Request):
    """As `huefill.tasks.colorization.colorize.Request`; a ``reference`` or a ``saturation`` must be given, and points work with them."""

    TASK: ClassVar[str] = "match_colors"
    WANTS_GRAY: ClassVar[bool] = False

    @classmethod
    def require(cls, guidance: Guidance) -> None:
        """Raises `HuefillError` "nothing_to_match" where there is neither."""
        if guidance.reference is None and guidance.saturation is None:
            raise HuefillError(
                "nothing_to_match", "Neither a reference nor a saturation is given.", "Choose a color photo, or a saturation."
            )
