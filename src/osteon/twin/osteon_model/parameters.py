"""The parameters: their priors (one file), their calibrated values (evidence rows), and a person's traits.

``osteon_model_priors.csv`` states for each parameter its prior centre, its prior spread, the scale on which the prior
is normal, whether it is fitted, and on what the prior rests. ``constants_osteon_model.csv`` holds the values in use,
written by the calibration with their uncertainty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from osteon.evidence.loader import all_rows, table, value

PREFIX = "osteon_model."

Scale = Literal["log", "logit", "linear"]

SCALES: Mapping[str, Scale] = MappingProxyType({"log": "log", "logit": "logit", "linear": "linear"})

TRAITS: Mapping[str, float] = MappingProxyType(
    {
        "male": 0.0,
        "menopause_age": 51.2,
        "surgical_menopause": 0.0,
        "calcium_deficit": 1.0,
        "smoking": 0.0,
        "alcohol_excess": 0.0,
        "inactivity": 0.0,
        "inflammatory_disease": 0.0,
        "peak_bone_mass": 1.0,
        "turnover": 1.0,
        "msc_commitment": 0.0,
        "msc_activity": 0.0,
        "msc_inflammation": 0.0,
        "msc_vascular": 0.0,
    }
)
"""What describes a person rather than people: override them with a number or one number a person.

``calcium_deficit`` is 1 for the women of the trials (before the supplement that all arms were given) and 0 for somebody
replete in calcium and vitamin D. ``menopause_age`` lies halfway between the mean that US women recalled (49.9, row
``variability.menopause_age.mean``) and the median that was observed in a cohort (52.54, row
``osteon_reference.menopause_age.observed``). ``peak_bone_mass`` and ``turnover`` are multipliers; ``msc_*`` are
hypotheses.
"""


@dataclass(frozen=True, slots=True)
class Prior:
    """The prior of one parameter.

    ``spread`` is the standard deviation on the scale: of the logarithm, of the log-odds, or of the number itself.
    """

    name: str
    unit: str
    centre: float
    spread: float
    scale: Scale
    fitted: bool
    meaning: str
    basis: str

    def to_scale(self, natural: float) -> float:
        """The number on the prior's scale."""
        if self.scale == "log":
            return math.log(natural)
        return math.log(natural / (1.0 - natural)) if self.scale == "logit" else natural

    def from_scale(self, on_scale: float) -> float:
        """The number in its natural unit."""
        if self.scale == "log":
            return math.exp(on_scale)
        return 1.0 / (1.0 + math.exp(-on_scale)) if self.scale == "logit" else on_scale


@cache
def priors() -> Mapping[str, Prior]:
    """Every parameter's prior, in the order of the file."""
    found = {}
    for row in table("osteon_model_priors.csv"):
        scale = SCALES[row["scale"]]
        found[row["name"]] = Prior(
            name=row["name"],
            unit=row["unit"],
            centre=float(row["centre"]),
            spread=float(row["spread"]),
            scale=scale,
            fitted=row["fitted"] == "yes",
            meaning=row["meaning"],
            basis=row["basis"],
        )
    return MappingProxyType(found)


@cache
def nominal() -> Mapping[str, float]:
    """The parameters in use (calibrated where they are fitted, else the prior's centre), and the traits."""
    known = all_rows()
    values = {
        name: value(PREFIX + name) if prior.fitted and PREFIX + name in known else prior.centre
        for name, prior in priors().items()
    }
    return MappingProxyType({**values, **TRAITS})
