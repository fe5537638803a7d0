"""A FRAX result is carried along as it was typed in, with its country and date, and never computed."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from osteon.person import Person
from osteon.risk import fracture_risks


def person(**frax: object) -> Person:
    return Person.model_validate(
        {"sex": "female", "age_years": 66, "frax": {"date": "2026-04-01", "country": "UK", **frax}}
    )


def test_it_is_shown_as_typed_in_with_country_date_and_bmd() -> None:
    entered = [one for one in fracture_risks(person(hip_percent=3.1, with_bmd=True)) if one.tool.startswith("FRAX")]
    assert [(one.outcome, one.percent, one.horizon_years) for one in entered] == [("hip", 3.1, 10)]
    assert "UK on 2026-04-01, with bone density" in entered[0].notice


def test_it_is_left_out_for_another_horizon_and_when_nobody_typed_one_in() -> None:
    assert not [one for one in fracture_risks(person(hip_percent=3.1), 5) if one.tool.startswith("FRAX")]
    nobody = Person.model_validate({"sex": "female", "age_years": 66})
    assert not [one for one in fracture_risks(nobody) if one.tool.startswith("FRAX")]


@pytest.mark.parametrize("bad", [{}, {"hip_percent": 120}, {"hip_percent": -1}, {"hip_percent": 2, "country": ""}])
def test_an_impossible_result_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        person(**bad)
