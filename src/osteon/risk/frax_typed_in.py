"""A FRAX result that a clinician obtained elsewhere and typed in, carried along with its country and date.

FRAX is proprietary: Osteon shows what was entered and never computes or imitates it.
"""

from __future__ import annotations

from osteon.person import Person
from osteon.risk.result import FractureRisk, Outcome

TOOL = "FRAX, typed in"
HORIZON_YEARS = 10


def from_person(person: Person) -> tuple[FractureRisk, ...]:
    """The typed-in probabilities of a person, one an outcome; empty when there are none."""
    entered = person.frax
    if entered is None:
        return ()
    density = {True: "with bone density", False: "without bone density", None: "bone density not stated"}
    notice = (
        f"Obtained elsewhere with the FRAX model for {entered.country} on {entered.date.isoformat()}, "
        f"{density[entered.with_bmd]}; shown as it was typed in."
    )
    values: dict[Outcome, float | None] = {
        "major_osteoporotic": entered.major_osteoporotic_percent,
        "hip": entered.hip_percent,
    }
    return tuple(
        FractureRisk(
            tool=TOOL,
            outcome=outcome,
            horizon_years=HORIZON_YEARS,
            percent=percent,
            inputs_missing=(),
            reason="",
            notice=notice,
            sources=(),
        )
        for outcome, percent in values.items()
        if percent is not None
    )
