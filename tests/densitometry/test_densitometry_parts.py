"""Vertebrae in a record, change between scans, standardised density, texture score, quality, imaging of the spine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from osteon.densitometry import (
    assess,
    bmd_of_set,
    changes_between,
    least_significant_change,
    spine_imaging_advice,
    standardised_bmd,
    tbs_bands,
)
from osteon.densitometry.change import bmd_change
from osteon.errors import InputError
from osteon.person import Person, Scan, SiteMeasurement

WOMAN = {"sex": "female", "age_years": 66, "menopausal_status": "postmenopausal"}


def _spine(sets: dict[str, float], hip: float = -0.5) -> Person:
    """A woman after menopause whose report prints these T-scores; "L1,L2" is a set."""
    sites = [{"site": "lumbar_spine", "vertebrae": name.split(","), "t_score": score} for name, score in sets.items()]
    sites.append({"site": "femoral_neck", "t_score": hip})
    return Person.model_validate({**WOMAN, "age_years": 58, "scans": [{"date": "2024-01-15", "sites": sites}]})


FOUR = {"L1": -1.6, "L2": -1.5, "L3": -0.1, "L4": -1.4, "L1,L2,L3,L4": -1.1}


def test_a_vertebra_far_above_its_neighbour_is_replaced_by_a_printed_set() -> None:
    result = assess(_spine({**FOUR, "L1,L2,L4": -1.5}))
    assert result.lowest_t_score == -1.5
    assert any("used in place of" in text and "L3" in text for text in result.warnings)
    used = [one.vertebrae for one in result.sites if one.used_for_diagnosis and one.site == "lumbar_spine"]
    assert used == [("L1", "L2", "L4")]


def test_without_a_printed_set_the_whole_spine_stays_with_a_warning() -> None:
    result = assess(_spine(FOUR))
    assert result.lowest_t_score == -1.1
    assert any("analysed again for L1, L2, L4" in text for text in result.warnings)


def test_a_structural_change_takes_the_whole_spine_out_unless_another_set_is_printed() -> None:
    flat = {"L1": -1.6, "L2": -1.5, "L3": -1.5, "L4": -1.4, "L1,L2,L3,L4": -1.5}
    out = assess(_spine(flat), abnormal_vertebrae=["L2"])
    assert out.deciding_site == "femoral_neck"
    assert any("not used" in text and "structural change" in text for text in out.warnings)
    kept = assess(_spine({**flat, "L1,L3,L4": -1.4}), abnormal_vertebrae=["L2"])
    assert (kept.deciding_site, kept.lowest_t_score) == ("lumbar_spine", -1.4)


def test_a_single_vertebra_never_decides() -> None:
    alone = assess(_spine({"L2": -3.9}))
    assert (alone.deciding_site, alone.diagnosis) == ("femoral_neck", "normal")
    one_left = assess(_spine(FOUR), abnormal_vertebrae=["L1", "L2", "L3"])
    assert one_left.deciding_site == "femoral_neck"
    assert any("fewer than two" in text for text in one_left.warnings)


def test_vertebrae_outside_the_measured_set_do_not_stand_in_for_it() -> None:
    result = assess(
        _spine({"L1": -1.6, "L2": -1.5, "L3": -1.5, "L4": -1.4, "L1,L2": -1.5}), abnormal_vertebrae=["L1", "L2"]
    )
    assert result.deciding_site == "femoral_neck"
    assert any("fewer than two" in text for text in result.warnings)


def test_a_difference_of_exactly_one_is_allowed() -> None:
    result = assess(_spine({"L1": -1.5, "L2": -0.5, "L1,L2": -1.0}))
    assert not result.warnings


def test_an_empty_set_of_vertebrae_is_refused() -> None:
    with pytest.raises(InputError, match="at least one region"):
        bmd_of_set([])


def _scan(date: str, device: str | None, **densities: float) -> Scan:
    names = {"hip": "total_hip", "neck": "femoral_neck", "spine": "lumbar_spine"}
    sites = [{"site": names[name], "bmd_g_cm2": bmd} for name, bmd in densities.items()]
    return Scan.model_validate({"date": date, "device": device, "sites": sites})


DEVICE = "Hologic Horizon A S/N 302081M"


@pytest.mark.parametrize(
    ("later", "verdict"),
    [
        (0.772, "loss"),  # exactly the least significant change of 0.028
        (0.773, "no significant change"),
        (0.800, "no significant change"),
        (0.827, "no significant change"),
        (0.828, "gain"),
    ],
)
def test_a_change_counts_from_the_least_significant_change_on(later: float, verdict: str) -> None:
    first, second = (SiteMeasurement(site="total_hip", side="left", bmd_g_cm2=bmd) for bmd in (0.800, later))
    days = (dt.date(2022, 3, 2), dt.date(2024, 4, 4))
    change = bmd_change(first, second, days, lsc_g_cm2=0.028, scanner_is_same=True)
    assert change is not None
    assert change.verdict == verdict
    assert change.change_g_cm2 == pytest.approx(later - 0.8)
    assert "Left total hip" in change.sentence
    assert "0.028" in change.sentence


def test_the_sentence_is_one_that_a_clinician_would_write() -> None:
    earlier, later = _scan("2022-03-02", DEVICE, hip=0.800), _scan("2024-04-04", DEVICE, hip=0.760)
    (change,) = changes_between(earlier, later, {"total_hip": 0.010})
    assert change.sentence == (
        "Total hip: bone density fell by 0.040 g/cm² (5.0 %) from 0.800 to 0.760 g/cm² between 2022-03-02 and "
        "2024-04-04: at least the least significant change of 0.028 g/cm², so a real loss."
    )


@pytest.mark.parametrize(
    ("device", "precision", "because"),
    [
        ("GE Lunar Prodigy", {"total_hip": 0.010}, "different scanners"),
        ("Hologic Horizon A S/N 999", {"total_hip": 0.010}, "different scanners"),
        (None, {"total_hip": 0.010}, "does not name its scanner"),
        (DEVICE, {}, "without the precision of this centre"),
    ],
)
def test_no_verdict_without_the_same_scanner_and_a_known_precision(
    device: str | None, precision: dict[str, float], because: str
) -> None:
    earlier, later = _scan("2022-03-02", DEVICE, hip=0.800), _scan("2024-04-04", device, hip=0.790)
    (change,) = changes_between(earlier, later, precision)  # type: ignore[arg-type]
    assert change.verdict == "cannot be judged"
    assert because in change.sentence


def test_the_assessment_carries_the_change_since_the_scan_before() -> None:
    scans = [_scan("2024-04-04", DEVICE, hip=0.760, neck=0.640), _scan("2021-03-02", DEVICE, hip=0.800)]
    person = Person.model_validate({**WOMAN, "scans": [one.model_dump() for one in scans]})
    (change,) = assess(person, precision_g_cm2={"total_hip": 0.010}).changes
    assert (change.verdict, change.from_date.year, change.to_date.year) == ("loss", 2021, 2024)
    assert assess(person).changes[0].verdict == "cannot be judged"


def test_only_the_same_region_is_compared() -> None:
    left, right = (SiteMeasurement(site="total_hip", side=side, bmd_g_cm2=0.8) for side in ("left", "right"))
    days = (dt.date(2022, 3, 2), dt.date(2024, 4, 4))
    with pytest.raises(InputError, match="same region"):
        bmd_change(left, right, days, lsc_g_cm2=None, scanner_is_same=True)
    with pytest.raises(InputError, match="same region"):
        bmd_change(left, left, days[::-1], lsc_g_cm2=None, scanner_is_same=True)


def test_fewer_vertebrae_need_a_larger_change() -> None:
    whole, three, two = (least_significant_change(0.010, count) for count in (4, 3, 2))
    assert (three / whole, two / whole) == (pytest.approx(1.07), pytest.approx(1.24))
    with pytest.raises(InputError, match="single vertebra"):
        least_significant_change(0.010, 1)
    with pytest.raises(InputError, match="not possible"):
        least_significant_change(0.0)


@pytest.mark.parametrize(
    ("site", "device", "bmd", "expected"),
    [
        ("total_hip", "Hologic", 0.942, 955.5),
        ("total_hip", "GE Lunar Prodigy", 1.0077, 955.5),
        ("femoral_neck", "Norland", 0.960, 951.6),
        ("lumbar_spine", "Hologic", 0.972, 1043.6),
        ("lumbar_spine", "Lunar iDXA", 1.100, 1043.6),
    ],
)
def test_standardised_density_brings_makers_together(site: str, device: str, bmd: float, expected: float) -> None:
    found = standardised_bmd(site, bmd, device)  # type: ignore[arg-type]
    assert found is not None
    assert found.mg_cm2 == pytest.approx(expected, abs=0.2)
    assert found.error_mg_cm2 == pytest.approx(0.035 * expected, rel=0.001)


def test_no_standardised_density_without_a_known_scanner_or_for_the_radius() -> None:
    assert standardised_bmd("total_hip", 0.9, "Stratos") is None
    assert standardised_bmd("radius_33", 0.7, "Hologic") is None


@pytest.mark.parametrize(
    ("score", "first", "newer"),
    [
        (1.200, "degraded", "degraded"),
        (1.215, "partially degraded", "degraded"),
        (1.230, "partially degraded", "partially degraded"),
        (1.310, "partially degraded", "partially degraded"),
        (1.320, "partially degraded", "normal"),
        (1.350, "normal", "normal"),
    ],
)
def test_texture_bands_by_both_schemes(score: float, first: str, newer: str) -> None:
    bands = tbs_bands(score)
    assert (bands.first, bands.newer) == (first, newer)


def test_an_impossible_texture_score_is_refused() -> None:
    with pytest.raises(InputError, match="plausible range"):
        tbs_bands(1274)


@pytest.mark.parametrize(
    ("facts", "advised"),
    [
        ({"sex": "female", "age_years": 70, "lowest_t_score": -1.1}, True),
        ({"sex": "female", "age_years": 70, "lowest_t_score": -1.0}, False),
        ({"sex": "female", "age_years": 69, "lowest_t_score": -1.1}, False),
        ({"sex": "male", "age_years": 79, "lowest_t_score": -2.0}, False),
        ({"sex": "male", "age_years": 80, "lowest_t_score": -2.0}, True),
        ({"sex": "female", "age_years": 60, "lowest_t_score": -1.5, "height_loss_cm": 4.0}, False),
        ({"sex": "female", "age_years": 60, "lowest_t_score": -1.5, "height_loss_cm": 4.5}, True),
        ({"sex": "female", "age_years": 60, "lowest_t_score": -1.5, "reported_vertebral_fracture": True}, True),
        ({"sex": "female", "age_years": 60, "lowest_t_score": -1.5, "glucocorticoids": True}, True),
        (
            {
                "sex": "female",
                "age_years": 60,
                "lowest_t_score": -1.5,
                "glucocorticoids": True,
                "prednisone_mg_per_day": 4.0,
            },
            False,
        ),
        ({"sex": "female", "age_years": 75, "lowest_t_score": None}, False),
    ],
)
def test_when_to_image_the_spine(facts: dict[str, object], advised: bool) -> None:
    assert (spine_imaging_advice(**facts) is not None) is advised  # type: ignore[arg-type]


def test_the_assessment_advises_imaging_of_the_spine() -> None:
    record = {**WOMAN, "history": {"height_loss_cm": 5}, "scans": [{"date": "2024-01-15", "sites": [HIP_LOW]}]}
    result = assess(Person.model_validate(record))
    (advice,) = result.advice
    assert "5 cm" in advice
    assert "iscd.vfa.height_loss_cm_over" in result.sources


HIP_LOW = {"site": "femoral_neck", "t_score": -1.8}


@pytest.mark.parametrize(
    ("sites", "part"),
    [
        (
            [
                {"site": "total_hip", "side": "left", "bmd_g_cm2": 0.9, "area_cm2": 22},
                {"site": "total_hip", "side": "right", "bmd_g_cm2": 0.9, "area_cm2": 34},
            ],
            "misplaced",
        ),
        ([{"site": "lumbar_spine", "t_score": 0.5}, {"site": "femoral_neck", "t_score": -1.5}], "wear of the spine"),
    ],
)
def test_doubtful_measurements_are_named(sites: list[dict[str, object]], part: str) -> None:
    person = Person.model_validate({**WOMAN, "scans": [{"date": "2024-01-15", "device": "Hologic", "sites": sites}]})
    assert any(part in text for text in assess(person).warnings)


@pytest.mark.parametrize(
    ("device", "bmd", "t_score", "warned"),
    [
        (None, 1.45, -3.8, True),
        (None, 0.65, 0.5, True),
        (None, 0.874, -1.6, False),
        (None, 1.00, -1.5, False),  # a GE scale would print it
        ("Hologic Horizon A", 1.00, -2.5, True),
        ("Hologic Horizon A", 1.00, -0.5, False),
        ("GE Lunar Prodigy", 1.00, -1.6, False),
        ("GE Lunar Prodigy", 1.00, 0.4, True),
    ],
)
def test_a_spine_score_that_no_scale_could_give_is_named(
    device: str | None, bmd: float, t_score: float, *, warned: bool
) -> None:
    site = {"site": "lumbar_spine", "bmd_g_cm2": bmd, "t_score": t_score}
    scan = {"date": "2026-03-02", "device": device, "sites": [site]}
    result = assess(Person.model_validate({**WOMAN, "scans": [scan]}))
    assert any("does not follow" in text for text in result.warnings) == warned
    assert result.lowest_t_score == t_score


@pytest.mark.parametrize(("age", "z_score", "warned"), [(75, -3.0, True), (75, 0.8, False), (75, -2.4, False)])
def test_a_z_score_far_below_the_t_score_is_questioned(age: float, z_score: float, *, warned: bool) -> None:
    site = {"site": "femoral_neck", "t_score": -1.0, "z_score": z_score}
    scan = {"date": "2026-03-02", "sites": [site]}
    result = assess(Person.model_validate({**WOMAN, "age_years": age, "scans": [scan]}))
    assert any("mixed up" in text for text in result.warnings) == warned


@pytest.mark.parametrize(("known", "said"), [(None, True), (False, False), (True, False)])
def test_a_low_forearm_that_does_not_count_is_said_while_the_parathyroid_is_not_on_record(
    known: bool | None, said: bool
) -> None:
    sites = [{"site": "femoral_neck", "t_score": -1.6}, {"site": "radius_33", "t_score": -2.6}]
    record = {
        "sex": "female",
        "age_years": 63,
        "menopause_age_years": 50,
        "history": {"hyperparathyroidism": known},
        "scans": [{"date": "2026-03-02", "sites": sites}],
    }
    result = assess(Person.model_validate(record))
    assert any("33 % radius" in one for one in result.advice) == said
    assert result.diagnosis == ("osteoporosis" if known else "osteopenia")


@pytest.mark.parametrize(
    ("site", "to", "said"),
    [
        ("total_hip", 0.856, "probably a real gain, beyond 5 %"),
        ("total_hip", 0.744, "probably a real loss, beyond 5 %"),
        ("total_hip", 0.840, "cannot be said"),
        ("lumbar_spine", 0.856, "probably a real gain, beyond 5.3 %"),
        ("femoral_neck", 0.856, "cannot be said"),
    ],
)
def test_a_change_that_no_accepted_centre_could_mistake_is_called_probably_real(
    site: Any, to: float, said: str
) -> None:
    first, second = (SiteMeasurement(site=site, bmd_g_cm2=bmd) for bmd in (0.8, to))
    days = (dt.date(2022, 3, 2), dt.date(2024, 4, 4))
    change = bmd_change(first, second, days, lsc_g_cm2=None, scanner_is_same=True)
    assert change is not None
    assert said in change.sentence
    assert change.verdict == "cannot be judged"
    other = bmd_change(first, second, days, lsc_g_cm2=None, scanner_is_same=False)
    assert other is not None
    assert "different scanners" in other.sentence
    known = bmd_change(first, second, days, lsc_g_cm2=0.1, scanner_is_same=True)
    assert known is not None
    assert known.verdict == "no significant change"


def test_two_vertebrae_are_not_held_to_the_limit_of_four() -> None:
    first, second = (
        SiteMeasurement(site="lumbar_spine", vertebrae=("L1", "L2"), bmd_g_cm2=bmd) for bmd in (0.8, 0.856)
    )
    change = bmd_change(first, second, (dt.date(2022, 3, 2), dt.date(2024, 4, 4)), lsc_g_cm2=None, scanner_is_same=True)
    assert change is not None
    assert "cannot be said" in change.sentence
