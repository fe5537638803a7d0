"""Hold every study of a snapshot against one person."""

from __future__ import annotations

from osteon.care.studies.criteria import criteria_of
from osteon.care.studies.result import Criterion, Study, StudyMatch, Verdict
from osteon.care.studies.snapshot import Snapshot, built_in_snapshot
from osteon.densitometry.result import Densitometry
from osteon.person import Person

LISTED = "listed is not approved"
"""What stands beside every single result."""

LISTED_IS_NOT_APPROVED = (
    "Listed is not approved: a registry lists studies without judging them. "
    "Ask for the regulator's clearance, and do not pay to take part."
)

_ORDER: dict[Verdict, int] = {"eligible": 0, "uncertain": 1, "not eligible": 2}


def match_studies(
    person: Person, densitometry: Densitometry, snapshot: Snapshot | None = None
) -> tuple[StudyMatch, ...]:
    """Every study of the snapshot with its verdict for this person; the possible ones first, cells after the others.

    Parameters
    ----------
    person, densitometry
        The person and what densitometry says of them.
    snapshot
        The registry records; those that come with Osteon when left out.
    """
    chosen = built_in_snapshot() if snapshot is None else snapshot
    matches = [_match(study, person, densitometry) for study in chosen.studies]
    return tuple(sorted(matches, key=lambda one: (_ORDER[one.verdict], one.intervention_class.startswith("cell"))))


def _match(study: Study, person: Person, densitometry: Densitometry) -> StudyMatch:
    criteria = tuple(criteria_of(study, person, densitometry))
    return StudyMatch(
        registration_id=study.registration_id,
        title=study.title,
        intervention_class=study.intervention_class,
        intervention=study.intervention,
        phase=study.phase,
        status=study.status or "UNKNOWN",
        status_as_of=study.status_as_of,
        country=study.country,
        verdict=_verdict(criteria),
        criteria=criteria,
        link=_link(study.registration_id),
        notice=LISTED_IS_NOT_APPROVED,
    )


def _verdict(criteria: tuple[Criterion, ...]) -> Verdict:
    verdicts = {one.verdict for one in criteria}
    if "not eligible" in verdicts:
        return "not eligible"
    return "uncertain" if "uncertain" in verdicts else "eligible"


def _link(registration_id: str) -> str:
    if registration_id.startswith("NCT"):
        return f"https://clinicaltrials.gov/study/{registration_id}"
    return ""
