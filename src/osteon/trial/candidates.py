"""The designs that a design file leaves free, one by one, and what each costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from osteon.errors import InputError, UsageError
from osteon.trial.courses import arm_courses, hypothetical
from osteon.trial.protocol import ArmPlan, Cells, EndpointPlan, Optimise, Protocol
from osteon.trial.worlds import many_worlds
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import Bolus

MOST = 300
DOSE = "{dose}"
CELL_CHOICES = ("million_cells", "infusions", "interval_days")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A design, and what was chosen in it, in words."""

    protocol: Protocol
    arm: int
    choice: tuple[tuple[str, str], ...]


def asked_for(protocol: Protocol) -> Optimise:
    """What the design leaves free.

    Raises
    ------
    InputError
        Nothing is free.
    """
    if protocol.optimise is None:
        raise InputError(
            "the design leaves nothing free", where="optimise", mend="Add a part [optimise]; see docs/trial-designs.md"
        )
    if protocol.primary.measure == "fracture":
        raise InputError(
            "sizes and doses are searched for a change, not for fractures",
            where="endpoints[0]",
            mend="Put a bmd, surrogate or ctx endpoint first",
        )
    arm = next(one for one in protocol.arms if one.name == protocol.optimise.arm)
    if many_worlds(arm):
        raise InputError(
            "under the evidence prior nobody knows the effect, so no dose and no size can be found",
            where="optimise.arm",
            mend='Suppose something: prior = "hypothesis" with sizes, and read the result as "if that were true"',
        )
    return protocol.optimise


def candidates(protocol: Protocol) -> tuple[Candidate, ...]:
    """Every combination of what is free.

    Raises
    ------
    InputError
        There are too many, or one of them is not possible.
    """
    asked = asked_for(protocol)
    number = [arm.name for arm in protocol.arms].index(asked.arm)
    arm, free = protocol.arms[number], asked.free
    cells = arm.cells or Cells()
    for name in CELL_CHOICES:
        if getattr(free, name) and not hypothetical(arm):
            raise InputError(
                f"{name} is free and the arm {arm.name!r} has no cells",
                where=f"optimise.free.{name}",
                mend="Leave it out, or name an arm with cells under optimise.arm",
            )
    options: dict[str, tuple[Any, ...]] = {
        "therapy": free.therapy or (arm.therapy,),
        "million_cells": free.million_cells or (cells.million_cells,),
        "infusions": free.infusions or (cells.infusions,),
        "interval_days": free.interval_days or (cells.interval_days,),
        "share": free.share or (arm.share,),
        "visits_months": free.visits_months or (protocol.visits_months,),
        "month": free.month or (protocol.primary.read_month,),
    }
    count = 1
    for given in options.values():
        count *= len(given)
    if count > MOST:
        raise InputError(
            f"{count:,} designs are too many to try", where="optimise.free", mend=f"Shorten the lists to {MOST} in all"
        )
    found = []
    for chosen in product(*options.values()):
        values = dict(zip(options, chosen, strict=True))
        words = tuple((name, _words(values[name])) for name, given in options.items() if len(given) > 1)
        found.append(Candidate(_changed(protocol, number, values), number, words))
    return tuple(found)


def _changed(protocol: Protocol, number: int, values: Mapping[str, Any]) -> Protocol:
    """The design with these choices; it ends with the primary endpoint where that month is free."""
    arm = protocol.arms[number]
    cells = None
    if arm.cells is not None:
        cells = arm.cells.model_copy(
            update={one: values[one] for one in ("million_cells", "infusions", "interval_days")}
        )
    changed = arm.model_copy(update={"therapy": values["therapy"], "share": values["share"], "cells": cells})
    month = values["month"]
    primary = protocol.primary
    years: float = protocol.years
    visits: tuple[int, ...] = tuple(values["visits_months"])
    free = protocol.optimise.free if protocol.optimise else None
    if free is not None and free.month:
        primary = EndpointPlan(
            name=None, measure="ctx" if primary.measure == "ctx" else "bmd", site=primary.read_site, month=month
        )
        visits = tuple(sorted({one for one in visits if one <= month} | {month}))
        years = month / 12.0
    elif month not in visits:
        raise InputError(
            f"nobody is measured at month {month} in the visits {list(visits)}",
            where="optimise.free.visits_months",
            mend=f"Add {month} to each list",
        )
    arms = tuple(changed if place == number else one for place, one in enumerate(protocol.arms))
    found = protocol.model_copy(update={"arms": arms, "endpoints": (primary,), "visits_months": visits, "years": years})
    if DOSE not in changed.therapy:
        _check(found, changed)
    return found


def _check(protocol: Protocol, arm: ArmPlan) -> None:
    try:
        arm_courses(protocol, arm)
    except UsageError as error:
        place = f"optimise.free.therapy {arm.therapy!r}" if error.where else "optimise.free"
        raise InputError(error.problem, where=place, mend=error.mend) from None


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def cost_of_one(protocol: Protocol, arm: int) -> float:
    """What one person in an arm costs until the end of the design, whatever they stop."""
    prices = protocol.optimise.cost if protocol.optimise else None
    if prices is None:
        return 0.0
    doses, cells = doses_given(protocol, protocol.arms[arm])
    visits = 1 + len(protocol.visits_months)
    return prices.person + prices.visit * visits + prices.dose * doses + prices.million_cells * cells


def doses_given(protocol: Protocol, arm: ArmPlan) -> tuple[float, float]:
    """Doses until the end (single ones, and months of daily ones), and millions of cells."""
    courses = arm_courses(protocol, arm)
    end = 12.0 * protocol.years * DAYS_PER_MONTH
    doses = cells = 0.0
    for course in courses.regimen.courses:
        if isinstance(course, Bolus):
            given = sum(day < end - 1e-6 for day in course.days(end))
            doses += given
            if courses.product is not None and course.drug.startswith("cells_"):
                cells += given * courses.product.cells_given
        else:
            doses += max(min(course.end_day, end) - course.start_day, 0.0) / DAYS_PER_MONTH
    return doses, cells


def in_words(candidate: Candidate) -> str:
    """What was chosen, as one line."""
    return "; ".join(f"{name} {value}" for name, value in candidate.choice) or "the design as it stands"


def every_seed(protocol: Protocol, fresh: int) -> Iterator[Protocol]:
    """The design with other people: so many other seeds."""
    for number in range(1, fresh + 1):
        yield protocol.model_copy(update={"seed": protocol.seed + 1_000_003 * number})
