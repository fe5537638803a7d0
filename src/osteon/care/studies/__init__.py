"""Registered studies held against one person: who might take part, and why nobody can say so for certain here."""

from osteon.care.studies.matching import LISTED, LISTED_IS_NOT_APPROVED, match_studies
from osteon.care.studies.result import Criterion, Study, StudyMatch, Verdict
from osteon.care.studies.snapshot import Snapshot, built_in_snapshot, read_snapshot

__all__ = [
    "LISTED",
    "LISTED_IS_NOT_APPROVED",
    "Criterion",
    "Snapshot",
    "Study",
    "StudyMatch",
    "Verdict",
    "built_in_snapshot",
    "match_studies",
    "read_snapshot",
]
