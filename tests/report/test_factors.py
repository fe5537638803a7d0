"""Risk factors as readers see them: the sizes are those of the report's JSON, and the patient's words are plain."""

from __future__ import annotations

import re
from functools import cache

import pytest

from osteon.evidence import table
from osteon.person import Person
from osteon.report import build_report
from osteon.report.factors import (
    PLAIN_FACTORS,
    factor_notes,
    factor_rows,
    gap_sentence,
    plain_factor_lead,
    plain_factors,
)
from osteon.report.patient import patient_view, plain_text
from osteon.report.result import Report
from osteon.report.risks import far_apart
from osteon.report.text import render_text
from osteon.report.words import percent

from .fixtures import FULL_REPORT
from .test_patient_words import FORBIDDEN, HARDEST_GRADE, LONGEST_SENTENCE, grade, sentences


@cache
def burdened() -> Report:
    """A woman with a factor of every kind."""
    return build_report(
        Person.model_validate(
            {
                "label": "Example person, not a real patient",
                "sex": "female",
                "age_years": 64,
                "height_cm": 163,
                "weight_kg": 58,
                "menopause_age_years": 43,
                "history": {
                    "parent_hip_fracture": True,
                    "smoking": "current",
                    "alcohol_units_per_day": 6,
                    "physically_inactive": True,
                    "glucocorticoids": True,
                    "glucocorticoid_prednisone_mg_per_day": 5,
                    "fragility_fracture_sites": ["wrist"],
                    "epilepsy": True,
                },
                "labs": {"vitamin_d_nmol_l": 30},
                "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
            }
        )
    )


def test_the_rows_print_the_sizes_of_the_report_and_the_largest_comes_first() -> None:
    profile = burdened().risk_profile
    assert profile is not None
    factors = {one.label: one for one in profile.factors if one.state == "present"}
    rows = factor_rows(burdened())
    assert {one.label for one in rows} == set(factors)
    gaps = []
    for row in rows:
        sizes = factors[row.label].fracture
        if sizes:
            assert row.major == f"{percent(sizes[0].with_percent)} with it, {percent(sizes[0].without_percent)} without"
            gaps.append(max(abs(one.with_percent - one.without_percent) for one in sizes))
        else:
            assert row.major == row.hip == ""
    assert gaps == sorted(gaps, reverse=True)
    assert rows[0].label == "Steroid tablets"
    assert {one.label: one.changeable for one in rows}["Broken hip in a parent"] == "cannot be changed"


def test_a_factor_without_a_size_says_so_and_never_shows_a_nought() -> None:
    epilepsy = next(one for one in factor_rows(burdened()) if one.label.startswith("Epilepsy"))
    assert (epilepsy.major, epilepsy.hip, epilepsy.bone) == ("", "", "")
    assert "has a term for it" in epilepsy.words


def test_what_is_not_recorded_is_named_with_what_it_would_change() -> None:
    text = gap_sentence(burdened())
    assert "type 1 diabetes" in text
    assert "smoking" not in text
    assert gap_sentence(FULL_REPORT) == ""


def test_the_note_says_what_the_sizes_are_not() -> None:
    notes = " ".join(factor_notes(burdened()))
    assert "need not bring all of it back" in notes
    assert "Without all the factors that can be changed" in notes
    assert factor_notes(FULL_REPORT) == ()


def test_every_factor_has_plain_words() -> None:
    assert set(PLAIN_FACTORS) == {one["key"] for one in table("guideline_risk_factors.csv")}


def test_the_patient_reads_the_factors_in_plain_words() -> None:
    view = patient_view(burdened())
    assert len(view.factors) == len(factor_rows(burdened()))
    text = "\n".join([view.factor_lead, *(f"{label}. {words}" for label, words in view.factors), *view.factor_notes])
    assert text.splitlines()[0] in plain_text(view)
    assert grade(text) <= HARDEST_GRADE
    assert max(len(words) for words in sentences(text)) <= LONGEST_SENTENCE
    assert not [word for word in FORBIDDEN if re.search(rf"(?<!\w){re.escape(word)}", text, re.IGNORECASE)]
    assert "Never stop a medicine on your own." in text
    assert dict(view.factors)["You smoke"].startswith("This can be changed. Without it: about ")


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_the_terminal_shows_the_factors(audience: str) -> None:
    text = render_text(burdened(), audience=audience)  # type: ignore[arg-type]
    title = "how much each matters" if audience == "clinician" else "What adds to your risk"
    assert title in text


def test_numbers_of_the_new_sum_come_with_care_where_the_sums_are_far_apart() -> None:
    record = {
        "sex": "male",
        "age_years": 66,
        "height_cm": 176,
        "weight_kg": 80,
        "history": {
            "smoking": "current",
            "cigarettes_per_day": 10,
            "alcohol_units_per_day": 4,
            "glucocorticoids": True,
            "glucocorticoid_prednisone_mg_per_day": 10,
            "rheumatoid_arthritis": True,
        },
        "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.9}]}],
    }
    apart = build_report(Person.model_validate(record))
    assert far_apart(apart.risk)
    assert "take these numbers with care" in plain_factor_lead(apart)


def test_a_patient_with_type_2_diabetes_is_told_that_the_scan_understates_the_risk() -> None:
    known = FULL_REPORT.person
    ill = known.model_copy(update={"history": known.history.model_copy(update={"diabetes": "type2"})})
    told = dict(plain_factors(build_report(ill, years=1)))
    assert told["You have type 2 diabetes"].startswith("Your bones may break more easily than the scan says. This can")
    assert not any("than the scan says" in words for _, words in plain_factors(build_report(known, years=1)))
