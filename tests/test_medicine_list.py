"""The list of medicines: what it answers about the history, what it contradicts, and which of them cost bone."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from osteon.care import risk_profile
from osteon.densitometry import assess
from osteon.errors import InputError
from osteon.evidence import table
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


LIST = {
    "Zoton FasTab 30mg orodispersible tablets": "Proton pump inhibitors",
    "Lasix 40 mg in the morning": "Loop diuretics",
    "CITALOPRAM 20MG TABLETS": "SSRI antidepressants",
    "Seroxat 20 mg": "SSRI antidepressants",
    "Actoplus Met 15/850": "Thiazolidinediones",
    "Prostap 3 DCS 11.25mg": "Androgen deprivation and other GnRH medicines",
    "Orgovyx 120 mg": "Androgen deprivation and other GnRH medicines",
    "Arimidex 1mg": "Aromatase inhibitors",
    "Epilim Chrono 500": "Anticonvulsants",
    "Divalproex sodium DR 500 mg": "Anticonvulsants",
    "Lipitor 20 mg": "",
    "Metformin 500mg twice a day": "",
    "Amlodipine 5 mg": "",
    "Gabapentin 300 mg": "",
    "Paracetamol 1 g when needed": "",
}


def test_a_list_as_people_carry_it_is_read_line_by_line() -> None:
    listed = person("male", *({"name": name} for name in LIST))
    found = {one.name: one.drug_class for one in risk_profile(listed, assess(listed)).bone_losing}
    assert found == {name: drug_class for name, drug_class in LIST.items() if drug_class}
    answered = (listed.history.antidepressants, listed.history.androgen_deprivation, listed.history.epilepsy)
    assert answered == (True, True, True)


def test_no_name_stands_in_two_classes_and_every_coded_substance_has_its_class() -> None:
    names = [name for row in table("drug_bone_losing.csv") for name in row["names"].split()]
    assert len(names) == len(set(names))
    assert {row["substance"] for row in table("rxnorm_bone_losing.csv")} <= set(names)


def test_medicines_that_cost_bone_are_found_by_name_and_by_code() -> None:
    listed = person("female", {"name": "Losec", "rxnorm": "7646"}, {"name": "Pantoprazole"}, {"name": "Ibuprofen"})
    found = risk_profile(listed, assess(listed)).bone_losing
    assert [(one.name, one.drug_class) for one in found] == [
        ("Losec", "Proton pump inhibitors"),
        ("Pantoprazole", "Proton pump inhibitors"),
    ]
    assert all(one.effect and one.sources for one in found)
