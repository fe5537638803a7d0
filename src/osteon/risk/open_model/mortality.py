r"""How death depends on the person: people with several risk factors die earlier, and then break no bone.

Equation. As for the fracture hazards: a factor with ratio :math:`r` and prevalence :math:`p` multiplies the death rate
of the life table by :math:`r / (1 + p (r - 1))` when present and by :math:`1 / (1 + p (r - 1))` when absent; one that
is not recorded by 1. So the population keeps its own death rate.

Bone density is left out on purpose. What counts here is death before a fracture, and much of the excess mortality at a
low density comes after one: in the AGES-Reykjavik study (PMC5466463, abstract) it was attenuated and no longer
significant once fractures were allowed for. That a treatment which raises density lengthens life is not shown either.

Smoking. The ratio is printed against people who never smoked. Who does not smoke now may have smoked before, and those
die earlier too; the comparison group is their mean, by the printed ratio and prevalence of former smokers.

Sources: ``gellert2012_smoking``, ``nchs2020_former_smokers``, ``dadoun2013_rheumatoid``, ``oh2020_glucocorticoids``.
Left out, because no ratio was read that fits the record and the age: diabetes (not found for old age), alcohol, falls,
a parent's fracture, body mass index, and a previous fracture, whose excess was seen in the first years only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from osteon.evidence import value
from osteon.risk.open_model.factors import RiskFactors, Setting

Floats = NDArray[np.float64]

SOURCES = (
    "gellert2012_smoking",
    "nchs2020_former_smokers",
    "dadoun2013_rheumatoid",
    "oh2020_glucocorticoids",
)


def _by_state(state: bool, ratio: Floats, prevalence: Floats | float) -> Floats:
    mean = 1.0 + prevalence * (ratio - 1.0)
    multiplier: Floats = (ratio if state else 1.0) / mean
    return multiplier


def _ratio(at: Setting, name: str) -> Floats:
    return np.exp(at.column(f"fracture.death.{name}"))


def _current_smoker(factors: RiskFactors, at: Setting) -> Floats:
    now = np.where(
        at.ages < 65.0,
        value("fracture.prevalence.current_smoker.45_64"),
        value("fracture.prevalence.current_smoker.65_plus"),
    )
    before = value(f"fracture.prevalence.former_smoker.{at.sex}.65_plus") / (
        1.0 - value("fracture.prevalence.current_smoker.65_plus")
    )
    others = 1.0 + before * (_ratio(at, "former_smoker") - 1.0)
    return _by_state(bool(factors.current_smoker), _ratio(at, "current_smoker") / others, now)


def _glucocorticoids(factors: RiskFactors, at: Setting) -> Floats:
    prevalence = value(f"fracture.prevalence.glucocorticoids.{at.sex}")
    return _by_state(bool(factors.glucocorticoids), _ratio(at, "glucocorticoids"), prevalence)


def _rheumatoid_arthritis(factors: RiskFactors, at: Setting) -> Floats:
    prevalence = value("fracture.prevalence.rheumatoid_arthritis")
    return _by_state(bool(factors.rheumatoid_arthritis), _ratio(at, "rheumatoid_arthritis"), prevalence)


_FACTORS: dict[str, Callable[[RiskFactors, Setting], Floats]] = {
    "current_smoker": _current_smoker,
    "glucocorticoids": _glucocorticoids,
    "rheumatoid_arthritis": _rheumatoid_arthritis,
}


def by_factors(factors: RiskFactors, at: Setting) -> Floats:
    """Multiplier of the death rate for every recorded factor together, shape (draws, ages)."""
    found: Floats = np.ones((at.parameters.draws, at.ages.size))
    for name, multiplier in _FACTORS.items():
        if getattr(factors, name) is not None:
            found = found * multiplier(factors, at)
    return found
