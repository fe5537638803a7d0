"""What of a regimen is a medicine for bone, and whether a regimen without one ends what a person takes now."""

from __future__ import annotations

from collections.abc import Iterable

from osteon.evidence import THERAPIES, therapy_label
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import Person, bone_medicines_taken
from osteon.twin.therapies.grammar import Phase, TherapyPlan


def is_medicine(name: str) -> bool:
    """Whether a therapy is a medicine for bone, not a habit, a supplement or cells."""
    return name in THERAPIES and THERAPIES[name].group in MEDICINE_GROUPS


def medicines_of(plan: TherapyPlan) -> str:
    """A regimen as written, without the habits, supplements and cells in it; ``none`` where nothing is left.

    Parameters
    ----------
    plan
        The regimen, e.g. ``exercise+alendronate``.
    """
    return ",".join(_medicines_of(phase).text for phase in plan.phases)


def _medicines_of(phase: Phase) -> Phase:
    kept = tuple(name for name in phase.therapies if is_medicine(name))
    doses = tuple((name, dose) for name, dose in phase.doses if name in kept)
    return Phase(kept or ("none",), phase.months, doses)


def without_what_is_taken(plans: Iterable[TherapyPlan], person: Person) -> str:
    """Which regimens hold no medicine and so end the one that is taken now, in a sentence; empty when none does.

    Parameters
    ----------
    plans
        The regimens.
    person
        The record.
    """
    taken = bone_medicines_taken(person)
    ending = dict.fromkeys(_short(one) for one in plans if not any(map(is_medicine, one.therapies)))
    if not taken or not ending:
        return ""
    names = " and ".join(therapy_label(name).lower() for name in taken)
    return f"These paths end {names}, taken now: {'; '.join(ending)}."


def _short(plan: TherapyPlan) -> str:
    """The regimen in words; stem cells of any source by that name."""
    hypothetical = any(THERAPIES[name].hypothetical for name in plan.therapies)
    return "stem cells" if hypothetical else plan.label.removesuffix(", continued")
