"""How the risk tools read a person's record. What is not recorded stays ``None``: nothing is guessed."""

from __future__ import annotations

import math

from osteon.person import FractureSite, Person

KG_PER_POUND = 0.45359237  # by definition

# The record refuses a premenopausal woman above this age as implausible, so above it menopause need not be recorded.
LATEST_MENOPAUSE_YEARS = 62


def completed_years(person: Person) -> int:
    """Age in completed years, as the published tools count it."""
    return math.floor(person.age_years)


def weight_pounds(weight_kg: float) -> int:
    """Weight to the nearest whole pound, as a scale in pounds would show it."""
    return round(weight_kg / KG_PER_POUND)


def fracture_sites(person: Person) -> tuple[FractureSite, ...] | None:
    """Sites of fractures after minor trauma since age 45; empty when there were none, none when not recorded."""
    history = person.history
    if history.fragility_fracture_sites:
        return history.fragility_fracture_sites
    if history.previous_fragility_fracture is False:
        return ()
    if history.previous_fragility_fracture is None and history.fragility_fracture_sites is not None:
        return ()
    return None


def had_fragility_fracture(person: Person) -> bool | None:
    """Whether any fracture after minor trauma is recorded; none when neither yes nor no is."""
    sites = fracture_sites(person)
    return person.history.previous_fragility_fracture if sites is None else bool(sites)


def is_postmenopausal(person: Person) -> bool | None:
    """Whether a woman is past her menopause; none when the record does not say."""
    if person.menopausal_status is not None:
        return person.menopausal_status == "postmenopausal"
    if person.menopause_age_years is not None or person.age_years > LATEST_MENOPAUSE_YEARS:
        return True
    return None


def listed(words: tuple[str, ...]) -> str:
    """Words as a list in a sentence: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
