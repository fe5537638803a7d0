"""Who needs no medicine is told so, and why, in plain words; open questions stay checks."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import options
from osteon.care.cards import cards
from osteon.care.result import Option
from osteon.densitometry import assess
from osteon.evidence import THERAPIES
from osteon.person import Person

MEDICINES = [name for name, one in THERAPIES.items() if one.group in {"antiresorptive", "anabolic"}]


def weighed(age: float, site: dict[str, Any], **fields: Any) -> dict[str, Option]:
    scans = [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", **site}]}]
    person = Person.model_validate({"sex": "female", "age_years": age, "scans": scans, **fields})
    return {one.therapy: one for one in options(person, assess(person))}


@pytest.mark.parametrize(
    ("age", "site", "words"),
    [
        (34, {"z_score": -0.9}, "as expected for the age"),
        (34, {"z_score": -2.4}, "looks for a cause"),
        (66, {"t_score": 0.7}, "Bone density is normal"),
    ],
)
def test_a_bare_record_of_somebody_who_needs_nothing_lists_no_medicine(
    age: float, site: dict[str, float], words: str
) -> None:
    found = weighed(age, site)
    for name in MEDICINES:
        assert (found[name].standing, found[name].eligible) == ("not now", False), name
        assert words in found[name].reasons[0]
        assert "any fracture from a minor fall" in found[name].checks


def test_medicines_for_after_the_menopause_say_so_when_it_is_not_on_record() -> None:
    found = weighed(34, {"z_score": -0.9})
    for name in ("raloxifene", "bazedoxifene", "romosozumab"):
        assert any("only for women after the menopause" in reason for reason in found[name].reasons)


def test_a_fracture_on_record_still_asks_for_more() -> None:
    found = weighed(66, {"t_score": 0.7}, history={"previous_fragility_fracture": True})
    assert found["zoledronate"].standing in {"advised", "unclear"}
    young = weighed(
        38, {"z_score": -0.5}, menopausal_status="premenopausal", history={"fragility_fracture_sites": ["hip"]}
    )
    assert "looks for a cause" in young["zoledronate"].reasons[0]


def test_low_density_below_fifty_with_the_menopause_recorded_is_not_silenced() -> None:
    assert weighed(48, {"t_score": -2.7}, menopause_age_years=45)["zoledronate"].standing == "advised"


def test_the_first_reason_for_what_is_set_aside_is_plain() -> None:
    found = weighed(66, {"t_score": -1.4}, menopause_age_years=50, history={"smoking": "never"})
    assert found["stop_smoking"].reasons[0] == "You do not smoke."
    assert found["hormone_therapy"].reasons[0].startswith("For bone, hormone therapy is best started before 60")
    young = weighed(38, {"z_score": -2.4}, menopausal_status="premenopausal")
    assert young["zoledronate"].reasons[0].startswith("First a doctor looks for a cause")
    assert young["zoledronate"].reasons[0] in young["zoledronate"].recommendation


def test_certainty_is_graded_for_the_category_of_the_person() -> None:
    low, lower = weighed(68, {"t_score": -1.8}), weighed(68, {"t_score": -2.7})
    for name, in_osteopenia in {
        "zoledronate": "high",
        "alendronate": "moderate",
        "risedronate": "low",
        "denosumab": "low",
        "romosozumab": "low",
    }.items():
        assert low[name].evidence.certainty == in_osteopenia, name
        assert lower[name].evidence.certainty == "high", name
    assert "inferred" in low["denosumab"].evidence.certainty_reason
    assert "6.9 %" in low["risedronate"].evidence.certainty_reason


def test_no_therapy_is_surer_in_osteopenia_than_at_large() -> None:
    order = ("none", "very-low", "low", "moderate", "high")
    for name, card in cards().items():
        assert order.index(card.in_osteopenia.certainty) <= order.index(card.evidence.certainty), name
        assert card.in_osteopenia.certainty_reason
