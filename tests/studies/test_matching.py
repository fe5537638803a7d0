"""Matching of registered studies: a small table of persons and studies that a clinician can read."""

from __future__ import annotations

import pytest

from osteon.care.studies import LISTED_IS_NOT_APPROVED, Snapshot, Study, built_in_snapshot, match_studies
from osteon.care.studies.snapshot import BUILT_IN_DATE
from osteon.densitometry import assess
from osteon.person import Person


def person(sex: str = "female", age: float = 60, t: float | None = -1.8, **more: object) -> Person:
    scans = [] if t is None else [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": t}]}]
    return Person.model_validate({"sex": sex, "age_years": age, "scans": scans, **more})


def study(**fields: str) -> Study:
    return Study.model_validate({"registration_id": "NCT00000000", "title": "Example", **fields})


def verdict_of(one: Study, who: Person, criterion: str) -> str:
    (match,) = match_studies(who, assess(who), Snapshot(BUILT_IN_DATE, (one,)))
    found = [item.verdict for item in match.criteria if criterion in item.criterion]
    assert found, [item.criterion for item in match.criteria]
    return found[0]


NO_FRACTURE = {"history": {"previous_fragility_fracture": False}}
SPINE = {"history": {"fragility_fracture_sites": ["spine"]}}
EARLY = {"eligibility_text": "Women <=5 y postmenopause"}
LATER = {"eligibility_text": "Women, menopause >=2 y, BMI 18-30"}
SINCE = "since the menopause"
UNBROKEN = "postmenopausal osteoporosis without fracture"

# sex, age, lowest T, extra      | field of the study            | criterion          | verdict
TABLE = [
    ({"age": 60}, {"min_age": "45", "max_age": "85"}, "age at least 45", "eligible"),
    ({"age": 44.9}, {"min_age": "45 Years"}, "age at least 45", "not eligible"),
    ({"age": 85.9}, {"max_age": "85"}, "age at most 85", "eligible"),
    ({"age": 86}, {"max_age": "85"}, "age at most 85", "not eligible"),
    ({"age": 60}, {"min_age": "40 (F) / 50 (M)"}, "age at least", "uncertain"),
    ({"sex": "male"}, {"sex": "FEMALE"}, "female participants", "not eligible"),
    ({}, {"status": "RECRUITING"}, "open to new", "eligible"),
    ({}, {"status": "COMPLETED"}, "open to new", "not eligible"),
    ({}, {"status": "NOT_YET_RECRUITING"}, "open to new", "uncertain"),
    ({}, {"status": ""}, "open to new", "uncertain"),
    ({"t": -1.8}, {"eligibility_text": "Women, T -1 to -2.49 at FN"}, "T -1 to -2.49", "eligible"),
    ({"t": -2.6}, {"eligibility_text": "Women, T -1 to -2.49 at FN"}, "T -1 to -2.49", "not eligible"),
    ({"t": -2.5}, {"eligibility_text": "T <= -2.5; no fracture"}, "T <= -2.5", "eligible"),
    ({"t": -2.4}, {"eligibility_text": "T-score < -2.5"}, "T-score < -2.5", "not eligible"),
    ({"t": None}, {"eligibility_text": "T < -1.0"}, "T < -1.0", "uncertain"),
    ({"t": -2.0}, {"eligibility_text": "recent fracture or T < -3.0 or FRAX MOF >30%"}, "T < -3.0", "uncertain"),
    ({"t": -2.0}, {"eligibility_text": "any density; excludes T < -3.0"}, "any density", "uncertain"),
    ({"height_cm": 163, "weight_kg": 61}, {"eligibility_text": "BMI 18-30"}, "BMI 18 to 30", "eligible"),
    ({}, {"eligibility_text": "BMI 18-30"}, "BMI 18 to 30", "uncertain"),
    ({"menopause_age_years": 50}, {"condition": "postmenopausal osteoporosis"}, "postmenopausal women", "eligible"),
    ({}, {"condition": "postmenopausal osteoporosis"}, "postmenopausal women", "uncertain"),
    ({"menopause_age_years": 55}, EARLY, SINCE, "eligible"),
    ({"menopause_age_years": 50}, EARLY, SINCE, "not eligible"),
    ({}, EARLY, SINCE, "uncertain"),
    ({"menopause_age_years": 58}, LATER, SINCE, "eligible"),
    ({"menopause_age_years": 59}, LATER, SINCE, "not eligible"),
    ({"menopause_age_years": 58}, {"eligibility_text": "2 years after the menopause"}, "2 years after", "uncertain"),
    ({"t": -2.6, "menopause_age_years": 50}, {"condition": "postmenopausal osteoporosis"}, "about", "eligible"),
    ({"t": -1.8, "menopause_age_years": 50}, {"condition": "postmenopausal osteoporosis"}, "about", "uncertain"),
    ({"t": -1.8, "menopause_age_years": 50}, {"condition": "osteoporosis/low bone mass"}, "about", "eligible"),
    ({"t": -0.4, "menopause_age_years": 50}, {"condition": "low BMD"}, "about", "not eligible"),
    ({}, {"condition": "OI type III"}, "about", "not eligible"),
    ({}, {"condition": "osteoarthritis (context)"}, "about", "not eligible"),
    (NO_FRACTURE, {"condition": "osteoporosis; spinal fractures"}, "about", "not eligible"),
    (SPINE, {"condition": "osteoporosis; spinal fractures"}, "about", "uncertain"),
    ({}, {"condition": "osteoporotic proximal humeral fracture"}, "about", "uncertain"),
    ({"t": -2.7, "menopause_age_years": 50}, {"condition": UNBROKEN}, "about", "eligible"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "fields", "criterion", "expected"), TABLE)
def test_one_criterion(who: dict[str, object], fields: dict[str, str], criterion: str, expected: str) -> None:
    assert verdict_of(study(**fields), person(**who), criterion) == expected  # type: ignore[arg-type]


def test_studies_of_cells_stand_after_the_others_that_are_as_open() -> None:
    who = person(menopause_age_years=57)
    found = match_studies(who, assess(who))
    open_ones = [one.intervention_class for one in found if one.verdict == "uncertain"]
    assert open_ones == sorted(open_ones, key=lambda name: name.startswith("cell"))
    assert {"cell", "drug"} <= set(open_ones)
    hops = next(one for one in found if one.registration_id == "NCT02186600")
    assert hops.verdict == "uncertain"
    late = person(menopause_age_years=50)
    hops = next(one for one in match_studies(late, assess(late)) if one.registration_id == "NCT02186600")
    assert hops.verdict == "not eligible"


def test_an_exclusion_is_not_taken_for_a_condition() -> None:
    who = person(t=-2.0)
    (match,) = match_studies(
        who, assess(who), Snapshot(BUILT_IN_DATE, (study(eligibility_text="low density; excludes T < -3.0"),))
    )
    assert match.verdict == "uncertain"


def test_every_study_of_the_snapshot_carries_the_notice_and_a_reason() -> None:
    who = person(menopause_age_years=50)
    matches = match_studies(who, assess(who))
    assert len(matches) == len(built_in_snapshot().studies) == 29
    assert all(one.notice == LISTED_IS_NOT_APPROVED for one in matches)
    assert all(item.reason for one in matches for item in one.criteria)
    ranks = [("eligible", "uncertain", "not eligible").index(one.verdict) for one in matches]
    assert ranks == sorted(ranks)


def test_nobody_with_osteopenia_is_called_eligible_for_a_cell_study() -> None:
    """Free text is never read to the end, so the answer stays uncertain at best."""
    for t in (-1.1, -1.8, -2.4):
        who = person(t=t, menopause_age_years=50)
        assert all(
            one.verdict != "eligible" for one in match_studies(who, assess(who)) if one.intervention_class == "cell"
        )
