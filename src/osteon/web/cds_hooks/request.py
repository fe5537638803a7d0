"""What a CDS client sends, checked.

Elements that this service has no use for, above all the access token in ``fhirAuthorization``, are not read into
these models and so cannot be kept by accident.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(min_length=1, max_length=128)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class HookRequest(_Part):
    """The body of a service call; ``context`` is checked apart, by the hook's own model."""

    hook: Identifier = Field(description="Name the hook, patient-view or order-select.")
    hookInstance: UUID = Field(description="Give a UUID that is new for every call.")
    context: dict[str, Any] = Field(description="Give the hook's context, an object.")
    prefetch: dict[str, Any] | None = Field(None, description="Give an object with one FHIR resource a key.")


class PatientViewContext(_Part):
    """The context of ``patient-view``."""

    userId: Identifier = Field(description="Such as Practitioner/abc.")
    patientId: Identifier = Field(description="The FHIR id of the Patient.")
    encounterId: Identifier | None = None


class OrderSelectContext(PatientViewContext):
    """The context of ``order-select``: all unsigned orders, and which of them were just selected."""

    selections: tuple[Identifier, ...] = Field(
        min_length=1, description="Name the newly selected orders, such as MedicationRequest/103."
    )
    draftOrders: dict[str, Any] = Field(description="Give a FHIR Bundle with the unsigned orders.")
