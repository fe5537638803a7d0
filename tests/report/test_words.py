"""Numbers as readers see them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.care.result import MonitoringStep
from osteon.report.words import (
    MINUS,
    change,
    dated,
    density,
    in_100,
    input_name,
    number,
    people_in_100,
    percent,
    plain_list,
    printable,
    score,
    sentence,
    visible,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1.8, "−1.8"),
        (0.04, "0.0"),
        (-0.04, "0.0"),
        (-1.04, "−1.04"),  # one decimal would say −1.0, which is normal
        (-1.0, "−1.0"),
        (-2.45, "−2.45"),  # one decimal would say −2.5, which is osteoporosis
        (-2.5, "−2.5"),
        (-2.54, "−2.5"),
        (-0.96, "−1.0"),
        (None, "–"),
    ],
)
def test_a_score_never_contradicts_its_category(value: float | None, text: str) -> None:
    assert score(value) == text


@given(st.floats(-7, 8))
def test_the_category_can_be_read_off_the_printed_score(value: float) -> None:
    def category(number: float) -> str:
        return "normal" if number >= -1 else "osteoporosis" if number <= -2.5 else "osteopenia"

    shown = float(score(round(value, 2)).replace(MINUS, "-"))
    assert category(shown) == category(round(value, 2))


@pytest.mark.parametrize(
    ("span", "text"),
    [
        ((0.4, 0.4), "fewer than 1 in 100"),
        ((0.99, 0.99), "fewer than 1 in 100"),
        ((1.0, 1.0), "about 1 in 100"),
        ((6.5, 6.5), "about 7 in 100"),
        ((13.38, 13.38), "about 13 in 100"),
        ((11.7, 13.4), "12 to 13 in 100"),
        ((12.6, 13.4), "about 13 in 100"),
        ((99.6, 99.9), "more than 99 in 100"),
    ],
)
def test_counts_of_a_hundred_are_rounded_honestly(span: tuple[float, float], text: str) -> None:
    assert in_100(span) == text


@given(st.floats(0, 100))
def test_a_count_is_within_half_a_person(value: float) -> None:
    assert abs(people_in_100(value) - value) <= 0.5 + 1e-9


def test_percentages() -> None:
    assert percent(6.84) == "6.8 %"
    assert percent(0.04) == "less than 0.1 %"
    assert percent(0.0) == "0.0 %"
    assert percent(None) == "–"


def test_numbers_have_a_true_minus_and_no_minus_nought() -> None:
    assert number(-0.004, 2) == "0.00"
    assert number(-12.345, 1) == "−12.3"
    assert density(0.6415) == "0.642"
    assert change(0.761, 0.715) == "−6.0 %"
    assert change(0.7, 0.735) == "+5.0 %"


def test_words() -> None:
    assert plain_list(["a", "b", "c"]) == "a, b and c"
    assert plain_list(["a"]) == "a"
    assert plain_list([]) == ""
    assert input_name("history.asthma_copd") == "asthma or COPD"
    assert input_name("weight_kg") == "weight"
    assert sentence("bone density") == "Bone density."


def test_hidden_and_unprintable_characters() -> None:
    assert visible("a\x1b[31mb\u202e") == "a [31mb "
    assert printable({"a": ["骨 ok", 3, None]}) == {"a": ["? ok", 3, None]}


def test_the_month_of_the_next_look_stands_beside_its_interval() -> None:
    def step(years: float | None) -> MonitoringStep:
        return MonitoringStep(what="Scan", when="later", years_from_scan=years, why="", sources=())

    day = dt.date(2026, 3, 2)
    assert dated(step(4.7), day) == "later (4.7 years after the scan is November 2030)"
    assert dated(step(None), day) == dated(step(0.0), day) == dated(step(4.7), None) == "later"
