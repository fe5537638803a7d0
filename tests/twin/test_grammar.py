"""Regimens as they are written."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.errors import ModelError, OsteonError, UsageError
from osteon.evidence.therapies import THERAPIES
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import Bolus, Infusion
from osteon.twin.osteon_model.regimens import covered, model_regimen
from osteon.twin.reference.coverage import reference_regimen
from osteon.twin.therapies.grammar import Phase, TherapyPlan, parse_therapy

SIX_MONTHS = 6 * DAYS_PER_MONTH


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("none", [(("none",), None)]),
        ("denosumab:24,zoledronate:12", [(("denosumab",), 24.0), (("zoledronate",), 12.0)]),
        ("exercise+alendronate", [(("exercise", "alendronate"), None)]),
        (" Denosumab : 24 , Calcium-Vitamin D ", [(("denosumab",), 24.0), (("calcium_vitamin_d",), None)]),
        ("denosumab+teriparatide:18.5,none", [(("denosumab", "teriparatide"), 18.5), (("none",), None)]),
        ("zoledronate:1200", [(("zoledronate",), 1200.0)]),
    ],
)
def test_regimens_are_read(text: str, phases: list[tuple[tuple[str, ...], float | None]]) -> None:
    assert parse_therapy(text) == TherapyPlan(tuple(Phase(*phase) for phase in phases))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no therapy is named"),
        ("denosumb", "Did you mean denosumab"),
        ("zolendronate:12", "Did you mean zoledronate"),
        ("xyzzy", "Known: none, stop_smoking"),
        ("alendronate:0", "0 months is not possible. Write a number of months above 0 and up to 1200"),
        ("alendronate:-3", "-3 months is not possible"),
        ("alendronate:1201", "1201 months is not possible"),
        ("alendronate:nan", "nan months is not possible"),
        ("alendronate:inf", "inf months is not possible"),
        ("alendronate:", "is not a number of months"),
        ("alendronate:two", "'two' is not a number of months"),
        ("alendronate:1:2", "is not a number of months"),
        ("alendronate+alendronate", "alendronate stands twice in one combination"),
        ("none+alendronate", "none cannot be combined"),
        ("alendronate,denosumab", "alendronate is followed by another therapy and has no duration"),
        ("alendronate:12,,denosumab", "a therapy's name is missing"),
        ("alendronate+", "a therapy's name is missing"),
    ],
)
def test_slips_are_refused_with_what_to_write_instead(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_therapy(text)
    assert caught.value.exit_code == 2
    assert caught.value.mend


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        plan = parse_therapy(text)
    except OsteonError as error:
        said = str(error)
    else:
        said = plan.text
        assert parse_therapy(said) == plan
    assert said


@given(
    st.lists(
        st.tuples(
            st.lists(
                st.sampled_from([name for name in THERAPIES if name != "none"]), min_size=1, max_size=3, unique=True
            ),
            st.floats(0.01, 1200.0),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_is_read_back(phases: list[tuple[list[str], float]]) -> None:
    text = ",".join("+".join(names) + f":{months!r}" for names, months in phases)
    plan = parse_therapy(text)
    assert [(list(phase.therapies), phase.months) for phase in plan.phases] == phases


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("none", "No treatment"),
        ("none:12", "No treatment"),
        ("alendronate", "Alendronate, continued"),
        ("alendronate:60", "Alendronate for 60 months, then nothing"),
        ("teriparatide", "Teriparatide for 24 months, then nothing"),
        ("romosozumab", "Romosozumab for 12 months, then nothing"),
        ("romosozumab:1", "Romosozumab for 1 month, then nothing"),
        ("denosumab:24,none", "Denosumab for 24 months, then nothing"),
        ("denosumab:24,alendronate", "Denosumab for 24 months, then alendronate"),
        ("romosozumab,alendronate:36", "Romosozumab for 12 months, then alendronate for 36 months, then nothing"),
        ("none:12,denosumab", "Nothing for 12 months, then denosumab"),
        ("teriparatide+denosumab", "Teriparatide for 24 months with denosumab, continued"),
        ("teriparatide+denosumab:24", "Teriparatide with denosumab for 24 months, then nothing"),
    ],
)
def test_a_label_says_how_long(text: str, label: str) -> None:
    assert reference_regimen(text).plan.label == label


@pytest.mark.parametrize(
    ("text", "courses"),
    [
        ("none", ()),
        ("alendronate", (Bolus("alendronate", 70.0, 0.0, 7.0, None),)),
        ("denosumab", (Bolus("denosumab", 60.0, 0.0, SIX_MONTHS, None),)),
        ("denosumab:24", (Bolus("denosumab", 60.0, 0.0, SIX_MONTHS, 4),)),
        ("denosumab:25", (Bolus("denosumab", 60.0, 0.0, SIX_MONTHS, 5),)),
        ("romosozumab", (Bolus("romosozumab", 210.0, 0.0, DAYS_PER_MONTH, 12),)),
        ("teriparatide", (Infusion("teriparatide", 20.0, 0.0, 730.0),)),
        (
            "romosozumab,denosumab",
            (
                Bolus("romosozumab", 210.0, 0.0, DAYS_PER_MONTH, 12),
                Bolus("denosumab", 60.0, 365.0, SIX_MONTHS, None),
            ),
        ),
        (
            "alendronate:12,none:6,denosumab",
            (Bolus("alendronate", 70.0, 0.0, 7.0, 53), Bolus("denosumab", 60.0, 547.5, SIX_MONTHS, None)),
        ),
        ("teriparatide:12,teriparatide:6", (Infusion("teriparatide", 20.0, 0.0, 547.5),)),
    ],
)
def test_doses_are_laid_out_as_licensed(text: str, courses: tuple[Bolus | Infusion, ...]) -> None:
    found = reference_regimen(text).regimen.courses
    assert len(found) == len(courses)
    for one, other in zip(found, courses, strict=True):
        assert type(one) is type(other)
        for field in one.__slots__:
            expected = getattr(other, field)
            value = getattr(one, field)
            assert value == expected or math.isclose(value, expected, rel_tol=1e-12), (text, field)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("denosumab:0.1", "denosumab cannot be given for 0.1 months.*every 6 months. Write 3 to 1200 months"),
        ("denosumab:0.1,denosumab:0.1", "Write 3 to 1200 months"),
        ("exercise+denosumab:1", "denosumab cannot be given for 1 month:.*Write 3 to 1200 months"),
        ("zoledronate:1,alendronate", "Write 6 to 1200 months"),
        ("ibandronate:0.4", "Write 0.5 to 1200 months"),
        ("romosozumab:0.4", "Write 0.5 to 12 months"),
        ("alendronate:0.1", "once a week. Write 0.116 to 1200 months"),
        ("risedronate:0.1", "every week. Write 0.116 to 1200 months"),
        ("teriparatide:0.01", "every day.*Write 0.017 to 24 months"),
        ("denosumab:6,denosumab:7,denosumab", "denosumab would be given 1 month after the dose before it"),
    ],
)
def test_less_than_a_dose_lasts_is_refused_with_the_range(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        model_regimen(text)


def test_every_medicine_that_is_dosed_has_a_shortest_length_and_that_is_accepted() -> None:
    for name, drug in covered().items():
        if drug.interval_days is None:
            continue
        with pytest.raises(UsageError, match="cannot be given for") as caught:
            model_regimen(f"{name}:{0.49 * drug.interval_days / DAYS_PER_MONTH!r}")
        shortest = str(caught.value.mend).split()[1]
        assert model_regimen(f"{name}:{shortest}").regimen.courses


def test_licensed_lengths_are_told() -> None:
    assert "stops after 24 months" in reference_regimen("teriparatide").notes[0]
    assert "stops after 12 months" in reference_regimen("romosozumab").notes[0]
    assert "licensed for 12 months; 24 months were asked for" in reference_regimen("romosozumab:24").notes[0]
    assert "licensed for 24 months; 30 months" in reference_regimen("teriparatide:12,teriparatide:18").notes[0]
    assert reference_regimen("denosumab").notes == ()


def test_what_the_reference_model_does_not_cover_is_an_error_of_the_model() -> None:
    with pytest.raises(ModelError, match="does not cover zoledronate, exercise") as caught:
        reference_regimen("zoledronate:12,exercise+alendronate")
    assert caught.value.exit_code == 4
    assert "alendronate, denosumab, teriparatide, romosozumab" in caught.value.mend
