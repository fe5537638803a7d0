"""A pool of people simulated once, from whom trials of any size are drawn.

For each arm the pool holds every person's measurement at baseline, their measured change, and whether it would be
seen; trials are drawn with replacement. Random numbers belong to a trial and a place in it, so a larger trial holds the
smaller one, and designs are compared with the same luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.trial.enrol import Enrolled
from osteon.trial.estimates import FEWEST, Contrast, Method, contrast
from osteon.trial.follow import baseline, change, follow_arm, lost_years, misses
from osteon.trial.protocol import Protocol
from osteon.trial.worlds import WORLDS, many_worlds
from osteon.twin.variability.draws import uniforms

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

PER_WORLD = 100
"""People who are followed in each draw of the evidence prior."""

AT_ONCE = 2_048


@dataclass(frozen=True, slots=True)
class ArmPool:
    """What trials draw from in one arm.

    Attributes
    ----------
    rows
        For each person: seen (1 or 0), then baseline, change, their squares and product where seen:
        ``(worlds, people, 6)``, with one world where there is no prior to draw from.
    true
        The true change of those whom the estimand counts, ``(worlds, people)``, not a number for others.
    """

    rows: Floats
    true: Floats

    @property
    def worlds(self) -> int:
        """How many draws of a prior it holds."""
        return int(self.rows.shape[0])

    def summed(self) -> Floats:
        """The sums of :func:`osteon.trial.estimates.moments` over everybody, per person, ``(6,)``."""
        return np.asarray(self.rows.mean(axis=(0, 1)))

    def variance(self, slope: float) -> float:
        """Variance of the measured change that a slope on baseline leaves, among those seen."""
        n, x, y, xx, xy, yy = self.summed()
        s_xx, s_xy, s_yy = xx - x * x / n, xy - x * y / n, yy - y * y / n
        return float((s_yy - 2.0 * slope * s_xy + slope * slope * s_xx) / n)

    @property
    def seen(self) -> float:
        """The share of people with a measurement that counts."""
        return float(self.summed()[0])


def arm_pool(protocol: Protocol, arm: int, who: Enrolled) -> ArmPool:
    """Follow the pool's people in one arm and read the primary endpoint.

    Raises
    ------
    ModelError
        The model has no answer for somebody: nobody is left out in silence.
    """
    plan = protocol.arms[arm]
    if not many_worlds(plan):
        return _pool(protocol, arm, who, 1, None)
    # Each pair of worlds has people of its own, so that together they are the whole pool and not its first hundred.
    pair = np.arange(WORLDS) // 2
    places = (pair[:, None] * PER_WORLD + np.arange(PER_WORLD)) % who.count
    return _pool(protocol, arm, who.pick(places.ravel()), WORLDS, np.repeat(np.arange(WORLDS), PER_WORLD))


def _pool(protocol: Protocol, arm: int, who: Enrolled, worlds: int, world: NDArray[np.int64] | None) -> ArmPool:
    found = follow_arm(protocol, protocol.arms[arm], who, worlds=world)
    if found.failed.any():
        raise ModelError(
            f"the bone model gave no finite answer for {int(found.failed.sum()):,} of {who.count:,} people",
            where=f"arms[{arm}]",
            mend="Run the trial to see who they are: osteon trial run marks them",
        )
    endpoint = protocol.primary
    missed = misses(protocol, endpoint, who.people.numbers)
    one = change(protocol, endpoint, found, missed)
    seen = one.counted & (lost_years(protocol, who.people.numbers) > (endpoint.read_month or 0) / 12.0)
    x, y = (np.where(seen, part, 0.0) for part in (baseline(endpoint, found, missed), one.measured))
    rows = np.stack([seen.astype(np.float64), x, y, x * x, x * y, y * y], axis=-1)
    true = np.where(one.counted, one.true, np.nan)
    return ArmPool(rows.reshape(worlds, -1, 6), true.reshape(worlds, -1))


def slope(control: ArmPool, active: ArmPool, method: Method) -> float:
    """The common slope on baseline that the analysis of a large trial would find; 0 for the difference of means."""
    if method == "difference":
        return 0.0
    s_xx = s_xy = 0.0
    for one in (control, active):
        n, x, y, xx, xy, _ = one.summed()
        s_xx, s_xy = s_xx + xx - x * x / n, s_xy + xy - x * y / n
    return s_xy / s_xx


@dataclass(frozen=True, slots=True)
class Drawn:
    """Simulated trials: what each found, and which of them had enough people seen, ``(trials,)``."""

    found: Contrast
    usable: Booleans

    def significant(self, level: float) -> tuple[Booleans, Booleans]:
        """Which trials find a difference above 0, and which one below, ``(trials,)`` each."""
        above, below = (np.zeros(self.usable.size, dtype=bool) for _ in range(2))
        beyond = self.found.significant(level)
        above[self.usable] = beyond & (self.found.difference > 0)
        below[self.usable] = beyond & (self.found.difference < 0)
        return above, below


def draw_trials(protocol: Protocol, pools: tuple[ArmPool, ArmPool], sizes: tuple[int, int], trials: int) -> Drawn:
    """Draw trials with so many people randomised to control and active arm, and analyse each."""
    sums = [
        _sums(protocol.study, f"trial drawn, {name} arm", pool, size, trials)
        for name, pool, size in zip(("control", "active"), pools, sizes, strict=True)
    ]
    usable = np.min([one[:, 0] for one in sums], axis=0) >= FEWEST
    if not usable.any():
        empty = np.empty(0)
        return Drawn(Contrast(empty, empty, empty), usable)
    return Drawn(contrast(sums[0][usable], sums[1][usable], protocol.analysis.method), usable)


def _sums(study: str, purpose: str, pool: ArmPool, size: int, trials: int) -> Floats:
    """Sums over the people of each drawn trial, ``(trials, 6)``; trials take the worlds in turn."""
    worlds, people, _ = pool.rows.shape
    flat = [np.ascontiguousarray(pool.rows[..., number]).ravel() for number in range(6)]
    offset = (np.arange(trials) % worlds * people)[:, None]
    total = np.zeros((trials, 6))
    for first in range(0, size, AT_ONCE):
        places = np.arange(first, min(first + AT_ONCE, size))
        picked = uniforms(study, purpose, places, trials)
        who = offset + np.minimum((picked * people).astype(np.int64), people - 1)
        for number, column in enumerate(flat):
            total[:, number] += column[who].sum(axis=1)
    return total
