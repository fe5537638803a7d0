"""Every example's report: complete, in the agreed structure, with its sources, and never silently empty."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from osteon.evidence import source
from osteon.exchange import read_person
from osteon.person import Person
from osteon.report import build_report, render
from osteon.report.assemble import numbers_of
from osteon.report.result import Report
from osteon.report.schema import report_schema

from .fixtures import FULL_REPORT, MINIMAL

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(one for one in (ROOT / "examples").glob("*.json") if "broken" not in one.name)
FIXED_KEYS = {
    "osteon", "person", "densitometry", "risk", "options", "projection", "cell_therapy", "studies", "sources",
    "warnings", "screening", "alert", "remarks",
}  # fmt: skip
OPTION_KEYS = {"therapy", "label", "recommendation", "eligible", "reasons", "evidence"}
RISK_KEYS = {"tool", "outcome", "horizon_years", "percent", "inputs_missing", "notice"}
CURVE_KEYS = {"therapy", "site", "t_years", "median", "lower", "upper", "unit", "fracture", "hypothetical"}


@cache
def built(path: Path) -> Report:
    return build_report(read_person(str(path)).person)


@cache
def as_json(path: Path) -> dict[str, Any]:
    text = render(built(path), "json")
    assert isinstance(text, str)
    loaded: dict[str, Any] = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in the JSON"))
    return loaded


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_structure_is_as_agreed(path: Path) -> None:
    data = as_json(path)
    assert set(data) >= FIXED_KEYS
    assert set(data["densitometry"]) >= {"diagnosis", "deciding_site", "lowest_t_score", "sites"}
    assert data["options"]
    for option in data["options"]:
        assert set(option) >= OPTION_KEYS
        assert set(option["evidence"]) >= {"certainty", "summary", "sources"}
        assert option["eligible"] in (True, False, "uncertain")
    for risk in data["risk"]:
        assert set(risk) >= RISK_KEYS
    assert set(data["projection"]) >= {"years", "interval", "therapies"}
    for curve in data["projection"]["therapies"]:
        assert set(curve) >= CURVE_KEYS
        assert len({len(curve[name]) for name in ("t_years", "median", "lower", "upper")}) == 1
        assert set(curve["fracture"]) == {"major_osteoporotic_percent", "hip_percent"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_validates_against_the_schema_in_the_repository(path: Path) -> None:
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_json(path), schema, cls=jsonschema.Draft202012Validator)


def test_the_schema_file_is_that_of_the_types() -> None:
    """Write it again with: python -m osteon.report.schema > schemas/report.schema.json."""
    stored = json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))
    assert stored == json.loads(json.dumps(report_schema()))


def test_the_schema_refuses_what_it_should() -> None:
    schema = report_schema()
    data = json.loads(FULL_REPORT.model_dump_json())
    jsonschema.validate(data, schema)
    for breaking in ({"risk": None}, {"osteon": 3}, {"surprise": 1}, {"densitometry": {}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(data | breaking, schema)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_person_comes_back_from_the_report(path: Path) -> None:
    assert Person.model_validate(as_json(path)["person"]) == read_person(str(path)).person


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_source_that_is_named_is_listed_once_and_nothing_else(path: Path) -> None:
    report = built(path)
    keys = [one.key for one in report.sources]
    assert len(keys) == len(set(keys))
    assert [one.number for one in report.sources] == list(range(1, len(keys) + 1))
    assert all(source(one.key).title == one.title for one in report.sources)
    named = [*report.densitometry.sources, *report.projection.sources, *report.cell_therapy.sources]
    named += [name for option in report.options for name in option.evidence.sources]
    named += [name for risk in report.risk for name in risk.sources]
    assert set(numbers_of(report, named)) <= set(range(1, len(keys) + 1))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_score_has_its_notice(path: Path) -> None:
    assert all(one.notice for one in built(path).risk if one.tool.startswith("QFracture"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_every_example_can_be_read_in_every_format(path: Path, audience: Any) -> None:
    report = built(path)
    page, text = render(report, "html", audience), render(report, "text", audience)
    assert isinstance(page, str)
    assert isinstance(text, str)
    for shown in (page, text):
        assert "nan" not in shown.casefold().split()
    notices = {one.notice for one in report.risk if one.percent is not None and one.notice}
    flat = " ".join(text.split())
    assert all(" ".join(one.split()) in flat for one in notices)
    assert "Traceback" not in text


def test_a_man_gets_a_projection_at_three_sites() -> None:
    report = built(ROOT / "examples" / "man_under_50.json")
    assert {one.site for one in report.projection.therapies} == {"lumbar_spine", "total_hip", "femoral_neck"}
    assert any("in men" in one.model_check for one in report.projection.therapies)
    assert any(one.extrapolated for one in report.projection.therapies)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_a_person_may_have_is_projected_and_what_not_is_said_why(path: Path) -> None:
    report = built(path)
    shown = {one.therapy.split(":")[0].split(",")[0]: one for one in report.projection.therapies}
    aside = {one.therapy: one.reason for one in report.projection.set_aside}
    for option in report.options:
        if option.hypothetical:
            assert shown[option.therapy].shown_as == "hypothetical"
            assert shown[option.therapy].hypothetical
        elif option.therapy == "none":
            assert shown["none"].shown_as == "comparison"
        elif option.eligible is False:
            assert aside[option.therapy]
            assert option.therapy not in shown or shown[option.therapy].shown_as == "comparison"
        else:
            assert (option.therapy in shown) != (option.therapy in aside)
    assert "zoledronate" in shown  # it always stands beside cell therapy
    for one in report.projection.therapies:
        if one.therapy.startswith(("teriparatide", "abaloparatide", "romosozumab")):
            assert "," in one.therapy, "a bone-forming medicine needs a medicine after it"
        assert not one.therapy.startswith("denosumab:")


def test_near_the_end_of_the_model_the_report_projects_as_far_as_it_can() -> None:
    report = build_report(Person.model_validate({"sex": "female", "age_years": 95}))
    assert report.projection.years == 5
    assert any("stops after 5 years" in one for one in report.warnings)


def test_someone_too_young_for_the_model_is_told_why() -> None:
    young = Person.model_validate({"sex": "female", "age_years": 19})
    report = build_report(young)
    assert report.projection.therapies == ()
    assert any("No projection" in one for one in report.warnings)


def test_without_a_scan_there_is_still_a_report() -> None:
    report = build_report(Person.model_validate({"sex": "female", "age_years": 66}))
    assert report.densitometry.diagnosis == "undetermined"
    for kind in ("text", "html", "json", "pdf"):
        assert render(report, kind)


def test_remarks_of_the_file_stand_apart_from_the_cautions_and_each_once() -> None:
    report = build_report(MINIMAL, remarks=["The key 'colour' was ignored.", "The key 'colour' was ignored."])
    assert report.remarks == ("The key 'colour' was ignored.",)
    assert not set(report.remarks) & set(report.warnings)
    assert len(report.warnings) == len(set(report.warnings))


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_nothing_that_is_not_a_number_gets_in(number: float) -> None:
    data = FULL_REPORT.model_dump()
    data["densitometry"]["lowest_t_score"] = number
    with pytest.raises(ValidationError):
        Report.model_validate(data)


def test_the_same_person_gives_the_same_report() -> None:
    assert render(build_report(MINIMAL), "json") == render(build_report(MINIMAL), "json")
