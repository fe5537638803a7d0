"""The probability of fracture with one risk factor and without it, all else as recorded.

With the factor is the person as recorded; without it the factor is absent and nothing else changes: bone density, where
known, is the same in both. A factor that is not recorded counts as average in the tool, so here it is asked for as
present and as absent, which says what knowing it would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from osteon.care.fracture import femoral_neck_t_score, years_since_fracture
from osteon.care.result import FractureSize, RiskFactor
from osteon.densitometry.result import Densitometry
from osteon.errors import ModelError
from osteon.person import Person
from osteon.risk.open_model import RiskFactors, probabilities, risk_factors
from osteon.risk.open_model.country import country_named
from osteon.risk.open_model.factors import BMI_REFERENCE

HORIZON_YEARS = 10

# By the key of the profile: the inputs of the fracture model when the factor is absent, and when it is present.
ABSENT: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "parent_hip_fracture": {"parent_hip_fracture": False},
        "smoking": {"current_smoker": False},
        "alcohol": {"alcohol_over_2_units": False},
        "low_weight": {"bmi": BMI_REFERENCE},
        "glucocorticoids": {"glucocorticoids": False, "glucocorticoid_mg_per_day": None},
        "rheumatoid_arthritis": {"rheumatoid_arthritis": False},
        "diabetes1": {"diabetes": "none"},
        "diabetes2": {"diabetes": "none"},
        "fracture": {"previous_fracture": False, "years_since_fracture": None},
        "falls": {"falls_last_year": False},
    }
)
PRESENT: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "parent_hip_fracture": {"parent_hip_fracture": True},
        "smoking": {"current_smoker": True},
        "alcohol": {"alcohol_over_2_units": True},
        "glucocorticoids": {"glucocorticoids": True},
        "rheumatoid_arthritis": {"rheumatoid_arthritis": True},
        "diabetes1": {"diabetes": "type1"},
        "diabetes2": {"diabetes": "type2"},
        "fracture": {"previous_fracture": True},
        "falls": {"falls_last_year": True},
    }
)


class FractureSizes:
    """The sizes for one person. Build it once and ask it factors.

    ``refusal`` is empty, or says why the fracture model cannot answer for this person.
    """

    def __init__(self, person: Person, densitometry: Densitometry) -> None:
        self._person = person
        self._bone = femoral_neck_t_score(densitometry)
        self._known = risk_factors(person, years_since_fracture=years_since_fracture(person))
        self._asked: dict[RiskFactors, tuple[float, float]] = {}
        self.refusal = ""
        try:
            self._ask(self._known)
        except ModelError as refusal:
            self.refusal = refusal.problem

    def of(self, factor: RiskFactor) -> tuple[FractureSize, ...]:
        """Major osteoporotic and hip fracture with and without one factor; empty where there is no answer."""
        if self.refusal or factor.state == "absent" or factor.key not in ABSENT:
            return ()
        without = replace(self._known, **ABSENT[factor.key])
        present = PRESENT.get(factor.key)
        if factor.state == "unknown":
            return self._sizes(replace(without, **present), without) if present else ()
        unseen = {name: given for name, given in (present or {}).items() if getattr(self._known, name) is None}
        return self._sizes(replace(self._known, **unseen), without)

    def without(self, keys: Iterable[str]) -> tuple[FractureSize, ...]:
        """The person as recorded, and without several factors at once; empty where there is no answer."""
        changes = {name: given for key in keys for name, given in ABSENT.get(key, {}).items()}
        if self.refusal or not changes:
            return ()
        return self._sizes(self._known, replace(self._known, **changes))

    def _sizes(self, present: RiskFactors, absent: RiskFactors) -> tuple[FractureSize, ...]:
        pairs = zip(self._ask(present), self._ask(absent), strict=True)
        (major_with, major_without), (hip_with, hip_without) = pairs
        return (
            FractureSize(
                outcome="major_osteoporotic",
                horizon_years=HORIZON_YEARS,
                with_percent=major_with,
                without_percent=major_without,
            ),
            FractureSize(
                outcome="hip", horizon_years=HORIZON_YEARS, with_percent=hip_with, without_percent=hip_without
            ),
        )

    def _ask(self, factors: RiskFactors) -> tuple[float, float]:
        """Major osteoporotic and hip fracture within the horizon, in percent."""
        if factors not in self._asked:
            found = probabilities(
                self._person.sex,
                self._person.age_years,
                factors,
                bone=self._bone,
                horizon_years=HORIZON_YEARS,
                country=country_named(self._person.country),
            )
            self._asked[factors] = 100.0 * float(found.major[0, -1]), 100.0 * float(found.hip[0, -1])
        return self._asked[factors]
