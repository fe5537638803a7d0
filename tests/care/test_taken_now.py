"""People who take a bone medicine, or have ended one: nobody reads that it is not needed, or that nothing follows."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import denosumab_exit, monitoring, options, questions
from osteon.care.builder_exit import builder_ended
from osteon.care.builder_years import builder_years, months_left
from osteon.care.cautions import cautions_for
from osteon.care.facts import Facts
from osteon.care.projection.choice import choose
from osteon.densitometry import assess
from osteon.person import Person, bone_medicines_taken, takes

DAY = "2026-03-02"


def person(hip: float, *treatments: tuple[str, str | None, str | None], **fields: Any) -> Person:
    """Somebody with one scan, a woman of 70 unless told otherwise, and courses as (therapy, start, stop)."""
    courses = [dict(zip(("therapy", "start", "stop"), one, strict=True)) for one in treatments]
    record = {"sex": "female", "age_years": 70, "menopause_age_years": 50, **fields}
    if record["sex"] == "male" or record.get("menopausal_status"):
        record.pop("menopause_age_years")
    sites = [{"site": "total_hip", "t_score": hip, "z_score": hip + 0.1}]
    return Person.model_validate({**record, "treatments": courses, "scans": [{"date": DAY, "sites": sites}]})


def standings(one: Person) -> dict[str, str]:
    return {option.therapy: option.standing for option in options(one, assess(one))}


def test_what_is_taken_is_what_has_no_end() -> None:
    one = person(
        -2.0,
        ("alendronate", "2020-01-01", "2024-01-01"),
        ("denosumab", "2024-02-01", None),
        ("denosumab", None, None),
        ("exercise", None, None),
        history={"oestrogen": "current"},
    )
    assert bone_medicines_taken(one) == ("denosumab",)
    assert takes(one, "hormone_therapy")
    assert takes(one, "exercise")
    assert not takes(one, "alendronate")


@pytest.mark.parametrize("hip", [-0.8, -1.6])
def test_somebody_on_a_medicine_never_reads_that_none_is_needed(hip: float) -> None:
    one = person(hip, ("alendronate", "2022-01-01", None), history={"previous_fragility_fracture": False})
    found = {option.therapy: option for option in options(one, assess(one))}
    said = [option.recommendation for option in found.values()]
    assert not any("no bone medicine is needed" in text or "asks for this medicine now" in text for text in said)
    assert "is taken already" in found["teriparatide"].recommendation
    assert found["none"].reasons[0].startswith("A bone medicine is taken now, so this would end it")
    assert not any("Would alendronate suit me" in text for text in questions(one, assess(one), tuple(found.values())))
    untreated = person(hip, history={"previous_fragility_fracture": False})
    assert not any("is taken" in option.recommendation for option in options(untreated, assess(untreated)))


@pytest.mark.parametrize("therapy", ["bazedoxifene", "hormone_therapy", "raloxifene"])
def test_osteoporosis_on_any_medicine_is_not_called_untreated(therapy: str) -> None:
    one = person(-2.6, (therapy, "2023-01-01", None))
    assert not any(step.when == "decide on treatment now" for step in monitoring(one, assess(one)))


def test_denosumab_is_not_said_to_have_nothing_after_it_where_something_is() -> None:
    one = person(-2.6, ("denosumab", "2023-01-01", "2025-08-01"), ("raloxifene", "2025-10-01", None))
    assert "no medicine that can follow it is on record" in denosumab_exit(one)


@pytest.mark.parametrize(
    ("courses", "years"),
    [
        ([("teriparatide", "2022-01-01", "2023-12-20")], 2.0),
        ([("teriparatide", "2022-01-01", "2023-01-01"), ("abaloparatide", "2023-01-01", "2024-01-01")], 2.0),
        ([("teriparatide", "2022-01-01", "2023-01-01")] * 2, 1.0),
        ([("teriparatide", "2022-01-01", "2023-01-01"), ("teriparatide", "2022-07-01", "2022-12-01")], 1.0),
        ([("teriparatide", "2025-03-02", None)], 1.0),
        ([("teriparatide", None, "2024-01-01")], 0.0),
        ([("romosozumab", "2022-01-01", "2024-12-01")], 0.0),
    ],
)
def test_years_on_a_bone_builder_count_each_day_once(courses: list[Any], years: float) -> None:
    assert builder_years(person(-3.2, *courses)) == years


def _abaloparatide(*courses: Any) -> Any:
    one = person(-3.2, *courses)
    return next(option for option in options(one, assess(one)) if option.therapy == "abaloparatide")


def test_abaloparatide_ends_after_18_months_in_europe() -> None:
    used = "18 months that abaloparatide may be taken in Europe are used up"
    long, mixed, over = (
        _abaloparatide(("abaloparatide", "2024-08-20", None)),
        _abaloparatide(("teriparatide", "2023-01-01", "2024-06-30")),
        _abaloparatide(("abaloparatide", "2023-01-01", None)),
    )
    assert any(used in reason for reason in long.reasons)
    assert not any(used in reason for one in (mixed, over) for reason in one.reasons)
    assert "in Europe 18 months at most" in long.burden
    taking = person(-3.2, ("abaloparatide", "2025-01-01", None))
    assert any(step.what == "End of abaloparatide in Europe" for step in monitoring(taking, assess(taking)))


@pytest.mark.parametrize(
    ("history", "therapy", "words"),
    [
        ({"cancer": True}, "alendronate", "the jaw is more at risk"),
        ({"skeletal_radiation": True}, "denosumab", "the jaw is more at risk"),
        ({"bone_cancer": True}, "zoledronate", "Ask the oncologist first"),
        ({"bone_cancer": True}, "abaloparatide", "Cancer in the bones is recorded: should not be given"),
        ({"skeletal_radiation": True}, "teriparatide", "Radiotherapy to the skeleton is recorded"),
    ],
)
def test_cancer_and_radiation_are_weighed_beside_every_medicine_whose_text_names_them(
    history: dict[str, Any], therapy: str, words: str
) -> None:
    one = person(-2.8, history=history)
    (option,) = (option for option in options(one, assess(one)) if option.therapy == therapy)
    assert any(words in reason for reason in option.reasons)


def test_a_bone_builder_that_goes_on_past_its_limit_is_not_advised() -> None:
    fractures = {"fragility_fracture_sites": ["spine", "hip"]}
    long, short = (person(-3.2, ("teriparatide", start, None), history=fractures) for start in ("2023-01-01", DAY))
    assert standings(long)["teriparatide"] == "not suitable"
    assert standings(short)["teriparatide"] == "advised"
    assert any(step.what == "Plan for what follows teriparatide" for step in monitoring(short, assess(short)))


ENDED = ("teriparatide", "2024-01-01", "2025-12-20")


def test_the_guideline_on_what_follows_a_builder_speaks_of_women_after_the_menopause_only() -> None:
    woman = person(-2.1, ENDED)
    assert standings(woman)["alendronate"] == "advised"
    man = person(-2.1, ENDED, sex="male")
    assert standings(man)["alendronate"] == "consider"
    (reason,) = (one.reasons[0] for one in options(man, assess(man)) if one.therapy == "alendronate")
    assert reason.startswith("In Europe: European label")
    young = person(-2.1, ENDED, age_years=36, menopausal_status="premenopausal")
    assert standings(young)["alendronate"] == "not now"
    steps = [monitoring(one, assess(one))[0] for one in (woman, man, young)]
    assert {step.what for step in steps} == {"Follow-on medicine after teriparatide"}
    assert [step.when for step in steps] == ["now", "now", "now, as a specialist decides"]


def test_no_treatment_is_not_called_reasonable_after_a_builder() -> None:
    one = person(-1.5, ENDED)
    (reason,) = (option.reasons[0] for option in options(one, assess(one)) if option.therapy == "none")
    assert reason.startswith("A bone builder has ended")


def test_hormones_on_record_in_the_history_keep_the_gain_of_a_builder() -> None:
    assert builder_ended(person(-2.1, ENDED)) is not None
    assert builder_ended(person(-2.1, ENDED, history={"oestrogen": "current"})) is None


def test_blood_calcium_is_set_right_before_the_medicine_after_a_builder() -> None:
    one = person(-2.1, ENDED, labs={"calcium_mmol_l": 2.0})
    assert [step.what for step in monitoring(one, assess(one))[:2]] == [
        "Cause of the low blood calcium",
        "Follow-on medicine after teriparatide",
    ]
    assert Facts(one, assess(one)).holds("builder ended").yes


@pytest.mark.parametrize(
    ("course", "therapy", "longest", "left"),
    [
        (("teriparatide", "2025-03-02", None), "teriparatide", 24.0, 12.0),
        (("teriparatide", "2022-01-01", "2022-07-01"), "abaloparatide", 24.0, 18.0),
        (("teriparatide", "2020-01-01", None), "teriparatide", 24.0, 1.0),
        (("romosozumab", "2025-09-02", None), "romosozumab", 12.0, 6.0),
        (("romosozumab", "2022-01-01", "2023-01-01"), "romosozumab", 12.0, 12.0),
        (("alendronate", "2022-01-01", None), "teriparatide", 24.0, 24.0),
    ],
)
def test_what_is_left_of_a_bone_builder(course: Any, therapy: str, longest: float, left: float) -> None:
    assert months_left(person(-3.2, course), therapy, longest) == left


def test_a_bone_builder_is_projected_for_what_is_left_of_it() -> None:
    one = person(-3.2, ("teriparatide", "2025-03-02", None), history={"fragility_fracture_sites": ["spine", "hip"]})
    regimens = choose(options(one, assess(one)), one).regimens
    assert any(text.startswith("teriparatide:12,") for text in regimens)
    assert not any(text.startswith("teriparatide:24") for text in regimens)


@pytest.mark.parametrize(
    ("before", "months"),
    [
        ("alendronate", "the first 12 months at least"),
        ("zoledronate", "the first 12 months at least"),
        ("raloxifene", ""),
    ],
)
def test_a_bone_builder_after_an_antiresorptive_costs_hip_at_first(before: str, months: str) -> None:
    one = person(-3.2, (before, "2021-06-01", None), history={"fragility_fracture_sites": ["spine", "hip"]})
    for option in options(one, assess(one)):
        if option.therapy in ("teriparatide", "abaloparatide"):
            said = " ".join(option.reasons)
            assert ("after the change to teriparatide" in said) is bool(months)
            assert months in said


def test_the_caution_about_a_bone_builder_after_denosumab_can_be_reached() -> None:
    """No guideline read here puts a builder forward after denosumab; when one does, the caution stands beside it."""
    one = person(-3.2, ("denosumab", "2021-06-01", None))
    assert any("almost 24 months" in text for text in cautions_for(Facts(one, assess(one)), "teriparatide").weigh)
