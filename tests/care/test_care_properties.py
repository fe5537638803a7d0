"""What must hold for every person, whatever the record holds."""

from __future__ import annotations

from typing import Any

from care_cases import frax
from hypothesis import given
from hypothesis import strategies as st

from osteon.care import cell_therapy, monitoring, options, questions, risk_profile
from osteon.care.result import Option
from osteon.densitometry import assess
from osteon.evidence import THERAPIES, cite
from osteon.person import Person

maybe = st.sampled_from([None, True, False])


@st.composite
def people(draw: st.DrawFn) -> Person:
    sex = draw(st.sampled_from(["female", "male"]))
    age = draw(st.integers(20, 95))
    record: dict[str, Any] = {"sex": sex, "age_years": age}
    if sex == "female" and age > 40 and draw(st.booleans()):
        record["menopause_age_years"] = draw(st.integers(38, min(age, 60)))
    history: dict[str, Any] = {}
    for field in (
        "parent_hip_fracture",
        "glucocorticoids",
        "cardiovascular_disease",
        "cancer",
        "chronic_liver_disease",
    ):
        history[field] = draw(maybe)
    history["previous_fragility_fracture"] = draw(maybe)
    if history["previous_fragility_fracture"] and draw(st.booleans()):
        history["fragility_fracture_sites"] = draw(st.lists(st.sampled_from(["hip", "spine", "wrist"]), min_size=1))
    history["smoking"] = draw(st.sampled_from([None, "never", "former", "current"]))
    history["calcium_intake_mg_per_day"] = draw(st.one_of(st.none(), st.floats(0, 3000)))
    record["history"] = history
    record["labs"] = {
        "egfr_ml_min": draw(st.one_of(st.none(), st.floats(5, 120))),
        "calcium_mmol_l": draw(st.one_of(st.none(), st.floats(1.5, 3.5))),
        "vitamin_d_nmol_l": draw(st.one_of(st.none(), st.floats(5, 200))),
    }
    score = draw(st.one_of(st.none(), st.floats(-5, 3)))
    if score is not None:
        site = draw(st.sampled_from(["femoral_neck", "total_hip", "lumbar_spine"]))
        record["scans"] = [{"date": "2026-03-02", "sites": [{"site": site, "t_score": score, "z_score": score / 2}]}]
    return Person.model_validate(record)


percents = st.one_of(st.none(), st.floats(0, 60))


@given(people(), percents, percents)
def test_every_therapy_is_weighed_once_and_cites_what_exists(
    person: Person, major: float | None, hip: float | None
) -> None:
    risks = [
        frax(outcome, number) for outcome, number in (("major_osteoporotic", major), ("hip", hip)) if number is not None
    ]
    found = options(person, assess(person), risks)
    assert sorted(one.therapy for one in found) == sorted(THERAPIES)
    for one in found:
        assert one.recommendation
        assert one.reasons, one.therapy
        assert cite(one.evidence.sources)
        assert "{" not in " ".join((*one.reasons, *one.harms, one.burden, one.on_stopping, one.evidence.summary))


@given(people())
def test_cell_therapy_is_never_a_treatment_and_stands_last(person: Person) -> None:
    found = options(person, assess(person))
    cells = [one for one in found if one.group == "cell therapy"]
    assert [one.eligible for one in cells] == [False, False, False]
    assert list(found[-3:]) == cells
    page = cell_therapy(person, assess(person))
    assert page.hypothetical is True
    assert "no cell therapy has been shown" in page.statement
    assert "zoledronate" in page.beside.casefold()


@given(people())
def test_what_speaks_against_a_medicine_goes_before_every_guideline(person: Person) -> None:
    found = {one.therapy: one for one in options(person, assess(person), [frax("major_osteoporotic", 40.0)])}
    kidney, calcium = person.labs.egfr_ml_min, person.labs.calcium_mmol_l
    if kidney is not None and kidney < 35:
        assert found["zoledronate"].eligible is False
        assert found["alendronate"].eligible is False
    if calcium is not None and calcium < 2.2:
        assert found["denosumab"].eligible is False
    if person.sex == "male":
        for name in ("raloxifene", "bazedoxifene", "hormone_therapy", "romosozumab", "ibandronate"):
            assert found[name].eligible is False


@given(people())
def test_nobody_gets_a_plain_yes_while_something_that_decides_is_missing(person: Person) -> None:
    found = {one.therapy: one for one in options(person, assess(person), [frax("major_osteoporotic", 40.0)])}
    assert found["alendronate"].eligible is not True  # the gullet is never in the record
    if person.labs.egfr_ml_min is None or person.labs.calcium_mmol_l is None:
        assert found["zoledronate"].eligible is not True
        assert found["denosumab"].eligible is not True


@given(people(), st.floats(0, 59))
def test_a_higher_frax_result_never_takes_a_medicine_away(person: Person, percent: float) -> None:
    rank = {"not suitable": 0, "not now": 1, "unclear": 2, "trial": 3, "consider": 4, "advised": 5}
    densitometry = assess(person)

    def standing(number: float) -> Option:
        risks = [frax("major_osteoporotic", number), frax("hip", number / 5)]
        return next(one for one in options(person, densitometry, risks) if one.therapy == "zoledronate")

    assert rank[standing(percent + 1).standing] >= rank[standing(percent).standing]


@given(people())
def test_another_tool_never_stands_in_for_frax(person: Person) -> None:
    densitometry = assess(person)
    other = [frax("major_osteoporotic", 55.0, tool="QFracture-2012")]
    assert options(person, densitometry, other) == options(person, densitometry)


@given(people())
def test_profile_monitoring_and_questions_answer_for_everybody(person: Person) -> None:
    densitometry = assess(person)
    profile = risk_profile(person, densitometry)
    assert {one.state for one in profile.factors} <= {"present", "absent", "unknown"}
    assert {one.group for one in profile.factors} >= {"genetics", "lifestyle", "diet", "medicines", "hormones"}
    assert cite(profile.sources)
    steps = monitoring(person, densitometry)
    assert [step.what for step in steps].count("Bone-density scan") == 1
    assert all(step.years_from_scan is None or 0 <= step.years_from_scan <= 15 for step in steps)
    asked = questions(person, densitometry, options(person, densitometry))
    assert len(asked) == len(set(asked)) >= 4
