"""Which projected paths let denosumab end without a medicine after it, and what a reader must know of them.

Bone density alone does not show what happens then, and a fracture figure that follows density would make stopping look
beneficial. So such paths get a warning, and no fracture figure.
"""

from __future__ import annotations

from osteon.care.denosumab import FOLLOW_ON
from osteon.evidence import value
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.therapies.grammar import Phase, TherapyPlan

STOP_SOURCES = (
    *("dmab_stop.on_rate", "dmab_stop.off_rate", "dmab_stop.multiple_percent"),
    *("dmab_stop.placebo_off_rate", "dmab_stop.placebo_multiple_percent"),
)

FOLLOW_ON_MONTHS = 12.0
"""A follow-on that is planned for less does not count: a cautious choice, not a published limit."""

LONGEST_INTERVAL_MONTHS = 7.0
"""Injections that lie further apart let the effect end between them: a cautious choice, not a published limit."""


def leaves_denosumab_uncovered(plan: TherapyPlan, *, was_on_denosumab: bool = False) -> bool:
    """Whether denosumab ends somewhere on a path and no antiresorptive takes over at once, for a year at least.

    Parameters
    ----------
    plan
        The regimen. A medicine that follows only after a gap, or after an anabolic medicine, does not count.
    was_on_denosumab
        The person is on denosumab today, or came off it lately with nothing after it.
    """
    before = (Phase(("denosumab",), 1.0),) if was_on_denosumab else ()
    phases = (*before, *plan.phases)
    for number, phase in enumerate(phases):
        following = phases[number + 1 :]
        if "denosumab" in phase.therapies and _wears_off_between(phase, following):
            return True
        ends = "denosumab" in phase.therapies and phase.months is not None
        goes_on = bool(following) and "denosumab" in following[0].therapies
        if ends and not goes_on and not _covered(following):
            return True
    return False


def _wears_off_between(phase: Phase, following: tuple[Phase, ...]) -> bool:
    """Whether denosumab is given too seldom to last to the next injection, with no other medicine beside it."""
    dose = phase.dose("denosumab")
    if dose is None or any(name in FOLLOW_ON for name in phase.therapies):
        return False
    # A single injection lasts for its phase, if that is short enough; what follows is judged as after any end.
    longest = phase.months if dose.every is None and following else dose.interval_days / DAYS_PER_MONTH
    return longest is None or longest > LONGEST_INTERVAL_MONTHS + 1e-6


def _covered(following: tuple[Phase, ...]) -> bool:
    """Whether a follow-on medicine is given from the start of these phases for long enough."""
    months = 0.0
    for phase in following:
        if not any(name in FOLLOW_ON for name in phase.therapies):
            break
        if phase.months is None:
            return True
        months += phase.months
    return months >= FOLLOW_ON_MONTHS


def not_for_coming_off() -> str:
    """The first thing to say when the person is on denosumab, or came off it lately with nothing after it."""
    return (
        "Denosumab must not end without another medicine: these curves show how density falls after it, and not the "
        "spine fractures, often several at once, that can follow its end. No path without an antiresorptive first "
        "has a fracture figure here."
    )


def stop_warning(label: str) -> str:
    """The warning of one path, which its label names."""
    return (
        f"{label}: this path ends denosumab without an antiresorptive after it, or with injections too far apart, "
        "which is not safe. In women who "
        f"stopped, spine fractures rose from {value('dmab_stop.on_rate'):g} to {value('dmab_stop.off_rate'):g} per 100 "
        f"women a year ({value('dmab_stop.placebo_off_rate'):g} after stopping placebo); of those who broke one, "
        f"{value('dmab_stop.multiple_percent'):g} % broke several "
        f"({value('dmab_stop.placebo_multiple_percent'):g} % after placebo)."
    )


def withheld_reason() -> str:
    """Why a path that ends denosumab uncovered has no fracture figure."""
    return (
        "Denosumab ends or wears off on this path and no antiresorptive takes over at once. After stopping, spine "
        "fractures were seen to rise; bone density alone does not show it, so no fracture figure is given."
    )
