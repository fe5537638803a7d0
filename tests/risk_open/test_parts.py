from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.evidence import all_rows, cite, row, table, value
from osteon.risk.open_model import baseline, density, factors
from osteon.risk.open_model.factors import RiskFactors, Setting
from osteon.risk.open_model.parameters import drawn, log_standard_error, printed
from osteon.risk.survival import cumulative_incidence

SEXES = ("female", "male")
FIRST_DRAWS = [1.1295397426156362, 1.1376011199996452, 1.0799660445853239]
AGES = np.arange(50.0, 99.5, 0.5)


def test_every_row_is_read_and_has_a_source():
    rows = [one for name, one in all_rows().items() if name.startswith("fracture.")]
    assert len(rows) > 70
    assert {one.status for one in rows} == {"read"}
    assert cite([*baseline.SOURCES, *density.SOURCES, *factors.SOURCES])


@pytest.mark.parametrize("sex", SEXES)
def test_printed_hip_rates_stand_at_the_middle_of_their_age_groups(sex):
    for one in table("fracture_incidence_us2006.csv"):
        if one["sex"] == sex and one["age_high"]:
            middle = (float(one["age_low"]) + float(one["age_high"])) / 2
            assert 1000 * float(baseline.hip_hazard(sex, middle)) == pytest.approx(float(one["hip_per_1000"]))


@pytest.mark.parametrize("sex", SEXES)
def test_older_means_a_higher_hazard(sex):
    for hazard in (baseline.hip_hazard, baseline.other_hazard, baseline.death_hazard):
        assert (np.diff(hazard(sex, AGES)) >= 0).all()
    assert (np.diff(baseline.hip_hazard(sex, AGES)) > 0).all()


@pytest.mark.parametrize(("sex", "per_1000"), [("female", 26.05), ("male", 16.30)])
def test_hip_rates_above_85_rise_and_have_the_printed_mean(sex, per_1000):
    ages = np.arange(85.0, 100.0)
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(baseline.death_hazard(sex, ages))[:-1]]))
    assert 1000 * np.average(baseline.hip_hazard(sex, ages + 0.5), weights=alive) == pytest.approx(per_1000)


@pytest.mark.parametrize(("sex", "code", "people"), [("female", "2", 517), ("male", "1", 575)])
def test_density_by_age_is_the_line_through_the_survey(root, sex, code, people):
    """Weighted least squares on the public data, without those of 80 and over, who are all filed under 80."""
    with gzip.open(root / "tests/data/nhanes/adults50_2017_2020_dxa.csv.gz", "rt", encoding="utf-8") as file:
        chosen = [
            (float(one["age"]), float(one["bmd_femur_neck"]), float(one["samp_wt_mec"]))
            for one in csv.DictReader(file)
            if (one["gender"], one["ethnicity"]) == (code, "3") and one["bmd_femur_neck"] != "NA" and one["age"] != "80"
        ]
    assert len(chosen) == people
    age, bmd, weight = np.array(chosen).T
    slope, at_65 = np.polyfit(age - 65.0, bmd, 1, w=np.sqrt(weight))
    residual = bmd - at_65 - slope * (age - 65.0)
    row = f"fracture.population.{sex}.neck_bmd_"
    assert at_65 == pytest.approx(value(row + "at_65"), abs=5e-5)
    assert slope == pytest.approx(value(row + "per_year"), abs=5e-6)
    assert np.sqrt(np.average(residual**2, weights=weight)) == pytest.approx(value(row + "sd"), abs=5e-5)


def test_the_population_has_the_ten_year_risk_that_it_was_built_from():
    """Women: the hazards by age, run forward, give the printed risk of any of four at the US level."""
    rows = table("fracture_incidence_any_of_four.csv")
    malmo = {float(r["age_low"]): float(r["any_of_four_percent"]) for r in rows if r["population"] == "malmo"}
    level = 12.9 / np.interp(67.5, [65, 70], [14.3, 18.9])
    for start in (50, 55, 60, 65, 70, 75, 80):
        ages = start + np.arange(10) + 0.5
        fracture = baseline.hip_hazard("female", ages) + baseline.other_hazard("female", ages)
        hazards = np.stack([fracture, baseline.death_hazard("female", ages)], axis=-1)
        found = 100 * cumulative_incidence(hazards).causes[-1, 0]
        assert found == pytest.approx(malmo[start] * level, rel=0.06)


def test_men_have_the_printed_share_of_womens_lifetime_risk():
    ages = np.arange(45.0, 110.0) + 0.5

    def lifetime(sex):
        death = baseline.death_hazard(sex, ages)
        lived = np.exp(-np.cumsum(death) + death / 2)
        return (baseline.other_hazard(sex, ages) * lived).sum()

    sites = ("forearm", "shoulder", "spine")
    men, women = (sum(value(f"fracture.lifetime_from_45.{sex}.{site}") for site in sites) for sex in ("male", "female"))
    assert lifetime("male") / lifetime("female") == pytest.approx(men / women)


@pytest.mark.parametrize("sex", SEXES)
def test_gradients_are_the_printed_ones(sex):
    hip, other = density.log_gradients(sex, [50.0, 65.0, 80.0], printed())
    assert np.exp(hip[0, 0]) == pytest.approx(3.7)
    assert np.exp(hip[0, 1]) == pytest.approx(value(f"fracture.gradient.hip.{sex}.age_65"))
    assert hip[0, 0] > hip[0, 1] > hip[0, 2]
    share = baseline.hip_share(sex)
    total = share * hip[0, 1] + (1 - share) * other[0, 1]
    assert np.exp(total) == pytest.approx(value(f"fracture.gradient.osteoporotic.{sex}.age_65"))


YES_OR_NO = [
    "previous_fracture",
    "parent_hip_fracture",
    "current_smoker",
    "alcohol_over_2_units",
    "rheumatoid_arthritis",
]


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("name", [*YES_OR_NO, "diabetes_type1", "diabetes_type2"])
def test_hip_and_other_sites_together_have_the_ratio_printed_for_all(sex, name):
    at = Setting(sex, np.array([65.0]), np.array([0.5]), False, printed())
    hip, other = at.split(at.column(f"fracture.rr.{name}.hip"), at.column(f"fracture.rr.{name}.major"))
    share = baseline.hip_share(sex)
    together = share * np.exp(hip) + (1 - share) * np.exp(other)
    assert together.item() == pytest.approx(value(f"fracture.rr.{name}.major"))
    assert other.item() > 0  # every printed pair leaves a ratio above 1 to the other sites


@pytest.mark.parametrize("sex", SEXES)
def test_the_gradient_of_all_fractures_is_what_a_regression_on_density_would_find(sex):
    """A Poisson regression fitted to hip and other sites together finds the printed gradient, so logarithms add."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    hip, other = (one[0, 0] for one in density.log_gradients(sex, 65.0, printed()))
    share = baseline.hip_share(sex)
    hazard = share * density.relative_hazard(hip, nodes, 1.0) + (1 - share) * density.relative_hazard(other, nodes, 1.0)
    # The score equation: fitted and true hazards have the same mean of density; the fitted one has beta as its mean.
    found = (nodes * hazard * weights).sum() / (hazard * weights).sum()
    assert np.exp(found) == pytest.approx(value(f"fracture.gradient.osteoporotic.{sex}.age_65"))


@given(st.sampled_from(SEXES), st.floats(50, 95))
def test_the_mean_over_the_population_is_one(sex, age):
    """Averaged over everybody's bone density, the relative hazard is 1: the rate stays the population's."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    spread = density.t_score_spread(sex)
    for gradient in density.log_gradients(sex, age, printed()):
        relative = density.relative_hazard(gradient[0, 0], -nodes * spread, spread)
        assert (relative * weights).sum() / weights.sum() == pytest.approx(1.0, rel=1e-9)


def test_t_score_of_the_reference():
    assert float(density.t_score(0.858)) == pytest.approx(0.0)
    assert float(density.t_score(0.738)) == pytest.approx(-1.0)


def setting(sex="female", age=65.0, *, bmd_known=True, parameters=None):
    return Setting(sex, np.array([age]), np.array([0.5]), bmd_known, parameters or printed())


YES_NO = {
    "previous_fracture": lambda sex: value(f"fracture.prevalence.previous_fracture.{sex}.65_74"),
    "parent_hip_fracture": lambda sex: value(f"fracture.prevalence.parent_hip_fracture.{sex}"),
    "current_smoker": lambda sex: value("fracture.prevalence.current_smoker.65_plus"),
    "alcohol_over_2_units": lambda sex: 0.0,
    "glucocorticoids": lambda sex: value(f"fracture.prevalence.glucocorticoids.{sex}"),
    "rheumatoid_arthritis": lambda sex: value("fracture.prevalence.rheumatoid_arthritis"),
    "falls_last_year": lambda sex: value("fracture.prevalence.falls_last_year"),
}


@pytest.mark.parametrize("name", YES_NO)
@pytest.mark.parametrize("bmd_known", [True, False])
@pytest.mark.parametrize("sex", SEXES)
def test_present_and_absent_average_to_the_population(name, bmd_known, sex):
    at = setting(sex, 66.0, bmd_known=bmd_known)
    present = factors.multipliers(RiskFactors(**{name: True}), at)[name]
    absent = factors.multipliers(RiskFactors(**{name: False}), at)[name]
    share = YES_NO[name](sex)
    for yes, no in zip(present, absent, strict=True):
        assert (share * yes + (1 - share) * no).item() == pytest.approx(1.0)
    assert present[0].item() > absent[0].item()


def test_hip_ratios_are_the_printed_ones():
    at = setting()
    for name, ratio in (("rheumatoid_arthritis", 2.23), ("alcohol_over_2_units", 1.68), ("current_smoker", 1.60)):
        present = factors.multipliers(RiskFactors(**{name: True}), at)[name][0].item()
        absent = factors.multipliers(RiskFactors(**{name: False}), at)[name][0].item()
        assert present / absent == pytest.approx(ratio)


def test_bone_density_takes_its_share_of_a_previous_fracture():
    known, unknown = (
        factors.multipliers(RiskFactors(previous_fracture=True), setting(bmd_known=bmd))["previous_fracture"][0].item()
        / factors.multipliers(RiskFactors(previous_fracture=False), setting(bmd_known=bmd))["previous_fracture"][
            0
        ].item()
        for bmd in (True, False)
    )
    assert unknown == pytest.approx(1.82)
    assert known == pytest.approx(1.82**0.67)


def test_a_fracture_weighs_less_as_it_recedes():
    def hip(since):
        known = RiskFactors(previous_fracture=True, years_since_fracture=since)
        return factors.multipliers(known, setting(bmd_known=False))["previous_fracture"][0].item()

    assert hip(0.5) == pytest.approx(2.7)
    assert hip(9.5) == pytest.approx(1.4)
    assert hip(30.0) == pytest.approx(1.4)
    assert hip(0.5) > hip(3.0) > hip(6.0) > hip(9.5)


def test_dose_of_glucocorticoids():
    def hip(dose):
        known = RiskFactors(glucocorticoids=True, glucocorticoid_mg_per_day=dose)
        return factors.multipliers(known, setting())["glucocorticoids"][0].item()

    assert hip(2.4) / hip(None) == pytest.approx(0.65)
    assert hip(5.0) == hip(None)
    assert hip(7.5) / hip(None) == pytest.approx(1.20)


@given(st.floats(18, 39), st.floats(0.1, 1))
def test_without_a_scan_thin_people_have_a_higher_risk(bmi, more):
    thin, stout = (factors.multipliers(RiskFactors(bmi=b), setting(bmd_known=False))["bmi"] for b in (bmi, bmi + more))
    assert thin[0].item() > stout[0].item()


def test_nothing_recorded_is_the_average_person():
    assert factors.multipliers(RiskFactors(), setting()) == {}
    assert factors.recorded(RiskFactors(bmi=24.0, diabetes="none")) == ("diabetes", "bmi")


def test_standard_errors_come_from_the_printed_intervals():
    name = "fracture.gradient.hip.female.age_65"
    assert row(name).spread == "2.31-3.59"
    assert log_standard_error(name) == pytest.approx(np.log(3.59 / 2.31) / 3.92, rel=1e-3)
    assert log_standard_error("fracture.rr.glucocorticoids.hip.age_50") == 0.0
    many = drawn(20_000).log(name)
    assert many.mean() == pytest.approx(np.log(2.88), abs=0.003)
    assert np.exp(np.quantile(many, [0.025, 0.975])) == pytest.approx([2.31, 3.59], rel=0.02)


def test_draws_are_keyed_by_seed_and_name():
    few, many, other = drawn(10), drawn(100), drawn(10, seed=1)
    for name in few.logs:
        assert np.array_equal(few.log(name), many.log(name)[:10])
    hip = "fracture.rr.parent_hip_fracture.hip"
    assert not np.array_equal(few.log(hip), other.log(hip))
    standard = [
        (many.log(name) - printed().log(name)) / log_standard_error(name)
        for name in many.logs
        if log_standard_error(name)
    ]
    assert np.abs(np.corrcoef(standard) - np.eye(len(standard))).max() < 0.45  # no two share their numbers
    with pytest.raises(ValueError, match="at least 1"):
        drawn(0)


def test_draws_are_the_same_on_every_machine():
    assert drawn(3).log("fracture.gradient.hip.female.age_65") == pytest.approx(FIRST_DRAWS, rel=1e-12)
