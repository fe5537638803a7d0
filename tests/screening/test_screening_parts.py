"""What the parts of screening say, beside the specification table."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from screening_cases import ALL_NO, cases

from osteon.care import monitoring
from osteon.care.screening import Screening, screen
from osteon.care.screening.facts import at_least
from osteon.care.truth import NO, YES, Truth
from osteon.densitometry import assess
from osteon.person import Person
from osteon.report.screening_text import screening_text
from osteon.risk import screening_scores


def person(**record: Any) -> Person:
    history = {**ALL_NO, **record.pop("history", {})}
    base: dict[str, Any] = {"sex": "female", "age_years": 60, "height_cm": 165.0, "weight_kg": 70.0}
    return Person.model_validate({**base, **record, "history": history})


def scanned(t_score: float, age: float = 70.0) -> Person:
    sites = [{"site": "femoral_neck", "t_score": t_score}]
    return person(age_years=age, menopause_age_years=50, scans=[{"date": "2026-03-02", "sites": sites}])


def body(result: Screening, start: str) -> Any:
    return next(one for one in result.bodies if one.body.startswith(start))


def test_the_ages_from_which_bodies_ask_are_those_of_their_rows() -> None:
    result = screen(person(age_years=55, menopause_age_years=50))
    ages = {one.body: one.asks_from_age for one in result.bodies if one.asks_from_age is not None}
    expected = {"USPSTF": 65, "BHOF (as NOF)": 65, "ISCD": 65, "NICE CG146": 65, "DVO": 70}
    assert ages.items() >= expected.items()
    assert ages["Osteoporosis Canada"] == 70
    assert ages["Canadian Task Force"] == 65


def test_a_mans_ages() -> None:
    result = screen(person(sex="male", age_years=55))
    ages = {one.body: one.asks_from_age for one in result.bodies if one.asks_from_age is not None}
    assert ages["NICE CG146"] == 75
    assert ages["ISCD"] == ages["Endocrine Society (men)"] == 70
    assert "Canadian Task Force" not in ages  # never asks in men
    assert not any(one.body in ("AACE", "ACOG") for one in result.bodies)  # their advice is about women only


def test_a_country_leaves_its_own_bodies_and_the_international_ones() -> None:
    everywhere, british = screen(person()), screen(person(), "UK")
    assert {one.country for one in british.bodies} == {"United Kingdom", "International"}
    assert british.bodies == tuple(one for one in everywhere.bodies if one in british.bodies)
    assert british.country == "United Kingdom"


@pytest.mark.parametrize(
    ("t_score", "words", "years"),
    [(-0.5, "fifteen", 15.0), (-1.3, "fifteen", 15.0), (-1.7, "five", 4.7), (-2.2, "a year", 1.1)],
)
def test_the_next_look_follows_the_t_score(t_score: float, words: str, years: float) -> None:
    one = scanned(t_score)
    result = screen(one)
    assert result.next_look == monitoring(one, assess(one))[0]
    assert result.next_look is not None
    assert words in result.next_look.when
    assert result.next_look.years_from_scan == pytest.approx(years)
    advice = {interval.body: interval.advice for interval in result.intervals}
    assert advice["HAS"].startswith("after 3 to 5 years")


def test_without_a_scan_there_is_no_next_look() -> None:
    result = screen(person())
    assert result.next_look is None
    assert result.intervals == ()
    assert result.scan_date is None


def test_a_fracture_is_named_before_anything_else() -> None:
    result = screen(person(history={"previous_fragility_fracture": True, "fragility_fracture_sites": ["wrist"]}))
    assert result.headline.startswith("A bone has broken from a minor fall")
    assert body(result, "USPSTF").advised == "uncertain"


def test_the_tools_carry_this_persons_scores() -> None:
    one = person(age_years=58, menopause_age_years=50, ethnicity="white", history={"oestrogen": "never"})
    tools = {tool.name: tool for tool in screen(one).tools}
    assert tools["OST"].scores == tuple(score for score in screening_scores(one) if score.tool == "OST")
    assert tools["OST"].named_by == ("USPSTF",)
    assert tools["QFracture"].named_by == ("NICE CG146",)
    assert tools["QFracture"].risks[0].percent is not None
    assert tools["FRAX"].computed_here is False
    assert tools["FRAX"].missing == ("a FRAX result",)
    assert not any(tool.name in ("CAROC", "Garvan") and tool.scores for tool in tools.values())


def test_what_is_missing_is_led_by_what_decides_most() -> None:
    result = screen(Person.model_validate({"sex": "female", "age_years": 58, "menopause_age_years": 50}))
    named = [*(one.missing for one in result.bodies), *(one.missing for one in result.spine_imaging)]
    counts = [sum(item in names for names in named) for item in result.missing]
    assert counts == sorted(counts, reverse=True)
    assert set(result.missing) == {item for names in named for item in names}


@pytest.mark.parametrize(
    ("truths", "number", "expected"),
    [
        ([YES, NO, NO], 1, True),
        ([YES, NO, NO], 2, False),
        ([YES, Truth(None, ("x",)), NO], 2, None),
        ([YES, YES, Truth(None, ("x",))], 2, True),
        ([NO, NO], 1, False),
    ],
)
def test_counting_with_unknowns(truths: list[Truth], number: int, expected: bool | None) -> None:
    assert at_least(number, truths).yes is expected


def printed(one: Person, country: str | None = None, width: int = 90) -> str:
    page = StringIO()
    screening_text(Console(file=page, width=width, highlight=False, markup=False), screen(one, country), one)
    return page.getvalue()


def test_the_text_shows_answers_scores_the_disclaimer_and_no_none() -> None:
    one = person(age_years=58, menopause_age_years=50, history={"smoking": "current", "cigarettes_per_day": 5.0})
    text = printed(one)
    flat = " ".join(text.split())
    for piece in ("USPSTF 2025", "yes, tool first", "smoking", "QFracture-2012", "responsibility of the end user"):
        assert piece in flat
    assert "do not screen" in flat.casefold()
    assert "None" not in text.replace("None of the groups", "").replace("None of its", "")
    assert "nan" not in flat.split()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.row["case"])
def test_everybody_of_the_table_can_be_printed(case: Any) -> None:
    text = printed(case.person, "US")
    assert max(len(line) for line in text.splitlines()) <= 90
    assert "When to look again" in text


def test_a_menopause_that_a_scan_presumes_is_answered_for_as_well() -> None:
    result = screen(person(age_years=58))
    assert "Whether the menopause has passed is not recorded. If it has, as is presumed from the age of 50" in (
        result.headline
    )
    then = result.headline.split("where a scan is read: ")[1]
    assert then == screen(person(age_years=58, menopausal_status="postmenopausal")).headline
    assert "presumed_menopause.age" in result.sources
    assert body(result, "AACE").standing == "depends"
    for known in (person(age_years=58, menopause_age_years=50), person(age_years=45), person(sex="male", age_years=58)):
        assert "presumed" not in screen(known).headline


@pytest.mark.parametrize("country", ["Canada", "United Kingdom", "Germany"])
def test_an_answer_that_the_menopause_does_not_change_is_given_once(country: str) -> None:
    unknown = screen(person(age_years=58), country)
    assert unknown.headline == screen(person(age_years=58, menopausal_status="postmenopausal"), country).headline
