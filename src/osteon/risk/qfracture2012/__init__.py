# SPDX-License-Identifier: LGPL-3.0-or-later
# A work based on QFracture-2012, Copyright 2012 ClinRisk Ltd. See NOTICE and LICENSE in this folder.
"""QFracture-2012: the risk of a fracture within 1 to 18 years, from age, habits, diagnoses and medicines.

It was built on the records of British general practices, for women and men of 30 to 100 years. It does not know
bone density. Every number must be shown together with :data:`DISCLAIMER`.

* :func:`from_person` answers for a person's record;
* :func:`risk_percent` answers for :class:`Inputs` given one by one;
* :func:`risk_percent_many` answers for arrays of people.
"""

from __future__ import annotations

from itertools import product
from typing import Any, get_args

from osteon.person import Person
from osteon.risk.qfracture2012.inputs import Inputs, outside_ranges, range_problems, risk_percent, risk_percent_many
from osteon.risk.qfracture2012.model import limits, model
from osteon.risk.qfracture2012.record import Reading, read_record
from osteon.risk.reading import listed
from osteon.risk.result import FractureRisk, Outcome

TOOL = "QFracture-2012"

DISCLAIMER = (
    "QFracture-2012, copyright 2012 ClinRisk Ltd., here in a rewritten form under the GNU Lesser General Public "
    "License. Its licence asks for this disclaimer beside every score: "
    "“The initial version of this file, to be found at http://svn.clinrisk.co.uk/qfracture, faithfully implements "
    "QFracture-2012. We have released this code under the GNU Lesser General Public License to enable others to "
    "implement the algorithm faithfully. However, the nature of the GNU Lesser General Public License is such that we "
    "cannot prevent, for example, someone altering the coefficients. We stress, therefore, that it is the "
    "responsibility of the end user to check that the source that they receive produces the same results as the "
    "original code posted at http://svn.clinrisk.co.uk/qfracture. Inaccurate implementations of risk scores can lead "
    "to wrong patients being given the wrong treatment.”"
)

# The meaning of the category numbers was also checked against the evidence row qrisk2_manual_page; it stands in the
# notes of the evidence and is not a source of the score.
SOURCES = ("clinrisk2012_qfracture_code", "hippisleycox2012_qfracture", "endeavour_ep_models")


def from_person(person: Person, horizon_years: int = 10) -> tuple[FractureRisk, ...]:
    """QFracture-2012 for a person: major osteoporotic fracture, then hip fracture.

    Age, height, weight, smoking and alcohol must be recorded. Diagnoses and medicines that are not recorded count as
    absent and an ethnicity that is not recorded as white, as in the records on which the tool was built; each is
    listed in ``inputs_missing``. Where the record fits several of the tool's categories, ``percent`` is none and
    ``percent_range`` holds what it allows. Outside the tool's ranges there is no number, and the reason says so.

    Parameters
    ----------
    person
        The record.
    horizon_years
        1 to 18 whole years from now.
    """
    readings = read_record(person)
    return tuple(_one_outcome(person, readings, outcome, horizon_years) for outcome in get_args(Outcome))


_FIELDS = {"age": "age_years", "horizon": "horizon_years"}
"""What the record calls inputs that have a range."""


def _one_outcome(
    person: Person, all_readings: dict[str, Reading], outcome: Outcome, horizon_years: int
) -> FractureRisk:
    readings = {name: all_readings[name] for name in model(person.sex, outcome).inputs}
    missing = tuple(dict.fromkeys(field for one in readings.values() for field in one.missing))
    percent, percent_range, reason, outside = _answer(person, readings, missing, outcome, horizon_years)
    return FractureRisk(
        tool=TOOL,
        outcome=outcome,
        horizon_years=horizon_years,
        percent=percent,
        percent_range=percent_range,
        inputs_missing=missing,
        reason=reason,
        notice=DISCLAIMER,
        sources=SOURCES,
        outside=tuple(_FIELDS.get(name, name) for name in outside),
    )


def _answer(
    person: Person, readings: dict[str, Reading], missing: tuple[str, ...], outcome: Outcome, horizon_years: int
) -> tuple[float | None, tuple[float, float] | None, str, tuple[str, ...]]:
    """Percent, range, reason and what lies outside the tool's ranges; at most one of the first two is filled."""
    needed = tuple(field for one in readings.values() if not one.values for field in one.missing)
    if needed:
        verb = "is" if len(needed) == 1 else "are"
        return None, None, f"{TOOL} gives no answer while {listed(needed)} {verb} not recorded.", ()
    choices = [_inputs(person, dict(zip(readings, combination, strict=True))) for combination in _fits(readings)]
    problems = range_problems(choices[0], outcome, horizon_years)
    if problems:
        return (
            None,
            None,
            f"{TOOL} does not answer outside its ranges: {'; '.join(problems)}.",
            outside_ranges(choices[0], outcome, horizon_years),
        )
    percents = [risk_percent(choice, outcome, horizon_years) for choice in choices]
    low, high = min(percents), max(percents)
    if low == high:
        return low, None, _what_was_assumed(missing), ()
    undecided = tuple(field for one in readings.values() if len(one.values) > 1 for field in one.missing)
    open_choice = (
        f"{TOOL} needs more detail than the record has in {listed(undecided)}; what is recorded allows "
        f"{low:.2f} % to {high:.2f} %."
    )
    assumed = tuple(field for field in missing if field not in undecided)
    return None, (low, high), f"{open_choice} {_what_was_assumed(assumed, 'other ')}".strip(), ()


def _fits(readings: dict[str, Reading]) -> product[tuple[float, ...]]:
    """Every combination of values that fits the record."""
    return product(*(one.values for one in readings.values()))


def _inputs(person: Person, values: dict[str, Any]) -> Inputs:
    return Inputs(sex=person.sex, **values)


def _what_was_assumed(missing: tuple[str, ...], other: str = "") -> str:
    """How many inputs were not recorded; that they add nothing is said once for all tools, where results are shown."""
    if not missing:
        return ""
    were = f"1 {other}input was" if len(missing) == 1 else f"{len(missing)} {other}inputs were"
    white = "; an unrecorded ethnicity counts as white" if "ethnicity" in missing else ""
    return f"{were} not recorded{white}."


__all__ = [
    "DISCLAIMER",
    "SOURCES",
    "TOOL",
    "Inputs",
    "from_person",
    "limits",
    "range_problems",
    "risk_percent",
    "risk_percent_many",
]
