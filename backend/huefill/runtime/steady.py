"""The remaining time as a person is shown it: it counts down, corrects itself gently, and never jumps."""

from __future__ import annotations

import math

# No less is ever shown: what has been zero could not rise again by any share of itself.
LEAST_S = 1.0
# By how much it may rise, and in how many seconds: so also whoever sees only every tenth update sees no more than that.
RISE, RISE_S = 1 / 3, 3.0
# How quickly it falls to a shorter estimate, as a share of that estimate: the nearer the end, the quicker.
_SETTLING = 0.25


class Steady:
    """Makes of raw estimates the one that is shown. Pure: the caller says what time it is."""

    def __init__(self) -> None:
        self._shown: float | None = None
        self._at = 0.0

    def update(self, estimate: float | None, now: float) -> float | None:
        """The seconds to show at the time ``now`` (seconds, never falling) for a raw ``estimate``; None before any was known.

        Never more than a third above what was shown last, nor above anything that was shown in the last three seconds; at least
        `LEAST_S`. Without an estimate it counts down.
        """
        if self._shown is None:
            if estimate is not None:
                self._shown, self._at = max(LEAST_S, estimate), now
            return self._shown
        spent = max(0.0, now - self._at)
        counted = self._shown - spent
        if estimate is None:
            shown = counted
        elif estimate > counted:
            shown = min(estimate, self._shown * (1 + RISE) ** min(1.0, spent / RISE_S))
        else:
            shown = estimate + (counted - estimate) * math.exp(-spent / (_SETTLING * estimate)) if estimate > LEAST_S else estimate
        self._shown, self._at = max(LEAST_S, shown), now
        return self._shown
