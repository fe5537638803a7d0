"""Virtual people who fit a planned trial: candidates are drawn by number, in blocks of fixed size, and screened.

A trial screens by what it measures: the T-score of the window is that of one scan with its measurement error, and that
scan is the baseline of the analysis. A person is a candidate's number in the study, and the same person in every
arm. Blocks are the unit of work: what one holds depends on its number only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.evidence import value
from osteon.trial.design import HALF_YEAR, Ages
from osteon.trial.draws import normals, uniforms
from osteon.trial.lives import life_table
from osteon.trial.people import Women, hip_t_scores
from osteon.trial.protocol import AgeRange, Protocol, Window
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.population import draw_people
from osteon.twin.variability.traits import drift_years, level_prior

Floats = NDArray[np.float64]

BLOCK = 16_384
"""Candidates that are drawn together."""

GROUP = 4_096
"""Blocks are worked on together until they hold so many people: fewer at a time would waste the engine."""

LOOKED_AT = 10 * BLOCK
FEWEST_THAT_FIT = 0.002
"""When less than this share of the first candidates fits, the population is taken for impossible."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """``n`` people of one block at enrolment.

    Attributes
    ----------
    people
        Who they are; for the bone model and the fracture model.
    measured
        BMD of the baseline scan by site, g/cm², ``(n,)`` each.
    menopause_age, turnover, menopausal_loss
        Their traits, ``(n,)``.
    hip_lost
        Share of peak total-hip density that the bone model has lost, ``(n,)``.
    """

    people: Women
    measured: Mapping[SiteName, Floats]
    menopause_age: Floats
    turnover: Floats
    menopausal_loss: Floats
    hip_lost: Floats

    @property
    def count(self) -> int:
        """``n``."""
        return int(self.people.numbers.size)

    def first(self, count: int) -> Enrolled:
        """The first so many."""
        return self if count >= self.count else self.pick(np.arange(count))

    def pick(self, which: NDArray[np.int64]) -> Enrolled:
        """Some of them, by position."""
        women = self.people
        return Enrolled(
            people=replace(
                women,
                numbers=women.numbers[which],
                age_years=women.age_years[which],
                bmd={site: one[which] for site, one in women.bmd.items()},
                drift=women.drift[:, which],
                states=np.ascontiguousarray(women.states[:, which]),
                parameters={name: one[which] if np.ndim(one) else one for name, one in women.parameters.items()},
                drug_response=women.drug_response[which],
            ),
            measured={site: one[which] for site, one in self.measured.items()},
            menopause_age=self.menopause_age[which],
            turnover=self.turnover[which],
            menopausal_loss=self.menopausal_loss[which],
            hip_lost=self.hip_lost[which],
        )


def ages_of(given: AgeRange) -> Ages:
    """The ages as the draws take them."""
    half_years = [round(one / HALF_YEAR) * HALF_YEAR for one in (given.youngest, given.oldest)]
    return Ages(half_years[0], half_years[1], given.mean, given.sd)


def precision(protocol: Protocol, site: SiteName) -> float:
    """Measurement error of one scan as a share of BMD: as the design states it, else the published precision."""
    stated = getattr(protocol.measurement, f"{site}_percent")
    return float(value(f"variability.precision.{site}") if stated is None else stated) / 100.0


def scan_error(protocol: Protocol, site: SiteName, month: int, numbers: NDArray[np.int64]) -> Floats:
    """The factor by which a scan of each person misses the truth, ``(n,)``; the same in every arm."""
    drawn = normals(protocol.study, f"scan of {site} at month {month}", numbers, 1)[0]
    return np.asarray(1.0 + precision(protocol, site) * drawn)


def screen(protocol: Protocol, block: int, *, states: bool = True) -> Enrolled:
    """Everybody in a block who fits; ``states=False`` leaves the bone model's states out, to count quickly."""
    study, rule = protocol.study, protocol.population
    numbers = np.arange(block * BLOCK, (block + 1) * BLOCK)
    ages = ages_of(rule.ages)
    age = ages.at(
        uniforms(study, "age", numbers, 1)[0],
        normals(study, "age in a printed spread", numbers, 1)[0],
    )
    drawn = draw_people(study, rule.sex, numbers)
    table = life_table(rule.sex, ages.youngest, ages.oldest)
    of_model = table.log_bmd(drawn.traits, age)
    prior = level_prior(rule.sex)
    levels = drawn.levels + (prior.mean_at(age) - prior.mean[:, None])
    logs = of_model + levels[: len(SITES)] + levels[len(SITES) :] * drift_years(age)
    bmd = dict(zip(SITES, np.exp(logs), strict=True))
    measured = {site: one * scan_error(protocol, site, 0, numbers) for site, one in bmd.items()}
    fits = _fits(protocol, age - drawn.traits["menopause_age"], measured)
    every = drawn.parameters()
    traits = {name: one[fits] for name, one in drawn.traits.items()}
    return Enrolled(
        people=Women(
            numbers=numbers[fits],
            age_years=age[fits],
            bmd={site: one[fits] for site, one in bmd.items()},
            drift=levels[len(SITES) :, fits],
            states=table.states_at(traits, age[fits]) if states else np.empty((0, age[fits].size)),
            parameters={name: one[fits] if np.ndim(one) else one for name, one in every.items()},
            drug_response=traits["drug_response"],
            sex=rule.sex,
        ),
        measured={site: one[fits] for site, one in measured.items()},
        menopause_age=traits["menopause_age"],
        turnover=traits["turnover"],
        menopausal_loss=traits["menopausal_loss"],
        hip_lost=1.0 - np.exp(of_model[SITES.index("total_hip"), fits]),
    )


def _fits(protocol: Protocol, since_menopause: Floats, measured: Mapping[SiteName, Floats]) -> NDArray[np.bool_]:
    rule = protocol.population
    fits = np.ones(since_menopause.size, dtype=bool)
    if rule.years_since_menopause is not None:
        fits &= _inside(rule.years_since_menopause, since_menopause)
    if rule.t_score is not None:
        lowest = np.min([hip_t_scores(site, measured[site]) for site in rule.t_score.sites], axis=0)
        fits &= _inside(rule.t_score, lowest)
    for one in rule.exclude:
        score = hip_t_scores(one.site, measured[one.site])
        below = -np.inf if one.t_score_below is None else one.t_score_below
        above = np.inf if one.t_score_above is None else one.t_score_above
        fits &= (score >= below) & (score <= above)
    return fits


def _inside(window: Window, values: Floats) -> NDArray[np.bool_]:
    low = -np.inf if window.lowest is None else window.lowest
    high = np.inf if window.highest is None else window.highest
    return np.asarray((values >= low) & (values <= high))


@dataclass(frozen=True, slots=True)
class Share:
    """A piece of a trial's work: so many ``blocks`` from ``block`` on, as many as hold about :data:`GROUP` people.

    Their first ``take`` people are taken, who are number ``first`` and on among all.
    """

    block: int
    blocks: int
    first: int
    take: int


def shares(protocol: Protocol, people: int) -> Iterator[Share]:
    """The pieces that hold so many people, in order.

    Raises
    ------
    ModelError
        Hardly any candidate fits.
    """
    have = block = begun = gathered = 0
    while have + gathered < people:
        gathered += screen(protocol, block, states=False).count
        block += 1
        if block * BLOCK == LOOKED_AT and have + gathered < FEWEST_THAT_FIT * LOOKED_AT:
            raise ModelError(
                f"of {LOOKED_AT:,} virtual people only {have + gathered} fit the trial",
                where="population",
                mend="Widen the ages, the T-scores or the years since menopause",
            )
        if gathered >= GROUP or have + gathered >= people:
            take = min(gathered, people - have)
            yield Share(begun, block - begun, have, take)
            have, begun, gathered = have + take, block, 0


def enrolled(protocol: Protocol, people: int) -> Enrolled:
    """The first so many people of a trial at once; for few.

    Raises
    ------
    ModelError
        Hardly any candidate fits.
    """
    return joined([of_share(protocol, one) for one in shares(protocol, people)])


def of_share(protocol: Protocol, share: Share) -> Enrolled:
    """The people of a piece."""
    blocks = range(share.block, share.block + share.blocks)
    return joined([screen(protocol, block) for block in blocks]).first(share.take)


def joined(parts: list[Enrolled]) -> Enrolled:
    """People of several blocks together."""
    if len(parts) == 1:
        return parts[0]
    women = [part.people for part in parts]

    def together(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts])

    return Enrolled(
        people=replace(
            women[0],
            numbers=np.concatenate([one.numbers for one in women]),
            age_years=np.concatenate([one.age_years for one in women]),
            bmd={site: np.concatenate([one.bmd[site] for one in women]) for site in SITES},
            drift=np.concatenate([one.drift for one in women], axis=1),
            states=np.concatenate([one.states for one in women], axis=1),
            parameters={
                name: np.concatenate([one.parameters[name] for one in women]) if np.ndim(given) else given
                for name, given in women[0].parameters.items()
            },
            drug_response=np.concatenate([one.drug_response for one in women]),
        ),
        measured={site: np.concatenate([part.measured[site] for part in parts]) for site in SITES},
        menopause_age=together("menopause_age"),
        turnover=together("turnover"),
        menopausal_loss=together("menopausal_loss"),
        hip_lost=together("hip_lost"),
    )
