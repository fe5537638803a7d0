"""A dose other than the usual one, as it is written: ``5mg/18m``, ``35mg/w``, ``40ug/d``, or ``5mg`` for a single dose.

::

    dose = amount [ unit ] [ "/" [ number ] period ]        period = d, w, m or y
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, cast

from osteon.errors import UsageError
from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR

Period = Literal["d", "w", "m", "y"]

DAYS: dict[Period, float] = {"d": 1.0, "w": 7.0, "m": DAYS_PER_MONTH, "y": DAYS_PER_YEAR}
WORDS: dict[Period, str] = {"d": "day", "w": "week", "m": "month", "y": "year"}
UNITS = {"": "", "mg": "mg", "ug": "ug", "µg": "ug", "μg": "ug", "mcg": "ug"}
"""The units that may be written, and what each means."""

_DOSE = re.compile(
    r"(?P<amount>[-+]?[\d.]+(e-?\d+)?)\s*(?P<unit>[a-zµμ]*)\s*(/\s*(?P<every>[-+]?[\d.]*)\s*(?P<period>[dwmy]))?"
)


@dataclass(frozen=True, slots=True)
class Dose:
    """So much each time, and how often.

    Attributes
    ----------
    amount, unit
        Each dose: ``mg``, ``ug``, or empty for the medicine's own unit.
    every, period
        The interval: so many days, weeks, months or years; ``every=None`` is once.
    """

    amount: float
    unit: str
    every: float | None = None
    period: Period = "m"

    @property
    def interval_days(self) -> float:
        """Days between doses; infinity for a single dose."""
        return math.inf if self.every is None else self.every * DAYS[self.period]

    @property
    def text(self) -> str:
        """The dose as it is written."""
        often = "" if self.every is None else f"/{'' if self.every == 1.0 else _number(self.every)}{self.period}"
        return f"{_number(self.amount)}{self.unit}{often}"

    @property
    def words(self) -> str:
        """The dose as it is said: ``5 mg every 18 months``."""
        if self.every is None:
            often = "once"
        elif self.every == 1.0:
            often = f"every {WORDS[self.period]}"
        else:
            often = f"every {_number(self.every)} {WORDS[self.period]}s"
        unit = {"": "of the usual dose", "ug": "µg"}.get(self.unit, self.unit)
        return f"{_number(self.amount)} {unit} {often}"


def read_dose(text: str, where: str) -> Dose:
    """Read a dose.

    Parameters
    ----------
    text
        What stands behind the ``@``.
    where
        The whole regimen, for the error.

    Raises
    ------
    UsageError
        It is not a dose.
    """
    found = _DOSE.fullmatch(text.strip().lower())
    unit = UNITS.get(found["unit"]) if found else None
    try:
        amount = float(found["amount"]) if found else math.nan
        every = (float(found["every"]) if found["every"] else 1.0) if found and found["period"] else None
    except ValueError:
        unit, amount, every = None, math.nan, None
    if found is None or unit is None or not math.isfinite(amount):
        raise UsageError(
            f"{text.strip()!r} is not a dose",
            where=where,
            mend="Write the amount and the interval, for example zoledronate@5mg/18m, alendronate@35mg/w (d, w, m, y: "
            "day, week, month, year), or zoledronate@5mg for a single dose",
        )
    return Dose(amount, unit, every, cast("Period", found["period"] or "m"))


def _number(value: float) -> str:
    return f"{value:.12g}"
