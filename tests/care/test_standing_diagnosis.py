"""Osteoporosis stands where guidelines say so, although the latest density is not in its range."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import monitoring, options, standing_diagnosis
from osteon.densitometry import assess
from osteon.person import Person
from osteon.report import build_report
from osteon.report.patient import patient_view


def person(*scores: tuple[str, float], **fields: Any) -> Person:
    scans = [{"date": day, "sites": [{"site": "total_hip", "t_score": score}]} for day, score in scores]
    record = {"sex": "female", "age_years": 70, "menopause_age_years": 50, "scans": scans, **fields}
    return Person.model_validate(record)


def man(score: float, fracture: str) -> Person:
    history = {"fragility_fracture_sites": [fracture]}
    return person(("2026-03-02", score), sex="male", menopause_age_years=None, history=history)


TREATED = (("2020-10-10", -2.7), ("2026-03-02", -2.1))


def grounds(one: Person) -> list[str]:
    return [found.ground for found in standing_diagnosis(one, assess(one))]


def test_a_better_score_after_treatment_does_not_undo_the_diagnosis() -> None:
    one = person(*TREATED, treatments=[{"therapy": "denosumab", "start": "2020-11-10"}])
    bone = assess(one)
    assert bone.diagnosis == "osteopenia"
    assert bone.earlier_osteoporosis is not None
    assert bone.earlier_osteoporosis.t_score == -2.7
    (found,) = standing_diagnosis(one, bone)
    assert "persists" in found.sentence
    assert found.source == "aace2020"
    by_name = {option.therapy: option for option in options(one, bone)}
    assert by_name["zoledronate"].standing == "advised"
    assert not any("not for low bone mass alone" in reason for reason in by_name["denosumab"].reasons)
    assert not any("low but not osteoporosis" in option.recommendation for option in by_name.values())


def test_untreated_it_asks_for_a_decision_and_not_for_the_next_scan() -> None:
    one = person(*TREATED)
    assert any(step.when == "decide on treatment now" for step in monitoring(one, assess(one)))


WRIST, HIP, RIB = ({"fragility_fracture_sites": [site]} for site in ("wrist", "hip", "rib"))
FRAX = {"date": "2026-02-01", "country": "US", "hip_percent": 3.1}
STEROID = {"glucocorticoid_prednisone_mg_per_day": 10}


@pytest.mark.parametrize(
    "one",
    [
        person(("2026-03-02", -1.4), history=WRIST),
        person(("2026-03-02", -1.4), history=HIP),
        person(("2026-03-02", -0.4), history=HIP),
        person(("2026-03-02", -1.4), age_years=58, history=WRIST),
        person(("2026-03-02", -1.4), frax=FRAX),
        person(("2026-03-02", -1.4), history={**WRIST, **STEROID}),
        man(-0.4, "hip"),
    ],
)
def test_what_counts_as_osteoporosis_is_treated_before_the_next_scan(one: Person) -> None:
    step = next(step for step in monitoring(one, assess(one)) if step.what == "Bone-density scan")
    assert (step.when, step.years_from_scan) == ("decide on treatment now", None)
    assert "With a medicine, a scan every 1 to 3 years" in step.why
    untreated = next(option for option in options(one, assess(one)) if option.therapy == "none")
    assert not any("while the risk is low" in reason for reason in untreated.reasons)


@pytest.mark.parametrize(
    "one", [person(("2026-03-02", -0.4), history=WRIST), person(("2026-03-02", -1.4), history=RIB)]
)
def test_another_fracture_leaves_the_interval(one: Person) -> None:
    step = next(step for step in monitoring(one, assess(one)) if step.what == "Bone-density scan")
    assert step.years_from_scan is not None


def test_once_a_medicine_is_taken_the_scan_follows_its_effect() -> None:
    one = person(("2026-03-02", -1.4), history=WRIST, treatments=[{"therapy": "alendronate", "start": "2026-03-10"}])
    step = next(step for step in monitoring(one, assess(one)) if step.what == "Bone-density scan")
    assert step.when == "every 1 to 3 years"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (person(("2026-03-02", -2.1)), []),
        (person(("2020-10-10", -2.4), ("2026-03-02", -2.1)), []),
        (person(("2020-10-10", -2.1), ("2026-03-02", -2.7)), []),  # osteoporosis by the latest scan needs no ground
        (person(("2003-10-10", -2.7), ("2026-03-02", -2.1)), []),  # before the menopause a T-score made no diagnosis
        (person(("2026-03-02", -1.1), history={"fragility_fracture_sites": ["hip"]}), ["fracture"]),
        (person(("2026-03-02", -0.5), history={"fragility_fracture_sites": ["spine"]}), ["fracture"]),
        (person(("2026-03-02", -1.1), history={"fragility_fracture_sites": ["wrist"]}), ["fracture and low density"]),
        (person(("2026-03-02", -0.9), history={"fragility_fracture_sites": ["wrist"]}), []),
        (person(("2026-03-02", -1.1), history={"fragility_fracture_sites": ["rib"]}), []),
        (man(-1.1, "wrist"), []),  # only some broken wrists count in men, and nothing read says which
        (man(-1.1, "shoulder"), ["fracture and low density"]),
        (
            person(
                ("2026-03-02", -2.1),
                frax={"date": "2026-03-02", "country": "US", "major_osteoporotic_percent": 21, "hip_percent": 2},
            ),
            ["risk"],
        ),
        (man(-1.1, "spine"), ["fracture"]),
    ],
)
def test_grounds(one: Person, expected: list[str]) -> None:
    assert grounds(one) == expected


def test_nobody_with_such_a_ground_reads_that_it_is_not_osteoporosis() -> None:
    plain = "It is not osteoporosis."
    for one in (person(*TREATED), person(("2026-03-02", -2.2), history={"fragility_fracture_sites": ["hip"]})):
        view = patient_view(build_report(one))
        assert not any(plain in line for line in (*view.short, *view.number_text))
        assert any("counts" in line for line in view.short)
    assert any(plain in line for line in patient_view(build_report(person(("2026-03-02", -1.8)))).number_text)
