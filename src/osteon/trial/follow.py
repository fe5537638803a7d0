"""What becomes of enrolled people in one arm: true and measured values at each visit, and who still takes what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from osteon.person import Sex
from osteon.trial.courses import arm_courses, multipliers, stopping_years
from osteon.trial.draws import normals
from osteon.trial.enrol import Enrolled, scan_error
from osteon.trial.protocol import ArmPlan, EndpointPlan, Protocol
from osteon.trial.readings import read_at_visits
from osteon.trial.worlds import cell_parameters, world_of
from osteon.twin.engine.simulate import CHUNK, Backend
from osteon.twin.engine.simulation import Status
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise.likelihood import marker_scale
from osteon.twin.variability.traits import drift_years

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

UNTREATED = ArmPlan(name="untreated", therapy="none")

EVERY_YEARS = 0.5
"""How often BMD is read between visits where fractures are counted."""


@dataclass(frozen=True, slots=True)
class InArm:
    """``n`` people in one arm, at ``J`` times from enrolment.

    Attributes
    ----------
    t_years
        Times, the first 0, ``(J,)``.
    true
        BMD (g/cm²) by site, and CTX (ng/L) where it is an endpoint, ``(n, J)`` each.
    stop_years
        When each stops treatment for good; infinity for who goes on, ``(n,)``.
    failed
        People for whom the model gave no finite answer, ``(n,)``.
    """

    t_years: Floats
    true: Mapping[str, Floats]
    stop_years: Floats
    failed: Booleans

    def first(self, count: int) -> InArm:
        """The first so many people."""
        true = {name: one[:count] for name, one in self.true.items()}
        return InArm(self.t_years, true, self.stop_years[:count], self.failed[:count])


def quantities(protocol: Protocol) -> tuple[str, ...]:
    """What is measured at a visit."""
    ctx = any(one.measure == "ctx" for one in protocol.endpoints)
    return (*SITES, "ctx") if ctx else SITES


@lru_cache(maxsize=32)
def times(protocol: Protocol) -> tuple[float, ...]:
    """Enrolment, the visits, and where fractures are counted each half year up to the end."""
    found = {0.0, *(month / 12.0 for month in protocol.visits_months)}
    if protocol.fractures:
        found |= {round(one, 9) for one in np.arange(0.0, protocol.years, EVERY_YEARS)} | {protocol.years}
    kept: list[float] = []
    for one in sorted(found):
        if not kept or one - kept[-1] > 1e-6:
            kept.append(one)
    return tuple(kept)


def column(protocol: Protocol, month: int) -> int:
    """Where a month stands among the times."""
    return int(np.argmin(np.abs(np.array(times(protocol)) - month / 12.0)))


def follow_arm(
    protocol: Protocol,
    arm: ArmPlan,
    who: Enrolled,
    *,
    engine: Backend = "numpy",
    worlds: NDArray[np.int64] | None = None,
) -> InArm:
    """Everybody in an arm, with the doses that each takes.

    Parameters
    ----------
    protocol, arm
        The trial and one of its arms.
    who
        People at enrolment.
    engine
        Which driver integrates the bone model.
    worlds
        The world of each person where the arm has cells; that of their number by default.
    """
    if engine == "jax" and who.count % CHUNK["jax"]:
        # A compiled program serves one number of people: the last ones are filled up, so that one serves all.
        full = math.ceil(who.count / CHUNK["jax"]) * CHUNK["jax"]
        places = np.minimum(np.arange(full), who.count - 1)
        every = follow_arm(
            protocol, arm, who.pick(places), engine=engine, worlds=None if worlds is None else worlds[places]
        )
        return every.first(who.count)
    women, courses = who.people, arm_courses(protocol, arm)
    t_years = np.array(times(protocol))
    stop = stopping_years(protocol.study, "stops treatment", women.numbers, arm.dropout_per_year)
    parameters = dict(women.parameters)
    if courses.product is not None:
        own = world_of(women.numbers) if worlds is None else worlds
        parameters |= cell_parameters(protocol, arm, who, own)
    measured = quantities(protocol)
    names = tuple("ctx" if one == "ctx" else f"bmd_{one}" for one in measured)
    run, read = read_at_visits(
        women.age_years,
        courses.regimen,
        t_years,
        names,
        women.states,
        parameters=parameters,
        dose_multipliers=multipliers(protocol, arm, courses.regimen, women, stop),
        backend=engine,
    )
    drifted = drift_years(women.age_years[:, None] + t_years) - drift_years(women.age_years)[:, None]
    true: dict[str, Floats] = {}
    for number, site in enumerate(SITES):
        of_model = read[f"bmd_{site}"]
        own_drift = np.exp(women.drift[number][:, None] * drifted)
        true[site] = women.bmd[site][:, None] * (of_model / of_model[:, :1]) * own_drift
    if "ctx" in measured:
        centre = _ctx_scale(women.sex)
        true["ctx"] = centre * who.turnover[:, None] * read["ctx"]
    return InArm(t_years, true, stop, np.asarray(run.status != Status.OK))


def follow_untreated(protocol: Protocol, who: Enrolled, *, engine: Backend = "numpy") -> InArm:
    """Everybody without anything, the background too: gains that lower fracture risk are counted from here."""
    return follow_arm(protocol.model_copy(update={"background": "none"}), UNTREATED, who, engine=engine)


@lru_cache(maxsize=2)
def _ctx_scale(sex: Sex) -> float:
    """CTX in ng/L where the bone model says 1."""
    return float(np.exp(marker_scale(sex, "ctx")[0]))


def error_factor(protocol: Protocol, quantity: str, month: int, numbers: NDArray[np.int64]) -> Floats:
    """The factor by which a measurement of each person misses the truth; month 0 is baseline, ``(n,)``."""
    if quantity != "ctx":
        return scan_error(protocol, quantity, month, numbers)  # type: ignore[arg-type]
    share = (protocol.measurement.ctx_percent or 0.0) / 100.0
    return np.asarray(np.exp(share * normals(protocol.study, f"CTX at month {month}", numbers, 1)[0]))


def lost_years(protocol: Protocol, numbers: NDArray[np.int64]) -> Floats:
    """When each person is lost to follow-up, ``(n,)``; the same in every arm."""
    return stopping_years(protocol.study, "lost to follow-up", numbers, protocol.analysis.lost_per_year)


def quantity_of(endpoint: EndpointPlan) -> str:
    """What a continuous endpoint measures."""
    return "ctx" if endpoint.measure == "ctx" else str(endpoint.read_site)


@dataclass(frozen=True, slots=True)
class Change:
    """Change from baseline of one endpoint, per cent, ``(n,)`` each.

    Attributes
    ----------
    true, measured
        Of the true values, and of the measured ones.
    counted
        Whose change the estimand takes: everybody, or those who still take what they were given.
    """

    true: Floats
    measured: Floats
    counted: Booleans


@dataclass(frozen=True, slots=True)
class Misses:
    """The factors by which the two measurements of an endpoint miss the truth, the same in every arm, ``(n,)`` each."""

    start: Floats
    end: Floats


def misses(protocol: Protocol, endpoint: EndpointPlan, numbers: NDArray[np.int64]) -> Misses:
    """What baseline and the month of a continuous endpoint are off by, for each person."""
    quantity = quantity_of(endpoint)
    at = (0, endpoint.read_month or 0)
    return Misses(*(error_factor(protocol, quantity, month, numbers) for month in at))


def change(protocol: Protocol, endpoint: EndpointPlan, arm: InArm, missed: Misses) -> Change:
    """The change of a continuous endpoint in one arm."""
    month = endpoint.read_month or 0
    values = arm.true[quantity_of(endpoint)]
    at = column(protocol, month)
    ratio = values[:, at] / values[:, 0]
    miss = missed.end / missed.start
    on_treatment = arm.stop_years > month / 12.0
    policy = protocol.analysis.estimand == "treatment-policy"
    return Change(100.0 * (ratio - 1.0), 100.0 * (ratio * miss - 1.0), ~arm.failed & (policy | on_treatment))


def baseline(endpoint: EndpointPlan, arm: InArm, missed: Misses) -> Floats:
    """The measured value at enrolment that an endpoint's analysis adjusts for: g/cm², or the logarithm of CTX."""
    quantity = quantity_of(endpoint)
    measured = arm.true[quantity][:, 0] * missed.start
    return np.asarray(np.log(measured) if quantity == "ctx" else measured)
