"""Denosumab that goes on, or ended lately with nothing after it, is said before anything else."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import denosumab_exit, monitoring, options, questions
from osteon.care.denosumab import EXIT_SOURCES, FOLLOW_ON
from osteon.densitometry import assess
from osteon.evidence import source
from osteon.person import Person


def someone(*treatments: dict[str, Any], scan: str = "2026-03-02") -> Person:
    sites = [{"site": "femoral_neck", "t_score": -1.4}]
    return Person.model_validate(
        {"sex": "female", "age_years": 66, "treatments": treatments, "scans": [{"date": scan, "sites": sites}]}
    )


ENDED = {"therapy": "denosumab", "start": "2020-01-01", "stop": "2025-09-01"}


def test_nothing_is_said_without_denosumab() -> None:
    assert not denosumab_exit(someone({"therapy": "zoledronate", "start": "2024-01-01"}))


def test_denosumab_that_goes_on_must_not_just_stop() -> None:
    said = denosumab_exit(someone({"therapy": "denosumab", "start": "2023-01-01"}))
    assert "not safe" in said
    assert "specialist" in said


def test_denosumab_that_ended_lately_needs_a_medicine_now() -> None:
    said = denosumab_exit(someone(ENDED))
    assert "stopped in September 2025" in said
    assert "not safe" in said


@pytest.mark.parametrize(
    ("after", "silent"),
    [
        ({"therapy": "zoledronate", "start": "2026-02-01"}, True),
        ({"therapy": "alendronate"}, True),
        ({"therapy": "alendronate", "start": "2012-01-01", "stop": "2016-01-01"}, False),
        ({"therapy": "teriparatide", "start": "2025-10-01"}, False),
    ],
)
def test_only_a_bisphosphonate_after_it_settles_it(after: dict[str, Any], silent: bool) -> None:
    assert (not denosumab_exit(someone(ENDED, after))) is silent


def test_it_is_past_after_two_years() -> None:
    assert not denosumab_exit(someone({**ENDED, "stop": "2024-02-01"}))
    assert denosumab_exit(someone({**ENDED, "stop": "2024-04-01"}))


def test_its_sources_are_known() -> None:
    assert all(source(name).link for name in EXIT_SOURCES)


def test_no_treatment_is_not_a_safe_choice_and_the_medicine_that_follows_comes_first() -> None:
    for course in (ENDED, {"therapy": "denosumab", "start": "2023-01-01"}):
        labs = {"egfr_ml_min": 80, "calcium_mmol_l": 2.3, "vitamin_d_nmol_l": 70}
        person = Person.model_validate({**someone(course).model_dump(exclude_defaults=True), "labs": labs})
        found = options(person, assess(person))
        assert [one.therapy for one in found[:3]] == ["zoledronate", "alendronate", "risedronate"]
        assert all(one.standing in {"advised", "consider"} for one in found[:3])
        assert any("Calcified Tissue" in reason for reason in found[0].reasons)
        none = next(one for one in found if one.therapy == "none")
        assert none.eligible is False
        assert "Not a safe choice" in none.recommendation
        assert none.reasons[0] == denosumab_exit(person)
        assert not any("Reasonable while" in reason for reason in none.reasons)
        assert set(EXIT_SOURCES) <= set(none.evidence.sources)


def test_denosumab_that_is_taken_is_never_called_not_needed() -> None:
    person = someone({"therapy": "denosumab", "start": "2023-01-01"})
    one = next(option for option in options(person, assess(person)) if option.therapy == "denosumab")
    assert one.standing == "consider"
    assert any("do not delay or stop it" in reason for reason in one.reasons)


@pytest.mark.parametrize(("course", "when"), [(ENDED, "now"), ({"therapy": "denosumab"}, "plan it before")])
def test_questions_and_monitoring_begin_with_it(course: dict[str, Any], when: str) -> None:
    person = someone(course)
    found = assess(person)
    assert "denosumab" in questions(person, found, options(person, found))[0]
    step = monitoring(person, found)[0]
    assert step.what == "Follow-on medicine after denosumab"
    assert step.when.startswith(when)
    assert step.why == denosumab_exit(person)


def test_after_the_change_markers_and_scans_are_due_and_say_when() -> None:
    person = someone(ENDED, {"therapy": "zoledronate", "start": "2026-02-01"})
    steps = {one.what: one for one in monitoring(person, assess(person))}
    marker, scan = steps["CTX (bone turnover) after denosumab"], steps["Bone-density scan after denosumab"]
    assert marker.when == "3, 6, 12 and 24 months after the change to zoledronate in February 2026"
    assert "above 500 ng/L" in marker.why
    assert scan.when.startswith("12 and 24 months")
    assert all(source(name).link for name in marker.sources)


@pytest.mark.parametrize(
    "courses",
    [
        (ENDED,),
        ({**ENDED, "stop": "2023-09-01"}, {"therapy": "zoledronate"}),
        ({"therapy": "denosumab"}, {"therapy": "zoledronate"}),
        ({"therapy": "zoledronate"},),
    ],
)
def test_without_a_late_change_they_are_not_asked_for(courses: tuple[dict[str, Any], ...]) -> None:
    person = someone(*courses)
    asked = {one.what for one in monitoring(person, assess(person))}
    assert not asked & {"CTX (bone turnover) after denosumab", "Bone-density scan after denosumab"}


def test_zoledronate_after_denosumab_says_that_one_infusion_may_not_hold() -> None:
    for course in (ENDED, {"therapy": "denosumab"}):
        person = someone(course)
        (one,) = (option for option in options(person, assess(person)) if option.therapy == "zoledronate")
        assert any("One infusion after denosumab may not hold" in reason for reason in one.reasons)
        assert {"dst_taiwan2024", "evertsgraber2021_dmab_stop"} <= set(one.evidence.sources)


@pytest.mark.parametrize("stop", [None, "2026-02-01"])
def test_nothing_but_what_follows_denosumab_is_put_forward(stop: str | None) -> None:
    course = {"therapy": "denosumab", "start": "2020-11-10", **({"stop": stop} if stop else {})}
    person = Person.model_validate(
        {
            "sex": "female",
            "age_years": 70,
            "menopause_age_years": 49,
            "treatments": [course],
            "scans": [{"date": "2026-03-02", "sites": [{"site": "total_hip", "t_score": -2.6}]}],
        }
    )
    found = options(person, assess(person))
    put_forward = {
        one.therapy
        for one in found
        if one.group in ("antiresorptive", "anabolic") and one.standing not in ("not now", "not suitable")
    }
    assert put_forward == {*FOLLOW_ON, "denosumab"}
    asked = questions(person, assess(person), found)
    assert (stop is None) == any("Is my bone medicine still the right one" in one for one in asked)
    assert not any("What would happen if I waited" in one for one in asked)
