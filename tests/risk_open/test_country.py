"""Two countries: what is printed comes back, and no country is taken for another in silence."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.errors import ModelError
from osteon.evidence import cite, table, value
from osteon.person import Person
from osteon.risk.open_model import assess, baseline, fracture_risks, path_risks
from osteon.risk.open_model.country import COUNTRIES, country_named
from osteon.risk.qfracture2012.inputs import Inputs, risk_percent

SEXES = ("female", "male")
UK = "United Kingdom"


def person(**more):
    return Person.model_validate({"sex": "female", "age_years": 70, "height_cm": 162, "weight_kg": 64, **more})


def groups():
    return np.array([float(row["age_low"]) + 2.5 for row in table("uk_people_and_deaths.csv")])


@pytest.mark.parametrize("sex", SEXES)
def test_over_the_british_people_the_printed_rates_come_back(sex):
    people = [float(row[f"{sex}_thousands_2010"]) for row in table("uk_people_and_deaths.csv")]
    hip, other = (
        10_000 * np.average(f(sex, groups(), UK), weights=people) for f in (baseline.hip_hazard, baseline.other_hazard)
    )
    printed = {site: value(f"fracture.rate_50_plus.uk.{sex}.{site}") for site in ("hip", "spine", "forearm")}
    lifetime = {site: value(f"fracture.lifetime_from_45.{sex}.{site}") for site in ("shoulder", "spine", "forearm")}
    known = printed["spine"] + printed["forearm"]
    assert hip == pytest.approx(printed["hip"])
    assert other == pytest.approx(known * (1 + lifetime["shoulder"] / (lifetime["spine"] + lifetime["forearm"])))


@pytest.mark.parametrize("sex", SEXES)
def test_british_deaths_stand_at_the_middle_of_their_age_groups(sex):
    printed = [float(row[f"{sex}_deaths_per_person_year"]) for row in table("uk_people_and_deaths.csv")]
    assert baseline.death_hazard(sex, groups(), UK) == pytest.approx(printed)


def test_the_pattern_by_age_is_that_of_british_women_without_risk_factors():
    """QFracture-2012, from British practices: hip and other sites rise from 50 to 75 as in the pattern taken here."""
    ages = np.arange(50, 76)
    hazard = {}
    for outcome in ("hip", "major_osteoporotic"):
        women = [Inputs(sex="female", age=int(age), bmi=25.0, alcohol_cat6=1, smoke_cat=0) for age in ages]
        hazard[outcome] = -np.log1p(-np.array([risk_percent(one, outcome, 1) for one in women]) / 100)
    theirs = (hazard["hip"], hazard["major_osteoporotic"] - hazard["hip"])
    ours = (baseline.hip_hazard("female", ages + 0.5, UK), baseline.other_hazard("female", ages + 0.5, UK))
    for one, other in zip(theirs, ours, strict=True):
        ratio = np.log(one / other)
        assert ratio - ratio.mean() == pytest.approx(0.0, abs=0.16)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("sex", SEXES)
def test_older_means_a_higher_hazard(sex, country):
    ages = np.arange(50.0, 99.5, 0.5)
    for hazard in (baseline.hip_hazard, baseline.other_hazard, baseline.death_hazard):
        assert (np.diff(hazard(sex, ages, country)) >= 0).all()
        assert (hazard(sex, ages, country) > 0).all()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (None, "United States"),
        ("USA", "United States"),
        (" united  kingdom", UK),
        ("uk", UK),
        ("Scotland", UK),
        ("the U.K.", UK),
        ("GBR", UK),
    ],
)
def test_names_of_countries(written, meant):
    assert country_named(written) == meant


def test_an_unknown_country_is_refused_with_those_that_are_there():
    with pytest.raises(ModelError, match=r"no fracture rates of 'France'.*United States and the United Kingdom"):
        country_named("France")
    with pytest.raises(ModelError, match="country"):
        assess(person(country="France"))
    with pytest.raises(ModelError, match="country"):
        path_risks(person(country="France"), [0.0, 10.0], [[-1.0, -1.0]])
    for risk in fracture_risks(person(country="France")):
        assert risk.percent is None
        assert "France" in risk.reason


def test_the_answer_names_the_country_and_the_ratios_stay_the_same():
    records = [person(country=name, history={"glucocorticoids": True}) for name in (None, *COUNTRIES)]
    unstated, american, british = (assess(one, femoral_neck_t_score=-2.0) for one in records)
    assert unstated == american
    for own, other in zip(british, american, strict=True):
        assert own.percent < other.percent
        assert own.baseline.startswith("Population of the United Kingdom, 2008 to 2012")
        assert other.baseline.startswith("Population of the United States, 2006")
        assert "people of the United Kingdom" in own.notice
        assert "vandervelde2016_uk" in own.sources
        assert "vandervelde2016_uk" not in other.sources
        assert cite(own.sources)
    effect = [{one.name: one.relative_hazard for one in found[1].factors} for found in (american, british)]
    assert effect[0] == pytest.approx(effect[1])  # at the hip; over all sites the mix differs


def test_paths_follow_the_country():
    years, scores = [0.0, 10.0], [[-2.0, -2.4], [-2.0, -1.8]]
    american, british = (path_risks(person(country=name), years, scores) for name in COUNTRIES)
    assert (british.hip < american.hip).all()
    assert (british.major_osteoporotic < american.major_osteoporotic).all()
