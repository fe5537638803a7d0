"""A person goes into FHIR and comes back: equal in every field, valid in structure and in its required codes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings

from osteon.evidence import table
from osteon.exchange import person_from_json
from osteon.exchange.fhir_out import check_bindings, export_fhir, fhir_bundle, not_carried
from osteon.person import Person, Scan, SiteMeasurement
from people import generated, people, random_person

PEOPLE = 500


def back(person: Person) -> Person:
    """The person that the exported text gives."""
    return person_from_json(json.loads(export_fhir(person)), "exported").person


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The paths of everything that is filled in, without positions in lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        for inner in value:
            yield from leaves(inner, path)
    elif value is not None:
        yield path


def test_500_generated_people_come_back_equal_and_their_bundles_are_valid() -> None:
    for number, person in enumerate(generated(PEOPLE)):
        assert not not_carried(person)
        text = export_fhir(person)
        bundle = json.loads(text)
        assert person_from_json(bundle, "exported").person == person, number
        assert check_bindings(bundle) == [], number
        Bundle.model_validate(bundle)


def test_the_generated_people_fill_every_field_of_the_record() -> None:
    """Otherwise the test above would prove less than it says."""
    filled = {path for person in generated(PEOPLE) for path in leaves(person.model_dump())}
    schema = Person.model_json_schema()
    known = set()
    for prefix, name in (
        ("", None), ("history.", "History"), ("labs.", "Labs"), ("frax.", "FraxResult"),
        ("treatments.", "Treatment"), ("medicines.", "Medicine"),
        ("scans.", "Scan"), ("scans.sites.", "SiteMeasurement"),
    ):  # fmt: skip
        part = schema if name is None else schema["$defs"][name]
        known |= {prefix + field for field in part["properties"]}
    groups = {"history", "labs", "frax", "treatments", "medicines", "scans", "scans.sites", "scans.precision_g_cm2"}
    precision = {f"scans.precision_g_cm2.{site}" for site in ("lumbar_spine", "total_hip", "femoral_neck", "radius_33")}
    empty_lists = {"treatments", "medicines", "scans"}
    assert known - groups | precision <= filled
    assert filled <= known - groups | precision | empty_lists


@given(people())
@settings(max_examples=60)
def test_any_person_comes_back_equal(person: Person) -> None:
    assert back(person) == person


def test_every_finding_has_a_name_and_every_number_a_unit() -> None:
    """A field that is added to the record must be added to the table too, or its export fails."""
    rows = {row["field"]: row for row in table("fhir_fields.csv")}
    schema = Person.model_json_schema()["$defs"]
    for group, name in (("history", "History"), ("labs", "Labs")):
        for field, one in schema[name]["properties"].items():
            kinds = {part.get("type") for part in one.get("anyOf", [one])}
            assert rows[f"{group}.{field}"]["label"]
            assert bool(rows[f"{group}.{field}"]["unit"]) == ("number" in kinds), field


def test_the_same_record_gives_the_same_text() -> None:
    for seed in range(20):
        first, second = (random_person(random.Random(seed)) for _ in range(2))  # noqa: S311 - not for secrets
        assert export_fhir(first) == export_fhir(second)


def test_a_person_with_an_identifier_keeps_the_addresses_of_the_resources() -> None:
    """A corrected weight is the same resource, so that a receiving system can replace it."""
    before, after = (
        fhir_bundle(Person(id="42", sex="female", age_years=60, weight_kg=weight)) for weight in (60.0, 61.0)
    )
    assert [one["fullUrl"] for one in before["entry"]] == [one["fullUrl"] for one in after["entry"]]
    other = fhir_bundle(Person(id="43", sex="female", age_years=60, weight_kg=60.0))
    assert not {one["fullUrl"] for one in before["entry"]} & {one["fullUrl"] for one in other["entry"]}


@pytest.mark.parametrize("text", ["", " ", "bell\x07", "null\x00"])
def test_what_fhir_has_no_place_for_is_listed_and_the_rest_comes_back(text: str) -> None:
    site = SiteMeasurement(site="femoral_neck", t_score=-1.8)
    scan = Scan.model_validate({"date": "2024-03-02", "sites": [site], "device": text, "precision_g_cm2": {}})
    person = Person(id=text, sex="female", age_years=60, scans=(scan,))
    assert {one.where for one in not_carried(person)} == {"id", "scans[0].device", "scans[0].precision_g_cm2"}
    assert all(one.reason for one in not_carried(person))
    kept = person.model_copy(
        update={"id": None, "scans": (scan.model_copy(update={"device": None, "precision_g_cm2": None}),)}
    )
    assert back(person) == kept


def test_identifiers_that_fhir_does_not_allow_as_ids_come_back() -> None:
    for name in ("A-1.b", "clinic/42", "ä" * 64, "a b"):
        bundle = fhir_bundle(Person(id=name, sex="male", age_years=70))
        Bundle.model_validate(bundle)
        assert person_from_json(bundle, "b").person.id == name
