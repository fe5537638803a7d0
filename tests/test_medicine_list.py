"""The list of medicines: what it answers about the history, what it contradicts, and which of them cost bone."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from osteon.care import risk_profile
from osteon.densitometry import assess
from osteon.errors import InputError
from osteon.exchange import person_from_json
from osteon.person import Person


def person(sex: str = "female", *medicines: dict[str, Any], **history: Any) -> Person:
    return Person.model_validate({"sex": sex, "age_years": 66, "medicines": list(medicines), "history": history})


@pytest.mark.parametrize(
    ("sex", "name", "field", "answer"),
    [
        ("female", "Letrozole 2.5 mg", "aromatase_inhibitor", True),
        ("female", "sertraline", "antidepressants", True),
        ("female", "Carbamazepine 200 mg", "epilepsy", True),
        ("male", "Leuprorelin depot", "androgen_deprivation", True),
        ("female", "Leuprorelin depot", "androgen_deprivation", None),  # endometriosis is no androgen deprivation
        ("female", "Prednisolone 5 mg", "glucocorticoids", None),  # may be a course of days
        ("female", "Paracetamol", "antidepressants", None),
    ],
)
def test_the_list_answers_only_what_it_settles(sex: str, name: str, field: str, answer: bool | None) -> None:
    assert getattr(person(sex, {"name": name}).history, field) is answer


def test_a_recorded_no_beside_the_medicine_is_a_contradiction() -> None:
    with pytest.raises(ValidationError, match="aromatase_inhibitor is false and Letrozole is on the list"):
        person("female", {"name": "Letrozole"}, aromatase_inhibitor=False)


def test_a_bone_medicine_is_sent_to_the_treatments() -> None:
    data = {"sex": "female", "age_years": 66, "medicines": [{"name": "Fosamax 70 mg"}]}
    with pytest.raises(InputError, match=r"alendronate is a bone medicine\. Put it into treatments"):
        person_from_json(data, "person.json")


def test_medicines_that_cost_bone_are_found_by_name_and_by_code() -> None:
    listed = person("female", {"name": "Losec", "rxnorm": "7646"}, {"name": "Pantoprazole"}, {"name": "Ibuprofen"})
    found = risk_profile(listed, assess(listed)).bone_losing
    assert [(one.name, one.drug_class) for one in found] == [
        ("Losec", "Proton pump inhibitors"),
        ("Pantoprazole", "Proton pump inhibitors"),
    ]
    assert all(one.effect and one.sources for one in found)
