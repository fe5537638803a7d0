"""One piece of a trial's run: everybody in it through every arm, as tables to keep and sums to add up.

Sums are all that a summary needs, so memory does not grow with the number of people. They are added in the order of the
blocks, whoever computed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.trial.draws import uniforms
from osteon.trial.enrol import Enrolled, Share, of_share
from osteon.trial.estimates import moments
from osteon.trial.events import FRACTURES, YearlyHazards, expected_sums, luck, time_to, yearly_hazards
from osteon.trial.follow import (
    Change,
    InArm,
    baseline,
    change,
    column,
    error_factor,
    follow_arm,
    follow_untreated,
    lost_years,
    misses,
    quantities,
)
from osteon.trial.people import hip_t_scores
from osteon.trial.protocol import Protocol
from osteon.trial.run import FIXED_LINK
from osteon.trial.worlds import WORLDS, many_worlds, spread_over_worlds, world_of
from osteon.twin.engine.simulate import Backend
from osteon.twin.osteon_model.sites import SITES

Floats = NDArray[np.float64]
Table = Mapping[str, Any]
Sums = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What a block gives: tables of columns (``fractures`` where they are an endpoint), sums, and who failed."""

    people: Table
    outcomes: Table
    fractures: Table | None
    sums: Sums
    failed: tuple[int, ...]


def run_block(protocol: Protocol, share: Share, engine: Backend) -> BlockResult:
    """Everybody of a piece in every arm."""
    who = of_share(protocol, share)
    person = np.arange(share.first, share.first + share.take, dtype=np.int64)
    arms = [follow_arm(protocol, arm, who, engine=engine) for arm in protocol.arms]
    failed = np.any([arm.failed for arm in arms], axis=0)
    arms = [InArm(arm.t_years, arm.true, arm.stop_years, failed) for arm in arms]
    allocated = allocate(protocol, who.people.numbers)
    lost = lost_years(protocol, who.people.numbers)
    sums: Sums = {"people": np.array([share.take, failed.sum()], dtype=np.float64), **_baseline_sums(who)}
    sums["allocated"] = np.bincount(allocated, minlength=len(arms)).astype(np.float64)
    for number in range(len(protocol.endpoints)):
        if protocol.endpoints[number].measure != "fracture":
            sums |= _change_sums(protocol, number, who, arms, (allocated, lost))
    fractures = None
    if protocol.fractures:
        fractures, more = _fractures(protocol, who, arms, (person, allocated, lost), engine)
        sums |= more
    return BlockResult(
        people=_people(protocol, who, person, allocated, failed),
        outcomes=_outcomes(protocol, who, arms, person, lost),
        fractures=fractures,
        sums=sums,
        failed=tuple(person[failed].tolist()),
    )


def allocate(protocol: Protocol, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The arm that each person is randomised to, by the arms' shares, ``(n,)``."""
    edges = np.cumsum([arm.share for arm in protocol.arms])
    drawn = uniforms(protocol.study, "allocation", numbers, 1)[0] * edges[-1]
    return np.asarray(np.minimum(np.searchsorted(edges, drawn, side="left"), edges.size - 1))


def _baseline_sums(who: Enrolled) -> Sums:
    """Sums of what the first table of a trial shows: ages, and T-scores as they were measured."""
    parts = {
        "age": who.people.age_years,
        "femoral_neck_t": hip_t_scores("femoral_neck", who.measured["femoral_neck"]),
        "total_hip_t": hip_t_scores("total_hip", who.measured["total_hip"]),
    }
    return {f"baseline:{name}": np.array([one.size, one.sum(), (one * one).sum()]) for name, one in parts.items()}


def _change_sums(
    protocol: Protocol,
    number: int,
    who: Enrolled,
    arms: list[InArm],
    luck_of_trial: tuple[NDArray[np.int64], Floats],
) -> Sums:
    allocated, lost = luck_of_trial
    endpoint = protocol.endpoints[number]
    missed = misses(protocol, endpoint, who.people.numbers)
    changes = [change(protocol, endpoint, arm, missed) for arm in arms]
    at_start = baseline(endpoint, arms[0], missed)
    seen = lost > (endpoint.read_month or 0) / 12.0
    worlds = world_of(who.people.numbers)
    found: Sums = {}
    for arm, one in enumerate(changes):
        key = f"{number}:{arm}"
        own = one.true[one.counted]
        found[f"{key}:true"] = np.array([own.size, own.sum(), (own * own).sum()])
        read = (allocated == arm) & one.counted & seen
        found[f"{key}:randomised"] = moments(at_start[read], one.measured[read])
        control: Change = changes[protocol.control]
        both = one.counted & control.counted
        paired = one.true[both] - control.true[both]
        found[f"{key}:paired"] = np.array([paired.size, paired.sum(), (paired * paired).sum()])
        if spread_over_worlds(protocol, arm):
            found[f"{key}:worlds"] = np.stack(
                [np.bincount(worlds[both], weights, minlength=WORLDS) for weights in (None, paired)]
            ).astype(np.float64)
    return found


def _fractures(
    protocol: Protocol,
    who: Enrolled,
    arms: list[InArm],
    part: tuple[NDArray[np.int64], NDArray[np.int64], Floats],
    engine: Backend,
) -> tuple[Table, Sums]:
    """First fracture of each kind and death of everybody in every arm, and what the hazards expect."""
    person, allocated, lost = part
    nothing = next((n for n, arm in enumerate(protocol.arms) if arm.therapy == protocol.background == "none"), None)
    untreated = arms[nothing] if nothing is not None else follow_untreated(protocol, who, engine=engine)
    usable = np.flatnonzero(~(arms[0].failed | untreated.failed))
    women = who.pick(usable).people
    own = luck(protocol.study, women)
    rows: dict[str, list[Floats]] = {}
    sums: Sums = {}
    for number, arm in enumerate(arms):
        hazards = yearly_hazards(
            women,
            {site: arm.true[site][usable] for site in SITES},
            {site: untreated.true[site][usable] for site in SITES},
            arm.t_years,
            FIXED_LINK,
        )
        for endpoint, one in enumerate(protocol.endpoints):
            if one.measure == "fracture" and one.fracture is not None:
                sums[f"{endpoint}:{number}:expected"] = np.array(
                    [*expected_sums(hazards, protocol.years, one.fracture), usable.size]
                )
        _add_rows(rows, protocol, hazards, own)
    count = len(arms)
    end = np.minimum(lost[usable], protocol.years)
    table = {
        "person": np.tile(person[usable].astype(np.int32), count),
        "arm": np.repeat(np.arange(count, dtype=np.int16), usable.size),
        "randomised": np.concatenate([allocated[usable] == number for number in range(count)]),
        "followed_years": np.minimum(np.tile(end, count), np.concatenate(rows["death"])),
        **{f"{name}_years": np.concatenate(each) for name, each in rows.items()},
    }
    return table, sums


def _add_rows(
    rows: dict[str, list[Floats]], protocol: Protocol, hazards: YearlyHazards, own: Mapping[str, Floats]
) -> None:
    for name in (*FRACTURES, "death"):
        hazard = hazards.death if name == "death" else hazards.by_site[name]
        when = time_to(hazard, own[name])
        rows.setdefault(name, []).append(np.where(when <= protocol.years, when, np.inf))


def _people(
    protocol: Protocol,
    who: Enrolled,
    person: NDArray[np.int64],
    allocated: NDArray[np.int64],
    failed: NDArray[np.bool_],
) -> Table:
    women = who.people
    table: dict[str, Any] = {
        "person": person.astype(np.int32),
        "number": women.numbers,
        "arm": allocated.astype(np.int16),
        "age_years": women.age_years.astype(np.float32),
    }
    if protocol.population.sex == "female":
        table["years_since_menopause"] = (women.age_years - who.menopause_age).astype(np.float32)
    for site in SITES:
        table[f"{site}_g_cm2"] = who.measured[site].astype(np.float32)
        table[f"{site}_true_g_cm2"] = women.bmd[site].astype(np.float32)
    for site in ("total_hip", "femoral_neck"):
        table[f"{site}_t_score"] = hip_t_scores(site, who.measured[site]).astype(np.float32)
    table |= {
        "turnover": who.turnover.astype(np.float32),
        "menopausal_loss": who.menopausal_loss.astype(np.float32),
        "drug_response": women.drug_response.astype(np.float32),
    }
    if any(many_worlds(arm) for arm in protocol.arms):
        table["world"] = world_of(women.numbers).astype(np.int16)
    table["failed"] = failed
    return table


def _outcomes(protocol: Protocol, who: Enrolled, arms: list[InArm], person: NDArray[np.int64], lost: Floats) -> Table:
    """One row an arm, visit and person, everybody in every arm; what nobody could see is not a number."""
    months, count = protocol.visits_months, person.size
    numbers, names = who.people.numbers, quantities(protocol)
    columns: dict[str, list[Any]] = {name: [] for name in ("on_treatment", "observed")}
    for name in names:
        columns |= {f"{name}_measured": [], f"{name}_true": []}
    errors = {(name, month): error_factor(protocol, name, month, numbers) for name in names for month in months}
    for arm in arms:
        for month in months:
            at = column(protocol, month)
            observed = (lost > month / 12.0) & ~arm.failed
            columns["on_treatment"].append(arm.stop_years > month / 12.0)
            columns["observed"].append(observed)
            for name in names:
                true = np.where(arm.failed, np.nan, arm.true[name][:, at])
                measured = np.where(observed, true * errors[name, month], np.nan)
                columns[f"{name}_true"].append(true.astype(np.float32))
                columns[f"{name}_measured"].append(measured.astype(np.float32))
    units = {name: "ng_l" if name == "ctx" else "g_cm2" for name in names}

    def full(name: str) -> str:
        what, _, kind = name.rpartition("_")
        if what not in units:
            return name
        return f"{what}_{units[what]}" if kind == "measured" else f"{what}_true_{units[what]}"

    return {
        "person": np.tile(person.astype(np.int32), len(arms) * len(months)),
        "arm": np.repeat(np.arange(len(arms), dtype=np.int16), len(months) * count),
        "month": np.tile(np.repeat(np.array(months, dtype=np.int16), count), len(arms)),
        **{full(name): np.concatenate(each) for name, each in columns.items()},
    }
