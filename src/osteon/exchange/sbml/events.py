"""Doses, changes of dose rate, and kinks of the equations as SBML events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from osteon.exchange.sbml.dosing import DoseRate, SingleDoses
from osteon.exchange.sbml.equations import Channel, level_identifier
from osteon.exchange.sbml.mathml import FormulaWriter
from osteon.exchange.sbml.units import DAY, DIMENSIONLESS, YEAR, Unit
from osteon.exchange.sbml.writer import Writer


def write_single_doses(
    writer: Writer, formulas: FormulaWriter, doses: SingleDoses, fed: Mapping[str, Channel], *, per_unit: Unit
) -> None:
    """One event that repeats itself: dose number ``given`` falls on ``first_day + given * interval``."""
    name, course = doses.name, doses.course
    label = name.replace("_", " ")
    amount, first, given = f"{name}_dose", f"{name}_first_day", f"{name}_doses_given"
    writer.parameter(amount, DIMENSIONLESS / per_unit, course.amount, constant=True, meaning=f"Single dose of {label}")
    writer.parameter(first, DAY, course.first_day, constant=True, meaning=f"Day of the first dose of {label}")
    writer.parameter(given, DIMENSIONLESS, 0.0, meaning=f"Doses of {label} given so far")
    due = formulas.symbol(first)
    limit = f"{name}_doses"
    if doses.repeats:
        interval = f"{name}_interval"
        writer.parameter(interval, DAY, course.interval_days, constant=True, meaning=f"Time between doses of {label}")
        due = formulas.join("+", due, formulas.join("*", formulas.symbol(given), formulas.symbol(interval)))
    is_due = formulas.join(">=", formulas.time(), due)
    if course.doses is not None:
        writer.parameter(limit, DIMENSIONLESS, course.doses, constant=True, meaning=f"Number of doses of {label}")
        is_due = formulas.join("and", is_due, formulas.join("<", formulas.symbol(given), formulas.symbol(limit)))
    changes = {
        given: formulas.join("+", formulas.symbol(given), formulas.number(1.0, DIMENSIONLESS)),
    }
    for channel, one in fed.items():
        level = level_identifier(channel)
        effect = formulas.join("*", formulas.write(one.effect_per_unit, per_unit, level), formulas.symbol(amount))
        changes[level] = formulas.join("+", formulas.symbol(level), effect)
    writer.event(f"give_{name}", f"A dose of {label}", is_due, changes, at_start=True)


def write_dose_rate(writer: Writer, formulas: FormulaWriter, rate: DoseRate, rate_id: str, unit: Unit) -> None:
    """An event for each later change of a rate of continuous dosing."""
    for number, (day, amount) in enumerate(rate.changes, start=1):
        reached = formulas.join(">=", formulas.time(), formulas.number(day, DAY))
        label = f"{rate.drug.replace('_', ' ')} {'stops' if amount == 0.0 else 'is given continuously'}"
        changes = {rate_id: formulas.number(amount, unit)}
        writer.event(f"change_{rate_id}_{number}", label, reached, changes, at_start=False)


def write_breaks(
    writer: Writer, formulas: FormulaWriter, ages: Sequence[float], age_at_start: str, days_per_year: str
) -> None:
    """An event without a change at each kink of the equations, so that a solver stops there and starts anew."""
    for number, age in enumerate(ages, start=1):
        until = formulas.join("-", formulas.number(age, YEAR), formulas.symbol(age_at_start))
        reached = formulas.join(">=", formulas.time(), formulas.join("*", until, formulas.symbol(days_per_year)))
        label = f"The equations have a kink at age {age:g}; nothing is changed"
        writer.event(f"kink_{number}", label, reached, {}, at_start=False)
