"""The questions that a trial of cell therapy asks before it takes somebody, answered from the record.

They say who could be asked to join research. They do not say that anybody should have the treatment: nobody is
suitable for an unproven product outside a trial.
"""

from __future__ import annotations

from osteon.care.result import Answer, SuitabilityItem
from osteon.care.wording import listed
from osteon.densitometry.result import Densitometry
from osteon.person import Person, flag

# The ages that registered trials in osteoporosis have accepted, from 40 to 85 (NCT02061995, NCT06949137).
TRIAL_AGES = (40, 85)


def suitability(person: Person, densitometry: Densitometry | None = None) -> tuple[SuitabilityItem, ...]:
    """Age, severity, cancer, infection, immune suppression, pregnancy, and expectations, in that order."""
    return (
        _age(person),
        _severity(densitometry),
        _cancer(person),
        _unasked("Is there an infection now, or one that comes back (hepatitis, HIV, tuberculosis)?"),
        _immune(person),
        _pregnancy(person),
        _unasked("Are heart, lungs and clotting well enough for an infusion that lodges in the lung first?"),
        _unasked("Is it clear to the person that benefit is not expected, only hoped for?"),
    )


def _item(question: str, answer: Answer, note: str) -> SuitabilityItem:
    return SuitabilityItem(question=question, answer=answer, note=note)


def _age(person: Person) -> SuitabilityItem:
    low, high = TRIAL_AGES
    inside = low <= person.age_years <= high
    note = f"Age {person.age_years:g}; registered trials took people of {low} to {high}."
    return _item("Is the age one that trials accept?", "yes" if inside else "no", note)


def _severity(densitometry: Densitometry | None) -> SuitabilityItem:
    question = "Is the bone loss severe enough for a first trial in people?"
    if densitometry is None or densitometry.diagnosis == "undetermined":
        return _item(question, "unknown", "There is no diagnosis by bone density.")
    if densitometry.diagnosis == "osteoporosis":
        note = "Osteoporosis: the trials found were for severe disease, often after drugs had failed."
        return _item(question, "unknown", note)
    note = "No trial was found that takes osteopenia. With mild loss the risk of an unproven product outweighs it."
    return _item(question, "no", note)


def _cancer(person: Person) -> SuitabilityItem:
    question = "Is there no cancer, now or before?"
    cancer = flag(person.history, "cancer")
    if cancer is None:
        return _item(question, "unknown", "Cancer is not recorded; trials exclude most people who have had one.")
    if cancer:
        return _item(question, "no", "Cancer is recorded; trials exclude most people who have had one.")
    return _item(question, "yes", "No cancer is recorded.")


def _immune(person: Person) -> SuitabilityItem:
    question = "Is the immune system neither suppressed nor overactive?"
    history = person.history
    found = [
        word
        for word, flag in (
            ("steroid tablets", history.glucocorticoids),
            ("rheumatoid arthritis", history.rheumatoid_arthritis),
            ("lupus", history.lupus),
        )
        if flag
    ]
    if found:
        return _item(question, "no", f"Recorded: {listed(found)}.")
    return _item(question, "unknown", "Ask about medicines that suppress the immune system and immune diseases.")


def _pregnancy(person: Person) -> SuitabilityItem:
    question = "Is pregnancy ruled out?"
    if person.sex == "male" or person.menopausal_status == "postmenopausal" or person.menopause_age_years is not None:
        return _item(question, "yes", "Not possible.")
    return _item(question, "unknown", "Ask; a test is needed before any trial.")


def _unasked(question: str) -> SuitabilityItem:
    return _item(question, "unknown", "The record does not hold this. Ask.")


def summary(items: tuple[SuitabilityItem, ...]) -> str:
    """One sentence: who the person could ask, never a recommendation to have the treatment."""
    if any(one.answer == "no" for one in items):
        return "Not a candidate for the trials found, and nobody is a candidate outside a trial."
    return (
        "Nothing recorded rules out asking about a trial; what is unknown must be asked first. "
        "Nobody is a candidate outside a trial."
    )
