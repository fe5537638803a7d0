"""Find, for many questions at once, the smallest size at which a rising gain meets its target.

Illinois' variant of false position, on arrays: each question keeps a bracket, halves the weight of an end that has
stayed twice, and never leaves the bracket. The gains of all questions are computed in one simulation a round.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.twin.cell_therapy.recipient import Floats

MOST_ROUNDS = 60
FALL_ALLOWED = 1e-6
"""A gain may fall by so much of the target between two sizes (rounding) and still count as rising."""


def smallest_size(
    gain: Callable[[Floats], Floats], largest: Floats, target: float, *, tolerance: float = 1e-4
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """The size at which each gain meets the target.

    Parameters
    ----------
    gain
        Gains ``(n,)`` at sizes ``(n,)``, each zero at size zero and rising with its own size.
    largest
        The largest size to try for each question, ``(n,)``, above zero.
    target
        The gain wanted, above zero.
    tolerance
        How close the gain must come, as a share of the target.

    Returns
    -------
    Sizes ``(n,)`` (the largest where the target is out of reach), whether each is reachable, and the gain at the
    largest.

    Raises
    ------
    ModelError
        A gain falls where it should rise, or the search does not settle.
    """
    if target <= 0.0:
        raise ModelError(f"a target of {target:g} cannot be searched for", mend="Give a target above zero")
    at_largest = gain(largest)
    reachable = at_largest >= target
    low, high = np.zeros_like(largest), largest.copy()
    below, above = np.full_like(largest, -target), at_largest - target
    size, kept = largest.copy(), np.zeros(largest.shape, dtype=np.int64)
    miss = np.where(reachable, above, 0.0)
    for _ in range(MOST_ROUNDS):
        open_ = reachable & (np.abs(miss) > tolerance * target)
        if not open_.any():
            return size, reachable, at_largest
        with np.errstate(invalid="ignore", divide="ignore"):
            guess = high - above * (high - low) / (above - below)
        inside = open_ & (guess > low) & (guess < high)
        trial = np.where(open_, np.where(inside, guess, 0.5 * (low + high)), size)
        now = gain(trial) - target
        slack = FALL_ALLOWED * target
        if np.any(open_ & ((now + target < -slack) | (now > np.maximum(at_largest - target, 0.0) + slack))):
            raise ModelError(
                "the gain does not rise steadily with the size of the mechanism",
                mend="Ask for a smaller target or another time",
            )
        up, down = open_ & (now >= 0.0), open_ & (now < 0.0)
        # An end that stays twice in a row loses half its weight, which keeps the other end moving.
        below = np.where(up & (kept == 1), 0.5 * below, np.where(down, now, below))
        above = np.where(down & (kept == -1), 0.5 * above, np.where(up, now, above))
        high, low = np.where(up, trial, high), np.where(down, trial, low)
        kept = np.where(up, 1, np.where(down, -1, kept))
        size, miss = trial, np.where(open_, now, miss)
    raise ModelError("the search for the size of a mechanism did not settle", mend="Ask for another target or time")
