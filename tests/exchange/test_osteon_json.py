"""Osteon's own JSON: messages in plain words, exact round trip, a schema that equals the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.errors import InputError
from osteon.exchange import person_json_schema, read_person, write_person_json
from osteon.exchange.files import parse_json
from osteon.exchange.osteon_json import person_from_dict
from osteon.person import FraxResult, History, Labs, Person, Scan, SiteMeasurement, Treatment

SITE = {"site": "femoral_neck", "t_score": -1.8}


def record(**changes: Any) -> dict[str, Any]:
    """A valid person with changes."""
    return {"sex": "female", "age_years": 58, "scans": [{"date": "2026-03-02", "sites": [SITE]}], **changes}


def with_site(**changes: Any) -> dict[str, Any]:
    """A valid person whose second site is changed."""
    return record(scans=[{"date": "2026-03-02", "sites": [SITE, {"site": "total_hip", "t_score": -1.0, **changes}]}])


BAD_RECORDS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a lost decimal point": (
        with_site(t_score=18),
        "scans[0].sites[1].t_score",
        "outside the plausible",
        "-1.8 or 1.8",
    ),
    "mg for g": (with_site(bmd_g_cm2=761), "scans[0].sites[1].bmd_g_cm2", "outside the plausible", "0.761"),
    "calcium in mg/dL": (
        record(labs={"calcium_mmol_l": 9.4}),
        "labs.calcium_mmol_l",
        "at most 4",
        "Perhaps 2.35 was meant: the unit is mmol/L, and 9.4 looks like mg/dL",
    ),
    "a key with another unit": (
        record(labs={"vitamin_d_ng_ml": 20}),
        "labs.vitamin_d_ng_ml",
        "not known here",
        "Perhaps 'vitamin_d_nmol_l' was meant: write the value in nmol/L",
    ),
    "a brand": (
        record(treatments=[{"therapy": "Fosamax", "start": "2020-01-01"}]),
        "treatments[0].therapy",
        "not one of the words",
        "Fosamax is a name of alendronate: write alendronate",
    ),
    "negative density": (with_site(bmd_g_cm2=-0.7), "scans[0].sites[1].bmd_g_cm2", "outside", "positive number"),
    "a T-score without a site": (
        record(scans=[{"date": "2026-03-02", "sites": [{"t_score": -1.8}]}]),
        "scans[0].sites[0].site",
        "this is needed and is missing",
        "femoral_neck",
    ),
    "a site without a number": (
        record(scans=[{"date": "2026-03-02", "sites": [{"site": "total_hip"}]}]),
        "scans[0].sites[0]",
        "no measurement",
        "leave the site out",
    ),
    "a scan in the future": (
        record(scans=[{"date": "2125-03-02", "sites": [SITE]}]),
        "scans[0].date",
        "lies in the future",
        "YYYY-MM-DD",
    ),
    "a day as a number": (record(scans=[{"date": 0, "sites": [SITE]}]), "scans[0].date", "expected a date", "as text"),
    "no sites": (
        record(scans=[{"date": "2026-03-02", "sites": []}]),
        "scans[0].sites",
        "the list is empty",
        "at least one",
    ),
    "text for a number": (
        record(age_years="58"),
        "age_years",
        "expected a number, found the text '58'",
        "Write 58, without quotation marks",
    ),
    "yes for true": (record(history={"dementia": "yes"}), "history.dementia", "expected true or false", ""),
    "one for true": (record(history={"dementia": 1}), "history.dementia", "expected true or false, found 1", ""),
    "half a fall": (record(history={"falls_last_year": 0.5}), "history.falls_last_year", "expected a whole number", ""),
    "an object for a list": (record(scans={"date": "2026-03-02"}), "scans", "expected a list", ""),
    "a list for an object": (record(history=[]), "history", "expected an object in curly brackets, found a list", ""),
    "a misspelt key": (record(wieght_kg=61), "wieght_kg", "not known here", "'weight_kg'"),
    "a misspelt key inside": (record(history={"smoker": "never"}), "history.smoker", "not known here", "'smoking'"),
    "a strange key": (record(labs={"qwx": 1}), "labs.qwx", "not known here", "ctx_ng_l"),
    "a capital": (record(sex="Female"), "sex", "not one of the words", "'female'"),
    "an abbreviation": (record(sex="f"), "sex", "not one of the words", "'female'"),
    "a space for an underscore": (with_site(site="total hip"), "scans[0].sites[1].site", "not one", "'total_hip'"),
    "a misspelt therapy": (
        record(treatments=[{"therapy": "alendronat"}]),
        "treatments[0].therapy",
        "not one of the words",
        "Did you mean alendronate?",
    ),
    "a child": (record(age_years=12), "age_years", "12 is not plausible: it must be at least 18", ""),
    "null for the sex": (record(sex=None), "sex", "null", "female, male"),
    "a name as identifier": (record(id="x" * 65), "id", "longer than 64 characters", "Shorten"),
    "menopause in a man": (
        record(sex="male", menopause_age_years=50),
        "",
        "a man has no menopause",
        "Leave the menopause",
    ),
}


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_a_bad_record_is_refused_with_place_and_mend(name: str) -> None:
    data, where, problem, mend = BAD_RECORDS[name]
    with pytest.raises(InputError) as caught:
        person_from_dict(data, "p.json")
    assert caught.value.where == (f"p.json: {where}" if where else "p.json")
    assert problem in caught.value.problem
    assert mend in caught.value.mend
    assert len(str(caught.value)) < 400


def test_many_mistakes_make_one_message(examples: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_person(examples / "broken.json")
    lines = str(caught.value).splitlines()
    assert "broken.json: sex: the text 'Female' is not one of the words allowed here. Perhaps 'female'" in lines[0]
    assert lines[1] == "7 more problems:"
    assert len(lines) == 9
    for place in (
        "age_years",
        "scans[0].date",
        "scans[0].sites[0].t_score",
        "scans[0].sites[1].bmd_g_cm2",
        "wieght_kg",
    ):
        assert any(line.startswith(f"  - {place}: ") for line in lines), place


def test_a_list_is_not_called_short_because_its_items_are_wrong() -> None:
    with pytest.raises(InputError) as caught:
        person_from_dict(record(scans=[{"date": "2026-03-02", "sites": [{"site": "total_hip", "t_score": "low"}]}]))
    assert "empty" not in str(caught.value)
    assert "more problem" not in str(caught.value)


def test_a_long_list_of_mistakes_is_cut() -> None:
    with pytest.raises(InputError) as caught:
        person_from_dict(record(**{f"strange_{i}": i for i in range(30)}))
    lines = str(caught.value).splitlines()
    assert len(lines) == 10
    assert lines[-1].startswith("  - and 22 more")


def test_a_message_never_repeats_a_record() -> None:
    with pytest.raises(InputError) as caught:
        person_from_dict(
            record(label=["Jane Doe, born 1950-01-01"], scans=[{"date": "secret place " * 9, "sites": []}])
        )
    assert "Jane" not in str(caught.value)
    assert "secret place secret place" not in str(caught.value)


def test_the_examples_come_back_exactly(examples: Path) -> None:
    for path in sorted(examples.glob("*.json")):
        if path.stem == "broken":
            continue
        person = read_person(path).person
        again = person_from_dict(json.loads(write_person_json(person))).person
        assert again == person, path.name


@given(
    t_score=st.floats(-7, 8),
    bmd=st.floats(0.15, 2.5),
    age=st.floats(18, 110),
    falls=st.none() | st.integers(0, 400),
    smoking=st.sampled_from([None, "never", "former", "current"]),
    label=st.none() | st.text(max_size=40),
)
def test_any_person_comes_back_exactly(
    *, t_score: float, bmd: float, age: float, falls: int | None, smoking: str | None, label: str | None
) -> None:
    data = record(age_years=age, history={"falls_last_year": falls, "smoking": smoking}, label=label)
    data["scans"][0]["sites"] = [{"site": "total_hip", "t_score": t_score, "bmd_g_cm2": bmd}]
    try:
        person = person_from_dict(data).person
    except InputError:
        assert label is not None  # half of a surrogate pair cannot be text
        return
    assert person_from_dict(json.loads(write_person_json(person))).person == person


def test_the_schema_file_equals_the_model(root: Path) -> None:
    kept = json.loads((root / "schemas" / "person.schema.json").read_text("utf-8"))
    assert kept == person_json_schema(), (
        "write schemas/person.schema.json anew from osteon.exchange.person_json_schema()"
    )


def test_the_schema_accepts_the_examples_and_refuses_the_broken_one(root: Path, examples: Path) -> None:
    schema = json.loads((root / "schemas" / "person.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    for path in examples.glob("*.json"):
        data = json.loads(path.read_text("utf-8"))
        assert checker.is_valid(data) == (path.stem != "broken" and "resourceType" not in data), path.name
    assert checker.is_valid({"sex": "female", "birth_date": "1960-01-01"})
    assert not checker.is_valid({"sex": "female"})
    assert not checker.is_valid(record(scans=[{"date": "2026-03-02", "sites": [{"site": "total_hip", "t_score": 18}]}]))


def test_every_field_of_the_schema_is_known_to_the_model(root: Path) -> None:
    schema = json.loads((root / "schemas" / "person.schema.json").read_text("utf-8"))
    assert set(schema["properties"]) == set(Person.model_fields)


def test_the_page_on_input_files_names_every_field(root: Path) -> None:
    page = (root / "docs" / "input-files.md").read_text("utf-8")
    for model in (Person, Scan, SiteMeasurement, History, Labs, Treatment, FraxResult):
        missing = [name for name in model.model_fields if f"`{name}`" not in page]
        assert not missing, f"describe these fields of {model.__name__} in docs/input-files.md"


@pytest.mark.parametrize("minus", ["\N{MINUS SIGN}", "\N{EN DASH}", "\N{NON-BREAKING HYPHEN}"])
def test_a_pasted_number_with_a_printed_minus_is_told_what_to_write(minus: str) -> None:
    with pytest.raises(InputError, match=r"Write -1\.8, without quotation marks and with the hyphen of the keyboard"):
        person_from_dict(with_site(t_score=f"{minus}1.8"), "a.json")
    with pytest.raises(InputError, match=r"Write -1\.8, with the hyphen of the keyboard"):
        parse_json(f'{{"t_score": {minus}1.8}}', "a.json")


def test_a_height_in_inches_is_called_so() -> None:
    with pytest.raises(InputError, match="64 looks like inches"):
        person_from_dict(record(height_cm=64), "a.json")
