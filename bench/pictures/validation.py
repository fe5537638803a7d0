"""The small plots of the validation: every printed number and every digitised arm, the failures first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.pictures.names import KINDS, SITES, arm_name, schedule_name, study_name
from bench.pictures.panels import Line, Mark, Panel
from osteon.twin.osteon_model.published import digitised_curves
from osteon.twin.osteon_model.sites import BMD
from osteon.twin.osteon_model.validate import TOLERANCE
from osteon.twin.osteon_model.validation_curves import ShownCurve

MONTHS = 12.0
CONTROL_TOLERANCE = 0.5


def printed_panels(curves: Iterable[ShownCurve]) -> list[Panel]:
    """Panels of printed numbers: misses first, the worst of them at the very front, then by study."""
    ordered = sorted(curves, key=lambda one: (not one.missed, -abs(one.worst) if one.missed else 0.0, _order(one)))
    return [_printed(one) for one in ordered]


def _order(one: ShownCurve) -> tuple[bool, str, str, str]:
    return (one.observable not in BMD, one.study, one.arm, one.observable)


def _printed(one: ShownCurve) -> Panel:
    tolerance = CONTROL_TOLERANCE if one.role == "control" else TOLERANCE.get(one.observable)
    unit = "points" if one.kind.startswith("difference") else "%"
    if one.observable not in BMD:
        tolerance = None
    where = " ".join(filter(None, (SITES[one.observable], KINDS.get(one.kind, ""))))
    gap = f"{abs(one.worst):.1f} {'points' if one.observable in BMD else '%-points'}"
    side = "too high" if one.worst > 0 else "too low"
    judged = any(point.ok is not None for point in one.points)
    if one.missed:
        verdict = f"MISS: {gap} {side}"
    elif judged:
        verdict = "within"
    else:
        verdict = f"not judged, {gap} {side}"
    return Panel(
        title=study_name(one.study),
        subtitle=f"{where.capitalize() if where[0].islower() else where}: {arm_name(one.arm)}",
        verdict=verdict,
        missed=one.missed,
        lines=[_line(one)],
        marks=[
            Mark(
                point.months / MONTHS,
                point.observed,
                point.low,
                point.high,
                tolerance if point.ok is not None else None,
            )
            for point in one.points
        ],
        unit=unit,
        least_span=4.0,
    )


def _line(one: ShownCurve) -> Line:
    return Line(
        [float(month) / MONTHS for month in one.months],
        one.curve.tolist(),
        one.lower.tolist(),
        one.upper.tolist(),
    )


def digitised_panels(curves: Iterable[ShownCurve], limits: dict[str, float]) -> list[Panel]:
    """Panels of digitised arms, those with the largest error beside the target first.

    ``limits`` holds for each observable the mean error (a share) that the model aims at.
    """

    def share(one: ShownCurve) -> float:
        return (one.error or 0.0) / limits[one.observable]

    return [_digitised(one, share(one) > 1.0) for one in sorted(curves, key=lambda one: (-share(one), _order(one)))]


def _schedules() -> dict[str, str]:
    return {one.arm: schedule_name(one.regimen.name) for one in digitised_curves()}


def _digitised(one: ShownCurve, missed: bool) -> Panel:
    error = 100.0 * (one.error or 0.0)
    digits = 1 if one.observable in BMD else 0
    fitted = "fitted" if one.role == "calibrate" else "not fitted"
    where = SITES[one.observable]
    what = _schedules().get(one.arm) or arm_name(one.arm)
    return Panel(
        title=study_name(one.study),
        subtitle=f"{where.capitalize() if where[0].islower() else where}: {what}",
        verdict=f"{'ABOVE TARGET' if missed else 'within'}: {error:.{digits}f} %, {fitted}",
        missed=missed,
        lines=[_line(one)],
        marks=[
            Mark(point.months / MONTHS, point.observed, point.low, point.high, predicted=point.predicted)
            for point in one.points
        ],
        least_span=4.0,
    )


def counts(panels: Sequence[Panel]) -> str:
    """How many panels are marked, in words."""
    return f"{sum(one.missed for one in panels)} of {len(panels)} marked"
