"""A registry record in the interface's JSON becomes a :class:`Study`. Any part of it may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from osteon.care.studies import Study

_CELL_WORDS = ("stem cell", "stromal cell", "mesenchymal", "msc", "exosome", "extracellular vesicle", "cell therapy")


def study_from_json(record: dict[str, Any], as_of: str) -> Study:
    """One element of ``studies`` as a :class:`Study`.

    Raises
    ------
    ValueError
        The record has no registration id.
    """
    protocol = _part(record, "protocolSection")
    identification = _part(protocol, "identificationModule")
    status = _part(protocol, "statusModule")
    design = _part(protocol, "designModule")
    eligibility = _part(protocol, "eligibilityModule")
    registration_id = str(identification.get("nctId") or "")
    if not registration_id:
        raise ValueError("a record without nctId")
    interventions = _items(_part(protocol, "armsInterventionsModule").get("interventions"))
    names = [str(one.get("name") or "") for one in interventions]
    return Study(
        registration_id=registration_id,
        title=_text(identification.get("briefTitle")),
        intervention_class=_intervention_class(interventions, names),
        phase="/".join(str(one).removeprefix("PHASE") for one in design.get("phases") or ()),
        status=_text(status.get("overallStatus")),
        status_as_of=_date(status, "lastUpdatePostDateStruct") or as_of,
        condition="; ".join(str(one) for one in _part(protocol, "conditionsModule").get("conditions") or ()),
        intervention="; ".join(name for name in names if name),
        enrollment=_text(_part(design, "enrollmentInfo").get("count")),
        eligibility_text=_text(eligibility.get("eligibilityCriteria")),
        min_age=_text(eligibility.get("minimumAge")),
        max_age=_text(eligibility.get("maximumAge")),
        sex=_text(eligibility.get("sex")),
        design=_text(_part(design, "designInfo").get("allocation")),
        primary_outcome="; ".join(
            _text(one.get("measure")) for one in _items(_part(protocol, "outcomesModule").get("primaryOutcomes"))
        ),
        sponsor=_text(_part(_part(protocol, "sponsorCollaboratorsModule"), "leadSponsor").get("name")),
        country="; ".join(
            dict.fromkeys(
                _text(one.get("country"))
                for one in _items(_part(protocol, "contactsLocationsModule").get("locations"))
                if one.get("country")
            )
        ),
        start=_date(status, "startDateStruct"),
        completion=_date(status, "completionDateStruct"),
        results="posted" if record.get("hasResults") else "",
        source_url=f"https://clinicaltrials.gov/study/{registration_id}",
    )


def _part(record: dict[str, Any], name: str) -> dict[str, Any]:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _items(found: Any) -> Iterable[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(found: Any) -> str:
    return "" if found is None else " ".join(str(found).split())


def _date(status: dict[str, Any], name: str) -> str:
    return _text(_part(status, name).get("date"))


def _intervention_class(interventions: Iterable[dict[str, Any]], names: list[str]) -> str:
    words = " ".join(names).casefold()
    if any(word in words for word in _CELL_WORDS):
        return "cell"
    types = [_text(one.get("type")).lower() for one in interventions]
    return types[0] if types else ""
