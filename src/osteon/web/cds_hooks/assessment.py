"""The sciences' answers for one chart, computed once for all cards."""

from __future__ import annotations

from dataclasses import dataclass

from osteon.care import Option, StandingDiagnosis, options, standing_diagnosis
from osteon.densitometry import Densitometry, assess
from osteon.person import Person, Treatment
from osteon.risk import FractureRisk, fracture_risks
from osteon.web.cds_hooks.prefetch import Chart


@dataclass(frozen=True, slots=True)
class Assessment:
    """A person with the diagnosis by density, what stands beside it, fracture risks, and every option weighed."""

    person: Person
    densitometry: Densitometry
    risks: tuple[FractureRisk, ...]
    options: dict[str, Option]
    standing: tuple[StandingDiagnosis, ...]


def assess_chart(chart: Chart) -> Assessment | None:
    """Assess the person of a chart; none when the chart holds no person."""
    if chart.read is None:
        return None
    person = _with_medicines(chart.read.person, chart)
    densitometry = assess(person)
    risks = fracture_risks(person)
    weighed = options(person, densitometry, risks)
    standing = standing_diagnosis(person, densitometry, risks)
    return Assessment(person, densitometry, risks, {one.therapy: one for one in weighed}, standing)


def _with_medicines(person: Person, chart: Chart) -> Person:
    """The person with the bone medicines that go on, as far as the reader had not taken them over.

    A course that has ended says nothing about an order that goes on: the medicine may have been begun again.
    """
    known = {one.therapy for one in person.treatments if one.stop is None}
    new = [Treatment.model_validate({"therapy": name}) for name in sorted(chart.taken - known)]
    return person.model_copy(update={"treatments": (*person.treatments, *new)}) if new else person
