"""The projection of every therapy that a person may have."""

from __future__ import annotations

import math
from collections.abc import Sequence

from osteon.care.fracture import fracture_risks
from osteon.care.options import options as options_for
from osteon.care.projection.choice import choose
from osteon.care.projection.project import EVERY_MONTHS, project_person
from osteon.care.result import Option
from osteon.densitometry import assess
from osteon.errors import ModelError
from osteon.person import Person
from osteon.twin.osteon_model.history import OLDEST_YEARS
from osteon.twin.result import Projection


def project_options(
    person: Person,
    found: Sequence[Option] | None = None,
    *,
    years: float = 10.0,
    every_months: int = EVERY_MONTHS,
    shorten: bool = False,
    cells: bool = False,
) -> Projection:
    """Project no treatment and every therapy for which a person is eligible.

    Parameters
    ----------
    person
        The record.
    found
        The person's options; worked out when they are not given.
    years, every_months
        How far, and how often.
    shorten
        Stop where the model ends, at 100, instead of refusing; the first warning then says so.
    cells
        Add stem cells, which are no option for anybody, and what has to stand beside them.

    Raises
    ------
    ModelError
        An age outside the model.
    """
    if found is None:
        bone = assess(person)
        found = options_for(person, bone, fracture_risks(person, bone))
    choice = choose([one for one in found if cells or not one.hypothetical], person, cells=cells)
    span = years
    if shorten and person.age_years + years > OLDEST_YEARS:
        span = float(math.floor(OLDEST_YEARS - person.age_years))
        if span < 1.0:
            raise ModelError(
                f"the bone model ends at {OLDEST_YEARS:g} years of age, and this person is {int(person.age_years)}"
            )
    result = project_person(person, list(choice.regimens), years=span, every_months=every_months, choice=choice)
    if span == years:
        return result
    short = f"The projection stops after {span:g} years, where the bone model ends (100 years of age)."
    return result.model_copy(update={"warnings": (short, *result.warnings)})
