"""What the list of medicines answers about the history: letrozole on the list is a yes to an aromatase inhibitor.

Only substances that settle a question on their own are used. A glucocorticoid on the list does not: it may be an
inhaler or a course of days, so the record still has to say whether it is systemic and for three months or more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from osteon.evidence.bone_losing import bone_losing_classes
from osteon.person.fields import slip
from osteon.person.history import History, Medicine

_MEN_ONLY = ("androgen_deprivation",)


def with_answers(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a person, with the history completed from ``medicines`` where it was silent.

    Parameters
    ----------
    data
        What a person is made from, not yet checked: parts of the wrong type are left for the checks to name.

    Raises
    ------
    ValueError
        The history says no where the list says yes.
    """
    history = data.get("history") or {}
    if not isinstance(history, Mapping | History):
        return data
    said = history if isinstance(history, Mapping) else history.model_dump()
    yes: dict[str, bool] = {}
    for name, field in _answers(data):
        if said.get(field) is False:
            raise slip(
                f"history.{field} is false and {name} is on the list of medicines",
                f"Set history.{field} to true, or take the medicine off the list",
            )
        if said.get(field) is None:
            yes[field] = True
    if not yes:
        return data
    whole = history.model_copy(update=yes) if isinstance(history, History) else {**history, **yes}
    return {**data, "history": whole}


def _answers(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    listed = data.get("medicines")
    for one in listed if isinstance(listed, list | tuple) else ():
        parts = one.model_dump() if isinstance(one, Medicine) else one
        if not isinstance(parts, Mapping) or not isinstance(parts.get("name"), str):
            continue
        code = parts.get("rxnorm")
        for row in bone_losing_classes(parts["name"], code if isinstance(code, str) else None):
            field = row["answers"]
            if field and (field not in _MEN_ONLY or data.get("sex") == "male"):
                yield parts["name"], field
