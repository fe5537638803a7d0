# SPDX-License-Identifier: LGPL-3.0-or-later
# A work based on QFracture-2012, Copyright 2012 ClinRisk Ltd. See NOTICE and LICENSE in this folder.
"""From a person's record to the inputs of QFracture-2012, input by input.

Each input becomes a :class:`Reading`. One value: the record settles it. No value: the tool cannot go on without it.
Several values: the record fits several of the tool's categories (ethnicity "black" is Black Caribbean or Black African;
a smoker may be light, moderate or heavy), and the choice is left open rather than guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from osteon.person import Person, advanced_kidney_disease, flag
from osteon.risk.qfracture2012.model import read_table
from osteon.risk.reading import completed_years, fracture_sites

_COUNTED_FRACTURES = {"wrist", "spine", "hip", "shoulder"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the record says about one input of the tool.

    Attributes
    ----------
    values
        The values that fit the record: none, one, or several.
    missing
        Paths of the fields that would settle or complete it and were not recorded.
    """

    values: tuple[float, ...]
    missing: tuple[str, ...] = ()


def _levels_of(name: str, entry: str) -> tuple[float, ...]:
    rows = read_table("categories.csv")
    return tuple(int(r["level"]) for r in rows if r["input"] == name and entry in r["record_values"].split(";"))


def _level_by_amount(name: str, amount: float, among: tuple[float, ...] | None = None) -> float:
    """The highest level whose lower edge the amount reaches (2.5 units a day stay with "1 to 2")."""
    reached = [
        int(row["level"])
        for row in read_table("categories.csv")
        if row["input"] == name
        and row["from"]
        and (among is None or int(row["level"]) in among)
        and (amount > float(row["from"]) or (row["from_included"] == "yes" and amount == float(row["from"])))
    ]
    return max(reached)


def _ethnicity(person: Person) -> Reading:
    if person.ethnicity is None:
        return Reading(_levels_of("ethrisk", "white"), ("ethnicity",))
    levels = _levels_of("ethrisk", person.ethnicity)
    return Reading(levels, ("ethnicity",) if len(levels) > 1 else ())


def _smoking(person: Person) -> Reading:
    history = person.history
    count = history.cigarettes_per_day
    if history.smoking is None and not count:
        return Reading((), ("history.smoking",))
    levels = _levels_of("smoke_cat", history.smoking or "current")
    if len(levels) == 1:
        return Reading(levels)
    if count is None:
        return Reading(levels, ("history.cigarettes_per_day",))
    return Reading((_level_by_amount("smoke_cat", count, among=levels),))


def _alcohol(person: Person) -> Reading:
    units = person.history.alcohol_units_per_day
    if units is None:
        return Reading((), ("history.alcohol_units_per_day",))
    return Reading((_level_by_amount("alcohol_cat6", units),))


def _bmi(person: Person) -> Reading:
    if person.bmi is not None:
        return Reading((person.bmi,))
    parts = {"height_cm": person.height_cm, "weight_kg": person.weight_kg}
    return Reading((), tuple(name for name, number in parts.items() if number is None))


def _any_of(*fields: str) -> Callable[[Person], Reading]:
    """An input that is present when any of these fields is yes; what is not recorded adds nothing, and is listed."""

    def read(person: Person) -> Reading:
        answers = {name: flag(person.history, name) for name in fields}
        if any(answers.values()):
            return Reading((1,))
        return Reading((0,), tuple(f"history.{name}" for name, answer in answers.items() if answer is None))

    return read


def _corticosteroids(person: Person) -> Reading:
    history = person.history
    if history.glucocorticoids is None and history.glucocorticoid_prednisone_mg_per_day is not None:
        return Reading((int(history.glucocorticoid_prednisone_mg_per_day > 0),))
    return _any_of("glucocorticoids")(person)


def _kidney(person: Person) -> Reading:
    answer = advanced_kidney_disease(person)
    return Reading((0,), ("history.chronic_kidney_disease_4_5",)) if answer is None else Reading((int(answer),))


def _falls(person: Person) -> Reading:
    falls = person.history.falls_last_year
    return Reading((0,), ("history.falls_last_year",)) if falls is None else Reading((int(falls > 0),))


def _fracture(person: Person) -> Reading:
    sites = fracture_sites(person)
    if sites is not None:
        return Reading((int(bool(_COUNTED_FRACTURES & set(sites))),))
    if person.history.previous_fragility_fracture:  # yes, but where? Only four sites count
        return Reading((0, 1), ("history.fragility_fracture_sites",))
    return Reading((0,), ("history.previous_fragility_fracture",))


def _oestrogen_only(person: Person) -> Reading:
    history = person.history
    if history.oestrogen is None:
        return Reading((0,), ("history.oestrogen",))
    if history.oestrogen == "current" and history.oestrogen_only is None:
        return Reading((0,), ("history.oestrogen_only",))
    return Reading((int(history.oestrogen == "current" and history.oestrogen_only is True),))


def _diabetes(kind: str) -> Callable[[Person], Reading]:
    def read(person: Person) -> Reading:
        diabetes = person.history.diabetes
        return Reading((0,), ("history.diabetes",)) if diabetes is None else Reading((int(diabetes == kind),))

    return read


_READERS: dict[str, Callable[[Person], Reading]] = {
    "age": lambda person: Reading((completed_years(person),)),
    "bmi": _bmi,
    "ethrisk": _ethnicity,
    "smoke_cat": _smoking,
    "alcohol_cat6": _alcohol,
    "b_antidepressant": _any_of("antidepressants"),
    "b_anycancer": _any_of("cancer"),
    "b_asthmacopd": _any_of("asthma_copd"),
    "b_carehome": _any_of("care_home"),
    "b_corticosteroids": _corticosteroids,
    "b_cvd": _any_of("cardiovascular_disease"),
    "b_dementia": _any_of("dementia"),
    "b_endocrine": _any_of("thyrotoxicosis", "hyperparathyroidism", "cushing"),
    "b_epilepsy2": _any_of("epilepsy"),
    "b_falls": _falls,
    "b_fracture4": _fracture,
    "b_hrt_oest": _oestrogen_only,
    "b_liver": _any_of("chronic_liver_disease"),
    "b_malabsorption": _any_of("malabsorption"),
    "b_parkinsons": _any_of("parkinsons"),
    "b_ra_sle": _any_of("rheumatoid_arthritis", "lupus"),
    "b_renal": _kidney,
    "b_type1": _diabetes("type1"),
    "b_type2": _diabetes("type2"),
    "fh_osteoporosis": _any_of("parent_hip_fracture", "parent_osteoporosis"),
}


def read_record(person: Person) -> dict[str, Reading]:
    """Every input of the tool as the record has it, by the tool's name for it."""
    return {name: reader(person) for name, reader in _READERS.items()}
