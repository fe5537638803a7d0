"""The tables of screening: every row can be used, cited and reviewed."""

from __future__ import annotations

import pytest

from osteon.care.screening import countries
from osteon.care.screening.facts import ScreeningFacts
from osteon.care.screening.opinions import FIRST_STEPS
from osteon.care.screening.rules import country_named, factors, rules
from osteon.care.screening.tools import NOT_COMPUTED
from osteon.densitometry import assess
from osteon.errors import UsageError
from osteon.evidence import source, table
from osteon.person import Person
from osteon.risk import screening_scores

WOMAN = Person.model_validate({"sex": "female", "age_years": 60})
FACTS = ScreeningFacts(WOMAN, assess(WOMAN))


def test_every_criterion_is_part_of_the_language() -> None:
    for rule in rules():
        FACTS.holds(rule.criteria)
        FACTS.fits(rule)
    for factor in factors().values():
        FACTS.holds(factor.criteria)
    for record in table("screening_signs.csv"):
        FACTS.holds(record["criteria"])


def test_rules_are_named_once_and_say_who_what_and_where() -> None:
    ids = [one.id for one in rules()]
    assert len(ids) == len(set(ids))
    for one in rules():
        assert all((one.body, one.year, one.strength, one.who, one.advice, one.locator, one.sources)), one.id
        assert [source(key).title for key in one.sources], one.id


def test_a_bodys_rows_stand_together_so_that_their_order_is_its_order() -> None:
    bodies = [one.body for one in rules() if one.step in FIRST_STEPS]
    runs = [body for place, body in enumerate(bodies) if place == 0 or bodies[place - 1] != body]
    assert len(runs) == len(set(runs))


def test_every_factor_is_counted_somewhere_and_every_sign_cites() -> None:
    used = {factor.key for rule in rules() for factor in rule.factors}
    assert used == set(factors())
    for record in table("screening_signs.csv"):
        assert all(source(key) for key in record["source"].split())


def test_every_named_tool_is_either_computed_or_explained() -> None:
    computed = {one.tool for one in screening_scores(WOMAN)} | {"QFracture"}
    named = {tool for rule in rules() for tool in rule.tools}
    assert named <= computed | set(NOT_COMPUTED)


def test_the_bodies_of_the_specification_and_six_countries_are_there() -> None:
    bodies = {one.body for one in rules()}
    assert {"USPSTF", "ISCD", "NICE CG146", "NOGG", "Osteoporosis Canada", "BHOF (as NOF)"} <= bodies
    assert len(countries()) == 6


@pytest.mark.parametrize(("written", "meant"), [("uk", "United Kingdom"), (" France ", "France"), ("DE", None)])
def test_a_country_may_be_written_short(written: str, meant: str | None) -> None:
    assert country_named(written) == (meant or "Germany, Austria, Switzerland")


def test_an_unknown_country_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError) as refusal:
        country_named("Atlantis")
    assert "United Kingdom" in str(refusal.value.mend)
