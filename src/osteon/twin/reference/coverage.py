"""Which therapies the reference model covers, and whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from osteon.errors import ModelError
from osteon.person import Sex
from osteon.twin.therapies.alendronate import ALENDRONATE
from osteon.twin.therapies.build import BuiltRegimen, build_regimen
from osteon.twin.therapies.denosumab import DENOSUMAB
from osteon.twin.therapies.drug import DrugTherapy
from osteon.twin.therapies.romosozumab import ROMOSOZUMAB
from osteon.twin.therapies.teriparatide import TERIPARATIDE

MODEL_LABEL = "reference bone model (Jörg 2022)"

DRUGS: Mapping[str, DrugTherapy] = MappingProxyType(
    {drug.name: drug for drug in (ALENDRONATE, DENOSUMAB, TERIPARATIDE, ROMOSOZUMAB)}
)
"""The covered medicines by name."""

YOUNGEST_YEARS, OLDEST_YEARS = 25.0, 100.0
"""Before 25 the model has no growth of the skeleton; beyond 100 nothing was observed."""

ARM_AGES_YEARS = (60.0, 80.0)
"""About the ages during treatment in the published arms; outside, a treated projection is an extrapolation."""


def reference_regimen(text: str) -> BuiltRegimen:
    """Read a regimen for the reference model; see :func:`osteon.twin.therapies.build.build_regimen`."""
    return build_regimen(text, DRUGS, model=MODEL_LABEL)


def check_person(sex: Sex, age_years: float, years: float = 0.0) -> None:
    """Refuse whom the reference model cannot answer for.

    Raises
    ------
    ModelError
        A man, or an age outside 25 to 100 at any time of the projection.
    """
    if sex != "female":
        raise ModelError(
            f"the {MODEL_LABEL} describes women only",
            where="sex",
            mend="Use Osteon's own model, which describes men too",
        )
    if not YOUNGEST_YEARS <= age_years <= OLDEST_YEARS:
        raise ModelError(
            f"the {MODEL_LABEL} does not describe a woman of {_whole(age_years)}",
            where="age_years",
            mend=f"It covers ages from {YOUNGEST_YEARS:g} to {OLDEST_YEARS:g}",
        )
    if age_years + years > OLDEST_YEARS + 1e-9:
        raise ModelError(
            f"the {MODEL_LABEL} ends at age {OLDEST_YEARS:g}, and {years:g} years from {int(age_years)} go beyond",
            where="years",
            mend=f"Project at most {int(OLDEST_YEARS - age_years)} years",
        )


def _whole(age_years: float) -> str:
    """An age in completed years for a message; what is no number stays as it is."""
    return str(int(age_years)) if math.isfinite(age_years) else str(age_years)
