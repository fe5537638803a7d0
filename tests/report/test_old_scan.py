"""A record holds for the day of its latest scan: where that is long ago, both readers are told first."""

from __future__ import annotations

import datetime as dt

import pytest

from osteon.care import monitoring
from osteon.densitometry import assess
from osteon.person import Person, clock, old_scan_years, years_since_scan
from osteon.report import build_report
from osteon.report.clinician import clinician_view
from osteon.report.patient import patient_view

TODAY = clock.today()


def woman(years_ago: float, age: float = 61, t_score: float = -1.8) -> Person:
    day = TODAY - dt.timedelta(days=years_ago * 365.25)
    scan = {"date": day.isoformat(), "sites": [{"site": "femoral_neck", "t_score": t_score}]}
    return Person.model_validate({"sex": "female", "age_years": age, "menopause_age_years": 51, "scans": [scan]})


def test_a_scan_is_old_from_two_years_on() -> None:
    assert years_since_scan(woman(0.5)) == pytest.approx(0.5, abs=0.01)
    assert years_since_scan(woman(3.0), TODAY - dt.timedelta(days=365)) == pytest.approx(2.0, abs=0.01)
    assert old_scan_years(woman(1.9)) is None
    assert old_scan_years(woman(8.4)) == pytest.approx(8.4, abs=0.01)
    assert old_scan_years(Person.model_validate({"sex": "female", "age_years": 61})) is None


def test_both_readers_hear_first_that_the_scan_is_old() -> None:
    report = build_report(woman(8.4), years=1)
    clinician, patient = clinician_view(report), patient_view(report)
    assert clinician.warnings[0].startswith("The latest scan is 8 years old")
    assert "about 69 now" in clinician.warnings[0]
    assert dict(clinician.facts)["Scan"].endswith(", 8 years ago")
    assert patient.short[0].startswith("This scan is 8 years old.")
    assert "when you were 61" in patient.short[0]
    said = " ".join([*patient.short, *patient.break_text, *(one.caption for one in patient.risk_figures)])
    assert "in the 10 years after that scan" in said
    assert "in the next 10 years" not in said
    guesses = [one.guess for one in patient.choices if one.guess]
    assert guesses
    assert all("1 year after that scan" in one for one in (*guesses, patient.untreated_guess))


def test_both_places_count_the_same_whole_years() -> None:
    clinician = clinician_view(build_report(woman(2.8), years=1))
    assert clinician.warnings[0].startswith("The latest scan is 2 years old")
    assert dict(clinician.facts)["Scan"].endswith(", 2 years ago")


def test_a_recent_scan_is_not_called_old() -> None:
    report = build_report(woman(0.5), years=1)
    assert not any("years old" in one for one in (*clinician_view(report).warnings, *patient_view(report).short))
    assert any("in the next 10 years" in one for one in patient_view(report).break_text)


@pytest.mark.parametrize(
    ("years_ago", "age", "t_score", "when"),
    [(8.4, 61, -1.8, "now: due since"), (0.5, 61, -1.8, "not before 2 years"), (1.5, 68, -2.2, "now: due since")],
)
def test_a_scan_that_was_due_is_due_now(years_ago: float, age: float, t_score: float, when: str) -> None:
    one = woman(years_ago, age, t_score)
    (scan,) = (step for step in monitoring(one, assess(one)) if step.what == "Bone-density scan")
    assert scan.when.startswith(when)
    assert (scan.years_from_scan == 0.0) is ("due since" in scan.when)
    assert ("(planned: " in scan.when) is ("due since" in scan.when)  # the interval is not lost with its date
