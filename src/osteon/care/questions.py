"""Questions to take to the appointment, chosen for one person."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.care.denosumab import denosumab_exit
from osteon.care.result import Option
from osteon.densitometry.result import Densitometry
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import Person, bone_medicines_taken, takes

_ALWAYS_LAST = "What should make me come back sooner than planned?"
_DENOSUMAB_GOES_ON = "Which medicine comes after denosumab, and when does it start?"
_DENOSUMAB_ENDED = "I stopped denosumab: which medicine do I need now, and how soon?"
_NEEDED = "Do I need a medicine now? What would happen if I waited, and what if I did not?"
# Somebody on a bone medicine must not read that waiting is a choice: for denosumab it is a dangerous one.
_GOING_ON = "Is my bone medicine still the right one, and how long should it go on?"
_HELPED_BY_A_MEDICINE = ("advised", "consider", "trial")


def questions(person: Person, densitometry: Densitometry, found: Sequence[Option]) -> tuple[str, ...]:
    """What a person may want to ask, the most useful first.

    Parameters
    ----------
    person
        The record.
    densitometry
        What the scan says.
    found
        The options of :func:`osteon.care.options`.
    """
    asked = []
    leaving = bool(denosumab_exit(person))
    if leaving:
        going_on = takes(person, "denosumab")
        asked.append(_DENOSUMAB_GOES_ON if going_on else _DENOSUMAB_ENDED)
    asked.append("What is my own chance of a fracture in the next ten years, and what is it for people like me?")
    medicines = [one for one in found if one.group in MEDICINE_GROUPS]
    taken = bone_medicines_taken(person)
    open_to_me = [one for one in medicines if one.standing in _HELPED_BY_A_MEDICINE]
    new = next((one for one in open_to_me if not takes(person, one.therapy)), None)
    if densitometry.diagnosis in ("osteopenia", "osteoporosis", "below-expected-for-age"):
        asked.append("Could there be a hidden cause, and which tests would show it?")
    if densitometry.diagnosis == "below-expected-for-age" and person.sex == "female":
        asked.append("Could my weight, my eating, my sport or missed periods be the cause?")
    if open_to_me:
        if taken or not leaving:
            asked.append(_GOING_ON if taken else _NEEDED)
        asked += [f"Would {new.label.lower()} suit me, and what would you watch?"] if new is not None else []
        asked.append("How often does each harm on the leaflet happen, and how often would the medicine help?")
    if any(one.checks for one in open_to_me):
        asked.append(f"Which of these do you still need to know: {'; '.join(_checks(open_to_me))}?")
    if not leaving and any(one.therapy == "denosumab" and one.standing in _HELPED_BY_A_MEDICINE for one in found):
        asked.append("If I start denosumab, what is the plan for the day it stops?")
    if person.history.previous_fragility_fracture is None and not person.history.fragility_fracture_sites:
        asked.append("Could I have had a spine fracture without noticing? Should my spine be looked at?")
    if any(one.therapy == "exercise" and one.standing == "advised" for one in found):
        asked.append("Which exercise is safe for my spine, and who can teach me?")
    if (person.history.falls_last_year or 0) > 0:
        asked.append("What can be done so that I do not fall again?")
    asked.append("When is my next scan, and on the same machine?")
    asked.append(_ALWAYS_LAST)
    return tuple(asked)


def _checks(found: Sequence[Option]) -> list[str]:
    return list(dict.fromkeys(check for one in found for check in one.checks))[:4]
