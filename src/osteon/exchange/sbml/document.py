"""Put a model together as an SBML document."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from osteon import __version__
from osteon.errors import MissingExtraError
from osteon.exchange.sbml.description import CELL_ONTOLOGY, HUMAN, About, about, describe_parameters
from osteon.exchange.sbml.dosing import dose_rates, single_doses
from osteon.exchange.sbml.equations import (
    AGE,
    YEAR_LENGTH,
    Equations,
    identifier,
    level_identifier,
    trace,
)
from osteon.exchange.sbml.events import write_breaks, write_dose_rate, write_single_doses
from osteon.exchange.sbml.layout import Layout, lay_out
from osteon.exchange.sbml.mathml import FormulaWriter
from osteon.exchange.sbml.units import DIMENSIONLESS, PER_DAY, YEAR, Unit, UnitFinder
from osteon.exchange.sbml.writer import Writer
from osteon.twin.engine.model import DAYS_PER_YEAR, Model
from osteon.twin.engine.regimen import Regimen

AGE_AT_START = "age_at_start"
RESIDUAL = "residual_level"
RESIDUAL_LEVEL = 1e-30
"""A level that decays towards 0 for years ends among numbers so small that CVODE gives up; 1e-30 changes no result."""


def write_document(
    model: Model,
    *,
    values: Mapping[str, float],
    state: Mapping[str, float],
    age_years: float,
    years: float,
    regimen: Regimen,
    label: str,
    everything: bool,
) -> str:
    """The SBML text; see :func:`osteon.exchange.sbml.export_sbml`.

    Parameters
    ----------
    model
        The bone model.
    values
        Its parameters.
    state
        The state on day 0, by the model's names.
    age_years, years
        Age on day 0, and how long the model is going to be run.
    regimen, label
        The doses, and what they are called.
    everything
        Whether effect compartments that no dose reaches are written too.
    """
    try:
        import libsbml
    except ImportError:
        raise MissingExtraError("Writing SBML", "sbml") from None
    described = about(model)
    equations = trace(model, described.quantities, None if everything else regimen.drugs)
    layout = lay_out(equations, _taken(equations))
    writer = Writer(libsbml, f"bone_model_{model.name}", described.title)
    units = UnitFinder(_symbol_units(model, equations, described), _stated(equations, layout))
    formulas = FormulaWriter(libsbml, units, layout.written_as)
    needed = _needed(equations, layout)
    _write_time(writer, formulas, described, needed, age_years)
    for name, one in describe_parameters(model).items():
        if name in needed:
            writer.parameter(name, one.unit, values[name], constant=True, meaning=one.meaning)
    for name, value in state.items():
        state_id = identifier(name)
        writer.parameter(state_id, DIMENSIONLESS, value, meaning=f"State: {name.replace('_', ' ').replace('.', ', ')}")
        writer.rate(state_id, formulas.write(equations.rates[state_id], PER_DAY, state_id))
        if state_id in CELL_ONTOLOGY:
            writer.is_term(state_id, CELL_ONTOLOGY[state_id])
    for assignment in layout.assignments:
        unit = units.of_known(assignment.formula)
        tree = formulas.write(assignment.formula, unit, assignment.name)
        writer.parameter(assignment.name, unit, None, constant=assignment.fixed)
        (writer.initial if assignment.fixed else writer.assign)(assignment.name, tree)
    for name, formula in equations.observables.items():
        own = observable_identifier(equations, name)
        writer.parameter(own, DIMENSIONLESS, None, meaning=f"Observable: {name.replace('_', ' ')}")
        writer.assign(own, formulas.write(formula, DIMENSIONLESS, own))
    _write_drugs(writer, formulas, units, equations, regimen)
    breaks = [float(age) for age in model.break_ages(values) if age_years < float(age) < age_years + 100.0]
    write_breaks(writer, formulas, breaks, AGE_AT_START, YEAR_LENGTH.identifier)
    writer.describe(_notes(described, label, age_years, years, formulas), described, HUMAN)
    return writer.text(formulas.used_units)


def observable_identifier(equations: Equations, name: str) -> str:
    """An observable's identifier: its name, unless a parameter is called the same."""
    return f"observed_{name}" if name in equations.parameters else name


def _taken(equations: Equations) -> set[str]:
    levels = {level_identifier(name) for name in equations.channels}
    observables = {observable_identifier(equations, name) for name in equations.observables}
    drugs = {one.drug for one in equations.channels.values()}
    own = {AGE, AGE_AT_START, RESIDUAL, *equations.graph.constants.values(), *(f"{drug}_dose_rate" for drug in drugs)}
    return {*equations.parameters, *equations.rates, *observables, *levels, *own}


def _symbol_units(model: Model, equations: Equations, described: About) -> dict[str, Unit]:
    return {
        **{name: one.unit for name, one in describe_parameters(model).items()},
        **dict.fromkeys((*equations.rates, *(level_identifier(name) for name in equations.channels)), DIMENSIONLESS),
        **{one.identifier: one.unit for one in described.quantities.values()},
        AGE: YEAR,
        YEAR_LENGTH.identifier: YEAR_LENGTH.unit,
    }


def _stated(equations: Equations, layout: Layout) -> dict[Any, Unit]:
    """Constants that the code calls by the name of a state have that state's unit."""
    return {
        one.formula: DIMENSIONLESS
        for one in layout.assignments
        if one.fixed and (equations.names.of(one.formula) or "") in equations.rates
    }


def _needed(equations: Equations, layout: Layout) -> set[str]:
    """The symbols that some formula uses."""
    found: set[str] = set()
    seen = set()
    stack = [*equations.rates.values(), *equations.observables.values(), *layout.written_as]
    stack += [part for one in equations.channels.values() for part in (one.effect_per_unit, one.elimination)]
    while stack:
        formula = stack.pop()
        if formula in seen:
            continue
        seen.add(formula)
        found.add(formula.name)
        stack += formula.arguments
    return found


def _write_time(writer: Writer, formulas: FormulaWriter, described: About, needed: set[str], age_years: float) -> None:
    writer.parameter(
        YEAR_LENGTH.identifier, YEAR_LENGTH.unit, DAYS_PER_YEAR, constant=True, meaning=YEAR_LENGTH.meaning
    )
    for value, one in described.quantities.items():
        if one.identifier in needed:
            writer.parameter(one.identifier, one.unit, value, constant=True, meaning=one.meaning)
    writer.parameter(AGE_AT_START, YEAR, age_years, constant=True, meaning="Age on day 0")
    writer.parameter(AGE, YEAR, None, meaning="Age")
    passed = formulas.join("/", formulas.time(), formulas.symbol(YEAR_LENGTH.identifier))
    writer.assign(AGE, formulas.join("+", formulas.symbol(AGE_AT_START), passed))


def _write_drugs(
    writer: Writer, formulas: FormulaWriter, units: UnitFinder, equations: Equations, regimen: Regimen
) -> None:
    """The effect compartments, and the doses that reach them."""
    if not equations.channels:
        return
    rates = dose_rates(regimen)
    meaning = "Level to which an empty effect compartment tends: nothing, but no underflow in solvers"
    writer.parameter(RESIDUAL, DIMENSIONLESS, RESIDUAL_LEVEL, constant=True, meaning=meaning)
    boluses = single_doses(regimen)
    for drug in dict.fromkeys(one.drug for one in equations.channels.values()):
        fed = {name: one for name, one in equations.channels.items() if one.drug == drug}
        per_unit = units.of_known(next(iter(fed.values())).effect_per_unit)
        rate_id = f"{drug}_dose_rate"
        label = drug.replace("_", " ")
        given = rates.get(drug)
        writer.parameter(
            rate_id,
            PER_DAY / per_unit,
            given.at_start if given else 0.0,
            constant=not (given and given.changes),
            meaning=f"Continuous dosing of {label}",
        )
        for name, one in fed.items():
            level = level_identifier(name)
            writer.parameter(level, DIMENSIONLESS, 0.0, meaning=f"Effect compartment: {name.replace('_', ' ')}")
            above = formulas.join("-", formulas.symbol(level), formulas.symbol(RESIDUAL))
            loss = formulas.join("*", formulas.write(one.elimination, PER_DAY, level), above)
            gain = formulas.join("*", formulas.write(one.effect_per_unit, per_unit, level), formulas.symbol(rate_id))
            writer.rate(level, formulas.join("-", gain, loss))
        for course in (one for one in boluses if one.course.drug == drug):
            write_single_doses(writer, formulas, course, fed, per_unit=per_unit)
        if given:
            write_dose_rate(writer, formulas, given, rate_id, PER_DAY / per_unit)


def _notes(described: About, label: str, age_years: float, years: float, formulas: FormulaWriter) -> str:
    factors = ", ".join(sorted({f"{target} ({unit.replace('_', ' ')})" for target, unit in formulas.factors}))
    this_file = (
        f"This file: age {age_years:g} on day 0; therapy: {label}; made to be run for {years:g} years. Time is in "
        f"days, a year has {DAYS_PER_YEAR:g} days. The initial values are the untreated state at that age; they do not "
        "follow when a parameter is changed here."
    )
    medicines = (
        "Each medicine fills effect compartments that empty at a first-order rate: a single dose is an event, daily "
        "medicines are continuous dosing."
    )
    paragraphs = [described.title, *described.paragraphs, this_file, medicines]
    if factors:
        paragraphs.append(f"Factors of 1 with a unit stand where the equations leave them out: {factors}.")
    paragraphs.append(f"Written by Osteon {__version__}.")
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f'<body xmlns="http://www.w3.org/1999/xhtml">{body}</body>'
