"""Anyone whom the record can describe gets a report that can be read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.person import Person
from osteon.report import build_report, render

SITES = ("lumbar_spine", "total_hip", "femoral_neck", "radius_33")


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or nothing recorded."""
    return st.one_of(st.none(), strategy)


@st.composite
def sites(draw: st.DrawFn) -> list[dict[str, Any]]:
    chosen = draw(st.lists(st.sampled_from(SITES), min_size=1, max_size=4, unique=True))
    found = []
    for site in chosen:
        one: dict[str, Any] = {
            "site": site,
            "bmd_g_cm2": draw(maybe(st.floats(0.3, 1.6).map(lambda value: round(value, 3)))),
            "t_score": draw(maybe(st.floats(-6.5, 6).map(lambda value: round(value, 2)))),
            "z_score": draw(maybe(st.floats(-6, 6).map(lambda value: round(value, 1)))),
        }
        if all(one[name] is None for name in ("bmd_g_cm2", "t_score", "z_score")):
            one["t_score"] = -1.1
        found.append(one)
    return found


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    days = draw(st.lists(st.dates(_day(2010), _day(2026)), max_size=3, unique=True))
    return {
        "label": draw(maybe(st.text(max_size=60))),
        "sex": draw(st.sampled_from(["female", "male"])),
        "age_years": draw(st.floats(18, 110).map(lambda value: round(value, 1))),
        "height_cm": draw(maybe(st.integers(130, 200))),
        "weight_kg": draw(maybe(st.integers(35, 160))),
        "history": {
            "smoking": draw(maybe(st.sampled_from(["never", "former", "current"]))),
            "previous_fragility_fracture": draw(maybe(st.booleans())),
            "glucocorticoids": draw(maybe(st.booleans())),
            "alcohol_units_per_day": draw(maybe(st.integers(0, 10))),
        },
        "scans": [
            {
                "date": day.isoformat(),
                "device": draw(maybe(st.sampled_from(["Hologic Horizon A", "GE Lunar iDXA", "<b>?</b>"]))),
                "sites": draw(sites()),
            }
            for day in days
        ],
    }


def _day(year: int) -> dt.date:
    return dt.date(year, 1, 1)


@settings(max_examples=8)
@given(people())
def test_the_report_can_be_read_in_every_format(data: dict[str, Any]) -> None:
    report = build_report(Person.model_validate(data))
    for audience in ("clinician", "patient"):
        page = render(report, "html", audience)
        text = render(report, "text", audience)
        assert isinstance(page, str)
        assert isinstance(text, str)
        for shown in (re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL), text):
            assert not re.search(r"\b(?:nan|NaN|inf|undefined|Undefined)\b", shown.replace(data["label"] or "\0", ""))
        assert max(map(len, text.splitlines())) <= 80
        pdf = render(report, "pdf", audience)
        assert isinstance(pdf, bytes)
        assert pdf.startswith(b"%PDF")
