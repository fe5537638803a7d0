"""The equations of a bone model as formulas: its rates, observables and effect compartments, run on symbols."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from osteon.exchange.sbml.expression import Expression, Graph
from osteon.exchange.sbml.naming import Names
from osteon.exchange.sbml.units import DAY, YEAR, Unit
from osteon.twin.engine.model import DAYS_PER_YEAR, Model

AGE = "age"
"""Identifier of the age in years."""

DAYS_IN_YEAR = "days_per_year"
"""Identifier of the number of days in a model year."""


def identifier(name: str) -> str:
    """A name of the model as an SBML identifier."""
    return name.replace(".", "_")


def level_identifier(channel: str) -> str:
    """The identifier of the level of an effect compartment."""
    return f"{channel}_level"


@dataclass(frozen=True, slots=True)
class Channel:
    """An effect compartment.

    Attributes
    ----------
    drug
        What feeds it.
    effect_per_unit, elimination
        Formulas of parameters.
    """

    drug: str
    effect_per_unit: Expression
    elimination: Expression


@dataclass(frozen=True, slots=True)
class Equations:
    """A model on symbols.

    Attributes
    ----------
    graph, names
        The formulas, and what the model's code calls them.
    rates
        Rate of change of each state, per day, by identifier.
    observables
        By name.
    channels
        By name; those that no dose reaches are left out when only some drugs were asked for.
    parameters
        The model's parameters by identifier (as in the model).
    """

    graph: Graph
    names: Names
    rates: Mapping[str, Expression]
    observables: Mapping[str, Expression]
    channels: Mapping[str, Channel]
    parameters: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the equations that is a quantity with a unit: its identifier, unit and meaning."""

    identifier: str
    unit: Unit
    meaning: str


YEAR_LENGTH = Quantity(DAYS_IN_YEAR, DAY / YEAR, "Days in a year of the model")


def trace(model: Model, quantities: Mapping[float, Quantity], drugs: Collection[str] | None = None) -> Equations:
    """Run a model's equations on symbols.

    Parameters
    ----------
    model
        The bone model.
    quantities
        Numbers in its equations that have a unit where they multiply or divide; ``365`` is always one.
    drugs
        Keep only the effect compartments that these drugs feed; the level of every other is 0. All by default.
    """
    graph = Graph({DAYS_PER_YEAR: DAYS_IN_YEAR, **{value: one.identifier for value, one in quantities.items()}})
    names = Names()
    parameters = {name: graph.symbol(name) for name in model.parameters}
    state = tuple(graph.symbol(identifier(name)) for name in model.state_names)
    with names.listening():
        channels = {
            name: Channel(one.drug, graph.lift(one.effect_per_unit), graph.lift(one.elimination_per_day))
            for name, one in model.channels(parameters).items()
        }
    kept = {name: one for name, one in channels.items() if drugs is None or one.drug in drugs}
    exposure = {name: graph.symbol(level_identifier(name)) if name in kept else graph.number(0.0) for name in channels}
    with names.listening():
        forcing = model.forcing(graph, graph.symbol(AGE), exposure, parameters)
        rates = model.derivatives(graph, state, forcing, parameters)
        observables = model.observe(graph, model.observable_names, state, forcing, parameters)
    return Equations(
        graph=graph,
        names=names,
        rates={identifier(name): graph.lift(one) for name, one in zip(model.state_names, rates, strict=True)},
        observables={name: graph.lift(one) for name, one in zip(model.observable_names, observables, strict=True)},
        channels=kept,
        parameters=parameters,
    )
