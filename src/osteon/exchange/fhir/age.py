"""The age on the day of the latest scan: from the birth date, or from a recorded age."""

from __future__ import annotations

import datetime as dt

from osteon.errors import InputError
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.observations import Reading
from osteon.person import DAYS_PER_YEAR


def age_on(day: dt.date, born: dt.date | None, recorded: list[Reading], birth_place: str, notes: Notes) -> float:
    """The age in years on a day.

    An age that was recorded for that very day (or, without a date, for the record as a whole) is taken as it stands.
    One from another day is carried forward or back, and only where the birth date is not known.

    Parameters
    ----------
    day
        The day of the latest scan, or today.
    born
        The birth date, if known.
    recorded
        Ages that the file gives, in file order.
    birth_place
        Where the birth date stands, for messages.
    notes
        Receives what was not used.

    Raises
    ------
    InputError
        Neither birth date nor age is known, or the age is not that of an adult.
    """
    fitting = [one for one in recorded if one.date is None or one.date.day == day]
    if born is None and not recorded:
        raise InputError("the Patient has no birth date", where=birth_place, mend="Add birthDate")
    if fitting:
        chosen, age = fitting[-1], float(fitting[-1].value)
    elif born is not None:
        chosen, age = None, round((day - born).days / DAYS_PER_YEAR, 2)
    else:
        chosen = max(recorded, key=lambda one: one.date.day if one.date else day)
        then = chosen.date.day if chosen.date else day
        age = round(float(chosen.value) + (day - then).days / DAYS_PER_YEAR, 2)
        notes.warn(chosen.where, f"the age is from {then.isoformat()}, and was carried to {day.isoformat()}")
    for one in recorded:
        if one is not chosen:
            notes.ignore(one.where, "a recorded age", "another age, or the birth date, was used")
    if not 18 <= age <= 110:
        raise InputError(
            f"the birth date makes the age {age:g} on {day.isoformat()}",
            where=birth_place,
            mend="Osteon is for adults of 18 to 110 years; correct birthDate or the date of the scan",
        )
    return age
