"""The inputs that can be switched in a person's record, one at a time: what absent means, and what present means.

A switch changes the record and the tool is asked again, so whether a tool counts an input is found out and not stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from osteon.care.comparison.result import State
from osteon.person import Person, advanced_kidney_disease, flag
from osteon.person.implied import SHOWN_BY

REFERENCE_BMI = 25.0  # where the open model's "no risk factor" stands, so that both tools are asked about the same body
THIN_BMI = 20.0  # the lowest that QFracture-2012 accepts


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the record.

    Attributes
    ----------
    key, label
        Its name, and its name for a reader.
    absent, present
        Fields of the history (or of the person, where ``of_person``) and what they hold when the input is absent, and
        when it is present and nothing more is known.
    unit
        Beside a recorded amount.
    """

    key: str
    label: str
    absent: Mapping[str, Any]
    present: Mapping[str, Any]
    unit: str = ""
    of_person: bool = False

    def _values(self, person: Person) -> dict[str, Any]:
        holder = person if self.of_person else person.history
        return {name: getattr(holder, name) for name in self.absent}

    def state(self, person: Person) -> State:
        """Present when a field is recorded and differs from what absent means."""
        recorded = {name: value for name, value in self._values(person).items() if value is not None}
        if not recorded:
            return "not recorded"
        return "present" if any(value != self.absent[name] for name, value in recorded.items()) else "absent"

    def recorded(self, person: Person) -> str:
        """The recorded amount or word, empty for a plain yes or no."""
        value = next(iter(self._values(person).values()))
        if value is None or isinstance(value, bool | tuple) or self.state(person) != "present":
            return ""
        if not isinstance(value, int | float):
            return str(value).replace("_", " ")
        return f"{value:g} {self.unit if value != 1 else self.unit.replace('units', 'unit')}".strip()

    def without(self, person: Person) -> Person:
        """The record with this input absent."""
        return self._with(person, self.absent)

    def with_it(self, person: Person) -> Person:
        """The record with this input present: as recorded where it is, else the plain case."""
        return person if self.state(person) == "present" else self._with(person, self.present)

    def _with(self, person: Person, changes: Mapping[str, Any]) -> Person:
        if self.of_person:
            return person.model_copy(update=dict(changes))
        return person.model_copy(update={"history": person.history.model_copy(update=dict(changes))})


@dataclass(frozen=True, slots=True)
class BodyMass(Input):
    """Body mass index: the reference is a number and not an absence, and height and weight stand behind it."""

    absent: Mapping[str, Any] = field(
        default_factory=lambda: {"bmi_kg_m2": REFERENCE_BMI, "height_cm": None, "weight_kg": None}
    )
    present: Mapping[str, Any] = field(
        default_factory=lambda: {"bmi_kg_m2": THIN_BMI, "height_cm": None, "weight_kg": None}
    )

    def state(self, person: Person) -> State:
        """Present when it is recorded and is not the reference."""
        if person.bmi is None:
            return "not recorded"
        return "absent" if abs(person.bmi - REFERENCE_BMI) < 0.05 else "present"

    def recorded(self, person: Person) -> str:
        """The body mass index."""
        return "" if person.bmi is None else f"{person.bmi:.1f} kg/m²"


@dataclass(frozen=True, slots=True)
class WiderFlag(Input):
    """A yes or no that a narrower yes implies, as a stroke does a disease of the heart and vessels."""

    def state(self, person: Person) -> State:
        """Present when it, or what implies it, is recorded as yes."""
        answer = flag(person.history, self.key)
        return "not recorded" if answer is None else "present" if answer else "absent"


@dataclass(frozen=True, slots=True)
class KidneyDisease(Input):
    """Advanced kidney disease, which a recorded filtration answers too."""

    def state(self, person: Person) -> State:
        """Present as answered, else by the filtration on record."""
        answer = advanced_kidney_disease(person)
        return "not recorded" if answer is None else "present" if answer else "absent"


def _flag(key: str, label: str) -> Input:
    if key in SHOWN_BY:
        return WiderFlag(key, label, {key: False, **dict.fromkeys(SHOWN_BY[key], False)}, {key: True})
    return Input(key, label, {key: False}, {key: True})


INPUTS: tuple[Input, ...] = (
    Input(
        "previous_fracture",
        "an earlier fragility fracture",
        {
            "previous_fragility_fracture": False,
            "fragility_fracture_sites": (),
            "months_since_last_fragility_fracture": None,
            "fragility_fracture_count": 0,
        },
        {"previous_fragility_fracture": True, "fragility_fracture_sites": ("wrist",)},
    ),
    _flag("parent_hip_fracture", "a parent's broken hip"),
    _flag("parent_osteoporosis", "a parent's osteoporosis"),
    Input(
        "smoking",
        "smoking",
        {"smoking": "never", "cigarettes_per_day": None},
        {"smoking": "current", "cigarettes_per_day": 15.0},
    ),
    Input(
        "alcohol",
        "alcohol",
        {"alcohol_units_per_day": 0.0},
        {"alcohol_units_per_day": 4.0},
        unit="units a day",
    ),
    Input(
        "glucocorticoids",
        "glucocorticoids",
        {"glucocorticoids": False, "glucocorticoid_prednisone_mg_per_day": None},
        {"glucocorticoids": True},
    ),
    _flag("rheumatoid_arthritis", "rheumatoid arthritis"),
    Input("diabetes", "diabetes", {"diabetes": "none"}, {"diabetes": "type2"}),
    Input("falls", "falls in the last year", {"falls_last_year": 0}, {"falls_last_year": 1}),
    BodyMass("bmi", "the body mass index", of_person=True),
    Input("ethnicity", "ethnicity", {"ethnicity": "white"}, {"ethnicity": "black_caribbean"}, of_person=True),
    _flag("antidepressants", "antidepressants"),
    _flag("lupus", "lupus"),
    _flag("cancer", "cancer"),
    _flag("asthma_copd", "asthma or COPD"),
    _flag("cardiovascular_disease", "heart disease or stroke"),
    _flag("dementia", "dementia"),
    _flag("parkinsons", "Parkinson's disease"),
    _flag("epilepsy", "epilepsy or its medicines"),
    _flag("chronic_liver_disease", "chronic liver disease"),
    KidneyDisease(
        "chronic_kidney_disease_4_5",
        "advanced kidney disease",
        {"chronic_kidney_disease_4_5": False},
        {"chronic_kidney_disease_4_5": True},
    ),
    _flag("malabsorption", "malabsorption"),
    _flag("thyrotoxicosis", "an overactive thyroid"),
    _flag("hyperparathyroidism", "overactive parathyroid glands"),
    _flag("cushing", "Cushing's syndrome"),
    _flag("care_home", "living in a care home"),
    Input(
        "oestrogen_only",
        "oestrogen-only hormone therapy",
        {"oestrogen": "never", "oestrogen_only": None},
        {"oestrogen": "current", "oestrogen_only": True},
    ),
)
