"""The projection anchored to a person: where it starts, in which unit, with which band, and when it refuses."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from osteon.care.fracture import therapy_risks
from osteon.care.projection import project_person, statement
from osteon.densitometry import t_score
from osteon.errors import ModelError, UsageError
from osteon.evidence import all_rows, cite, row
from osteon.person import Person
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.result import Projection, TherapyProjection


def person(*sites: dict[str, Any], device: str | None = "Hologic", **more: Any) -> Person:
    scan = {"date": "2026-03-02", "device": device, "sites": list(sites)}
    data = {"sex": "female", "age_years": 64, "menopause_age_years": 50, "scans": [scan] if sites else [], **more}
    return Person.model_validate({key: value for key, value in data.items() if value is not None})


HIP = {"site": "total_hip", "bmd_g_cm2": 0.761, "t_score": -1.5}
NECK = {"site": "femoral_neck", "bmd_g_cm2": 0.642, "t_score": -1.8}
SPINE = {"site": "lumbar_spine", "bmd_g_cm2": 0.874, "t_score": -1.6}
MAN = {"sex": "male", "menopause_age_years": None}


def curve(result: Projection, therapy: str, site: str = "total_hip") -> TherapyProjection:
    return next(one for one in result.therapies if (one.therapy, one.site) == (therapy, site))


def gain(one: TherapyProjection, year: float) -> float:
    """Change from today in percent."""
    place = min(range(len(one.t_years)), key=lambda i: abs(one.t_years[i] - year))
    return 100.0 * (one.median[place] / one.median[0] - 1.0)


@cache
def measured() -> Projection:
    return project_person(person(HIP, NECK, SPINE), ["none", "denosumab", "denosumab:24", "zoledronate", "exercise"])


def test_each_regimen_has_three_sites_that_start_at_the_persons_own_density_with_no_band() -> None:
    today = {"total_hip": 0.761, "femoral_neck": 0.642, "lumbar_spine": 0.874}
    result = measured()
    assert [one.site for one in result.therapies] == list(SITES) * 5
    for one in result.therapies:
        assert one.unit == "g/cm2"
        assert one.median[0] == one.lower[0] == one.upper[0] == today[one.site]
        assert all(low <= mid <= high for low, mid, high in zip(one.lower, one.median, one.upper, strict=True))
    hip = curve(result, "none")
    assert hip.t_score is not None
    assert hip.t_score[0] == pytest.approx(-1.5, abs=1e-6)


def test_the_drawn_band_holds_its_parts_and_measurement_is_apart() -> None:
    assert measured().interval == 0.9
    for one in measured().therapies:
        assert one.parts is not None

        def width(band: Any, place: int = -1) -> float:
            return float(band.upper[place] - band.lower[place])

        drawn = one.upper[-1] - one.lower[-1]
        assert width(one.parts.people) < drawn
        assert width(one.parts.model_error) < drawn
        both = np.hypot(width(one.parts.people), width(one.parts.model_error))
        assert drawn == pytest.approx(both, rel=0.12)
        assert width(one.parts.measured) > drawn
        assert width(one.parts.measured, 0) > 0.03 * one.median[0]  # two scans differ by their precision alone
        assert one.parts.cells is None


def test_two_scans_narrow_the_spread_between_people() -> None:
    earlier = {"date": "2021-03-02", "device": "Hologic", "sites": [{**HIP, "bmd_g_cm2": 0.79, "t_score": -1.26}]}
    later = {"date": "2026-03-02", "device": "Hologic", "sites": [HIP]}
    both = project_person(person(HIP, scans=[earlier, later]), ["none"])
    one = project_person(person(HIP), ["none"])

    def people(result: Projection) -> float:
        parts = curve(result, "none").parts
        assert parts is not None
        return parts.people.upper[-1] - parts.people.lower[-1]

    assert people(both) < people(one)
    assert both.fit is not None
    assert both.fit.used[0] == "2 scans (total hip)."


def test_a_density_that_was_not_printed_is_computed_back_and_said_so() -> None:
    result = project_person(person({"site": "total_hip", "t_score": -1.5}), ["none"])
    hip = curve(result, "none")
    assert hip.unit == "g/cm2"
    assert t_score("total_hip", hip.median[0], "Hologic") == pytest.approx(-1.5, abs=1e-5)
    assert any("computed back from its T-score" in one for one in result.warnings)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (person({"site": "total_hip", "t_score": -1.5}, device=None), "but no density"),
        (person(NECK), "Not measured, so projected in percent of today: lumbar spine and total hip."),
        (person(), "no scan"),
    ],
)
def test_a_site_without_a_density_is_projected_in_percent_of_today(who: Person, says: str) -> None:
    result = project_person(who, ["none"])
    hip = curve(result, "none")
    assert hip.unit == "percent of today"
    assert hip.median[0] == 100
    assert any(says in one for one in result.warnings)


def test_both_hips_count_by_their_mean_unless_the_mean_is_printed() -> None:
    left, right = {**HIP, "side": "left", "bmd_g_cm2": 0.75}, {**HIP, "side": "right", "bmd_g_cm2": 0.77}
    mean = {**HIP, "side": "mean", "bmd_g_cm2": 0.761}
    assert curve(project_person(person(left, right), ["none"]), "none").median[0] == pytest.approx(0.76)
    assert curve(project_person(person(left, right, mean), ["none"]), "none").median[0] == 0.761


@pytest.mark.parametrize("device", ["GE Lunar Prodigy", "Norland"])
def test_another_makers_scan_is_used_and_stays_on_its_own_scale(device: str) -> None:
    result = project_person(person({**HIP, "bmd_g_cm2": 0.812}, device=device), ["none"])
    assert curve(result, "none").median[0] == 0.812
    assert result.fit is not None
    assert "One scan (total hip)." in result.fit.used


def test_fracture_risk_goes_with_the_path_of_the_neck_and_falls_with_a_medicine() -> None:
    for therapy in ("denosumab", "zoledronate"):
        found = {curve(measured(), therapy, site).fracture.hip_percent for site in SITES}
        assert len(found) == 1
        (drug,) = found
        none = curve(measured(), "none").fracture.hip_percent
        assert none is not None
        assert drug is not None
        assert 0 < drug < none < 100


def test_what_a_medicine_takes_off_follows_the_total_hip_by_the_link_of_trials() -> None:
    # A sequence that does more for one site than for the other.
    who, sequence = person(HIP, NECK, SPINE), "teriparatide:24,alendronate"
    found = project_person(who, ["none", sequence, "exercise"])
    plain, exercise, drug = (curve(found, name) for name in ("none", "exercise", sequence))
    neck = {name: curve(found, name, "femoral_neck") for name in ("none", "exercise", sequence)}

    def relative(one: TherapyProjection) -> Any:
        return np.array(one.median) / one.median[0]

    gains = 100.0 * (relative(drug) / relative(plain) - 1.0)
    asked = {
        "femoral_neck_t_score_today": -1.8,
        "t_years": drug.t_years,
        "untreated_relative_bmd": relative(neck["none"]),
        "horizon_years": 10,
    }
    by_hip = therapy_risks(who, relative_bmd=[relative(neck[sequence])], hip_gain_percent=[gains], **asked)
    by_neck = therapy_risks(who, relative_bmd=[relative(neck[sequence])], **asked)
    assert drug.fracture.hip_percent == pytest.approx(float(by_hip.hip[0]), abs=2e-3)
    assert drug.fracture.hip_percent != pytest.approx(float(by_neck.hip[0]), abs=2e-3)
    # Exercise is no medicine: between people of another density, not between arms of a trial.
    by_density = therapy_risks(who, relative_bmd=[relative(neck["exercise"])], hip_gain_percent=[0.0 * gains], **asked)
    assert exercise.fracture.hip_percent == pytest.approx(float(by_density.hip[0]), abs=2e-3)
    assert "bouxsein2019_link" in found.sources


def test_zoledronate_in_osteopenia_stays_within_what_its_trial_saw() -> None:
    none, drug = (curve(measured(), name).fracture for name in ("none", "zoledronate"))
    assert none.major_osteoporotic_percent is not None
    assert drug.major_osteoporotic_percent is not None
    low, high = 0.50, 0.79  # any fragility fracture, women with osteopenia (Reid 2018)
    assert low < drug.major_osteoporotic_percent / none.major_osteoporotic_percent < high


@pytest.mark.parametrize("therapy", ["raloxifene", "bazedoxifene"])
def test_where_trials_showed_no_effect_at_the_hip_there_is_no_hip_figure(therapy: str) -> None:
    found = project_person(person(HIP, NECK), [therapy, f"{therapy}:24,alendronate"])
    alone, then = (one for one in found.therapies if one.site == "total_hip")
    assert alone.fracture.hip_percent is None
    assert alone.fracture.major_osteoporotic_percent is not None
    assert "did not show fewer hip fractures" in alone.fracture_reason
    assert then.fracture.hip_percent is not None
    assert "silverman2012_bza" in found.sources


def test_the_figure_of_a_medicine_is_the_same_whether_or_not_no_treatment_is_asked_for() -> None:
    alone = project_person(person(HIP, NECK, SPINE), ["denosumab"])
    assert [one.therapy for one in alone.therapies] == ["denosumab"] * 3
    assert alone.therapies[0].fracture == curve(measured(), "denosumab").fracture


def test_without_a_femoral_neck_or_before_fifty_there_is_no_fracture_risk_and_no_guess() -> None:
    young = person(HIP, NECK, age_years=48, menopause_age_years=45)
    for who in (person(HIP), young):
        (_, hip, _) = project_person(who, ["none"]).therapies
        assert hip.fracture.hip_percent is None
        assert hip.fracture.major_osteoporotic_percent is None
        assert hip.fracture_reason


def test_a_rebound_after_stopping_denosumab_is_carried_into_the_persons_curve() -> None:
    kept, stopped = curve(measured(), "denosumab"), curve(measured(), "denosumab:24")
    assert gain(stopped, 2.0) == pytest.approx(gain(kept, 2.0), abs=0.1)
    assert gain(stopped, 4.0) < gain(kept, 4.0) - 3.0


@pytest.mark.parametrize("age", [20, 45, 75, 89.5])
@pytest.mark.parametrize("sex", ["female", "male"])
def test_women_and_men_of_any_age_are_projected(sex: str, age: float) -> None:
    more = {**MAN} if sex == "male" else {"menopause_age_years": None}
    result = project_person(person(HIP, age_years=age, **more), ["none", "zoledronate"], years=10.0)
    none, drug = curve(result, "none"), curve(result, "zoledronate")
    assert gain(drug, 3.0) > gain(none, 3.0)
    extrapolated = [one.extrapolated for one in (none, drug)]
    assert all(extrapolated) if age > 75 else not extrapolated[0]
    assert bool(extrapolated[1]) == (age < 50 or age > 75)


@pytest.mark.parametrize(
    ("who", "therapies", "error", "says"),
    [
        (Person.model_validate({"sex": "female", "age_years": 19}), ["none"], ModelError, "20 to 100"),
        (Person.model_validate({"sex": "male", "age_years": 95}), ["none"], ModelError, "at most 5 years"),
        (Person.model_validate({"sex": "male", "age_years": 101}), ["none"], ModelError, "this person is 101"),
        (person(HIP), ["denosumab:24,Fosamax"], UsageError, "Fosamax is a name of alendronate: write alendronate"),
        (person(HIP), ["sandwich"], UsageError, "Known: none"),
        (person(HIP), ["denosumap"], UsageError, "Did you mean denosumab"),
        (person(HIP), ["denosumab:-3"], UsageError, "above 0"),
        (person(HIP), ["denosumab:0"], UsageError, "above 0"),
        (person(HIP), ["denosumab:0.1,denosumab:0.1,denosumab"], UsageError, "Write 3 to 1200 months"),
        (person(HIP), ["denosumab:7,denosumab"], UsageError, "1 month after the dose before it. Leave 3 to 6 months"),
    ],
)
def test_what_the_model_cannot_answer_is_refused(
    who: Person, therapies: list[str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as refusal:
        project_person(who, therapies)
    assert says in str(refusal.value)


def test_the_statement_says_what_it_is_and_forbids_ranking() -> None:
    assert "must not be ranked" in statement()
    assert "had not seen" in statement()
    assert "joins" in measured().interval_meaning
    assert "not in it" in measured().interval_meaning
    assert measured().model == "osteon"


def test_every_curve_says_how_the_model_did_on_trials_of_each_of_its_medicines() -> None:
    for one in measured().therapies:
        assert one.model_check.count("\n") == 0
        assert "the model was off by" in one.model_check
    result = project_person(person(HIP), ["teriparatide:24,alendronate"])
    assert [line.split(":")[0] for line in result.therapies[0].model_check.splitlines()] == [
        "Teriparatide",
        "Alendronate",
    ]


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
    for one in result.therapies:
        stops = one.therapy in STOPS
        assert (one.fracture.hip_percent is None) == stops, one.therapy
        assert (one.fracture.major_osteoporotic_percent is None) == stops
        assert ("bone density alone does not show it" in one.fracture_reason) == stops
        assert ("7.1 per 100" in one.caution) == stops
        assert not stops or one.caution in result.warnings
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
    hips = [one for one in result.therapies if one.site == "total_hip"]
    withheld = [one.therapy for one in hips if one.fracture.hip_percent is None]
    assert withheld == (asked[:3] if coming_off else [])
    assert [bool(one.caution) for one in hips] == [one in withheld for one in asked]
    assert ("must not end without another medicine" in result.warnings[0]) == coming_off


def test_a_missing_fracture_figure_has_a_reason() -> None:
    young = person(HIP, NECK, age_years=48, menopause_age_years=45)
    for who, years, says in (
        (person(HIP), 10.0, "femoral neck"),
        (young, 10.0, "50"),
        (person(HIP, NECK), 1.5, "whole"),
    ):
        one, *_ = project_person(who, ["none"], years=years).therapies
        assert says in one.fracture_reason
    assert curve(measured(), "none").fracture_reason == curve(measured(), "none").caution == ""


def test_a_regimen_that_stands_twice_is_projected_once() -> None:
    found = project_person(person(HIP), ["none", "denosumab", " NONE ", "teriparatide", "teriparatide:24"]).therapies
    assert [one.therapy for one in found[::3]] == ["none", "denosumab", "teriparatide"]
    assert found[6].label == "Teriparatide for 24 months, then nothing"


def test_ages_are_whole_years() -> None:
    who = person(HIP, age_years=46.72, menopause_age_years=45.6)
    text = " ".join(project_person(who, ["alendronate"]).warnings)
    assert "starts at 46." in text
    assert "46.7" not in text


def test_every_source_of_a_projection_can_be_cited() -> None:
    assert cite(measured().sources)


def test_the_same_person_gives_the_same_numbers() -> None:
    again = project_person(person(HIP, NECK, SPINE), ["none", "denosumab", "denosumab:24", "zoledronate", "exercise"])
    assert again == measured()


def test_where_t_scores_do_not_count_the_missing_fracture_figure_says_so() -> None:
    young = Person.model_validate(
        {
            "sex": "female",
            "age_years": 34,
            "menopausal_status": "premenopausal",
            "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8, "z_score": -1.6}]}],
        }
    )
    reasons = {one.fracture_reason for one in project_person(young, ["none"]).therapies}
    assert reasons == {"T-scores do not count for this person, and the fracture figure needs one."}
