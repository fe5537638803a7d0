"""The step grid: where the integrator puts its steps, from the regimen alone.

Every dose, and every start and stop of continuous dosing, is a boundary between steps, so a dose is taken exactly at
its time. Between two such events the steps start short and grow, at the pace that each channel asks for, and are then
scaled down a little to end exactly on the next event. Each interval between events has at least two steps, so that
every step has an end that is free to move: a person whose age reaches a break of the model (menopause) inside a step
gets that end moved onto the break. The number of steps is the same for everybody.

The grid up to one horizon is a prefix of the grid up to a later one: stopping and going on changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError
from osteon.twin.engine.model import EffectCompartment
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOOKAHEAD_STEPS = 2
"""Steps planned beyond the first node at or after the horizon; a break just outside may move the last node."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps and doses for a batch. ``K`` steps, ``K + 1`` nodes, ``D`` drugs, ``n`` people.

    Attributes
    ----------
    drugs
        The drugs of the columns of the dose arrays.
    node_days
        Boundaries between steps: ``(K + 1,)`` when shared by everybody, else ``(K + 1, n)``. Where people have
        regimens of different length, the shorter ones are filled up with steps of length zero, which change nothing.
    event
        Nodes that must not move, ``(K + 1,)`` or ``(K + 1, n)``.
    dose, dose_event
        Amount given at the start of each step, ``(K, D)`` or ``(K, D, n)``, and its number among the drug's dose
        events (-1 for none).
    rate, rate_event
        Amount a day given during each step, and its number among the drug's dose events.
    """

    drugs: tuple[str, ...]
    node_days: Floats
    event: NDArray[np.bool_]
    dose: Floats
    dose_event: Ints
    rate: Floats
    rate_event: Ints

    @property
    def shared(self) -> bool:
        """Whether everybody has the same steps."""
        return self.node_days.ndim == 1


def plan_steps(
    regimen: Regimen,
    channels: Mapping[str, EffectCompartment],
    *,
    max_step_days: float,
    horizon_days: float,
    step_scale: float = 1.0,
    subdivide: int = 1,
) -> Plan:
    """Plan the steps for one regimen up to ``horizon_days`` and a little beyond.

    Parameters
    ----------
    regimen
        The doses.
    channels
        The model's channels; only their drugs and step rules are used, never per-person kinetics.
    max_step_days
        The model's longest step.
    horizon_days
        The last day of interest.
    step_scale
        Multiplies every limit on the length of a step.
    subdivide
        Cut every step into this many equal parts (for convergence studies).

    Raises
    ------
    UsageError
        The regimen gives one drug twice at the same moment, or a drug that no channel takes.
    """
    known = {channel.drug for channel in channels.values()}
    if unknown := [drug for drug in regimen.drugs if drug not in known]:
        raise UsageError(
            f"the model has no channel for {', '.join(unknown)}",
            where=regimen.name,
            mend=f"It takes {', '.join(sorted(known))}",
        )
    rules = {
        drug: [
            (step_scale * one.first_step_days, step_scale * one.step_growth)
            for one in channels.values()
            if one.drug == drug
        ]
        for drug in regimen.drugs
    }
    nodes, events = [0.0], [True]
    last_event: dict[str, float] = {}
    while len(nodes) <= LOOKAHEAD_STEPS or nodes[-1 - LOOKAHEAD_STEPS] < horizon_days:
        here = nodes[-1]
        for drug in _drugs_with_event(regimen, here):
            last_event[drug] = here
        following = min((_next_event(course, here) for course in regimen.courses), default=math.inf)
        active = [(last_event[drug], *rule) for drug in last_event for rule in rules[drug]]
        steps = _steps_until(here, following, active, step_scale * max_step_days, horizon_days)
        for number, node in enumerate(steps):
            start = nodes[-1]
            nodes += [start + (node - start) * part / subdivide for part in range(1, subdivide)] + [node]
            events += [False] * (subdivide - 1) + [number == len(steps) - 1 and node == following]
    last = int(np.searchsorted(nodes, horizon_days)) + LOOKAHEAD_STEPS
    nodes, events = nodes[: last + 1], events[: last + 1]
    return _with_doses(regimen, np.asarray(nodes), np.asarray(events))


def _steps_until(
    here: float,
    following: float,
    active: Sequence[tuple[float, float, float]],
    max_step_days: float,
    horizon_days: float,
) -> list[float]:
    """Nodes after ``here`` up to the next event; where there is none, up to beyond the horizon.

    ``active`` holds, for each channel dosed so far, the day of its last event, its first step and its step growth.
    """
    nodes: list[float] = []
    at = here
    beyond = 0
    while at < following and beyond <= LOOKAHEAD_STEPS:
        lengths = (first + growth * (at - since) for since, first, growth in active)
        at += min(max_step_days, *lengths) if active else max_step_days
        nodes.append(at)
        beyond += math.isinf(following) and at >= horizon_days
    if math.isinf(following):
        return nodes
    if len(nodes) == 1:
        return [here + (following - here) / 2.0, following]
    shrink = (following - here) / (at - here)
    return [here + (node - here) * shrink for node in nodes[:-1]] + [following]


def _next_event(course: Bolus | Infusion, after: float) -> float:
    if isinstance(course, Bolus):
        return course.next_day(after)
    return next((day for day in (course.start_day, course.end_day) if day > after), math.inf)


def _drugs_with_event(regimen: Regimen, day: float) -> set[str]:
    found = set()
    for course in regimen.courses:
        if isinstance(course, Bolus):
            number = round((day - course.first_day) / course.interval_days) if day > course.first_day else 0
            within = course.doses is None or number < course.doses
            at = course.first_day + (number * course.interval_days if number else 0.0)
            if within and at == day:
                found.add(course.drug)
        elif day in (course.start_day, course.end_day):
            found.add(course.drug)
    return found


def _with_doses(regimen: Regimen, nodes: Floats, event: NDArray[np.bool_]) -> Plan:
    steps, drugs = len(nodes) - 1, regimen.drugs
    dose, rate = np.zeros((steps, len(drugs))), np.zeros((steps, len(drugs)))
    dose_event, rate_event = (np.full((steps, len(drugs)), -1, dtype=np.int64) for _ in range(2))
    for column, drug in enumerate(drugs):
        given: list[tuple[float, Bolus | Infusion]] = []
        for course in regimen.courses:
            if course.drug != drug:
                continue
            days = course.days(float(nodes[-1])) if isinstance(course, Bolus) else (course.start_day,)
            given += [(day, course) for day in days]
        given.sort(key=lambda pair: pair[0])
        for number, (day, course) in enumerate(given):
            first = int(np.searchsorted(nodes, day))
            if isinstance(course, Bolus):
                if first >= steps:
                    continue
                if dose_event[first, column] >= 0:
                    raise UsageError(
                        f"{drug} is given twice on day {day:g}", where=regimen.name, mend="Give it once, with the sum"
                    )
                dose[first, column], dose_event[first, column] = course.amount, number
            else:
                within = slice(first, int(np.searchsorted(nodes, course.end_day)))
                rate[within, column], rate_event[within, column] = course.amount_per_day, number
    return Plan(drugs, nodes, event, dose, dose_event, rate, rate_event)


def stack_plans(plans: Sequence[Plan], which: Sequence[int] | Ints) -> Plan:
    """One plan for a batch in which person ``i`` follows ``plans[which[i]]``.

    Everybody keeps exactly the steps of their own plan, so nobody's result depends on the others.
    """
    drugs = tuple(sorted({drug for plan in plans for drug in plan.drugs}))
    steps = max(len(plan.node_days) for plan in plans) - 1
    nodes = np.empty((steps + 1, len(plans)))
    event = np.ones((steps + 1, len(plans)), dtype=bool)
    dose, rate = np.zeros((steps, len(drugs), len(plans))), np.zeros((steps, len(drugs), len(plans)))
    dose_event, rate_event = (np.full((steps, len(drugs), len(plans)), -1, dtype=np.int64) for _ in range(2))
    for number, plan in enumerate(plans):
        own = len(plan.node_days)
        nodes[:own, number], nodes[own:, number] = plan.node_days, plan.node_days[-1]
        event[:own, number] = plan.event
        columns = [drugs.index(drug) for drug in plan.drugs]
        for target, origin in (
            (dose, plan.dose),
            (rate, plan.rate),
            (dose_event, plan.dose_event),
            (rate_event, plan.rate_event),
        ):
            target[: own - 1, columns, number] = origin
    picked = np.asarray(which, dtype=np.int64)
    return Plan(
        drugs,
        nodes[:, picked],
        event[:, picked],
        dose[:, :, picked],
        dose_event[:, :, picked],
        rate[:, :, picked],
        rate_event[:, :, picked],
    )


def move_nodes(plan: Plan, break_days: Sequence[Floats], people: int) -> Plan:
    """Give each person a step boundary exactly at each of their breaks.

    Parameters
    ----------
    plan
        The plan of the batch.
    break_days
        For each break of the model, the day on which each person meets it, ``(n,)``; days outside the plan do nothing.
    people
        ``n``.

    Returns
    -------
    The plan itself when nobody meets a break inside it; else a plan with nodes ``(K + 1, n)``.
    """
    last = plan.node_days[-1]
    relevant = [days for days in break_days if np.any((days > 0.0) & (days < last))]
    if not relevant:
        return plan
    nodes = np.array(np.broadcast_to(_columns(plan.node_days), (len(plan.node_days), people)))
    taken = np.array(np.broadcast_to(_columns(plan.event), nodes.shape))
    everyone = np.arange(people)
    for days in relevant:
        left = np.sum(nodes <= days, axis=0) - 1
        inside = (left >= 0) & (left < len(nodes) - 1) & (days > 0.0)
        left = np.clip(left, 0, len(nodes) - 2)
        right = left + 1
        exact = nodes[left, everyone] == days
        nearer_left = days - nodes[left, everyone] < nodes[right, everyone] - days
        free_left, free_right = ~taken[left, everyone], ~taken[right, everyone]
        moved = np.where(free_left & (nearer_left | ~free_right), left, right)
        do = inside & ~exact & (free_left | free_right)
        nodes[moved[do], everyone[do]] = days[do]
        taken[moved[do], everyone[do]] = True
    return Plan(plan.drugs, nodes, plan.event, plan.dose, plan.dose_event, plan.rate, plan.rate_event)


def _columns(array: NDArray[np.generic]) -> NDArray[np.generic]:
    return array[:, None] if array.ndim == 1 else array
