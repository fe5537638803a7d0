"""How the reference model's curve of each medicine lies beside the trials of that medicine alone.

The mean observed change of total-hip BMD since the start is set beside the mean predicted one, over all arms in which
nothing else had been given and the medicine was still taken. The figures are kept in
``evidence/data/joerg2022_drug_check.csv``; a test computes them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from osteon.evidence.loader import table
from osteon.evidence.therapies import therapy_label
from osteon.twin.published_error import signed
from osteon.twin.trial_changes import TrialChange

CHECK_YEARS = (1.0, 2.0, 3.0, 8.0, 10.0)
NEAR_YEARS = 0.1
"""An observation counts for a year when it lies within five weeks of it."""

CLOSE_POINTS = 0.5
"""A curve within half a percentage point of the trials is called close."""

CHECKED = ("none", "alendronate", "denosumab", "teriparatide", "romosozumab")


@dataclass(frozen=True, slots=True)
class DrugCheck:
    """One medicine (or ``none``) at one time: mean changes in percent of the BMD at the start.

    ``fitted_arms`` of the ``arms`` were used to fit the model.
    """

    therapy: str
    t_years: float
    observed_percent: float
    predicted_percent: float
    arms: int
    fitted_arms: int


def check_drugs(changes: Sequence[TrialChange]) -> tuple[DrugCheck, ...]:
    """The comparison for each medicine alone, at the years for which there are trials."""
    found = []
    for therapy in CHECKED:
        drugs = () if therapy == "none" else (therapy,)
        for year in CHECK_YEARS:
            near = [
                one
                for one in changes
                if one.drugs == drugs and not one.stopped and abs(one.t_years - year) <= NEAR_YEARS
            ]
            if near:
                observed, predicted = (
                    100.0 * float(np.mean([getattr(one, key) for one in near])) for key in ("observed", "predicted")
                )
                fitted = len({one.arm for one in near if one.fitted})
                found.append(DrugCheck(therapy, year, observed, predicted, len({one.arm for one in near}), fitted))
    return tuple(found)


@cache
def drug_checks() -> tuple[DrugCheck, ...]:
    """The comparison as kept in the evidence files."""
    return tuple(
        DrugCheck(
            row["therapy"],
            float(row["t_years"]),
            float(row["observed_percent"]),
            float(row["predicted_percent"]),
            int(row["arms"]),
            int(row["fitted_arms"]),
        )
        for row in table("joerg2022_drug_check.csv")
    )


def check_sentences(therapies: Iterable[str]) -> tuple[str, ...]:
    """One text for each medicine of a regimen: what trials found, what the model says, which way it errs."""
    return tuple(text for name in therapies if (text := _sentence(name)))


@cache
def _sentence(therapy: str) -> str:
    rows = {one.t_years: one for one in drug_checks() if one.therapy == therapy}
    if not rows:
        return ""
    middle = 3.0 if 3.0 in rows else 2.0
    chosen = [rows[year] for year in sorted({min(rows), middle, max(rows)} & set(rows))]
    figures = [
        f"{signed(one.observed_percent)} % after {_years(one.t_years)} (model {signed(one.predicted_percent)} %)"
        for one in chosen
    ]
    low = [one.t_years for one in chosen if one.predicted_percent < one.observed_percent - CLOSE_POINTS]
    high = [one.t_years for one in chosen if one.predicted_percent > one.observed_percent + CLOSE_POINTS]
    wrong = [f"too {word} after {_and(years)}" for word, years in (("low", low), ("high", high)) if years]
    verdict = f"The curve is {' and '.join(wrong)}." if wrong else "The curve is close to these trials."
    if all(one.arms == one.fitted_arms for one in chosen):
        verdict = f"{verdict[:-1]}, all of which were used to fit it."
    return f"{therapy_label(therapy)}: mean hip change in trials {', '.join(figures)}. {verdict}"


def _and(years: Sequence[float]) -> str:
    texts = [f"{year:g}" for year in years[:-1]] + [_years(years[-1])]
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else texts[0]


def _years(number: float) -> str:
    return "1 year" if number == 1.0 else f"{number:g} years"
