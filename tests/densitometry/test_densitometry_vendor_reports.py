"""Sixty-two regions printed on real reports: scores kept, blanks kept blank, sets of vertebrae, misplaced regions."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from osteon.densitometry import (
    Densitometry,
    area_warning,
    assess,
    bmd_of_set,
    kept_vertebrae,
    least_significant_change,
    reference_for,
    t_score,
)
from osteon.densitometry.reference import spine_reference
from osteon.person import Person

_FILE = Path(__file__).parent.parent / "data/densitometry/vendor_report_golden.csv"
ROWS = list(csv.DictReader(_FILE.read_text(encoding="utf-8").splitlines()))
NAMES = [f"{row['person'][:2]} {row['scan']} {row['region']}" for row in ROWS]
HIP = {"Neck": "femoral_neck", "FemNeck": "femoral_neck", "Total": "total_hip"}
WHOLE = ("L1", "L2", "L3", "L4")
# Neither age nor menopause stands on the masked reports; these are chosen so that the printed kind of score counts.
PEOPLE = {
    "P1": {"sex": "female", "age_years": 65, "menopausal_status": "postmenopausal"},
    "P2": {"sex": "female", "age_years": 65, "menopausal_status": "postmenopausal"},
    "P3": {"sex": "female", "age_years": 60.4, "menopausal_status": "postmenopausal"},
    "P4": {"sex": "female", "age_years": 30, "menopausal_status": "premenopausal"},
    "P5": {"sex": "female", "age_years": 62, "menopausal_status": "postmenopausal"},
    "P6": {"sex": "female", "age_years": 62, "menopausal_status": "postmenopausal"},
}


def _number(text: str) -> float | None:
    return float(text) if text else None


def _vertebrae(region: str) -> tuple[str, ...]:
    """The vertebrae of a printed region: L1-L3, or L1-L2,L4."""
    names: list[str] = []
    for part in region.split(","):
        first, last = (part.split("-") * 2)[:2] if "-" not in part else part.split("-")
        names += [f"L{number}" for number in range(int(first[1]), int(last[1]) + 1)]
    return tuple(names)


def _site(row: dict[str, str]) -> dict[str, object] | None:
    """The row as a measurement of the record, or none for regions that are never used for a diagnosis."""
    region = row["region"]
    found: dict[str, object] = {
        "bmd_g_cm2": float(row["bmd_g_cm2"]),
        "bmc_g": _number(row["bmc_g"]),
        "area_cm2": _number(row["area_cm2"]),
        "t_score": _number(row["t_score"]),
        "z_score": _number(row["z_score"]),
    }
    if re.fullmatch(r"L\d.*", region):
        return {"site": "lumbar_spine", "vertebrae": _vertebrae(region), **found}
    if region in ("Radius33%", "1/3"):
        return {"site": "radius_33", "side": "right", **found}
    side = re.search(r"Left|Right|Mean", region)
    name = region.replace(side[0], "") if side else region
    if side is None or name not in HIP:
        return None
    return {"site": HIP[name], "side": side[0].lower(), **found}


def _report(person: str) -> Densitometry:
    rows = [row for row in ROWS if row["person"].startswith(person)]
    scan = {
        "date": "2024-05-06",
        "device": f"{rows[0]['vendor']} {rows[0]['device']}",
        "software": rows[0]["software"],
        "sites": [one for one in map(_site, rows) if one is not None],
    }
    return assess(Person.model_validate({**PEOPLE[person], "scans": [scan]}))


def test_every_row_is_here() -> None:
    assert len(ROWS) == 62


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_printed_scores_are_kept_and_blanks_stay_blank(row: dict[str, str]) -> None:
    site = _site(row)
    if site is None:
        # Ward's triangle, trochanter, intertrochanter, other forearm regions: never part of a diagnosis (ISCD).
        assert re.search("Wards|Troch|Inter|MID|UD|Total", row["region"])
        return
    report = _report(row["person"][:2])
    if site["site"] == "lumbar_spine" and len(site["vertebrae"]) == 1:  # type: ignore[arg-type]
        (single,) = [one for one in report.vertebrae if one.vertebra == row["region"]]
        assert (single.bmd_g_cm2, single.t_score, single.z_score) == (
            site["bmd_g_cm2"],
            site["t_score"],
            site["z_score"],
        )
        return
    key = (site["site"], site.get("side"), site.get("vertebrae"))
    (found,) = [one for one in report.sites if (one.site, one.side, one.vertebrae) == key]
    assert found.t_score == site["t_score"]
    assert found.z_score == site["z_score"]
    assert found.t_score_source == ("printed" if row["t_score"] else None)


@pytest.mark.parametrize("row", [row for row in ROWS if row["bmc_g"]])
def test_bone_density_is_content_over_area(row: dict[str, str]) -> None:
    low, high = (
        [
            float(Decimal(text) + sign * Decimal("0.51") * Decimal(10) ** Decimal(text).as_tuple().exponent)  # type: ignore[operator]
            for text in (row["bmc_g"], row["area_cm2"], row["bmd_g_cm2"])
        ]
        for sign in (-1, 1)
    )
    # The intervals of what was rounded must overlap.
    assert low[0] / high[1] <= high[2]
    assert high[0] / low[1] >= low[2]


SETS = [row for row in ROWS if re.fullmatch(r"L\d[-,].*", row["region"]) and row["bmc_g"]]


@pytest.mark.parametrize("row", SETS, ids=[f"{row['person'][:2]} {row['region']}" for row in SETS])
def test_sets_of_vertebrae_are_summed_content_over_summed_area(row: dict[str, str]) -> None:
    single = {one["region"]: one for one in ROWS if one["person"] == row["person"] and one["scan"] == row["scan"]}
    parts = [(float(single[name]["bmc_g"]), float(single[name]["area_cm2"])) for name in _vertebrae(row["region"])]
    assert bmd_of_set(parts) == pytest.approx(float(row["bmd_g_cm2"]), abs=0.0008)


def test_every_set_that_a_report_prints_was_checked() -> None:
    assert len(SETS) == 18


GE_HIP = [row for row in ROWS if row["person"] == "P1" and re.match("Neck|Total", row["region"])]


@pytest.mark.parametrize("row", GE_HIP, ids=[row["region"] for row in GE_HIP])
def test_hip_scores_of_a_ge_report_follow_from_nhanes_and_the_published_equations(row: dict[str, str]) -> None:
    site = "femoral_neck" if row["region"].startswith("Neck") else "total_hip"
    reference = reference_for(site, "GE Lunar Prodigy")
    assert reference is not None
    computed = t_score(site, float(row["bmd_g_cm2"]), "GE Lunar Prodigy")
    # Printed to one decimal from a bone density that is printed to three.
    assert computed == pytest.approx(float(row["t_score"]), abs=0.05 + 0.0005 / reference.sd_g_cm2)
    assert 100 * float(row["bmd_g_cm2"]) / reference.mean_g_cm2 == pytest.approx(
        float(row["young_adult_pct"]), abs=0.55
    )


@pytest.mark.parametrize(
    ("person", "region", "device", "software"),
    [
        ("P1", "L1-L4", "GE Lunar Prodigy DF+500475", "enCORE 16 SP2"),
        ("P1", "L2-L4", "GE Lunar Prodigy DF+500475", "enCORE 16 SP2"),
        ("P3 (60.4 y)", "L1-L4", "GE Lunar iDXA ME+212290", "enCORE 17 SP4"),
    ],
)
def test_spine_references_hold_for_their_own_scanner_and_software(
    person: str, region: str, device: str, software: str
) -> None:
    (row,) = [one for one in ROWS if one["person"] == person and one["region"] == region]
    reference = spine_reference(device, software, _vertebrae(region), "female")  # type: ignore[arg-type]
    assert reference is not None
    computed = (float(row["bmd_g_cm2"]) - reference.mean_g_cm2) / reference.sd_g_cm2
    assert computed == pytest.approx(float(row["t_score"]), abs=0.055)
    other = software.replace("16", "12").replace("17", "12")
    assert spine_reference(device, other, _vertebrae(region), "female") is None  # type: ignore[arg-type]
    assert spine_reference(device, software, _vertebrae(region), "male") is None  # type: ignore[arg-type]


def test_the_ge_report_is_low_bone_mass_at_the_neck_with_one_vertebra_to_review() -> None:
    report = _report("P1")
    assert (report.diagnosis, report.deciding_site, report.deciding_side) == ("osteopenia", "femoral_neck", "left")
    assert report.lowest_t_score == -2.1
    (review,) = [text for text in report.warnings if "L3" in text]
    assert "T-score 1.3 above L4" in review
    assert "0.981" in review  # (7.50 + 9.76 + 11.25) / (8.46 + 9.20 + 11.40)


def test_a_spine_that_steps_up_loses_the_upper_of_each_pair() -> None:
    scores = {row["region"]: float(row["t_score"]) for row in ROWS if row["person"].startswith("P3")}
    choice = kept_vertebrae({name: scores[name] for name in WHOLE})  # type: ignore[arg-type]
    assert choice.kept == ("L1", "L2")
    assert set(choice.left_out) == {"L3", "L4"}


def test_a_forearm_without_a_reference_stays_without_a_category() -> None:
    report = _report("P2")
    assert report.diagnosis == "undetermined"
    assert report.sites[0].t_score is None
    assert "no public reference" in " ".join(report.warnings)


def test_the_young_adult_keeps_a_blank_t_column_and_is_judged_by_z() -> None:
    report = _report("P4")
    assert all(one.t_score is None for one in (*report.sites, *report.vertebrae))
    assert (report.diagnosis, report.rule, report.lowest_t_score) == ("within-expected-for-age", "Z-score", None)
    assert (report.deciding_site, report.lowest_z_score) == ("lumbar_spine", -1.0)


def _areas(person: str, region: str) -> tuple[float, float]:
    rows = {row["region"]: row for row in ROWS if row["person"].startswith(person) and row["scan"] != "AP spine"}
    left, right = (
        (f"{region}Left", f"{region}Right") if f"{region}Left" in rows else (f"Left{region}", f"Right{region}")
    )
    return float(rows[left]["area_cm2"]), float(rows[right]["area_cm2"])


@pytest.mark.parametrize(
    ("person", "region", "misplaced"),
    [
        ("P4", "Troch", True),
        ("P4", "Inter", True),
        ("P4", "Neck", False),
        ("P4", "Total", False),
        ("P1", "Troch", False),
        ("P1", "Neck", False),
        ("P1", "Total", False),
        ("P6", "Troch", False),
        ("P6", "FemNeck", False),
    ],
)
def test_a_misplaced_region_is_named_and_an_ordinary_one_is_not(person: str, region: str, misplaced: bool) -> None:
    warning = area_warning(region, *_areas(person, region))
    assert (warning is not None) is misplaced


def test_norland_scores_from_the_makers_own_reference_are_kept_and_questioned() -> None:
    report = _report("P6")
    assert report.lowest_t_score == -1.41  # two decimals, as printed
    assert sum("does not follow" in text for text in report.warnings) == 2


def test_the_least_significant_change_that_a_ge_report_prints() -> None:
    assert least_significant_change(0.010) == pytest.approx(0.028, abs=0.0005)
