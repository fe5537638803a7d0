"""What a reader has to know where the latest scan is old: the whole record holds for the day of that scan."""

from __future__ import annotations

import math

from osteon.person import Person, old_scan_years


def old_scan_warning(person: Person) -> str:
    """That everything holds for a day long past, and what to do about it; empty where the scan is recent or absent.

    Parameters
    ----------
    person
        The record; its age is that on the day of the latest scan.
    """
    passed = old_scan_years(person)
    if passed is None:
        return ""
    return (
        f"The latest scan is {math.floor(passed)} years old ({person.as_of:%B %Y}). Everything here holds for that "
        f"day, at the age of {math.floor(person.age_years)}: the diagnosis, the risks in the years after it, the "
        f"options and the curves. The person is about {math.floor(person.age_years + passed)} now. Scan again and "
        "bring the history up to date before deciding; if the age in the record is that of today, it must be the one "
        "on the day of the scan."
    )
