"""The text of a projection: what its interval is made of, and how well the fit is supported."""

from __future__ import annotations

import io

from rich.console import Console

from osteon.care.projection import project_person
from osteon.person import Person
from osteon.report.projections import first_therapy, parts_rows, shaped_by
from osteon.report.text_parts import projection_text

WOMAN = Person.model_validate(
    {
        "sex": "female",
        "age_years": 64,
        "menopause_age_years": 50,
        "scans": [
            {
                "date": "2026-03-02",
                "device": "Hologic",
                "sites": [{"site": "total_hip", "bmd_g_cm2": 0.761, "t_score": -1.5}],
            }
        ],
    }
)


def test_the_text_keeps_spread_model_error_and_measurement_error_apart() -> None:
    result = project_person(WOMAN, ["none", "zoledronate@5mg/18m"], years=5.0)
    hip = [one for one in result.therapies if one.site == "total_hip"]
    rows = parts_rows(hip, -1)
    assert [row[0] for row in rows] == ["No treatment", "Zoledronate (5 mg every 18 months), continued"]
    for one, row in zip(hip, rows, strict=True):
        assert one.parts is not None
        people, model, scan = (float(text.removeprefix("±")) for text in row[1:])
        drawn = 50.0 * (one.upper[-1] - one.lower[-1]) / one.median[0]
        assert max(people, model) < drawn < people + model
        assert scan > drawn
    screen = Console(file=io.StringIO(), width=120)
    projection_text(screen, result)
    text = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "What that interval is made of, total hip" in text
    assert "of 500 simulated people agree with the record" in " ".join(text.split())
    assert shaped_by(result).startswith("Shaped by sex, age and: One scan (total hip). Menopause at 50.")


def test_the_first_therapy_of_a_regimen_is_its_name_alone() -> None:
    assert first_therapy("zoledronate@5mg/18m:36,alendronate") == "zoledronate"
    assert first_therapy("exercise+alendronate@35mg/w") == "exercise"
