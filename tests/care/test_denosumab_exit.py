"""Denosumab that goes on, or ended lately with nothing after it, is said before anything else."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import denosumab_exit
from osteon.care.denosumab import EXIT_SOURCES
from osteon.evidence import source
from osteon.person import Person


def someone(*treatments: dict[str, Any], scan: str = "2026-03-02") -> Person:
    sites = [{"site": "femoral_neck", "t_score": -1.4}]
    return Person.model_validate(
        {"sex": "female", "age_years": 66, "treatments": treatments, "scans": [{"date": scan, "sites": sites}]}
    )


ENDED = {"therapy": "denosumab", "start": "2020-01-01", "stop": "2025-09-01"}


def test_nothing_is_said_without_denosumab() -> None:
    assert not denosumab_exit(someone({"therapy": "zoledronate", "start": "2024-01-01"}))


def test_denosumab_that_goes_on_must_not_just_stop() -> None:
    said = denosumab_exit(someone({"therapy": "denosumab", "start": "2023-01-01"}))
    assert "not safe" in said
    assert "specialist" in said


def test_denosumab_that_ended_lately_needs_a_medicine_now() -> None:
    said = denosumab_exit(someone(ENDED))
    assert "stopped in September 2025" in said
    assert "not safe" in said


@pytest.mark.parametrize(
    ("after", "silent"),
    [
        ({"therapy": "zoledronate", "start": "2026-02-01"}, True),
        ({"therapy": "alendronate"}, True),
        ({"therapy": "alendronate", "start": "2012-01-01", "stop": "2016-01-01"}, False),
        ({"therapy": "teriparatide", "start": "2025-10-01"}, False),
    ],
)
def test_only_a_bisphosphonate_after_it_settles_it(after: dict[str, Any], silent: bool) -> None:
    assert (not denosumab_exit(someone(ENDED, after))) is silent


def test_it_is_past_after_two_years() -> None:
    assert not denosumab_exit(someone({**ENDED, "stop": "2024-02-01"}))
    assert denosumab_exit(someone({**ENDED, "stop": "2024-04-01"}))


def test_its_sources_are_known() -> None:
    assert all(source(name).link for name in EXIT_SOURCES)
