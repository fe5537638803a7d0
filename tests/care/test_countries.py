"""A guideline speaks for its own country: elsewhere it is told as that country's, and advises nobody."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import options, standing_diagnosis
from osteon.care.guidelines import EUROPE, INTERNATIONAL, rules, speaks_for
from osteon.care.result import Option
from osteon.care.screening.rules import country_named as screening_country
from osteon.densitometry import assess
from osteon.evidence import table
from osteon.evidence.countries import country_called, european
from osteon.person import Person


def person(country: str | None, t_score: float = -0.5, **history: Any) -> Person:
    record = {
        "sex": "female",
        "age_years": 66,
        "menopause_age_years": 50,
        "history": history,
        "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": t_score}]}],
    }
    return Person.model_validate(record if country is None else {**record, "country": country})


def option(one: Person, therapy: str) -> Option:
    return next(found for found in options(one, assess(one)) if found.therapy == therapy)


STEROID: dict[str, Any] = {
    "glucocorticoids": True,
    "glucocorticoid_prednisone_mg_per_day": 10,
    "previous_fragility_fracture": False,
}


@pytest.mark.parametrize("country", ["United Kingdom", "UK", "u.k.", "Scotland"])
def test_the_british_rule_on_steroids_advises_in_britain(country: str) -> None:
    found = option(person(country, **STEROID), "alendronate")
    assert found.standing == "advised"
    assert any(one.startswith("NOGG (UK) 2024") for one in found.reasons)


@pytest.mark.parametrize(
    ("country", "said"),
    [("US", "this person's country"), ("Brazil", "this person's country"), (None, "not in the record")],
)
def test_elsewhere_it_is_told_as_british_and_weighed(country: str | None, said: str) -> None:
    found = option(person(country, **STEROID), "alendronate")
    assert found.standing == "consider"
    assert "advised in the United Kingdom" in found.recommendation
    assert said in found.recommendation
    assert any(one.startswith("In the United Kingdom: NOGG") for one in found.reasons)


def test_a_diagnosis_by_a_rule_of_another_country_says_where_it_holds() -> None:
    broken = {"fragility_fracture_sites": ["wrist"]}
    for country, place in (("Germany", "In the United States: AACE"), ("US", "AACE")):
        one = person(country, -1.6, **broken)
        (found,) = standing_diagnosis(one, assess(one))
        assert f"low. {place} 2020" in found.sentence


def test_international_bodies_and_trials_speak_everywhere_and_europe_for_its_countries() -> None:
    for country in ("US", "Japan", "Atlantis", None):
        assert speaks_for(INTERNATIONAL, person(country))
        assert not speaks_for(EUROPE, person(country))
    assert speaks_for(EUROPE, person("italy"))
    assert speaks_for(EUROPE, person("UK"))
    assert {one.country for one in rules()} == {INTERNATIONAL, EUROPE, "United States", "United Kingdom", "Canada"}


def test_every_name_of_a_country_belongs_to_one() -> None:
    names = [
        name.casefold()
        for row in table("countries.csv")
        for name in (row["country"], *filter(None, row["other_names"].split(";")))
    ]
    assert len(names) == len(set(names))
    assert {row["in_europe"] for row in table("countries.csv")} == {"yes", "no"}
    assert european() <= {row["country"] for row in table("countries.csv")}


def test_an_unknown_country_stays_as_it_was_written() -> None:
    assert country_called("  New   Caledonia ") == "New Caledonia"
    assert country_called("The Netherlands") == "Netherlands"


def test_screening_knows_the_same_names() -> None:
    assert screening_country("Scotland") == "United Kingdom"
    assert screening_country("deu") == "Germany, Austria, Switzerland"
