"""The rows of the clinician's tables, from a real example."""

from __future__ import annotations

import re
from functools import cache

import pytest

from osteon.care.result import Option
from osteon.exchange import read_person
from osteon.report import build_report
from osteon.report.checklist import SHOWN_GAPS, all_missing, checks, missing_inputs
from osteon.report.projections import projected
from osteon.report.result import Report
from osteon.report.rows import (
    OPEN_STATUSES,
    guideline_gaps,
    guideline_rows,
    option_row,
    studies_more,
    study_rows,
)

from .fixtures import FULL_REPORT, SOURCE


@cache
def fuller() -> Report:
    return build_report(read_person("examples/fuller.json").person)


@cache
def minimal() -> Report:
    """Someone whose record leaves most questions open; teriparatide set aside, the rest as it comes."""
    report = build_report(read_person("examples/minimal.json").person)
    options = tuple(
        one.model_copy(update={"standing": "not now"}) if one.therapy == "teriparatide" else one
        for one in report.options
    )
    return report.model_copy(update={"options": options})


def test_each_guideline_stands_once_and_those_that_apply_come_first() -> None:
    rows = guideline_rows(fuller())
    assert len({(row.guideline, row.who, row.advice) for row in rows}) == len(rows)
    applies = [row.applies == "Applies" for row in rows]
    assert applies == sorted(applies, reverse=True)
    assert all(row.reference for row in rows)


def test_an_option_is_ready_to_print() -> None:
    alendronate = next(one for one in FULL_REPORT.options if one.therapy == "alendronate")
    row = option_row(FULL_REPORT, alendronate)
    assert (row.standing, row.eligible, row.certainty) == ("Consider", "Yes", "Moderate")
    assert row.projected == "0.750 (0.717 to 0.782)"
    assert row.change == "−1.5 %"
    assert row.references == str(next(one.number for one in FULL_REPORT.sources if one.key == SOURCE))


def test_the_projection_of_a_sequence_belongs_to_the_medicine_that_starts_it_and_names_what_follows() -> None:
    report = minimal()
    teriparatide = next(one for one in report.options if one.therapy == "teriparatide")
    row = option_row(report, teriparatide.model_copy(update={"standing": "consider"}))
    assert (row.projected, row.regimen) == ("", "")  # set aside in the report, so it has no curve
    opened = report.model_copy(update={"options": tuple(_opened(one) for one in report.options)})
    row = option_row(opened, _opened(teriparatide))
    assert row.projected
    assert row.regimen == "24 months, then alendronate"
    alendronate = next(one for one in opened.options if one.therapy == "alendronate")
    assert option_row(opened, alendronate).regimen == ""


def _opened(option: Option) -> Option:
    return option.model_copy(update={"standing": "consider"}) if option.standing != "baseline" else option


@pytest.mark.parametrize("standing", ["not now", "not suitable"])
def test_what_is_set_aside_has_no_curve(standing: str) -> None:
    report = minimal()
    closed = tuple(
        one if one.standing == "baseline" else one.model_copy(update={"standing": standing}) for one in report.options
    )
    assert {one.therapy for one in projected(report.model_copy(update={"options": closed}))} == {"none"}


def test_what_a_guideline_row_depends_on_stands_in_one_footnote() -> None:
    report = minimal()
    depends = [row.applies for row in guideline_rows(report) if row.applies != "Applies"]
    assert depends
    assert all(re.fullmatch(r"Depends: [a-z]+(, [a-z]+)*", one) for one in depends)
    footnote = guideline_gaps(report)
    letters = {letter for one in depends for letter in one.removeprefix("Depends: ").split(", ")}
    assert letters == set(re.findall(r"\(([a-z]{1,2})\) ", footnote))


def test_only_studies_that_take_people_are_shown() -> None:
    shown = {row.registration for row in study_rows(fuller())}
    for one in fuller().studies:
        assert (one.registration_id in shown) == (one.status in OPEN_STATUSES and one.verdict != "not eligible")
    assert studies_more(fuller()).startswith(f"{len(fuller().studies)} registered studies")
    assert studies_more(FULL_REPORT) == ""


def test_the_checklist_is_short_and_the_whole_list_is_elsewhere() -> None:
    lines = checks(fuller())
    missing = missing_inputs(fuller())
    assert len(missing) > SHOWN_GAPS
    assert any(line.endswith(f"and {len(missing) - SHOWN_GAPS} more.") for line in lines)
    assert all(name in all_missing(fuller()).casefold() for name in map(str.casefold, missing))
    assert any(line.startswith("Before most medicines") for line in checks(minimal()))
    assert all(line.endswith(".") for line in lines)
