"""The report as data: the JSON that DESIGN fixes, and the only thing that the pages, the PDF and the text see."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, JsonValue, SerializerFunctionWrapHandler, field_serializer

from osteon.care.result import CellTherapy, MonitoringStep, Option, RiskProfile, StandingDiagnosis
from osteon.care.studies.result import StudyMatch
from osteon.densitometry.result import Densitometry
from osteon.person import Person
from osteon.risk.result import FractureRisk, ScreeningScore
from osteon.twin.result import Projection


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Reference(_Result):
    """One source that this report used, with its number in the list at the end."""

    number: int
    key: str
    authors: str
    year: int
    title: str
    published_in: str
    link: str


class Report(_Result):
    """Everything that is said about one person.

    ``person`` holds what was recorded and nothing else: a field that is missing was not recorded.
    ``standing_diagnosis`` says why osteoporosis stands although the latest density is not in its range.
    ``risk`` and ``screening`` may hold tools that could not be used, with the reason. ``projection`` has no
    therapies when the bone model does not cover the person; ``warnings`` then says why. ``sources`` are those
    that this report used, numbered; ``warnings`` gathers the cautions of every part, each once.
    ``alert`` is what must be read before anything else, empty for most; ``remarks`` say what was read from the
    person's file in its own way, or not at all.
    """

    osteon: str
    alert: str = ""
    person: Person
    densitometry: Densitometry
    standing_diagnosis: tuple[StandingDiagnosis, ...] = ()
    risk: tuple[FractureRisk, ...]
    screening: tuple[ScreeningScore, ...]
    options: tuple[Option, ...]
    projection: Projection
    cell_therapy: CellTherapy
    risk_profile: RiskProfile | None = None
    monitoring: tuple[MonitoringStep, ...] = ()
    questions: tuple[str, ...] = ()
    studies: tuple[StudyMatch, ...] = ()
    sources: tuple[Reference, ...]
    warnings: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @field_serializer("person", mode="wrap")
    def _only_what_was_recorded(self, person: Person, _handler: SerializerFunctionWrapHandler) -> dict[str, JsonValue]:
        recorded: dict[str, JsonValue] = person.model_dump(mode="json", exclude_none=True)
        return recorded
