"""What a scan record itself says is used: structural changes, precision, texture, areas, the machine's number."""

from __future__ import annotations

from typing import Any

from osteon.densitometry import assess
from osteon.person import Person

HIPS = [
    {"site": "total_hip", "side": "left", "t_score": -1.2, "trochanter_area_cm2": 2.97},
    {"site": "total_hip", "side": "right", "t_score": -1.1, "trochanter_area_cm2": 13.05},
]


def person(*scans: dict[str, Any]) -> Person:
    return Person.model_validate({"sex": "female", "age_years": 66, "menopause_age_years": 50, "scans": list(scans)})


def scan(bmd: float, date: str, **more: Any) -> dict[str, Any]:
    site = {"site": "total_hip", "bmd_g_cm2": bmd, "t_score": -1.5}
    return {"date": date, "device": "Hologic Horizon A", "sites": [site], **more}


def test_a_misplaced_trochanter_is_seen_by_its_areas() -> None:
    found = assess(person({"date": "2026-03-02", "device": "Hologic", "sites": HIPS})).warnings
    assert any(one.startswith("Trochanter") for one in found)


def test_the_scans_own_precision_judges_the_change() -> None:
    before, after = scan(0.760, "2024-03-01"), scan(0.720, "2026-03-02", precision_g_cm2={"total_hip": 0.010})
    (change,) = assess(person(before, after)).changes
    assert change.verdict == "loss"
    assert change.lsc_g_cm2 is not None
    assert round(change.lsc_g_cm2, 4) == 0.0277


def test_two_machines_of_one_model_are_two_machines() -> None:
    before = scan(0.760, "2024-03-01", scanner_serial="1001")
    after = scan(0.720, "2026-03-02", scanner_serial="1002", precision_g_cm2={"total_hip": 0.010})
    (change,) = assess(person(before, after)).changes
    assert change.verdict == "cannot be judged"


def test_a_texture_score_gets_its_bands() -> None:
    (sentence,) = assess(person(scan(0.76, "2026-03-02", tbs=1.274))).advice
    assert sentence.startswith("Trabecular bone score 1.274: partially degraded")


def test_a_changed_vertebra_named_in_the_scan_takes_the_spine_out() -> None:
    spine = {"site": "lumbar_spine", "t_score": -3.0}
    one = {"date": "2026-03-02", "sites": [spine, {"site": "total_hip", "t_score": -1.2}]}
    assert assess(person(one)).diagnosis == "osteoporosis"
    assert assess(person({**one, "abnormal_vertebrae": ["L3"]})).deciding_site == "total_hip"
