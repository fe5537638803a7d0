"""What both readers' reports share."""

from __future__ import annotations

from osteon.care.projection import project_person
from osteon.person import Person
from osteon.report.risks import far_apart, outlooks, risk_rows, unscored
from osteon.report.words import beside_curves, runs
from osteon.risk.result import FractureRisk, Outcome

from .fixtures import SCREENING


def answer(
    tool: str,
    percent: float | None,
    *,
    outcome: Outcome = "hip",
    horizon: int = 10,
    span: tuple[float, float] | None = None,
) -> FractureRisk:
    return FractureRisk(
        tool=tool,
        outcome=outcome,
        horizon_years=horizon,
        percent=percent,
        inputs_missing=(),
        reason="" if percent else "Cannot go on without history.smoking and weight_kg",
        notice="",
        sources=(),
        percent_range=span,
    )


def test_an_outlook_spans_what_the_tools_say() -> None:
    (one,) = outlooks([answer("A", 1.9), answer("B", 3.2), answer("C", None)])
    assert one.span == (1.9, 3.2)
    assert one.tools == ("A", "B")


def test_a_tools_own_range_counts() -> None:
    (one,) = outlooks([answer("A", None, span=(2.0, 4.0)), answer("B", 3.0)])
    assert one.span == (2.0, 4.0)


def test_other_horizons_are_not_mixed_in() -> None:
    (one,) = outlooks([answer("A", 2.0), answer("B", 9.0, horizon=18)])
    assert one.span == (2.0, 2.0)


def test_tools_are_far_apart_from_threefold_on_and_not_over_next_to_nothing() -> None:
    assert far_apart([answer("A", 2.5), answer("B", 37.5)])
    assert not far_apart([answer("A", 1.7), answer("B", 4.0)])
    assert not far_apart([answer("A", 0.1), answer("B", 0.9)])
    assert not far_apart([answer("A", None, span=(1.0, 9.0))])


def test_what_is_unsafe_on_several_paths_is_said_once_with_their_names() -> None:
    on_denosumab = Person.model_validate(
        {
            "sex": "female",
            "age_years": 66,
            "treatments": [{"therapy": "denosumab", "start": "2022-01-10"}],
            "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -2.1}]}],
        }
    )
    curves = project_person(on_denosumab, ["none", "exercise", "alendronate"], years=5)
    unsafe = [one for one in beside_curves(curves) if "not safe" in one]
    assert len(unsafe) == 1
    assert unsafe[0].startswith("No treatment; Resistance and impact exercise, continued: these paths end")


def test_without_an_answer_there_is_no_outlook() -> None:
    assert outlooks([answer("A", None)]) == ()


def test_rows_put_both_outcomes_of_a_tool_side_by_side() -> None:
    rows = risk_rows([answer("A", 13.4, outcome="major_osteoporotic"), answer("A", 1.87), answer("B", None)])
    assert [(row.tool, row.major_osteoporotic, row.hip) for row in rows] == [("A", "13.4 %", "1.9 %"), ("B", "–", "–")]
    assert rows[1].reason == "Cannot go on without smoking and weight."


def test_tools_that_could_not_be_scored_are_named_with_what_they_lack() -> None:
    assert unscored(SCREENING) == "Not scored (menopausal hormone therapy not recorded): ORAI."
    assert unscored(SCREENING[:1]) == ""


def test_runs_of_source_numbers() -> None:
    assert runs([]) == ""
    assert runs([3]) == "3"
    assert runs([5, 1, 2]) == "1, 2, 5"
    assert runs([1, 2, 3, 5, 7, 8, 9, 10, 12]) == "1–3, 5, 7–10, 12"
