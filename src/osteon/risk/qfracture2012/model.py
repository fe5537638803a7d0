# SPDX-License-Identifier: LGPL-3.0-or-later
# A work based on QFracture-2012, Copyright 2012 ClinRisk Ltd. See NOTICE and LICENSE in this folder.
"""The four equations of QFracture-2012, read from ``coefficients.csv``.

For a woman or a man, and for major osteoporotic or hip fracture::

    a       = sum of coefficient * (age/10)^power [* ln(age/10)]  - centre, over the age terms
            + the same over the terms in BMI/10
            + one number for each category (alcohol, ethnicity, smoking)
            + one number for each diagnosis or medicine that is present
    percent = 100 * (1 - S0(horizon) ^ exp(a))

``S0`` is the baseline share of people without fracture after that many years. There are no interaction terms.
Equation and numbers: ClinRisk's C code, files ``Q74_qfracture4_2012_2_*.c`` and ``Q74_qnof_2012_2_*.c``; the study is
Hippisley-Cox and Coupland, BMJ 2012;344:e3427.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import dropwhile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.person import Sex
from osteon.risk.result import Outcome

CATEGORY_INPUTS = ("alcohol_cat6", "ethrisk", "smoke_cat")


@dataclass(frozen=True, slots=True)
class Polynomial:
    """One fractional-polynomial term: ``coefficient * (x^power [* ln x] - centre)`` with x = input / 10."""

    input: str
    power: float
    times_log: bool
    centre: float
    coefficient: float


@dataclass(frozen=True, slots=True)
class Model:
    """One of the four models.

    Attributes
    ----------
    baseline_survival
        S0 by horizon in years; index 0 is the start, with nobody fractured.
    polynomials
        The terms in age (completed years) and BMI (kg/m²).
    categories
        For each category input, the coefficient by level (levels start at 0).
    flags
        For each diagnosis or medicine, its coefficient.
    """

    baseline_survival: NDArray[np.float64]
    polynomials: tuple[Polynomial, ...]
    categories: Mapping[str, NDArray[np.float64]]
    flags: Mapping[str, float]

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of all inputs that this model uses."""
        return ("age", "bmi", *self.categories, *self.flags)


@cache
def read_table(file_name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a data file in this folder, without the comment lines on top."""
    text = files("osteon.risk.qfracture2012").joinpath(file_name).read_text(encoding="utf-8")
    lines = dropwhile(lambda line: line.startswith("#"), text.splitlines(keepends=True))
    return tuple(csv.DictReader(lines))


def _levels(rows: Iterable[Mapping[str, str]]) -> NDArray[np.float64]:
    """Numbers by level; a level that the table lacks (ethnicity 0, horizon 0) gets zero and is never reached."""
    by_level = {int(row["level"]): float(row["value"]) for row in rows}
    return np.array([by_level.get(level, 0.0) for level in range(max(by_level) + 1)])


def _polynomial(rows: Iterable[Mapping[str, str]], term: str) -> Polynomial:
    parts = {row["kind"]: float(row["value"]) for row in rows if row["term"] == term}
    return Polynomial(
        input=term.partition("_")[0],
        power=parts["power"],
        times_log=parts["times_log"] == 1,
        centre=parts["centre"],
        coefficient=parts["coefficient"],
    )


@cache
def model(sex: Sex, outcome: Outcome) -> Model:
    """The model for one sex and outcome."""
    rows = [row for row in read_table("coefficients.csv") if row["sex"] == sex and row["outcome"] == outcome]
    survival = _levels(row for row in rows if row["kind"] == "baseline_survival")
    survival[0] = 1.0
    return Model(
        baseline_survival=survival,
        polynomials=tuple(_polynomial(rows, row["term"]) for row in rows if row["kind"] == "power"),
        categories={
            name: _levels(row for row in rows if row["kind"] == "category" and row["term"] == name)
            for name in CATEGORY_INPUTS
        },
        flags={row["term"]: float(row["value"]) for row in rows if row["kind"] == "flag"},
    )


@cache
def limits() -> Mapping[str, tuple[float, float]]:
    """Lowest and highest value that the original code accepts, by input; ``horizon`` is in years."""
    rows = read_table("coefficients.csv")
    lowest = {row["term"]: float(row["value"]) for row in rows if row["kind"] == "lowest"}
    highest = {row["term"]: float(row["value"]) for row in rows if row["kind"] == "highest"}
    return {term: (lowest[term], highest[term]) for term in lowest}


def percent(one: Model, values: Mapping[str, ArrayLike], horizon_years: ArrayLike) -> NDArray[np.float64]:
    """Risk of fracture in percent, for one person or for arrays of people.

    Parameters
    ----------
    one
        The model of one sex and outcome.
    values
        Every input of the model, by name: numbers or arrays whose shapes broadcast. All must lie inside
        :func:`limits`; this function does not check.
    horizon_years
        Whole years from now, 1 to 18.

    Returns
    -------
    numpy.ndarray
        Percent, in the broadcast shape of the inputs.
    """
    total: NDArray[np.float64] = np.zeros(())
    for term in one.polynomials:
        x = np.asarray(values[term.input], dtype=np.float64) / 10
        curve = x**term.power * np.log(x) if term.times_log else x**term.power
        total = total + term.coefficient * (curve - term.centre)
    for name, by_level in one.categories.items():
        total = total + by_level[np.asarray(values[name], dtype=np.intp)]
    for name, coefficient in one.flags.items():
        total = total + coefficient * np.asarray(values[name], dtype=np.float64)
    baseline = one.baseline_survival[np.asarray(horizon_years, dtype=np.intp)]
    # 1 - S0^x, written so that a small risk keeps all its digits
    return np.asarray(-100 * np.expm1(np.exp(total) * np.log(baseline)))
