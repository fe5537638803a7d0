"""The rules of diagnosis as a table that a clinician can read and correct.

Each line is one small person: who they are, what the report prints, and what must come out. Scores are written as
site=T, or site=T/Z, with "-" for a blank; "FN-left" is the left femoral neck. Sites: FN femoral neck, TH total hip, LS
lumbar spine, R33 33 % radius.
"""

from __future__ import annotations

from typing import Any

import pytest

from osteon.densitometry import Densitometry, assess
from osteon.person import Person

TABLE = """
# who                      | report                                   | category                | S | decides  | lowest
# --- the edges of the WHO categories, women after menopause
woman 65 postmenopausal    | FN=-0.9                                  | normal                  | T | FN       | -0.9
woman 65 postmenopausal    | FN=-1.0                                  | normal                  | T | FN       | -1.0
woman 65 postmenopausal    | FN=-1.1                                  | osteopenia              | T | FN       | -1.1
woman 65 postmenopausal    | FN=-2.4                                  | osteopenia              | T | FN       | -2.4
woman 65 postmenopausal    | FN=-2.5                                  | osteoporosis            | T | FN       | -2.5
woman 65 postmenopausal    | FN=-2.6                                  | osteoporosis            | T | FN       | -2.6
# --- two printed decimals are decided as they stand
woman 65 postmenopausal    | FN=-1.01                                 | osteopenia              | T | FN       | -1.01
woman 65 postmenopausal    | FN=-2.49                                 | osteopenia              | T | FN       | -2.49
woman 65 postmenopausal    | FN=-2.50                                 | osteoporosis            | T | FN       | -2.5
# --- the lowest of spine, total hip and femoral neck decides, on either side
woman 65 postmenopausal    | LS=-2.6 TH=-1.0 FN=-1.5                  | osteoporosis            | T | LS       | -2.6
woman 65 postmenopausal    | LS=0.4 TH=-1.2 FN=-0.8                   | osteopenia              | T | TH       | -1.2
woman 65 postmenopausal    | LS=-1.3 TH-left=-1.8 FN-left=-2.1 | osteopenia              | T | FN-left  | -2.1
woman 65 postmenopausal    | FN-left=-1.9 FN-right=-2.5               | osteoporosis            | T | FN-right | -2.5
woman 65 postmenopausal    | FN-left=-1.9 FN-right=-2.4 FN-mean=-2.6  | osteopenia              | T | FN-right | -2.4
woman 65 postmenopausal    | FN-mean=-1.7                             | osteopenia              | T | FN-mean  | -1.7
woman 65 postmenopausal    | LS=-1.5 TH=-1.5 FN=-1.5                  | osteopenia              | T | FN       | -1.5
# --- the 33 % radius only where spine and hip cannot be used
woman 65 postmenopausal    | FN=-1.2 R33=-3.0                         | osteopenia              | T | FN       | -1.2
woman 65 postmenopausal    | R33=-3.0                                 | osteoporosis            | T | R33      | -3.0
woman 65 postmenopausal    | FN=-/0.1 R33=-1.4                        | osteopenia              | T | R33      | -1.4
woman 65 hyperparathyroidism | FN=-1.2 R33=-2.7                         | osteoporosis            | T | R33      | -2.7
# --- men
man 50                     | FN=-2.5                                  | osteoporosis            | T | FN       | -2.5
man 72                     | TH=-1.7 FN=-0.5                          | osteopenia              | T | TH       | -1.7
man 49                     | FN=-2.5/-1.9                             | within-expected-for-age | Z | FN       | -1.9
man 49                     | FN=-2.9/-2.0                             | below-expected-for-age  | Z | FN       | -2.0
man 49                     | FN=-2.9                                  | undetermined            | Z | nothing  | nothing
# --- women before menopause, in the transition, and not recorded
woman 34 premenopausal     | FN=-2.6/-1.99                            | within-expected-for-age | Z | FN       | -1.99
woman 34 premenopausal     | LS=-0.1/-2.0 FN=-2.6/-1.5                | below-expected-for-age  | Z | LS       | -2.0
woman 52 premenopausal     | FN=-2.6/-1.0                             | within-expected-for-age | Z | FN       | -1.0
woman 48 transition        | FN=-2.6/-1.9                             | osteoporosis            | T | FN       | -2.6
woman 44 postmenopausal    | FN=-1.6/-1.1                             | osteopenia              | T | FN       | -1.6
woman 44 menopause-at-41   | FN=-1.6/-1.1                             | osteopenia              | T | FN       | -1.6
woman 44                   | FN=-1.6/-1.1                             | within-expected-for-age | Z | FN       | -1.1
woman 50                   | FN=-1.6/-1.1                             | osteopenia              | T | FN       | -1.6
# --- nothing to go by
woman 65 postmenopausal    | FN=-/-0.3                                | undetermined            | T | nothing  | nothing
"""

SITES = {"FN": "femoral_neck", "TH": "total_hip", "LS": "lumbar_spine", "R33": "radius_33"}
LINES = [line for line in TABLE.strip().splitlines() if not line.startswith("#")]


def _person(who: str, report: str) -> Person:
    sex, age, *more = who.split()
    record: dict[str, object] = {"sex": {"woman": "female", "man": "male"}[sex], "age_years": float(age)}
    for word in more:
        if word == "hyperparathyroidism":
            record |= {"history": {"hyperparathyroidism": True}, "menopausal_status": "postmenopausal"}
        elif word.startswith("menopause-at-"):
            record["menopause_age_years"] = float(word.removeprefix("menopause-at-"))
        else:
            record["menopausal_status"] = word
    sites = []
    for entry in report.split():
        where, scores = entry.split("=")
        t, _, z = scores.partition("/")
        name, _, side = where.partition("-")
        sites.append(
            {
                "site": SITES[name],
                "side": side or None,
                "t_score": None if t == "-" else float(t),
                "z_score": float(z) if z else None,
            }
        )
    return Person.model_validate({**record, "scans": [{"date": "2024-01-15", "sites": sites}]})


@pytest.mark.parametrize("line", LINES, ids=[" ".join(line.split()) for line in LINES])
def test_rule(line: str) -> None:
    who, report, category, kind, decided, lowest = (cell.strip() for cell in line.split("|"))
    result = assess(_person(who, report))
    assert result.diagnosis == category
    assert result.rule == f"{kind}-score"
    score = result.lowest_t_score if kind == "T" else result.lowest_z_score
    if decided == "nothing":
        assert (result.deciding_site, score) == (None, None)
        return
    name, _, side = decided.partition("-")
    assert (result.deciding_site, result.deciding_side) == (SITES[name], side or None)
    assert score == float(lowest)
    assert lowest in result.reason


def test_a_presumed_menopause_is_said() -> None:
    presumed = assess(_person("woman 50", "FN=-1.6"))
    assert any("presumed" in text for text in presumed.warnings)
    assert not assess(_person("woman 50 postmenopausal", "FN=-1.6")).warnings


def test_a_younger_woman_without_a_recorded_state_is_asked_for_it() -> None:
    asked = assess(_person("woman 49", "FN=-1.6/-0.2"))
    assert any("menopausal_status" in text for text in asked.warnings)


def test_nobody_is_diagnosed_by_a_t_score_before_menopause() -> None:
    result = assess(_person("woman 34 premenopausal", "LS=-4.0/-1.5 FN=-4.0/-1.5"))
    assert result.diagnosis == "within-expected-for-age"
    assert result.lowest_t_score is None
    assert result.sites[0].t_score == -4.0  # printed, so it stays visible


def test_a_person_without_a_scan_is_undetermined() -> None:
    result = assess(Person(sex="female", age_years=70))
    assert (result.diagnosis, result.sites, result.scan_date) == ("undetermined", (), None)


def test_the_latest_scan_counts() -> None:
    person = Person.model_validate(
        {
            "sex": "male",
            "age_years": 70,
            "scans": [
                {"date": "2024-03-01", "sites": [{"site": "femoral_neck", "t_score": -1.2}]},
                {"date": "2019-03-01", "sites": [{"site": "femoral_neck", "t_score": -2.7}]},
            ],
        }
    )
    assert assess(person).diagnosis == "osteopenia"


HL7_EXAMPLE = {
    "sex": "female",
    "age_years": 34.7,
    "scans": [
        {
            "date": "2021-11-10",
            "sites": [
                {"site": "total_hip", "side": "left", "bmd_g_cm2": 0.734, "t_score": -1.62, "z_score": -0.19},
                {"site": "femoral_neck", "side": "left", "bmd_g_cm2": 0.631, "t_score": -1.48, "z_score": 0.05},
            ],
        }
    ],
}


@pytest.mark.parametrize("device", [None, "Hologic"])
def test_the_example_of_hl7_warns_and_does_not_fail(device: str | None) -> None:
    record = {**HL7_EXAMPLE, "scans": [{**HL7_EXAMPLE["scans"][0], "device": device}]}  # type: ignore[index]
    result = assess(Person.model_validate(record))
    assert result.diagnosis == "within-expected-for-age"
    (mismatch,) = [text for text in result.warnings if "does not follow" in text]
    assert "femoral neck" in mismatch
    assert "-1.9" in mismatch
    assert [one.t_score for one in result.sites] == [-1.62, -1.48]


@pytest.mark.parametrize(("printed", "warned"), [(-1.8, False), (-2.0, False), (-2.1, True), (-1.5, True), (1.8, True)])
def test_a_printed_score_more_than_two_tenths_from_its_bone_density_is_questioned(printed: float, warned: bool) -> None:
    site = {"site": "femoral_neck", "bmd_g_cm2": 0.642, "t_score": printed}  # computes to -1.80
    scan = {"date": "2024-01-15", "device": "Hologic Discovery W", "sites": [site]}
    result = assess(Person.model_validate({"sex": "male", "age_years": 70, "scans": [scan]}))
    assert any("does not follow" in text for text in result.warnings) is warned
    assert result.lowest_t_score == (-1.8 if printed == 1.8 else printed)


def _neck(t_score: float, bmd: float = 0.642, device: str | None = "Hologic Discovery W", **who: Any) -> Densitometry:
    site = {"site": "femoral_neck", "bmd_g_cm2": bmd, "t_score": t_score}
    scan = {"date": "2024-01-15", "device": device, "sites": [site]}
    return assess(Person.model_validate({"sex": "male", "age_years": 70, "scans": [scan], **who}))


def test_a_lost_minus_sign_does_not_make_low_bone_mass_normal() -> None:
    """0.642 g/cm² on a Hologic is -1.8: +1.8 is a slip, and the density is what was measured."""
    result = _neck(1.8)
    assert (result.diagnosis, result.lowest_t_score, result.sites[0].t_score_source) == ("osteopenia", -1.8, "computed")
    (warning,) = result.warnings
    assert "-1.8 counts here, because the bone density is what was measured" in warning
    assert "By the printed score it would be normal." in warning
    assert "computed from the bone density, to which the printed score cannot belong" in result.reason


def test_a_score_from_another_reference_group_counts_and_says_what_the_density_would_give() -> None:
    """Half a standard deviation is what the reference of men makes out of the same density."""
    result = _neck(-2.5, bmd=0.620)  # -2.0 by the common reference
    assert (result.diagnosis, result.lowest_t_score) == ("osteoporosis", -2.5)
    (warning,) = result.warnings
    assert "The printed score counts here, because the device may have compared with another reference group" in warning
    assert "By the bone density it would be osteopenia, not osteoporosis." in warning
    assert "in doubt: it does not follow from the bone density" in result.reason
    assert "The category is the same by both." in _neck(-2.1).warnings[0]


def test_without_a_known_scanner_the_printed_score_counts_and_the_category_is_said_to_be_in_doubt() -> None:
    result = _neck(1.8, device=None)
    assert (result.diagnosis, result.lowest_t_score) == ("normal", 1.8)
    (warning,) = result.warnings
    assert "no reference is known from which another could be computed" in warning
    assert "in doubt" in result.reason


def test_where_z_scores_count_neither_number_decides() -> None:
    result = _neck(1.8, age_years=40)
    assert result.sites[0].t_score == 1.8
    assert any("Z-scores count here, so neither decides" in text for text in result.warnings)


@pytest.mark.parametrize(
    ("device", "t_score", "category"),
    [
        ("Hologic Horizon A", -1.9, "osteopenia"),
        ("GE Lunar Prodigy", -2.9, "osteoporosis"),
        ("Norland XR-800", -2.5, "osteoporosis"),
        ("Stratos dR", None, "undetermined"),
        (None, None, "undetermined"),
        ("GE Lunar Achilles", None, "undetermined"),
        ("Hologic, converted from Lunar", None, "undetermined"),
    ],
)
def test_a_score_is_computed_only_for_a_scanner_whose_scale_is_known(
    device: str | None, t_score: float | None, category: str
) -> None:
    scan = {"date": "2024-01-15", "device": device, "sites": [{"site": "femoral_neck", "bmd_g_cm2": 0.631}]}
    result = assess(Person.model_validate({"sex": "male", "age_years": 70, "scans": [scan]}))
    assert (result.sites[0].t_score, result.diagnosis) == (t_score, category)
    if t_score is None:
        assert any("none is computed" in text for text in result.warnings)
    else:
        assert result.sites[0].t_score_source == "computed"
        assert "nhanes3.femoral_neck.female_white_20_29.mean" in result.sources
