"""The projection anchored to a person: where it starts, in which unit, and when it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from osteon.care.projection import default_therapies, project_person, statement
from osteon.densitometry import t_score
from osteon.errors import ModelError, UsageError
from osteon.evidence import all_rows, cite, row, value
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


def test_the_kept_figures_are_those_of_the_validation() -> None:
    bmd = validate("reference").summary["bmd_total_hip"]
    assert (value("joerg2022.reproduced.arms"), value("joerg2022.reproduced.bmd_points")) == (bmd.arms, bmd.points)
    assert value("joerg2022.reproduced.bmd_mean_error_percent") == pytest.approx(100 * bmd.mape, abs=5e-4)
    assert value("joerg2022.reproduced.arm_error_max_percent") == pytest.approx(100 * bmd.worst_arm_mape, abs=5e-4)


def test_the_statement_gives_the_error_on_the_change_and_forbids_ranking() -> None:
    text = statement()
    for path in ("untreated", "antiresorptive", "anabolic"):
        assert f"{value(f'joerg2022.change.{path}.mean_error_points'):.1f} with" in text
    assert "must not be used to rank medicines" in text
    assert "0.57" not in text


def test_every_curve_says_what_trials_found_beside_the_model() -> None:
    result = project_person(person(HIP), default_therapies())
    for curve in result.therapies:
        assert "mean hip change in trials" in curve.model_check
    after = result.therapies[-1]
    assert after.model_check.count("mean hip change in trials") == 2
    assert any("too high after 10 years" in one for one in result.warnings)
    assert "not a median of people" in result.interval_meaning


STOPS = (
    *("denosumab:24", "denosumab:24,none", "denosumab:24,teriparatide", "denosumab:24,romosozumab:12,alendronate"),
    *("denosumab:24,none:6,alendronate", "denosumab:24,alendronate:3", "denosumab:12,alendronate:24,denosumab:12"),
)
GOES_ON = (
    *("denosumab", "denosumab:24,denosumab", "denosumab:24,alendronate", "denosumab:24,alendronate:12"),
    *("denosumab+teriparatide:24,denosumab", "teriparatide:24,denosumab", "alendronate", "none"),
)


def test_a_path_that_ends_denosumab_uncovered_has_a_warning_and_no_fracture_figure() -> None:
    result = project_person(person(HIP, NECK), [*STOPS, *GOES_ON])
    for curve in result.therapies:
        stops = curve.therapy in STOPS
        assert (curve.fracture.hip_percent is None) == stops, curve.therapy
        assert (curve.fracture.major_osteoporotic_percent is None) == stops
        assert ("bone density alone does not show it" in curve.fracture_reason) == stops
        assert ("7.1 per 100" in curve.caution) == stops
        assert not stops or curve.caution in result.warnings
    assert "cummings2018_dmab_stop" in [row(name).source for name in result.sources if name in all_rows()]


@pytest.mark.parametrize(
    ("treatments", "coming_off"),
    [
        ([{"therapy": "denosumab", "start": "2022-01-01"}], True),
        ([{"therapy": "denosumab", "start": "2022-01-01", "stop": "2025-04-01"}], True),
        (
            [
                {"therapy": "denosumab", "start": "2022-01-01", "stop": "2025-04-01"},
                {"therapy": "alendronate", "start": "2025-05-01"},
            ],
            False,
        ),
        ([{"therapy": "denosumab", "start": "2016-01-01", "stop": "2019-04-01"}], False),
        ([{"therapy": "alendronate", "start": "2022-01-01"}], False),
    ],
)
def test_someone_coming_off_denosumab_gets_no_fracture_figure_without_an_antiresorptive(
    treatments: list[dict[str, str]], coming_off: bool
) -> None:
    asked = ["none", "teriparatide", "romosozumab:12,alendronate", "alendronate", "denosumab"]
    result = project_person(person(HIP, NECK, treatments=treatments), asked)
    withheld = [one.therapy for one in result.therapies if one.fracture.hip_percent is None]
    assert withheld == (asked[:3] if coming_off else [])
    assert [bool(one.caution) for one in result.therapies] == [one in withheld for one in asked]
    assert ("not valid for someone coming off denosumab" in result.warnings[0]) == coming_off


def test_a_missing_fracture_figure_has_a_reason() -> None:
    young = person(HIP, NECK, age_years=48, menopause_age_years=45)
    for who, years, says in (
        (person(HIP), 10.0, "femoral neck"),
        (young, 10.0, "50"),
        (person(HIP, NECK), 1.5, "whole"),
    ):
        (curve,) = project_person(who, ["none"], years=years).therapies
        assert says in curve.fracture_reason
    (known,) = project_person(person(HIP, NECK), ["none"]).therapies
    assert known.fracture_reason == known.caution == ""


def test_a_regimen_that_stands_twice_is_projected_once() -> None:
    found = project_person(person(HIP), ["none", "denosumab", " NONE ", "teriparatide", "teriparatide:24"]).therapies
    assert [one.therapy for one in found] == ["none", "denosumab", "teriparatide"]
    assert found[2].label == "Teriparatide for 24 months, then nothing"


def test_ages_are_whole_years() -> None:
    who = person(HIP, age_years=52.72, menopause_age_years=45.6)
    text = " ".join(project_person(who, ["alendronate"]).warnings)
    assert "starts at 52." in text
    assert "was at 45." in text
    assert "52.7" not in text


def test_every_source_of_a_projection_can_be_cited() -> None:
    assert cite(project_person(person(HIP, NECK), default_therapies()).sources)
