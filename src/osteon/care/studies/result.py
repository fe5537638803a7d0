"""A registered study, and what it would say to one person."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Verdict = Literal["eligible", "not eligible", "uncertain"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Study(_Record):
    """One registry record, in the registry's own words; an empty text is: the record does not say.

    ``status`` uses the words of ClinicalTrials.gov (``RECRUITING``, ``COMPLETED``, ...). It held on
    ``status_as_of`` and may have changed since.
    """

    registration_id: str
    title: str
    intervention_class: str = ""
    phase: str = ""
    status: str = ""
    status_as_of: str = ""
    condition: str = ""
    intervention: str = ""
    enrollment: str = ""
    eligibility_text: str = ""
    min_age: str = ""
    max_age: str = ""
    sex: str = ""
    design: str = ""
    primary_outcome: str = ""
    sponsor: str = ""
    country: str = ""
    start: str = ""
    completion: str = ""
    results: str = ""
    source_url: str = ""
    note: str = ""


class Criterion(_Record):
    """One condition of a study held against the person."""

    criterion: str
    verdict: Verdict
    reason: str


class StudyMatch(_Record):
    """One study held against one person.

    ``verdict`` is ``not eligible`` when one criterion clearly fails, ``eligible`` when all that could be read
    are met, ``uncertain`` otherwise. Free text is never read to the end by a rule, so a record with free-text
    conditions is at best ``uncertain``.
    """

    registration_id: str
    title: str
    intervention_class: str
    intervention: str
    phase: str
    status: str
    status_as_of: str
    country: str
    verdict: Verdict
    criteria: tuple[Criterion, ...]
    link: str
    notice: str
