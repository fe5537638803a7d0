"""How much calcium and vitamin D a day, by sex and age: the recommended intakes of the IOM (2011)."""

from __future__ import annotations

from osteon.evidence import value
from osteon.person import Person


def calcium_row(person: Person) -> str:
    """The name of the evidence row with this person's calcium target."""
    band = "19_50" if person.age_years < 51 else "51_70" if person.age_years < 71 else "71_plus"
    return f"dri.calcium.{band}.{person.sex}"


def calcium_target_mg(person: Person) -> float:
    """The recommended calcium intake from all sources, mg a day."""
    return value(calcium_row(person))


def vitamin_d_target_iu(person: Person) -> float:
    """The recommended vitamin D intake, IU a day."""
    return value("dri.vitamin_d.71_plus" if person.age_years >= 71 else "dri.vitamin_d.19_70")
