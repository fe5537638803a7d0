"""What the calibration of the bone model leaves open about a difference between arms, for a typical person.

It is kept apart from the spread between people and from measurement error: more people in a trial do not make it
smaller. Cells have none here; what is unknown of them is their prior.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from osteon.trial.courses import arm_courses
from osteon.trial.follow import quantity_of
from osteon.trial.protocol import EndpointPlan, Protocol
from osteon.trial.readings import read_at_visits
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.personalise.parameter_draws import stored_draws
from osteon.twin.variability.traits import CELL_TRAITS, model_parameters, trait_values

Floats = NDArray[np.float64]


def model_shifts(protocol: Protocol) -> dict[tuple[int, int], Floats]:
    """How each difference moves with the draws of the model's parameters, around their middle, percentage points.

    Returns
    -------
    By endpoint and arm, ``(draws,)``; arms with cells and fracture endpoints have none, and nothing has where no draws
    are kept with the model.
    """
    draws = stored_draws()
    if draws is None:
        return {}
    model, rule = OsteonModel(), protocol.population
    age = rule.ages.mean or 0.5 * (rule.ages.youngest + rule.ages.oldest)
    traits = {name: float(found[0]) for name, found in trait_values(np.zeros((len(CELL_TRAITS), 1))).items()}
    moved = model_parameters(rule.sex, traits, {})
    for name, values in draws.items():
        # A trait multiplies a parameter: the draw takes the nominal value's place under the same trait.
        usual = model.parameters[name]
        moved[name] = values * (float(moved[name]) / usual if name in moved and usual else 1.0)
    count = len(next(iter(draws.values())))
    ages = np.full(count, age)
    start = model.initial_state(ages, {**model.parameters, **moved})
    endpoints = [(n, one) for n, one in enumerate(protocol.endpoints) if one.measure != "fracture"]
    if not endpoints:
        return {}
    months = sorted({0, *(one.read_month or 0 for _, one in endpoints)})
    changes: dict[int, dict[int, Floats]] = {}
    for number, arm in enumerate(protocol.arms):
        courses = arm_courses(protocol, arm)
        if courses.product is not None:
            continue
        run, read = read_at_visits(
            ages,
            courses.regimen,
            np.array(months) / 12.0,
            sorted({_observable(one) for _, one in endpoints}),
            start,
            parameters=moved,
        )
        run.require_ok()
        changes[number] = {}
        for endpoint, one in endpoints:
            values = read[_observable(one)]
            at = months.index(one.read_month or 0)
            changes[number][endpoint] = 100.0 * (values[:, at] / values[:, 0] - 1.0)
    if protocol.control not in changes:
        return {}
    found = {}
    for number in protocol.actives:
        for endpoint, change in changes.get(number, {}).items():
            difference = change - changes[protocol.control][endpoint]
            found[endpoint, number] = difference - np.median(difference)
    return found


def _observable(endpoint: EndpointPlan) -> str:
    quantity = quantity_of(endpoint)
    return quantity if quantity == "ctx" else f"bmd_{quantity}"
