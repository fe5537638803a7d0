"""What is taken now: a course without an end, and hormone therapy also where only the history says so."""

from __future__ import annotations

from osteon.evidence.therapies import MEDICINE_GROUPS, THERAPIES, TherapyName
from osteon.person.record import Person


def takes(person: Person, therapy: str) -> bool:
    """Whether one therapy is taken now.

    Parameters
    ----------
    person
        The record.
    therapy
        Its fixed name, such as ``alendronate``.
    """
    if therapy == "hormone_therapy" and person.history.oestrogen == "current":
        return True
    return any(one.therapy == therapy and one.stop is None for one in person.treatments)


def bone_medicines_taken(person: Person) -> tuple[TherapyName, ...]:
    """The medicines for bone among the treatments that go on, each once.

    Hormone therapy of the history alone is left out: it is mostly taken for something else.
    """
    going_on = (one.therapy for one in person.treatments if one.stop is None)
    return tuple(dict.fromkeys(name for name in going_on if THERAPIES[name].group in MEDICINE_GROUPS))
