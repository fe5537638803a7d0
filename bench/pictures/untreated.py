"""Untreated loss as small plots: printed figures between two ages, and the model's course since the first."""

from __future__ import annotations

from collections.abc import Iterable

from bench.pictures.names import SITES, study_name
from bench.pictures.panels import Line, Mark, Panel
from osteon.twin.osteon_model.untreated_curves import WITHIN, UntreatedCurve

MG = "mg/cm²"


def untreated_panels(curves: Iterable[UntreatedCurve]) -> list[Panel]:
    """Panels with a miss first."""
    return [_panel(one) for one in sorted(curves, key=lambda one: (_met(one), one.study, one.observable))]


def _met(one: UntreatedCurve) -> bool:
    return all(figure.ok for figure in one.figures)


def _panel(one: UntreatedCurve) -> Panel:
    ratio = one.unit == "ratio"
    unit = {"mg/cm2": MG}.get(one.unit, one.unit)
    base = 1.0 if ratio else 0.0
    met = sum(figure.ok for figure in one.figures)
    worst = max((figure.predicted - figure.observed for figure in one.figures), key=abs)
    detail = f"{met} of {len(one.figures)} met" if len(one.figures) > 1 else _gap(worst, unit)
    where = SITES[one.observable]
    who = _who(one)
    return Panel(
        title=study_name(one.study),
        subtitle=f"{where.capitalize() if where[0].islower() else where}, {unit}: {who}",
        verdict=f"{'within' if _met(one) else 'MISS'}: {detail}",
        missed=not _met(one),
        lines=[Line(one.ages.tolist(), one.change.tolist())],
        marks=[
            Mark(figure.to_age, figure.observed, figure.low, figure.high, WITHIN * abs(figure.observed - base) or None)
            for figure in one.figures
        ],
        unit="%" if one.unit == "%" else unit,
        x_unit="",
        zero=not ratio,
        ticks=_age_ticks(float(one.ages[0]), float(one.ages[-1])),
    )


def _gap(worst: float, unit: str) -> str:
    shown = "" if unit == "ratio" else f" {unit}"
    return f"{abs(worst):.2g}{shown} too {'high' if worst > 0 else 'low'}"


def _who(one: UntreatedCurve) -> str:
    people = "women" if one.sex == "female" else "men"
    if len(one.figures) > 1:
        return f"{people} by age, cross-section"
    text = one.stratum.replace(">=", "≥ ").replace("F ", "women ", 1) if one.stratum.startswith("F ") else one.stratum
    text = text.replace("M ", "men ", 1) if text.startswith("M ") else text.replace(">=", "≥ ")
    return text if text.startswith(people) else f"{people}, {text}"


def _age_ticks(first: float, last: float) -> list[float]:
    step = next(one for one in (1.0, 2.0, 5.0, 10.0, 20.0) if (last - first) / one <= 4.2)
    start = step * -(-first // step)
    return [start + step * place for place in range(int((last - start) / step + 1e-9) + 1)]
