r"""How many people the primary endpoint needs, and what power so many have.

A pool of people is simulated once; trials are drawn from it, each with its own people, losses and measurement errors,
and analysed as the design says. The power is the share of trials that find the difference, with the interval of Wilson
for so many trials. The search starts from the textbook's size for two means,

.. math:: n_0 = (z_{1-\alpha/2} + z_{power})^2 \, (\sigma_0^2 + \sigma_1^2 / r) / \delta^2, \qquad n_1 = r n_0

and moves until the drawn trials have the power wanted.

Fractures are taken up by :mod:`osteon.trial.fracture_power`.

Under the evidence prior of cells nobody knows the effect, so there is no power, only *assurance*: the probability,
over the prior, that a trial finds a benefit, and that it finds harm. The first can hardly pass one half, whatever the
size.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from osteon import __version__
from osteon.errors import ModelError, UsageError
from osteon.trial.courses import hypothetical, hypothetical_difference
from osteon.trial.enrol import enrolled
from osteon.trial.fracture_power import UNKNOWN, fracture_arms
from osteon.trial.intervals import wilson
from osteon.trial.model_error import model_shifts
from osteon.trial.pool import ArmPool, arm_pool, draw_trials, slope
from osteon.trial.power_result import ArmPower, Assurance, AtSize, FractureArmPower, Power
from osteon.trial.protocol import Protocol
from osteon.trial.student import quantile
from osteon.trial.worlds import many_worlds
from osteon.twin.cell_therapy import STATEMENT

Floats = NDArray[np.float64]

PEOPLE, TRIALS = 4_000, 2_000
FEWEST_EACH, MOST_TOTAL = 4, 100_000
CURVE = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Sizes of the power curve, relative to the size that is needed."""

ASSURANCE_SIZES = (20, 50, 100, 200, 500, 1000)
NORMAL = NormalDist()


def two_means(difference: float, sds: tuple[float, float], ratio: float, level: float, power: float) -> float:
    """People in the control arm that the textbook asks for, ``ratio`` times as many in the active arm."""
    z = NORMAL.inv_cdf(1.0 - level / 2.0) + NORMAL.inv_cdf(power)
    return z * z * (sds[0] ** 2 + sds[1] ** 2 / ratio) / difference**2


@dataclass(frozen=True, slots=True)
class Question:
    """Two arms: their pools, how people are divided between them, and what is wanted."""

    protocol: Protocol
    control: ArmPool
    active: ArmPool
    ratio: float
    trials: int
    _known: dict[int, AtSize] = field(default_factory=dict)

    def sizes(self, total: int) -> tuple[int, int]:
        """Control and active arm of a trial of this total."""
        active = max(FEWEST_EACH, round(total * self.ratio / (1.0 + self.ratio)))
        return max(FEWEST_EACH, total - active), active

    @property
    def difference(self) -> float:
        """Mean true difference between the arms, percentage points."""
        return float(np.nanmean(self.active.true) - np.nanmean(self.control.true))

    @property
    def sds(self) -> tuple[float, float]:
        """What the analysis leaves of the spread of the measured changes in either arm."""
        both = slope(self.control, self.active, self.protocol.analysis.method)
        return math.sqrt(self.control.variance(both)), math.sqrt(self.active.variance(both))

    def formula(self) -> int | None:
        """The textbook's total, with those who are not seen added; none when it is beyond any trial."""
        if abs(self.difference) < 1e-9:
            return None
        wanted = self.protocol.analysis.power
        each = two_means(self.difference, self.sds, self.ratio, self.protocol.level, wanted)
        total = each / self.control.seen + each * self.ratio / self.active.seen
        return math.ceil(total) if total <= MOST_TOTAL else None

    def at(self, total: int) -> AtSize:
        """The power of trials of this total."""
        if total not in self._known:
            sizes = self.sizes(total)
            # Very large trials are drawn less often: they cost more, and their power is near 1.
            trials = max(200, min(self.trials, 40_000_000 // sum(sizes)))
            above, below = draw_trials(self.protocol, (self.control, self.active), sizes, trials).significant(
                self.protocol.level
            )
            right = above if self.difference > 0 else below
            low, high = wilson(float(right.sum()), trials)
            self._known[total] = AtSize(
                total=sum(sizes),
                control=sizes[0],
                active=sizes[1],
                power=float(right.mean()),
                low=low,
                high=high,
                trials=trials,
            )
        return self._known[total]

    def by_formula(self, sizes: tuple[int, int], difference: float) -> float:
        """About the power of a trial at another true difference, in the direction of the mean one.

        The noncentral t by its normal approximation; drawn trials of a few people agree with it to some per cent.
        """
        variance = sum(
            sd * sd / (size * pool.seen)
            for sd, size, pool in zip(self.sds, sizes, (self.control, self.active), strict=True)
        )
        sign = 1.0 if self.difference > 0 else -1.0
        freedom = max(sum(sizes) - 3.0, 1.0)
        critical = quantile(1.0 - self.protocol.level / 2.0, freedom)
        spread = math.sqrt(1.0 + critical**2 / (2.0 * freedom))
        return NORMAL.cdf((sign * difference / math.sqrt(variance) - critical) / spread)

    def needed(self) -> AtSize | None:
        """The smallest total that has the power wanted; none when it is beyond any trial."""
        first = self.formula()
        if first is None:
            return None
        return smallest(self.at, first, self.protocol.analysis.power)


def smallest(at: Callable[[int], AtSize], first: int, wanted: float) -> AtSize | None:
    """The smallest total with the power wanted, searched from a first guess by steps and halving."""
    # Even totals, so that equal arms are equal.
    low, high = 2 * FEWEST_EACH - 2, max(2 * math.ceil(first / 2), 2 * FEWEST_EACH)
    while at(high).power < wanted:
        low, high = high, 2 * math.ceil(0.65 * high)
        if high > MOST_TOTAL:
            return None
    step = max(2, 2 * round(high / 400))
    while high - low > step:
        middle = 2 * ((low + high) // 4)
        if middle <= low:
            break
        if at(middle).power >= wanted:
            high = middle
        else:
            low = middle
    return at(high)


def trial_power(
    protocol: Protocol, *, people: int = PEOPLE, trials: int = TRIALS, totals: tuple[int, ...] = ()
) -> Power:
    """Sample size and power of the primary endpoint, for each arm beside the control.

    Parameters
    ----------
    protocol
        The trial.
    people
        How many are simulated, once; trials are drawn from them.
    trials
        How many trials are drawn for each size.
    totals
        Sizes (control and active arm together, everybody randomised) whose power is asked for; around the size that is
        needed by default.

    Raises
    ------
    UsageError
        A size is not possible.
    ModelError
        Hardly anybody fits.
    """
    for total in totals:
        if not 2 * FEWEST_EACH <= total <= MOST_TOTAL:
            raise UsageError(
                f"a trial of {total:,} people is not possible",
                where="--total",
                mend=f"Write a whole number from {2 * FEWEST_EACH} to {MOST_TOTAL}",
            )
    if many_worlds(protocol.arms[protocol.control]):
        raise ModelError(
            "the control arm has cells under the evidence prior, so there is nothing to compare with",
            where="analysis.control",
            mend="Name another arm",
        )
    who = enrolled(protocol, people)
    if protocol.primary.measure == "fracture":
        return _power(protocol, people, fractures=fracture_arms(protocol, who, trials, totals))
    control = arm_pool(protocol, protocol.control, who)
    shifts = model_shifts(protocol)
    found = []
    for number in protocol.actives:
        arm = protocol.arms[number]
        ratio = arm.share / protocol.arms[protocol.control].share
        question = Question(protocol, control, arm_pool(protocol, number, who), ratio, trials)
        if many_worlds(arm):
            found.append(_assured(question, number, totals))
        else:
            found.append(_arm(question, number, totals, shifts.get((0, number))))
    return _power(protocol, people, arms=tuple(found))


def _power(
    protocol: Protocol,
    people: int,
    *,
    arms: tuple[ArmPower, ...] = (),
    fractures: tuple[FractureArmPower, ...] = (),
) -> Power:
    unproven = any(hypothetical(arm) for arm in protocol.arms)
    return Power(
        osteon=__version__,
        title=protocol.title,
        seed=protocol.seed,
        endpoint=protocol.primary.label,
        method="cox" if fractures else protocol.analysis.method,
        estimand=protocol.analysis.estimand,
        level=protocol.level,
        wanted=protocol.analysis.power,
        people=people,
        hypothetical=unproven,
        statement=STATEMENT if unproven else None,
        arms=arms,
        fracture_arms=fractures,
    )


def _arm(question: Question, number: int, totals: tuple[int, ...], shift: Floats | None) -> ArmPower:
    protocol = question.protocol
    needed, formula = question.needed(), question.formula()
    asked = totals
    if needed is not None and not totals:
        asked = tuple(2 * math.ceil(part * needed.total / 2) for part in CURVE)
    over_model = None
    if needed is not None and shift is not None:
        sizes = (needed.control, needed.active)
        over_model = float(np.mean([question.by_formula(sizes, question.difference + float(one)) for one in shift]))
    apart = f"{question.difference:+.3f} points"
    why = f"The arms differ by {apart}: no trial of up to {MOST_TOTAL:,} people has the power wanted."
    return ArmPower(
        arm=protocol.arms[number].name,
        control=protocol.arms[protocol.control].name,
        hypothetical=hypothetical_difference(protocol, number),
        difference=question.difference,
        sd_control=question.sds[0],
        sd_active=question.sds[1],
        seen_control=question.control.seen,
        seen_active=question.active.seen,
        needed=needed,
        formula_total=formula,
        power_over_model=over_model,
        curve=tuple(question.at(total) for total in sorted(set(asked))),
        assurance=(),
        why_no_size=None if needed else why,
    )


def _assured(question: Question, number: int, totals: tuple[int, ...]) -> ArmPower:
    """Over the draws of the evidence prior: how often a trial finds a benefit, and how often harm."""
    protocol = question.protocol
    found = []
    worlds = question.active.worlds
    each = max(1, round(question.trials / worlds))
    for total in totals or ASSURANCE_SIZES:
        sizes = question.sizes(total)
        pair = draw_trials(protocol, (question.control, question.active), sizes, each * worlds)
        above, below = pair.significant(protocol.level)
        benefit, b_low, b_high = _over_pairs(above, worlds)
        harm, h_low, h_high = _over_pairs(below, worlds)
        found.append(
            Assurance(
                total=sum(sizes),
                control=sizes[0],
                active=sizes[1],
                benefit=benefit,
                benefit_low=b_low,
                benefit_high=b_high,
                harm=harm,
                harm_low=h_low,
                harm_high=h_high,
            )
        )
    return ArmPower(
        arm=protocol.arms[number].name,
        control=protocol.arms[protocol.control].name,
        hypothetical=True,
        difference=question.difference,
        sd_control=question.sds[0],
        sd_active=float(np.sqrt(np.nanmean(np.nanvar(question.active.true, axis=1)))),
        seen_control=question.control.seen,
        seen_active=question.active.seen,
        needed=None,
        formula_total=None,
        power_over_model=None,
        curve=(),
        assurance=tuple(found),
        why_no_size=UNKNOWN,
    )


def _over_pairs(hit: NDArray[np.bool_], worlds: int) -> tuple[float, float, float]:
    """The mean over worlds, and its 95 % interval; mirrored worlds count as one draw."""
    by_pair = hit.reshape(-1, worlds // 2, 2).mean(axis=(0, 2))
    mean = float(by_pair.mean())
    half = NORMAL.inv_cdf(0.975) * float(by_pair.std(ddof=1)) / math.sqrt(by_pair.size)
    return mean, max(mean - half, 0.0), min(mean + half, 1.0)
