"""The projection anchored to a person: where it starts, in which unit, and when it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from osteon.care.projection import default_therapies, project_person, statement
from osteon.densitometry import t_score
from osteon.errors import ModelError, UsageError
from osteon.evidence import cite, value
from osteon.person import Person
from osteon.twin import project_relative, validate


def person(*sites: dict[str, Any], device: str | None = "Hologic", **more: Any) -> Person:
    scan = {"date": "2026-03-02", "device": device, "sites": list(sites)}
    data = {"sex": "female", "age_years": 64, "menopause_age_years": 50, "scans": [scan] if sites else [], **more}
    return Person.model_validate(data)


HIP = {"site": "total_hip", "bmd_g_cm2": 0.761, "t_score": -1.5}
NECK = {"site": "femoral_neck", "bmd_g_cm2": 0.642, "t_score": -1.8}


def test_the_curve_starts_at_the_persons_own_density_with_no_band() -> None:
    for curve in project_person(person(HIP), default_therapies()).therapies:
        assert curve.unit == "g/cm2"
        assert curve.median[0] == curve.lower[0] == curve.upper[0] == 0.761
        assert curve.t_score is not None
        assert curve.t_score[0] == pytest.approx(-1.5, abs=1e-6)
        assert all(low <= mid <= high for low, mid, high in zip(curve.lower, curve.median, curve.upper, strict=True))


def test_it_is_the_published_curve_times_todays_density() -> None:
    (curve,) = project_person(person(HIP), ["denosumab:24,alendronate"]).therapies
    (relative,) = project_relative(64, ["denosumab:24,alendronate"])
    assert np.allclose(curve.median, 0.761 * relative.relative, atol=1e-6)


def test_a_density_that_was_not_printed_is_computed_back_and_said_so() -> None:
    result = project_person(person({"site": "total_hip", "t_score": -1.5}), ["none"])
    assert result.therapies[0].unit == "g/cm2"
    assert t_score("total_hip", result.therapies[0].median[0], "Hologic") == pytest.approx(-1.5, abs=1e-5)
    assert any("computed back from its T-score" in one for one in result.warnings)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (person({"site": "total_hip", "t_score": -1.5}, device=None), "names no known scanner"),
        (person(NECK), "total hip was not measured"),
        (person(), "no scan"),
    ],
)
def test_without_a_density_the_projection_is_in_percent_of_today(who: Person, says: str) -> None:
    result = project_person(who, ["none"])
    assert result.therapies[0].unit == "percent of today"
    assert result.therapies[0].median[0] == 100
    assert any(says in one for one in result.warnings)


def test_both_hips_count_by_their_mean_unless_the_mean_is_printed() -> None:
    left, right = {**HIP, "side": "left", "bmd_g_cm2": 0.75}, {**HIP, "side": "right", "bmd_g_cm2": 0.77}
    mean = {**HIP, "side": "mean", "bmd_g_cm2": 0.761}
    assert project_person(person(left, right), ["none"]).therapies[0].median[0] == pytest.approx(0.76)
    assert project_person(person(left, right, mean), ["none"]).therapies[0].median[0] == 0.761


def test_fracture_risk_goes_with_the_path_and_falls_with_a_medicine() -> None:
    none, drug = project_person(person(HIP, NECK), ["none", "denosumab"]).therapies
    assert none.fracture.hip_percent is not None
    assert drug.fracture.hip_percent is not None
    assert 0 < drug.fracture.hip_percent < none.fracture.hip_percent < 100


def test_without_a_femoral_neck_or_before_fifty_there_is_no_fracture_risk_and_no_guess() -> None:
    young = person(HIP, NECK, age_years=48, menopause_age_years=45)
    for who in (person(HIP), young):
        (curve,) = project_person(who, ["none"]).therapies
        assert curve.fracture.hip_percent is None
        assert curve.fracture.major_osteoporotic_percent is None


def test_a_rebound_after_stopping_denosumab_is_carried_into_the_persons_curve() -> None:
    kept, stopped = project_person(person(HIP), ["denosumab", "denosumab:24"]).therapies
    at_two, at_four = 24, 48
    assert stopped.median[at_two] == pytest.approx(kept.median[at_two], rel=2e-3)
    assert stopped.median[at_four] < 0.97 * kept.median[at_four]


@pytest.mark.parametrize(
    ("who", "therapies", "error"),
    [
        (Person.model_validate({"sex": "male", "age_years": 66}), ["none"], ModelError),
        (Person.model_validate({"sex": "female", "age_years": 20}), ["none"], ModelError),
        (person(HIP), ["zoledronate"], ModelError),
        (person(HIP), ["denosumap"], UsageError),
        (person(HIP), ["denosumab:-3"], UsageError),
    ],
)
def test_what_the_model_cannot_answer_is_refused(who: Person, therapies: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        project_person(who, therapies)


def test_a_menopause_far_from_the_models_and_present_treatment_are_named() -> None:
    who = person(HIP, menopause_age_years=42, treatments=[{"therapy": "alendronate", "start": "2024-01-01"}])
    warnings = " ".join(project_person(who, ["none"]).warnings)
    assert "menopause at 50; this person's was at 42" in warnings
    assert "present treatment (alendronate)" in warnings


def test_the_figures_in_the_statement_are_those_of_the_validation() -> None:
    bmd = validate("reference").summary["bmd_total_hip"]
    assert (value("joerg2022.reproduced.arms"), value("joerg2022.reproduced.bmd_points")) == (bmd.arms, bmd.points)
    assert value("joerg2022.reproduced.bmd_mean_error_percent") == pytest.approx(100 * bmd.mape, abs=5e-4)
    assert value("joerg2022.reproduced.arm_error_max_percent") == pytest.approx(100 * bmd.worst_arm_mape, abs=5e-4)
    assert f"{100 * bmd.mape:.2f} %" in statement()


def test_every_source_of_a_projection_can_be_cited() -> None:
    assert cite(project_person(person(HIP, NECK), default_therapies()).sources)
