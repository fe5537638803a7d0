"""What one risk factor does to the density of the hip over ten years, in Osteon's bone model.

Everything that the record holds and the bone model has a term for acts from now on; then one factor at a time ends
today and the rest goes on. Habits and deficits have acted through adult life up to today. A medicine is started today,
because the record holds no date, so what it has done already is not counted. The age at menopause cannot end today:
the comparison is the same woman with the usual one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from osteon.care.result import BoneSize
from osteon.person import Person
from osteon.twin.engine.regimen import Infusion, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model.history import FEW_PEOPLE, OLDEST_YEARS, YOUNGEST_YEARS
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.parameters import TRAITS
from osteon.twin.personalise.data import MUCH_ALCOHOL_UNITS

YEARS = 10.0
HIP = "bmd_total_hip"
SOURCES = ("osteon_calibration",)

_ENDING = "against ending today"


@dataclass(frozen=True, slots=True)
class Term:
    """One factor in the bone model: the traits it gives and the medicine it is, each when present and absent."""

    traits: Mapping[str, float]
    relieved: Mapping[str, float]
    channel: str
    dose: float
    compared: str
    lifelong: bool = False


def _trait(name: str, present: float, absent: float, compared: str, *, lifelong: bool = False) -> Term:
    return Term({name: present}, {name: absent}, "", 0.0, compared, lifelong)


def _medicine(channel: str, dose: float = 1.0) -> Term:
    return Term(MappingProxyType({}), MappingProxyType({}), channel, dose, "if it begins today, against none of it")


def term(person: Person, key: str) -> Term | str:
    """The bone model's term for one factor that is present, or why it has none (empty when it never has one)."""
    history = person.history
    if key == "alcohol" and (history.alcohol_units_per_day or 0.0) <= MUCH_ALCOHOL_UNITS:
        return f"The bone model's term for alcohol begins above {MUCH_ALCOHOL_UNITS:g} units a day."
    if key == "glucocorticoids":
        dose = history.glucocorticoid_prednisone_mg_per_day
        if dose is None:
            return "The bone model needs the daily dose of the steroid."
        return _medicine("glucocorticoid", float(dose))
    if key == "early_menopause":
        usual = TRAITS["menopause_age"]
        age = float(person.menopause_age_years or usual)
        surgical = 1.0 if history.surgical_menopause else 0.0
        return Term(
            {"menopause_age": age, "surgical_menopause": surgical},
            {"menopause_age": usual, "surgical_menopause": 0.0},
            "",
            0.0,
            f"against a {'natural ' if surgical else ''}menopause at {usual:g}",
            lifelong=True,
        )
    both = "against enough calcium and vitamin D from today"
    fixed: dict[str, Term] = {
        "smoking": _trait("smoking", 1.0, 0.0, _ENDING),
        "alcohol": _trait("alcohol_excess", 1.0, 0.0, _ENDING),
        "inactivity": _trait("inactivity", 1.0, 0.0, _ENDING),
        "calcium": _trait("calcium_deficit", 1.0, 0.0, both),
        "vitamin_d": _trait("calcium_deficit", 1.0, 0.0, both),
        "rheumatoid_arthritis": _trait("inflammatory_disease", 1.0, 0.0, "against inflammation calmed from today"),
        "aromatase_inhibitor": _medicine("aromatase_inhibitor"),
        "androgen_deprivation": _medicine("androgen_deprivation"),
        "thyroid": _medicine("thyroxine_excess"),
    }
    return fixed.get(key, "")


def bone_sizes(person: Person, present: Iterable[str]) -> tuple[dict[str, BoneSize], dict[str, str]]:
    """The sizes of the factors that are present, and why others have none.

    Parameters
    ----------
    person
        The record.
    present
        Keys of the factors that it holds.

    Returns
    -------
    sizes, refusals
        By key. A factor that the bone model never has is in neither.
    """
    asked = {key: term(person, key) for key in present}
    refusals = {key: one for key, one in asked.items() if isinstance(one, str) and one}
    terms = {key: one for key, one in asked.items() if isinstance(one, Term)}
    if not terms:
        return {}, refusals
    if not YOUNGEST_YEARS <= person.age_years <= OLDEST_YEARS - YEARS:
        reach = f"{YOUNGEST_YEARS:g} to {OLDEST_YEARS - YEARS:g}"
        return {}, {**refusals, **dict.fromkeys(terms, f"The bone model looks ten years ahead from ages {reach} only.")}
    found = _simulated(person, terms)
    return found, refusals


def _simulated(person: Person, terms: Mapping[str, Term]) -> dict[str, BoneSize]:
    """One run with everything, and one for each factor without it, side by side."""
    model = OsteonModel()
    everything = {"male": 1.0 if person.sex == "male" else 0.0}
    if person.menopause_age_years is not None:
        everything["menopause_age"] = float(person.menopause_age_years)
        everything["surgical_menopause"] = 1.0 if person.history.surgical_menopause else 0.0
    for one in terms.values():
        everything.update(one.traits)
    ahead = [everything, *({**everything, **one.relieved} for one in terms.values())]
    before = [everything, *(ahead[place] if one.lifelong else everything for place, one in _numbered(terms))]
    doses = {one.channel: one.dose for one in terms.values() if one.channel}
    given = [doses, *({name: dose for name, dose in doses.items() if name != one.channel} for one in terms.values())]
    ages = np.full(len(ahead), float(person.age_years))
    run = simulate(
        model,
        ages,
        [_regimen(one) for one in given],
        output_years=[0.0, YEARS],
        observe=(HIP,),
        parameters=_columns(ahead),
        initial_state=model.initial_state(ages, {**model.parameters, **_columns(before)}),
        backend="float" if len(ahead) <= FEW_PEOPLE else "numpy",
    ).require_ok()
    hip = run.observables[HIP]
    today, end = float(hip[0, 0]), hip[:, 1]
    return {
        key: BoneSize(
            years=YEARS,
            difference_percent=100.0 * float(end[0] - end[place]) / today,
            compared=one.compared,
        )
        for place, (key, one) in enumerate(terms.items(), start=1)
    }


def _numbered(terms: Mapping[str, Term]) -> Iterable[tuple[int, Term]]:
    return enumerate(terms.values(), start=1)


def _columns(people: list[dict[str, float]]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Traits by name, one number a person."""
    return {name: np.array([one[name] for one in people]) for name in people[0]}


def _regimen(doses: Mapping[str, float]) -> Regimen:
    courses = tuple(Infusion(name, dose, 0.0, np.inf) for name, dose in doses.items())
    return Regimen(" + ".join(doses) or "none", courses)
