r"""How many people a fracture endpoint needs: trials of first fractures drawn from a pool, analysed by Cox's method.

The pool's hazards are those of the run: along each person's BMD under the arm, by the link of the reports. Every drawn
trial has people, fractures, deaths and losses of its own. The search starts from Schoenfeld's number of fractures,

.. math:: D = (z_{1-\alpha/2} + z_{power})^2 \, \frac{(1 + r)^2}{r \, (\ln \theta)^2}

with :math:`\theta` the ratio of the expected rates and :math:`r` people in the active arm for each in the control arm.

Source: Schoenfeld DA (1983), Biometrics 39:499-503.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.risk.open_model.treatment_link import Link
from osteon.trial.courses import hypothetical_difference
from osteon.trial.cox import hazard_ratio
from osteon.trial.draws import uniforms
from osteon.trial.enrol import Enrolled
from osteon.trial.events import PARTS, YearlyHazards, expected_sums, time_to, yearly_hazards
from osteon.trial.follow import follow_arm, follow_untreated
from osteon.trial.intervals import wilson
from osteon.trial.power_result import AtSize, FractureArmPower
from osteon.trial.protocol import Protocol
from osteon.trial.run import FIXED_LINK
from osteon.trial.worlds import many_worlds
from osteon.twin.osteon_model.sites import SITES

Floats = NDArray[np.float64]

MOST_TRIALS, LEAST_TRIALS, PEOPLE_IN_ALL = 300, 100, 6_000_000
"""Trials that are drawn for each size: such trials are large, and each is analysed by itself."""

MOST_TOTAL = 200_000
ROUNDS = 4
CURVE = (0.5, 1.0)
NORMAL = NormalDist()


def pool_hazards(protocol: Protocol, who: Enrolled, link: Link = FIXED_LINK) -> Mapping[int, YearlyHazards]:
    """Yearly hazards of the pool's people by arm; arms under the evidence prior have none.

    Raises
    ------
    ModelError
        The model has no answer for somebody.
    """
    arms = {number: arm for number, arm in enumerate(protocol.arms) if not many_worlds(arm)}
    paths = {number: follow_arm(protocol, arm, who) for number, arm in arms.items()}
    untreated = follow_untreated(protocol, who)
    if any(one.failed.any() for one in (untreated, *paths.values())):
        raise ModelError("the bone model gave no finite answer for some people", mend="Look at the doses of the arms")
    without = {site: untreated.true[site] for site in SITES}
    return {
        number: yearly_hazards(who.people, {site: one.true[site] for site in SITES}, without, one.t_years, link)
        for number, one in paths.items()
    }


@dataclass(frozen=True, slots=True)
class FractureQuestion:
    """Two arms: their hazards, how people are divided between them, and what is wanted."""

    protocol: Protocol
    control: YearlyHazards
    active: YearlyHazards
    ratio: float
    trials: int
    _known: dict[int, AtSize] = field(default_factory=dict)

    def expected(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Rate per person-year and share with a fracture in either arm; losses are not in it."""
        kind = self.protocol.primary.fracture or "major"
        found = []
        for one in (self.control, self.active):
            events, person_years = expected_sums(one, self.protocol.years, kind)
            found.append((events / person_years, events / one.death.shape[0]))
        return found[0], found[1]

    @property
    def rate_ratio(self) -> float:
        """Ratio of the expected rates, active to control."""
        (control, _), (active, _) = self.expected()
        return active / control

    def formula(self) -> int | None:
        """Schoenfeld's total, with losses about halving the follow-up of who is lost; none beyond any trial."""
        log_ratio = math.log(self.rate_ratio)
        if abs(log_ratio) < 1e-6:
            return None
        z = NORMAL.inv_cdf(1.0 - self.protocol.level / 2.0) + NORMAL.inv_cdf(self.protocol.analysis.power)
        fractures = z * z * (1.0 + self.ratio) ** 2 / (self.ratio * log_ratio**2)
        (_, control), (_, active) = self.expected()
        share = (control + self.ratio * active) / (1.0 + self.ratio)
        lost = 1.0 - (1.0 - self.protocol.analysis.lost_per_year) ** self.protocol.years
        total = fractures / (share * (1.0 - 0.5 * lost))
        return math.ceil(total) if total <= MOST_TOTAL else None

    def sizes(self, total: int) -> tuple[int, int]:
        """Control and active arm of a trial of this total."""
        active = round(total * self.ratio / (1.0 + self.ratio))
        return total - active, active

    def at(self, total: int) -> AtSize:
        """The power of trials of this total."""
        if total not in self._known:
            trials = min(self.trials, max(LEAST_TRIALS, min(MOST_TRIALS, PEOPLE_IN_ALL // total)))
            sizes = self.sizes(total)
            hits = sum(self._finds(sizes, number) for number in range(trials))
            low, high = wilson(hits, trials)
            self._known[total] = AtSize(
                total=total,
                control=sizes[0],
                active=sizes[1],
                power=hits / trials,
                low=low,
                high=high,
                trials=trials,
            )
        return self._known[total]

    def needed(self) -> AtSize | None:
        """About the smallest total with the power wanted, corrected on the scale of the normal distribution."""
        first = self.formula()
        if first is None:
            return None
        alpha = NORMAL.inv_cdf(1.0 - self.protocol.level / 2.0)
        wanted = alpha + NORMAL.inv_cdf(self.protocol.analysis.power)
        total, best = 2 * math.ceil(first / 2), None
        for _ in range(ROUNDS):
            now = self.at(total)
            if now.power >= self.protocol.analysis.power and (best is None or now.total < best.total):
                best = now
            if now.low <= self.protocol.analysis.power <= now.high and best is not None:
                break
            has = alpha + NORMAL.inv_cdf(min(max(now.power, 0.02), 0.995))
            total = 2 * math.ceil(total * min(max((wanted / has) ** 2, 1.02 if now.power < 0.9 else 0.5), 2.0) / 2)
            if total > MOST_TOTAL:
                break
        return best

    def _finds(self, sizes: tuple[int, int], number: int) -> bool:
        """Whether one trial's interval leaves 1 on the side of the expected ratio."""
        years, event = zip(
            *(
                self._follow(one, size, f"fracture trial {number}, {name} arm")
                for one, size, name in zip((self.control, self.active), sizes, ("control", "active"), strict=True)
            ),
            strict=True,
        )
        if not all(one.any() for one in event):
            return False
        treated = np.repeat([False, True], sizes)
        found = hazard_ratio(np.concatenate(years), np.concatenate(event), treated, self.protocol.level)
        return found.high < 1.0 if self.rate_ratio < 1.0 else found.low > 1.0

    def _follow(self, hazards: YearlyHazards, size: int, purpose: str) -> tuple[Floats, NDArray[np.bool_]]:
        parts = PARTS[self.protocol.primary.fracture or "major"]
        drawn = uniforms(self.protocol.study, purpose, np.arange(size), 3 + len(parts))
        people = hazards.death.shape[0]
        who = np.minimum((drawn[0] * people).astype(np.int64), people - 1)
        luck = -np.log(drawn[1:])
        fracture = np.min([time_to(hazards.by_site[part][who], luck[2 + n]) for n, part in enumerate(parts)], axis=0)
        end = np.minimum(time_to(hazards.death[who], luck[0]), self.protocol.years)
        if self.protocol.analysis.lost_per_year:
            end = np.minimum(end, luck[1] / -math.log1p(-self.protocol.analysis.lost_per_year))
        return np.minimum(fracture, end), np.asarray(fracture <= end)


def fracture_arms(
    protocol: Protocol, who: Enrolled, trials: int, totals: tuple[int, ...]
) -> tuple[FractureArmPower, ...]:
    """Sample size and power of a fracture endpoint for each arm beside the control."""
    hazards = pool_hazards(protocol, who)
    found = []
    for number in protocol.actives:
        arm = protocol.arms[number]
        names = {
            "arm": arm.name,
            "control": protocol.arms[protocol.control].name,
            "hypothetical": hypothetical_difference(protocol, number),
        }
        if number not in hazards:
            found.append(FractureArmPower(**names, why_no_size=UNKNOWN))
            continue
        ratio = arm.share / protocol.arms[protocol.control].share
        question = FractureQuestion(protocol, hazards[protocol.control], hazards[number], ratio, trials)
        needed = question.needed()
        asked = totals
        if needed is not None and not totals:
            asked = tuple(2 * math.ceil(part * needed.total / 2) for part in CURVE)
        (_, control), (_, active) = question.expected()
        found.append(
            FractureArmPower(
                **names,
                expected_ratio=question.rate_ratio,
                control_percent=100.0 * control,
                active_percent=100.0 * active,
                needed=needed,
                formula_total=question.formula(),
                curve=tuple(question.at(total) for total in sorted(set(asked))),
                why_no_size=None if needed else f"No trial of up to {MOST_TOTAL:,} people has the power wanted.",
            )
        )
    return tuple(found)


UNKNOWN = "Nobody knows the effect: it is drawn from the prior, half of it harm, so no size has a power."
