"""What one answer of the history settles about another, so that a yes is never read as "not recorded".

A stroke is a disease of the heart and vessels, and a cancer of the breast is a cancer, whether or not the wider
question was answered too. Only a yes carries over: that there was no stroke says nothing about the heart. Kidney
disease of stage 4 or 5 is by definition a filtration below a limit (KDIGO), so a recorded filtration answers it both
ways. What a record implies without stating it outright is said in sentences, for the reader to set right.
"""

from __future__ import annotations

from osteon.evidence import value
from osteon.person.history import History, short_course
from osteon.person.record import Person

SHOWN_BY: dict[str, tuple[str, ...]] = {
    "cardiovascular_disease": ("stroke", "heart_attack_or_stroke_last_year"),
    "cancer": ("oestrogen_dependent_cancer", "bone_cancer"),
}


def egfr_of_stage_4() -> float:
    """Below this filtration, mL/min, kidney disease is of stage 4 or 5 (KDIGO, ``ckd.stage_4.egfr_below``)."""
    return value("ckd.stage_4.egfr_below")


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


def advanced_kidney_disease(person: Person) -> bool | None:
    """Kidney disease of stage 4 or 5: as answered, else by the filtration on record; none when neither is there."""
    answer = person.history.chronic_kidney_disease_4_5
    if answer is None and person.labs.egfr_ml_min is not None:
        return person.labs.egfr_ml_min < egfr_of_stage_4()
    return answer


def implied(person: Person) -> tuple[str, ...]:
    """What was taken from the record although its own field is silent, in sentences; empty for most people."""
    history = person.history
    if history.glucocorticoids is None and short_course(history):
        return _short_course(history)
    if not history.glucocorticoids or "glucocorticoids" in history.model_fields_set:
        return ()
    dose, months = history.glucocorticoid_prednisone_mg_per_day or 0.0, history.glucocorticoid_months
    taken = f"Steroid tablets are taken as a yes, because a dose of {dose:g} mg a day is on record"
    if months is not None:
        return (f"{taken}, for {month_words(months)}.",)
    long = value("gc.long_term.months")
    return (f"{taken}, and as taken for {long:g} months or more, because for how long is not; please record it.",)


def _short_course(history: History) -> tuple[str, ...]:
    """That a course is on record which is short so far, what each reader makes of it, and what to ask."""
    dose, months = history.glucocorticoid_prednisone_mg_per_day, history.glucocorticoid_months or 0.0
    if not dose:
        return ()
    said = (
        f"A steroid of {dose:g} mg a day is on record, for {month_words(months)} so far. The guideline rules ask about "
        f"{value('gc.long_term.months'):g} months or more and take it as not known; QFracture counts it as a yes; a "
        "projection takes it as going on. Ask whether it will go on, and record glucocorticoids: true if it will, "
        "false if it ends before."
    )
    return (said,)


def month_words(months: float) -> str:
    """A number of months: ``1 month``, ``2.5 months``."""
    return f"{months:g} {'month' if months == 1 else 'months'}"
