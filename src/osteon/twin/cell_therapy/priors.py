"""What is believed about the effect of cells before looking: two priors, and reproducible draws from them.

**evidence** (the default). Nobody has measured an effect on bone in people with low bone density, so a draw is as
likely harmful as helpful. Its direction is a coin toss that the four mechanisms share, so that they never cancel and
the band is at its widest; their sizes are half-normal and independent. Two standard deviations reach the largest
plausible size: for the three mechanisms of formation the rise of the marker P1NP under teriparatide (+127 %), for
inflammation the whole of it. No size goes beyond 100 % either way. Draws come in mirrored pairs, so that the centre
is 0 and not nearly 0, whatever the dose.

**hypothesis**. The user states the sizes; nothing is added unless the user says how much people differ.

Responders differ: a size is multiplied by ``exp(slopes . covariates + own deviation)``, with the covariates age, own
stem-cell pool, inflammation and severity of :meth:`Recipient.covariates`. The evidence prior draws the slopes around 0
as well, because nobody knows who responds: with a standard deviation of 0.2 a step of one covariate changes the
response by up to about a half either way (95 %).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from osteon.errors import UsageError
from osteon.evidence.loader import value
from osteon.twin.cell_therapy.kinetics import Signal
from osteon.twin.cell_therapy.recipient import Floats, Recipient
from osteon.twin.cell_therapy.result import MECHANISMS, Mechanism

UNCERTAIN_KINETICS: Mapping[str, float] = {
    "cell_secretome_k": 0.5,
    "cell_engrafted_k": 0.5,
    "cell_engraftment_iv": 0.5,
    "cell_engraftment_local": 0.5,
    "cell_half_effect": 1.0,
}
"""Standard deviations of the logarithm. The half-life of the signal (half a week to three weeks in 95 %) takes in the
label in the lung; no dose response is known, so the dose with half the effect is open by a factor of seven."""


def largest_plausible(mechanism: Mechanism) -> float:
    """The largest size that is tried, in per cent at full signal."""
    return 100.0 if mechanism == "inflammation" else value("cells.formation.largest")


@dataclass(frozen=True, slots=True)
class Slopes:
    """How the response changes (its logarithm) with one step of each covariate; 0 is not at all."""

    age: float = 0.0
    pool: float = 0.0
    inflammation: float = 0.0
    severity: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            if not abs(getattr(self, one.name)) <= 2.0:
                raise UsageError("the slope is not plausible", where=one.name, mend="Write a number from -2 to 2")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePrior:
    """Centred on no effect and wide enough to include harm; the signal's path is the generous one unless set."""

    signal: Signal = field(default_factory=Signal)
    size_spread: float = 0.5
    """Standard deviation of each size as a share of the largest plausible one."""
    slope_spread: float = 0.2
    person_spread: float = 0.4

    @property
    def meaning(self) -> str:
        """The prior in words."""
        return (
            "No effect has been measured in people: a draw is as likely harmful as helpful, with the four mechanisms "
            "in one direction and two standard deviations of each at the largest plausible size."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisPrior:
    """Sizes that the user states, in per cent at full signal; negative is harm.

    ``slopes`` say who responds more, ``person_spread`` how much people differ beyond that (standard deviation of the
    logarithm), ``kinetics_uncertain`` whether kinetics are drawn as in the evidence prior.
    """

    commitment: float = 0.0
    activity: float = 0.0
    inflammation: float = 0.0
    vascular: float = 0.0
    signal: Signal = field(default_factory=Signal)
    slopes: Slopes = field(default_factory=Slopes)
    person_spread: float = 0.0
    kinetics_uncertain: bool = False

    def __post_init__(self) -> None:
        for mechanism in MECHANISMS:
            size, most = self.size(mechanism), largest_plausible(mechanism)
            least = -100.0 if mechanism != "inflammation" else -most
            if not (math.isfinite(size) and least <= size <= most):
                raise UsageError(
                    f"a size of {size:g} % is not plausible",
                    where=mechanism,
                    mend=f"Write a number from {least:g} to {most:g}",
                )
        if not 0.0 <= self.person_spread <= 2.0:
            raise UsageError("the spread is not plausible", where="person_spread", mend="Write a number from 0 to 2")

    def size(self, mechanism: Mechanism) -> float:
        """The stated size of one mechanism."""
        sizes = {
            "commitment": self.commitment,
            "activity": self.activity,
            "inflammation": self.inflammation,
            "vascular": self.vascular,
        }
        return sizes[mechanism]

    @property
    def meaning(self) -> str:
        """The prior in words."""
        stated = [f"{one} {self.size(one):+g} %" for one in MECHANISMS if self.size(one)]
        return f"A hypothesis, not a finding: {', '.join(stated) or 'no effect'}, at full signal."


Prior = EvidencePrior | HypothesisPrior


def standard_normals(purpose: str, draws: int, seed: int) -> Floats:
    """Normal draws that depend on the seed, the purpose and the number of the draw only.

    A counter-based generator (Philox) for each purpose: more draws add to the same ones, and one more purpose changes
    no other.
    """
    digest = hashlib.blake2b(f"osteon cell therapy|{seed}|{purpose}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little"))).standard_normal(draws)


def draw(prior: Prior, recipient: Recipient, draws: int, seed: int) -> dict[str, float | Floats]:
    """The model's parameters in each draw: scalars, or ``(draws,)``.

    Under the evidence prior, draws ``2 i`` and ``2 i + 1`` are one pair: equal in everything but the direction.

    Raises
    ------
    UsageError
        Fewer than two draws.
    """
    if draws < 2:
        raise UsageError(f"{draws} draws are too few", mend="Ask for at least 2, better 1000")
    if isinstance(prior, EvidencePrior):
        pair = np.arange(draws) // 2
        mirrored = 1.0 - 2.0 * (np.arange(draws) % 2)
    else:
        pair, mirrored = np.arange(draws), np.ones(draws)

    def normals(purpose: str) -> Floats:
        return standard_normals(purpose, draws, seed)[pair]

    exponent = prior.person_spread * normals("person")
    for name, covariate in recipient.covariates().items():
        slope = (
            prior.slope_spread * normals(f"slope {name}")
            if isinstance(prior, EvidencePrior)
            else getattr(prior.slopes, name)
        )
        exponent = exponent + slope * covariate
    response = np.exp(exponent)
    found: dict[str, float | Floats] = {}
    for mechanism in MECHANISMS:
        most = largest_plausible(mechanism)
        if isinstance(prior, EvidencePrior):
            size = prior.size_spread * most * np.abs(normals(f"size {mechanism}")) * mirrored
            size = np.clip(size * response, -100.0, 100.0)  # symmetric, so that the centre stays at zero
        else:
            size = np.clip(prior.size(mechanism) * response, -100.0, most)
        found[f"msc_{mechanism}"] = size / 100.0
    overrides = prior.signal.overrides()
    found.update(overrides)
    if isinstance(prior, EvidencePrior) or prior.kinetics_uncertain:
        for name, spread in UNCERTAIN_KINETICS.items():
            if name not in overrides:
                found[name] = recipient.traits[name] * np.exp(spread * normals(name))
    return found
