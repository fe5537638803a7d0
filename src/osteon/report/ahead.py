"""The years that a figure speaks of: the next ones, or, where the scan is old, those after it."""

from __future__ import annotations

from osteon.person import Person, old_scan_years
from osteon.report.words import years


def in_years_ahead(person: Person, horizon_years: float) -> str:
    """The horizon of a figure in words: ``in the next 10 years``, ``in the 10 years after that scan``.

    Parameters
    ----------
    person
        The record; its age holds on the day of the latest scan.
    horizon_years
        How many years.
    """
    time = years(horizon_years)
    return f"in the next {time}" if old_scan_years(person) is None else f"in the {time} after that scan"


def after_years(person: Person, horizon_years: float) -> str:
    """The end of a course in words: ``after 10 years``, ``10 years after that scan``.

    Parameters
    ----------
    person
        The record; its age holds on the day of the latest scan.
    horizon_years
        How many years.
    """
    time = years(horizon_years)
    return f"after {time}" if old_scan_years(person) is None else f"{time} after that scan"
