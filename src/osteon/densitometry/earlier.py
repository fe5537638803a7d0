"""Whether an earlier scan was in the range of osteoporosis: a better score since then does not make that unsaid.

Each earlier scan is read by the same rules as the latest. A T-score from before the menopause, or before 50, does not
count, because it made no diagnosis then.
"""

from __future__ import annotations

from collections.abc import Callable

from osteon.densitometry.diagnosis import PRESUMED_MENOPAUSE
from osteon.densitometry.result import Densitometry, EarlierOsteoporosis
from osteon.densitometry.rounding import written
from osteon.evidence import value
from osteon.person import DAYS_PER_YEAR, SITE_LABELS, Person, Scan


def earlier_osteoporosis(person: Person, read: Callable[[Person], Densitometry]) -> EarlierOsteoporosis | None:
    """The latest of the earlier scans that was in the range of osteoporosis, if any.

    Parameters
    ----------
    person
        The record.
    read
        What reads a record with one scan: :func:`osteon.densitometry.assess`.
    """
    scans = sorted(person.scans, key=lambda one: one.date)
    for scan in reversed(scans[:-1]):
        age = person.age_years - (scans[-1].date - scan.date).days / DAYS_PER_YEAR
        if age < _from_age(person):
            continue
        found = read(person.model_copy(update={"scans": (scan,), "age_years": age}))
        if found.diagnosis == "osteoporosis":
            return _finding(scan, found)
    return None


def _from_age(person: Person) -> float:
    if person.sex == "female" and person.menopause_age_years is not None:
        return person.menopause_age_years
    return value(PRESUMED_MENOPAUSE if person.sex == "female" else "iscd.men.t_score_age_min")


def _finding(scan: Scan, found: Densitometry) -> EarlierOsteoporosis | None:
    if found.deciding_site is None or found.lowest_t_score is None:
        return None
    where = SITE_LABELS[found.deciding_site].lower()
    return EarlierOsteoporosis(
        scan_date=scan.date,
        site=found.deciding_site,
        t_score=found.lowest_t_score,
        sentence=(
            f"The scan of {scan.date.isoformat()} was in the range of osteoporosis: T-score "
            f"{written(found.lowest_t_score)} at the {where}."
        ),
    )
