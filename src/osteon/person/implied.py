"""What one answer of the history settles about another, so that a yes is never read as "not recorded".

A stroke is a disease of the heart and vessels, and a cancer of the breast is a cancer, whether or not the wider
question was answered too. Only a yes carries over: that there was no stroke says nothing about the heart.
"""

from __future__ import annotations

from osteon.person.history import History

SHOWN_BY: dict[str, tuple[str, ...]] = {
    "cardiovascular_disease": ("stroke", "heart_attack_or_stroke_last_year"),
    "cancer": ("oestrogen_dependent_cancer", "bone_cancer"),
}


def flag(history: History, field: str) -> bool | None:
    """A yes-or-no field of the history, yes also where a narrower yes implies it; none when nothing settles it.

    Parameters
    ----------
    history
        What the record holds.
    field
        The name of a yes-or-no field, such as ``cardiovascular_disease``.
    """
    if any(getattr(history, narrower) for narrower in SHOWN_BY.get(field, ())):
        return True
    answer: bool | None = getattr(history, field)
    return answer
