"""A glucocorticoid on record: what its dose implies, and that nobody is asked for what is there."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from osteon.person import History, Person, implied
from osteon.report import build_report
from osteon.report.factors import DOSE_ASK, STEROID_ASK, medicine_rows, plain_factors
from osteon.report.patient import patient_view
from osteon.report.text import render_text

LIST = [{"name": "Prednisolone 7.5 mg"}, {"name": "Omeprazole 20 mg"}]
SITES = [{"site": "femoral_neck", "t_score": -2.2}]


def person(**history: Any) -> Person:
    return Person.model_validate(
        {
            "sex": "male",
            "age_years": 72,
            "history": history,
            "medicines": LIST,
            "scans": [{"date": "2026-10-05", "sites": SITES}],
        }
    )


DOSE_ONLY = person(glucocorticoid_prednisone_mg_per_day=7.5)


@pytest.mark.parametrize(
    ("history", "answer"),
    [
        ({"glucocorticoid_prednisone_mg_per_day": 7.5}, True),
        ({"glucocorticoid_prednisone_mg_per_day": 7.5, "glucocorticoid_months": 3}, True),
        ({"glucocorticoid_prednisone_mg_per_day": 40, "glucocorticoid_months": 0.25}, None),  # a short course
        ({"glucocorticoid_prednisone_mg_per_day": 0}, None),
        ({"glucocorticoid_months": 10}, None),
    ],
)
def test_a_dose_answers_whether_steroids_are_taken_for_long(history: dict[str, float], answer: bool | None) -> None:
    assert History.model_validate(history).glucocorticoids is answer


def test_what_the_dose_implies_is_said_and_what_was_recorded_is_not() -> None:
    (said,) = implied(DOSE_ONLY)
    assert "7.5 mg a day is on record" in said
    assert "3 months or more" in said
    assert implied(person(glucocorticoids=True, glucocorticoid_prednisone_mg_per_day=7.5)) == ()
    assert implied(person()) == ()


def test_a_short_course_is_said_and_asked_about() -> None:
    course = {"glucocorticoid_prednisone_mg_per_day": 40, "glucocorticoid_months": 1}
    (said,) = implied(person(**course))
    assert "for 1 month so far" in said
    assert "QFracture counts it as a yes" in said
    assert "record glucocorticoids: true if it will, false if it ends before" in said
    assert implied(person(**course, glucocorticoids=False)) == ()
    assert implied(person(**course, glucocorticoids=True)) == ()
    assert implied(person(glucocorticoid_months=1)) == ()


def test_the_patient_reads_for_how_long_the_dose_is_taken_to_go_on() -> None:
    def said(**history: Any) -> str:
        return " ".join(patient_view(build_report(person(**history), years=2)).projection_text)

    assert "steroid dose as the same for all 2 years" in said(glucocorticoid_prednisone_mg_per_day=7.5)
    short = {"glucocorticoid_prednisone_mg_per_day": 40, "glucocorticoid_months": 1, "glucocorticoids": False}
    assert "steroid" not in said(**short)
    assert "steroid" not in said()


@cache
def dose_only_text() -> str:
    return " ".join(render_text(build_report(DOSE_ONLY, years=2)).split())


def test_a_dose_alone_reaches_every_part_of_the_report() -> None:
    text = dose_only_text()
    assert "Steroid tablets are taken as a yes" in text
    assert "a parent's osteoporosis and glucocorticoids" not in text
    assert "Steroid tablets, can be changed in part" in text


@pytest.mark.parametrize(
    ("history", "asked"),
    [
        ({}, STEROID_ASK),
        ({"glucocorticoids": True}, DOSE_ASK),
        ({"glucocorticoids": False}, ""),
        ({"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 7.5}, ""),
    ],
)
def test_the_list_of_medicines_asks_only_for_what_is_not_recorded(history: dict[str, Any], asked: str) -> None:
    words = dict(medicine_rows(build_report(person(**history), years=1)))["Prednisolone 7.5 mg"]
    assert [one for one in (STEROID_ASK, DOSE_ASK) if one in words] == ([asked] if asked else [])


def test_the_patient_reads_of_the_steroid_once() -> None:
    labels = [label for label, _ in plain_factors(build_report(DOSE_ONLY, years=1))]
    assert labels.count("You take steroid tablets") == 1
    assert "You take Prednisolone 7.5 mg" not in labels
    assert "You take Omeprazole 20 mg" in labels
    unknown = [label for label, _ in plain_factors(build_report(person(), years=1))]
    assert "You take Prednisolone 7.5 mg" in unknown
