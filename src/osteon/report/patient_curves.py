"""What the patient reads under the curves of the years to come: their source and what they take for granted."""

from __future__ import annotations

from osteon.report.projections import for_patient
from osteon.report.result import Report
from osteon.report.words import years

DENOSUMAB_CURVES = "That is not safe. Bones in the spine can break, often more than one. No curve shows this."


def projection_text(report: Report) -> tuple[str, ...]:
    """Where the curves come from, where they start, what they assume, and how little they can say."""
    if not report.projection.therapies:
        return ("We have no picture of your bone in the years to come. Our computer model does not cover you yet.",)
    return (
        f"The curves come from a computer model. It copies what was seen in {_studied(report)}.",
        _start_words(report),
        *_steroid_words(report),
        "It does not know you. Your own bone may do better or worse.",
        "The ranges overlap. The model cannot say which choice is best.",
        *_unsafe_curves(report),
    )


def _unsafe_curves(report: Report) -> list[str]:
    """That curves end denosumab uncovered; none where no curve does."""
    unsafe = [one for one in for_patient(report) if one.caution]
    if not unsafe:
        return []
    which = "Some of these curves end" if len(unsafe) > 1 else "The dotted line ends"
    if len(unsafe) == 1 and unsafe[0].therapy != "none":
        which = "One of these curves ends"
    return [f"{which} denosumab with no medicine after it. {DENOSUMAB_CURVES}"]


def _studied(report: Report) -> str:
    return "many women in trials" if report.person.sex == "female" else "many people in trials, most of them women"


def _steroid_words(report: Report) -> list[str]:
    """That the curves let a steroid go on to their end; nothing for people without one, or on a short course."""
    history = report.person.history
    if not history.glucocorticoid_prednisone_mg_per_day or history.glucocorticoids is False:
        return []
    ahead = years(report.projection.years)
    said = (
        f"It takes your steroid dose as the same for all {ahead}. With less, or for a shorter time, you may lose less "
        "bone. Do not stop it on your own. Ask your doctor how long you need it."
    )
    return [said]


def _start_words(report: Report) -> str:
    curves = for_patient(report)
    if curves and curves[0].unit == "g/cm2":
        return "It starts at your own scan and uses what is on record about you."
    if curves and any(one.site == curves[0].site for one in report.densitometry.sites):
        return "Your density in grams is not on record, only the score. So it starts at 100 for today."
    return "Your scan did not measure this spot. So it starts at 100 for today."
