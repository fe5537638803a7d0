"""What goes on beside a habit: nobody ends a medicine to exercise, and denosumab least of all."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import options
from osteon.care.projection import choose, project_options, project_person
from osteon.densitometry import assess
from osteon.person import Person
from osteon.report import build_report
from osteon.report.choices import choice
from osteon.report.clinician import clinician_view
from osteon.report.patient import patient_view
from osteon.twin.result import Projection, TherapyProjection


def woman(*courses: tuple[str, str, str | None], **history: Any) -> Person:
    sites = [{"site": "total_hip", "bmd_g_cm2": 0.76, "t_score": -1.5}, {"site": "femoral_neck", "t_score": -1.9}]
    return Person.model_validate(
        {
            "sex": "female",
            "age_years": 66,
            "menopause_age_years": 51,
            "history": {"previous_fragility_fracture": True, "fragility_fracture_sites": ["spine"], **history},
            "treatments": [{"therapy": name, "start": start, "stop": stop} for name, start, stop in courses],
            "scans": [{"date": "2026-10-12", "device": "Hologic", "sites": sites}],
        }
    )


ON_DENOSUMAB = woman(("denosumab", "2022-10-20", None))
OFF_DENOSUMAB = woman(("denosumab", "2022-10-20", "2026-02-20"))


def hip(projection: Projection, therapy: str) -> TherapyProjection:
    return next(one for one in projection.therapies if (one.therapy, one.site) == (therapy, "total_hip"))


@pytest.mark.parametrize(
    ("person", "regimen"),
    [
        (woman(), "exercise"),
        (ON_DENOSUMAB, "exercise+denosumab"),
        (OFF_DENOSUMAB, "exercise"),
        (woman(("alendronate", "2020-01-01", None)), "exercise+alendronate"),
        (woman(oestrogen="current"), "exercise+hormone_therapy"),
        (woman(("teriparatide", "2025-10-12", None)), "exercise+teriparatide:12,exercise+alendronate"),
        (woman(("teriparatide", "2024-03-01", None)), "exercise+alendronate"),  # its two years are used up
        (
            woman(("teriparatide", "2025-10-12", None), ("alendronate", "2020-01-01", None)),
            "exercise+alendronate+teriparatide:12,exercise+alendronate",
        ),
    ],
)
def test_a_habit_is_projected_beside_the_medicine_that_is_taken(person: Person, regimen: str) -> None:
    chosen = choose(options(person, assess(person)), person).regimens
    assert regimen in chosen
    assert regimen.replace("exercise", "calcium_vitamin_d") in chosen


def test_exercise_on_denosumab_holds_what_denosumab_holds() -> None:
    found = project_options(ON_DENOSUMAB)
    kept, moved = hip(found, "denosumab"), hip(found, "exercise+denosumab")
    assert moved.median[-1] >= kept.median[-1] > hip(found, "none").median[-1]
    assert not moved.caution
    # The link of trials counts the gain of denosumab, not that of exercise.
    assert moved.fracture.hip_percent == pytest.approx(kept.fracture.hip_percent, abs=1e-3)


def test_what_ends_the_medicine_in_force_says_so() -> None:
    asked = project_person(woman(("alendronate", "2020-01-01", None)), ["none", "exercise", "zoledronate"])
    assert "These paths end alendronate, taken now: No treatment; Resistance and impact exercise." in asked.warnings
    assert not any("paths end" in one for one in project_person(woman(), ["none", "exercise"]).warnings)


def test_both_readers_see_what_goes_on_beside_exercise() -> None:
    report = build_report(ON_DENOSUMAB)
    (option,) = (one for one in report.options if one.therapy == "exercise")
    assert ", with denosumab beside it: " in choice(report, option).guess
    row = next(one for one in clinician_view(report).options if one.label == option.label)
    assert row.regimen == "with denosumab"
    cells = clinician_view(report).cells_table
    assert cells is not None
    assert cells.caption.endswith("no treatment and stem cells: without denosumab, taken now")
    assert any("The dotted line ends denosumab" in one for one in patient_view(report).projection_text)


def test_after_denosumab_exercise_alone_is_called_unsafe() -> None:
    report = build_report(OFF_DENOSUMAB)
    (option,) = (one for one in report.options if one.therapy == "exercise")
    assert "no medicine after denosumab, which is not safe" in choice(report, option).guess
    row = next(one for one in clinician_view(report).options if one.label == option.label)
    assert row.regimen == "no medicine after denosumab: not safe"


def test_stem_cells_are_projected_only_where_they_are_asked_for() -> None:
    person = woman()
    assert not any(one.hypothetical for one in project_options(person, years=1.0).therapies)
    assert any(one.hypothetical for one in project_options(person, years=1.0, cells=True).therapies)
