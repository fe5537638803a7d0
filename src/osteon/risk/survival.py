r"""Competing risks, for any number of causes: the exact answer from hazards, and the estimate from a cohort.

What it is: a person may break a bone, or die first, or do neither. Taking one minus a survival curve of
fracture alone counts fractures in the dead; the cumulative incidence does not.

Equation: with cause-specific hazards :math:`h_k` constant on an interval of width :math:`w` and
:math:`H = \sum_k h_k`, the chance to have had event :math:`k` inside the interval, given that nothing happened
before it, is :math:`(h_k / H)(1 - e^{-Hw})`; the chance that still nothing has happened is :math:`e^{-Hw}`.
Both are exact, so the causes and "neither" sum to one whatever the widths.

Source: Aalen OO, Johansen S (1978), Scand J Stat 5:141-150, for the estimator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Incidence:
    """Cumulative incidence of each cause at the end of every interval.

    Attributes
    ----------
    causes
        Shape (..., intervals, causes), probabilities between 0 and 1.
    neither
        Shape (..., intervals): the probability that no event has happened yet.
    """

    causes: Floats
    neither: Floats


def cumulative_incidence(hazards: ArrayLike, widths: ArrayLike = 1.0) -> Incidence:
    """Cumulative incidence from piecewise-constant cause-specific hazards, in closed form.

    Parameters
    ----------
    hazards
        Events per unit of time, shape (..., intervals, causes), none negative.
    widths
        Length of the intervals, a number or shape (intervals,), none negative.

    Raises
    ------
    ValueError
        A hazard or a width is negative or not finite.
    """
    rates = np.asarray(hazards, dtype=np.float64)
    lengths = np.broadcast_to(np.asarray(widths, dtype=np.float64), rates.shape[-2:-1])
    if not (np.isfinite(rates).all() and np.isfinite(lengths).all()):
        raise ValueError("hazards and widths must be finite")
    if (rates < 0).any() or (lengths < 0).any():
        raise ValueError("hazards and widths must not be negative")
    total = rates.sum(axis=-1)
    spent = total * lengths
    at_end = np.exp(-np.cumsum(spent, axis=-1))
    at_start = np.concatenate([np.ones_like(at_end[..., :1]), at_end[..., :-1]], axis=-1)
    # (1 - exp(-Hw)) / H tends to w as H tends to 0.
    with np.errstate(divide="ignore", invalid="ignore"):
        exposure = np.where(total > 0, -np.expm1(-spent) / total, lengths)
    causes = np.cumsum((at_start * exposure)[..., None] * rates, axis=-2)
    return Incidence(causes=causes, neither=at_end)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the Aalen-Johansen estimator gives at the times that were asked for.

    Attributes
    ----------
    times
        Shape (times,).
    causes
        Shape (times, causes): cumulative incidence of cause 1, 2, ...
    neither
        Shape (times,): the Kaplan-Meier probability that no event has happened.
    """

    times: Floats
    causes: Floats
    neither: Floats


def aalen_johansen(durations: ArrayLike, events: ArrayLike, at: ArrayLike, causes: int) -> Estimate:
    """Estimate the cumulative incidence of each cause from a cohort, with ties taken exactly.

    Events that share a time are one step; a person censored at a time of events was still at risk there.

    Parameters
    ----------
    durations
        Time to the event or to the end of observation, shape (people,).
    events
        0 for censored, else the number of the cause (1 to ``causes``), shape (people,).
    at
        Times at which the estimate is wanted, any order and spacing.
    causes
        How many causes there are.

    Raises
    ------
    ValueError
        The inputs differ in length, nobody is in the cohort, or an event has no such cause.
    """
    time = np.asarray(durations, dtype=np.float64)
    event = np.asarray(events, dtype=np.int64)
    wanted = np.atleast_1d(np.asarray(at, dtype=np.float64))
    if time.ndim != 1 or time.shape != event.shape or time.size == 0:
        raise ValueError("durations and events must be two lists of the same length, with at least one person")
    if event.min() < 0 or event.max() > causes:
        raise ValueError(f"events must lie between 0 and {causes}")
    steps, position = np.unique(time, return_inverse=True)
    counts = np.zeros((steps.size, causes + 1))
    np.add.at(counts, (position, event), 1.0)
    leaving = counts.sum(axis=1)
    at_risk = time.size - np.concatenate([[0.0], np.cumsum(leaving)[:-1]])
    share = counts[:, 1:] / at_risk[:, None]
    survival = np.cumprod(1.0 - share.sum(axis=1))
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before[:, None] * share, axis=0)
    last = np.searchsorted(steps, wanted, side="right")
    return Estimate(
        times=wanted,
        causes=np.vstack([np.zeros(causes), incidence])[last],
        neither=np.concatenate([[1.0], survival])[last],
    )
