"""What is believed of cells in a trial: one draw of the prior for a whole trial, and how people differ within it.

Nobody knows the effect of cells, and everybody in a trial shares it. So the evidence prior is drawn once a *world*:
sizes, direction, slopes and kinetics. People of one world differ by their own response only. Worlds come in mirrored
pairs, equal in all but the direction, so that the centre is 0 and not nearly 0. A person belongs to the world that
their number says; a summary keeps worlds apart.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from osteon.trial.draws import normals
from osteon.trial.enrol import Enrolled
from osteon.trial.protocol import ArmPlan, Protocol
from osteon.twin.cell_therapy import EvidencePrior, HypothesisPrior, Signal, largest_plausible
from osteon.twin.cell_therapy.priors import UNCERTAIN_KINETICS, standard_normals
from osteon.twin.cell_therapy.recipient import USUAL_AGE_YEARS, USUAL_LOSS
from osteon.twin.cell_therapy.result import MECHANISMS
from osteon.twin.osteon_model import OsteonModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WORLDS = 200
"""How many draws of the evidence prior a trial holds, half of them the mirror of the other half."""

LARGEST_SHARE = 100.0


def prior_of(arm: ArmPlan) -> EvidencePrior | HypothesisPrior:
    """What an arm with cells supposes; the evidence prior unless it states a hypothesis.

    Raises
    ------
    UsageError
        A size or a half-life is not plausible.
    """
    if arm.cells is None or arm.cells.prior == "evidence":
        signal = Signal() if arm.cells is None else Signal(half_life_days=arm.cells.half_life_days)
        return EvidencePrior(signal=signal)
    stated = arm.cells.stated
    return HypothesisPrior(
        commitment=stated.get("commitment", 0.0),
        activity=stated.get("activity", 0.0),
        inflammation=stated.get("inflammation", 0.0),
        vascular=stated.get("vascular", 0.0),
        signal=Signal(half_life_days=arm.cells.half_life_days),
        person_spread=arm.cells.person_spread or 0.0,
    )


def many_worlds(arm: ArmPlan) -> bool:
    """Whether the arm has cells under the evidence prior."""
    return arm.therapy.casefold().find("msc") >= 0 and (arm.cells is None or arm.cells.prior == "evidence")


def spread_over_worlds(protocol: Protocol, arm: int) -> bool:
    """Whether a difference to control is another one in each draw of a prior, by the arm or by the control."""
    return many_worlds(protocol.arms[arm]) or many_worlds(protocol.arms[protocol.control])


def world_of(numbers: Ints) -> Ints:
    """The world of each person."""
    return np.asarray(numbers % WORLDS)


def cell_parameters(protocol: Protocol, arm: ArmPlan, who: Enrolled, worlds: Ints) -> dict[str, float | Floats]:
    """The bone model's parameters of cells for each person in a world, numbers or ``(n,)``."""
    prior = prior_of(arm)
    numbers = who.people.numbers
    exponent = prior.person_spread * normals(protocol.study, "response to cells", numbers, 1)[0]
    found: dict[str, float | Floats] = dict(prior.signal.overrides())
    if isinstance(prior, HypothesisPrior):
        response = np.exp(exponent)
        for mechanism in MECHANISMS:
            size = prior.size(mechanism) * response
            found[f"msc_{mechanism}"] = np.clip(size, -LARGEST_SHARE, largest_plausible(mechanism)) / 100.0
        return found
    pair, direction = worlds // 2, 1.0 - 2.0 * (worlds % 2)

    def drawn(purpose: str) -> Floats:
        return standard_normals(purpose, WORLDS // 2, protocol.seed)[pair]

    for name, covariate in _covariates(who).items():
        exponent = exponent + prior.slope_spread * drawn(f"slope {name}") * covariate
    response = np.exp(exponent)
    for mechanism in MECHANISMS:
        most = largest_plausible(mechanism)
        size = prior.size_spread * most * np.abs(drawn(f"size {mechanism}")) * direction * response
        found[f"msc_{mechanism}"] = np.clip(size, -LARGEST_SHARE, LARGEST_SHARE) / 100.0
    usual = OsteonModel().parameters
    for name, spread in UNCERTAIN_KINETICS.items():
        if name not in found:
            found[name] = usual[name] * np.exp(spread * drawn(name))
    return found


def _covariates(who: Enrolled) -> dict[str, Floats]:
    """As of :meth:`osteon.twin.cell_therapy.Recipient.covariates`, for many; nobody has an inflammatory disease."""
    progenitors = who.people.states[0]
    return {
        "age": (who.people.age_years - USUAL_AGE_YEARS) / 10.0,
        "pool": np.log(progenitors) / math.log(2.0),
        "severity": (who.hip_lost - USUAL_LOSS) / 0.1,
    }
