"""A medicine at another dose or interval than the usual one, within what is plausible."""

from __future__ import annotations

import math
from dataclasses import replace

from osteon.errors import UsageError
from osteon.evidence.therapies import THERAPIES
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import Bolus, Course, Infusion
from osteon.twin.therapies.dose import WORDS, Dose
from osteon.twin.therapies.drug import Build, DrugTherapy

LEAST_SHARE = 0.5
"""The share of the usual interval that has to lie between two doses, and that a medicine has to be given for: a
cautious choice, not a published limit."""

LONGEST_INTERVALS = 10.0
LEAST_DOSE, MOST_DOSE = 0.1, 4.0
"""Doses, relative to the usual one, that are accepted. The trials behind the model lie between a tenth and three and a
half times; the ends are a cautious choice, not published limits."""

LONGEST_TABLET_DAYS = 31.0
"""What is taken daily, weekly or monthly is simulated as its daily share, which holds for up to a month."""


def is_usual(drug: DrugTherapy, dose: Dose) -> bool:
    """Whether a dose that was written out is the usual one; a year and twelve months are the same interval."""
    if drug.amount is None or drug.interval_days is None:
        return False
    same_interval = math.isclose(dose.interval_days, drug.interval_days, rel_tol=0.01)
    return dose.amount == drug.amount and same_interval


def at_dose(drug: DrugTherapy, dose: Dose, text: str) -> DrugTherapy:
    """The medicine as it is given at a dose that was asked for.

    Parameters
    ----------
    drug
        As usually given.
    dose
        What was asked for.
    text
        The whole regimen, for the error.

    Raises
    ------
    UsageError
        The medicine has no dose that could be changed, the unit is another one, or the dose or the interval is out of
        the plausible range.
    """
    if drug.amount is None or drug.interval_days is None:
        cells = THERAPIES[drug.name].hypothetical
        raise UsageError(
            f"{drug.name} has no dose that could be written",
            where=text,
            mend=f"Write {drug.name}" + ("; osteon twin cells takes dose, route and number" if cells else ""),
        )
    if dose.unit != drug.unit:
        raise UsageError(
            f"{dose.unit or 'a bare number'} is not the unit of {drug.name}",
            where=text,
            mend=f"Write it {f'in {drug.unit}' if drug.unit else 'as a share of the usual dose, without a unit'}: "
            f"usual is {drug.how}",
        )
    continuous = isinstance(drug.course(0.0, math.inf), Infusion)
    _check_interval(drug, dose, drug.interval_days, continuous=continuous, text=text)
    share = dose.amount / drug.amount
    usual = drug.amount
    if continuous:
        share *= drug.interval_days / dose.interval_days
        usual *= dose.interval_days / drug.interval_days
    if not LEAST_DOSE - 1e-9 <= share <= MOST_DOSE + 1e-9:
        raise UsageError(
            f"{dose.words} of {drug.name} is not plausible: usual is {drug.how}",
            where=text,
            mend=f"Write an amount from {LEAST_DOSE * usual:.4g} to {MOST_DOSE * usual:.4g} {drug.unit}".rstrip(),
        )
    return replace(
        drug,
        how=dose.words,
        course=_course(drug, dose, share),
        interval_days=None if dose.every is None else dose.interval_days,
    )


def _check_interval(drug: DrugTherapy, dose: Dose, usual_days: float, *, continuous: bool, text: str) -> None:
    shortest, longest = (
        (1.0, LONGEST_TABLET_DAYS) if continuous else (LEAST_SHARE * usual_days, LONGEST_INTERVALS * usual_days)
    )
    if dose.every is None and continuous:
        raise UsageError(
            f"{drug.name} is not given once",
            where=text,
            mend=f"Write how often, for example {drug.name}@{dose.text}/{'d' if usual_days <= 1.0 else 'w'}",
        )
    if dose.every is None or shortest - 1e-6 <= dose.interval_days <= longest + 1e-6:
        return
    unit, per = ("months", DAYS_PER_MONTH) if longest > 2.0 * DAYS_PER_MONTH else ("days", 1.0)
    often = f"{dose.every:g} {WORDS[dose.period]}{'' if dose.every == 1.0 else 's'}"
    raise UsageError(
        f"an interval of {often} between doses of {drug.name} is not plausible: usual is {drug.how}",
        where=text,
        mend=f"Write an interval from {shortest / per:.3g} to {longest / per:.4g} {unit}",
    )


def _course(drug: DrugTherapy, dose: Dose, share: float) -> Build:
    def course(first_day: float, length_days: float) -> Course:
        usual = drug.course(first_day, length_days)
        if isinstance(usual, Infusion):
            return replace(usual, amount_per_day=share * usual.amount_per_day)
        if dose.every is None:
            return Bolus(usual.drug, share * usual.amount, first_day)
        interval = dose.interval_days
        doses = None if math.isinf(length_days) else max(1, math.ceil(length_days / interval - 1e-9))
        return Bolus(usual.drug, share * usual.amount, first_day, interval, doses)

    return course
