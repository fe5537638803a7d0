"""Other doses than the usual ones, as they are written behind a therapy's name."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.care.projection.denosumab_paths import leaves_denosumab_uncovered
from osteon.errors import UsageError
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import Bolus, Course, Infusion
from osteon.twin.osteon_model.project import project_sites
from osteon.twin.osteon_model.regimens import covered, model_regimen
from osteon.twin.therapies.dose import DAYS, Dose, Period, read_dose
from osteon.twin.therapies.grammar import parse_therapy


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("zoledronate@5mg/18m", Bolus("zoledronate", 5.0, 0.0, 18 * DAYS_PER_MONTH, None)),
        ("zoledronate@4 mg / y : 36", Bolus("zoledronate", 4.0, 0.0, 365.0, 3)),
        ("zoledronate@5mg", Bolus("zoledronate", 5.0)),
        ("denosumab@60mg/3m:12", Bolus("denosumab", 60.0, 0.0, 3 * DAYS_PER_MONTH, 4)),
        ("alendronate@10mg/d", Infusion("alendronate", 10.0)),
        ("alendronate@35mg/w:12", Infusion("alendronate", 5.0, 0.0, 365.0)),
        ("teriparatide@40mcg/d", Infusion("teriparatide", 40.0, 0.0, 730.0)),
        ("hormone_therapy@0.5/d", Infusion("hormone_therapy", 0.5)),
    ],
)
def test_doses_are_laid_out(text: str, course: Course) -> None:
    (found,) = model_regimen(text).regimen.courses
    assert type(found) is type(course)
    for field in found.__slots__:
        value, expected = getattr(found, field), getattr(course, field)
        assert value == expected or math.isclose(value, expected, rel_tol=1e-9), field


def test_the_usual_dose_written_out_is_the_usual_dose() -> None:
    for name, drug in covered().items():
        if drug.amount is None or drug.interval_days is None:
            continue
        written = f"{name}@{drug.amount:g}{drug.unit}/{drug.interval_days!r}d"
        (usual,), (found,) = model_regimen(name).regimen.courses, model_regimen(written).regimen.courses
        assert type(found) is type(usual)
        for field in found.__slots__:
            value, expected = getattr(found, field), getattr(usual, field)
            assert value == expected or math.isclose(value, expected, rel_tol=1e-9), (name, field)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("denosumab@60mg/0.1m", "0.1 months between doses of denosumab is not plausible.*from 3 to 60 months"),
        ("denosumab@-60mg/6m", "-60 mg every 6 months of denosumab is not plausible.*from 6 to 240 mg"),
        ("denosumab@0mg/6m", "from 6 to 240 mg"),
        ("denosumab@60ug/6m", "ug is not the unit of denosumab. Write it in mg"),
        ("denosumab@60/6m", "a bare number is not the unit of denosumab"),
        ("zoledronate@50mg/12m", "from 0.5 to 20 mg"),
        ("alendronate@1000mg/w", "from 7 to 280 mg"),
        ("alendronate@1000mg/d", "from 1 to 40 mg"),
        ("alendronate@70mg", "not given once. Write how often, for example alendronate@70mg/w"),
        ("alendronate@70mg/6m", "from 1 to 31 days"),
        ("exercise@2/d", "exercise has no dose that could be written"),
        ("msc_marrow@1e9", "osteon twin cells takes dose, route and number"),
        ("zoledronate@", "'' is not a dose"),
        ("zoledronate@5mg/fortnight", "is not a dose. Write the amount and the interval"),
        ("zoledronate@5.5.5mg", "is not a dose"),
        ("zoledronate@5mg:3,zoledronate", "3 months after the dose before it"),
    ],
)
def test_an_impossible_dose_is_refused_with_what_to_write(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        model_regimen(text)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("zoledronate@5mg/18m:36", "Zoledronate (5 mg every 18 months) for 36 months, then nothing"),
        ("zoledronate@5mg", "Zoledronate (5 mg once)"),
        (
            "exercise+alendronate@35mg/w",
            "Resistance and impact exercise with alendronate (35 mg every week), continued",
        ),
        ("teriparatide@40ug/d", "Teriparatide (40 µg every day) for 24 months, then nothing"),
    ],
)
def test_a_label_and_a_note_say_the_dose(text: str, label: str) -> None:
    built = model_regimen(text)
    assert built.plan.label == label
    assert any("is given as" in note and "usual is" in note for note in built.notes)


@pytest.mark.parametrize(
    "text", ["zoledronate@5mg/y", "zoledronate@5mg/12m", "denosumab@60mg/6m", "alendronate@70mg/w"]
)
def test_the_usual_dose_written_out_needs_no_note(text: str) -> None:
    assert not any("is given as" in note for note in model_regimen(text).notes)


@given(
    st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.12g}")),
    st.sampled_from(["", "mg", "ug"]),
    st.none() | st.floats(1e-3, 1e4).map(lambda value: float(f"{value:.12g}")),
    st.sampled_from(list(DAYS)),
)
def test_a_dose_is_read_back_as_written(amount: float, unit: str, every: float | None, period: Period) -> None:
    dose = Dose(amount, unit, every, period if every is not None else "m")
    assert read_dose(dose.text, "test") == dose


def test_less_medicine_does_less_and_a_dose_more_often_does_more() -> None:
    texts = ["alendronate@35mg/w", "alendronate", "zoledronate@5mg", "zoledronate@5mg/18m", "zoledronate"]
    hip = {one.therapy: one.relative[-1] for one in project_sites(65, texts, years=6) if one.site == "total_hip"}
    assert hip["alendronate@35mg/w"] < hip["alendronate"]
    assert hip["zoledronate@5mg"] < hip["zoledronate@5mg/18m"] < hip["zoledronate"]


@pytest.mark.parametrize(
    ("text", "uncovered"),
    [
        ("denosumab@60mg/6m", False),
        ("denosumab@60mg/7m", False),
        ("denosumab@60mg/12m", True),
        ("denosumab@60mg", True),
        ("denosumab@60mg/12m+alendronate", False),
        ("denosumab@60mg:6,alendronate", False),
    ],
)
def test_denosumab_that_wears_off_between_injections_is_not_safe(text: str, uncovered: bool) -> None:
    assert leaves_denosumab_uncovered(parse_therapy(text)) is uncovered
