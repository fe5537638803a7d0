# SPDX-License-Identifier: LGPL-3.0-or-later
# A work based on QFracture-2012, Copyright 2012 ClinRisk Ltd. See NOTICE and LICENSE in this folder.
"""The inputs of QFracture-2012, their ranges, and the risk for one person or for many.

Names are those of the original code, so that the two can be compared line by line. What lies outside the ranges is
refused, as the original refuses it; nothing is clamped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.errors import ModelError, UsageError
from osteon.person import Sex
from osteon.risk.qfracture2012.model import limits, model, percent
from osteon.risk.result import Outcome

if TYPE_CHECKING:
    MaskedPercent = np.ma.MaskedArray[Any, np.dtype[np.float64]]

_WORDS = {
    "age": "age in completed years",
    "bmi": "body mass index in kg/m²",
    "alcohol_cat6": "alcohol category",
    "ethrisk": "ethnicity category",
    "smoke_cat": "smoking category",
    "horizon": "horizon in whole years",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What QFracture-2012 asks about one person.

    A diagnosis or medicine left out counts as absent and an ethnicity left out as "white or not recorded", because
    that is how the tool read the medical records on which it was built.

    Attributes
    ----------
    sex
        Which pair of models applies.
    age
        Completed years, 30 to 100.
    bmi
        kg/m², 20 to 40.
    alcohol_cat6
        0 none; 1 below 1 unit a day; 2 1-2; 3 3-6; 4 7-9; 5 above 9 (a UK unit is 8 g of alcohol).
    smoke_cat
        0 non-smoker; 1 ex-smoker; 2 below 10 cigarettes a day; 3 10-19; 4 20 or more.
    ethrisk
        1 white or not recorded; 2 Indian; 3 Pakistani; 4 Bangladeshi; 5 other Asian; 6 Black Caribbean;
        7 Black African; 8 Chinese; 9 other.
    b_antidepressant, b_anycancer, b_asthmacopd, b_corticosteroids, b_cvd, b_dementia, b_falls, b_liver, b_parkinsons
        As named; corticosteroids are tablets prescribed at least twice in the last six months.
    b_carehome
        Lives in a nursing or care home (men only).
    b_endocrine
        Thyrotoxicosis, hyperparathyroidism or Cushing's syndrome (women only).
    b_epilepsy2
        Epilepsy, or takes anticonvulsants.
    b_fracture4
        Has had a fracture of wrist, spine, hip or shoulder.
    b_hrt_oest
        Takes oestrogen-only hormone therapy (women only; the one input that lowers the risk).
    b_malabsorption
        Crohn's disease, ulcerative colitis, coeliac disease, steatorrhoea or blind loop (not in the hip models).
    b_ra_sle
        Rheumatoid arthritis or systemic lupus.
    b_renal
        Chronic kidney disease, stage 4 or 5.
    b_type1, b_type2
        Diabetes of that type.
    fh_osteoporosis
        A parent had osteoporosis or a hip fracture (not in the hip model for women).
    """

    sex: Sex
    age: int
    bmi: float
    alcohol_cat6: int
    smoke_cat: int
    ethrisk: int = 1
    b_antidepressant: bool = False
    b_anycancer: bool = False
    b_asthmacopd: bool = False
    b_carehome: bool = False
    b_corticosteroids: bool = False
    b_cvd: bool = False
    b_dementia: bool = False
    b_endocrine: bool = False
    b_epilepsy2: bool = False
    b_falls: bool = False
    b_fracture4: bool = False
    b_hrt_oest: bool = False
    b_liver: bool = False
    b_malabsorption: bool = False
    b_parkinsons: bool = False
    b_ra_sle: bool = False
    b_renal: bool = False
    b_type1: bool = False
    b_type2: bool = False
    fh_osteoporosis: bool = False


def _acceptable(name: str, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which values the original code accepts: inside the range, whole where it takes a whole number, never NaN."""
    if name not in limits():
        return np.asarray((values == 0) | (values == 1), dtype=np.bool_)
    low, high = limits()[name]
    whole = np.asarray(name == "bmi") | (values == np.floor(values))
    return np.asarray((values >= low) & (values <= high) & whole, dtype=np.bool_)


def range_problems(inputs: Inputs, outcome: Outcome, horizon_years: int) -> tuple[str, ...]:
    """What keeps the tool from answering, one sentence without full stop for each input; empty when nothing does.

    As in the original, only the inputs that the model of this sex and outcome uses are looked at.
    """
    given = _given(inputs, horizon_years)
    problems = []
    for name in outside_ranges(inputs, outcome, horizon_years):
        number = given[name]
        word = _WORDS.get(name, name)
        low, high = limits().get(name, (0, 1))
        shown = f"{number:.1f}" if isinstance(number, float) and round(number, 1) not in (low, high) else f"{number}"
        problems.append(f"the {word} must be {low:g} to {high:g}, and is {shown}")
    return tuple(problems)


def outside_ranges(inputs: Inputs, outcome: Outcome, horizon_years: int) -> tuple[str, ...]:
    """The names of the inputs that keep the tool from answering; empty when none does."""
    given = _given(inputs, horizon_years)
    used = (*model(inputs.sex, outcome).inputs, "horizon")
    return tuple(name for name in used if not _acceptable(name, np.asarray(given[name], dtype=np.float64)).all())


def _given(inputs: Inputs, horizon_years: int) -> dict[str, Any]:
    return {**asdict(inputs), "horizon": horizon_years}


def risk_percent(inputs: Inputs, outcome: Outcome, horizon_years: int = 10) -> float:
    """Risk of a first fracture within the horizon, in percent.

    Parameters
    ----------
    inputs
        The person.
    outcome
        ``major_osteoporotic`` (hip, spine, wrist or shoulder) or ``hip``.
    horizon_years
        1 to 18 whole years.

    Raises
    ------
    ModelError
        An input lies outside the range for which the tool was released.
    """
    problems = range_problems(inputs, outcome, horizon_years)
    if problems:
        raise ModelError("; ".join(problems), where="QFracture-2012")
    return float(percent(model(inputs.sex, outcome), asdict(inputs), horizon_years))


def risk_percent_many(
    sex: Sex, outcome: Outcome, columns: Mapping[str, ArrayLike], horizon_years: ArrayLike = 10
) -> MaskedPercent:
    """The same for many people of one sex at once.

    Parameters
    ----------
    sex, outcome
        Which of the four models.
    columns
        Inputs by the names of :class:`Inputs`: numbers or arrays whose shapes broadcast. Age, BMI, alcohol and
        smoking must be there; what else is left out counts as in :class:`Inputs`. Inputs that this model does not use
        are allowed and ignored, as in the original.
    horizon_years
        1 to 18 whole years; a number or an array.

    Returns
    -------
    numpy.ma.MaskedArray
        Percent in the broadcast shape. People outside the ranges are masked: the tool refuses them.

    Raises
    ------
    UsageError
        A needed column is missing, or one has a name that the tool does not know.
    """
    fields = Inputs.__dataclass_fields__
    unknown = sorted(set(columns) - set(fields))
    if unknown:
        raise UsageError(f"QFracture-2012 has no input called {', '.join(unknown)}", where="columns")
    absent = [name for name in ("age", "bmi", "alcohol_cat6", "smoke_cat") if name not in columns]
    if absent:
        raise UsageError(f"the columns lack {', '.join(absent)}", where="columns")
    one = model(sex, outcome)
    used: dict[str, NDArray[np.float64]] = {
        name: np.asarray(columns.get(name, fields[name].default), dtype=np.float64) for name in one.inputs
    }
    used["horizon"] = np.asarray(horizon_years, dtype=np.float64)
    accepted = {name: _acceptable(name, values) for name, values in used.items()}
    # A refused value is put at the lower end of its range for the arithmetic only: its person is masked below.
    safe = {name: np.where(accepted[name], values, limits().get(name, (0, 1))[0]) for name, values in used.items()}
    answered = np.logical_and.reduce(np.broadcast_arrays(*accepted.values()))
    risk = percent(one, safe, safe["horizon"])
    return np.ma.masked_array(np.where(answered, risk, 0.0), mask=~answered)
