"""Which parts of the formulas are written under a name of their own, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from osteon.exchange.sbml.equations import Equations
from osteon.exchange.sbml.expression import COMPARISONS, MAXIMUM, MINIMUM, Expression
from osteon.exchange.sbml.naming import common_ending


@dataclass(frozen=True, slots=True)
class Assignment:
    """``name := formula``; fixed when it depends on parameters only."""

    name: str
    formula: Expression
    fixed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """What is written by name, each after what it needs, and the identifier that stands for each such formula."""

    assignments: tuple[Assignment, ...]
    written_as: Mapping[Expression, str]


def lay_out(equations: Equations, taken: Collection[str]) -> Layout:
    """Give the named parts of all formulas, and those that are needed more than once, an identifier.

    Parameters
    ----------
    equations
        The model on symbols.
    taken
        Identifiers that are not free: parameters, states, levels, observables.
    """
    survey = _Survey(equations)
    used = set(taken)
    assignments: list[Assignment] = []
    written_as: dict[Expression, str] = {}
    for formula in survey.order:
        name = equations.names.of(formula)
        is_root = formula in survey.roots
        apart = survey.uses[formula] > 1 or (survey.uses[formula] == 1 and (is_root or name is not None))
        if formula.is_leaf or formula.operation in COMPARISONS or not apart:
            continue
        fixed = formula not in survey.moving
        if name in taken:  # what the code calls by the name of a state or parameter is not that state itself
            name = f"{name}_constant" if fixed else f"{name}_signal"
        free = _free_name(name, common_ending(sorted(survey.used_by[formula])), used)
        used.add(free)
        written_as[formula] = free
        assignments.append(Assignment(free, formula, fixed))
    return Layout(tuple(assignments), written_as)


class _Survey:
    """All formulas, each after its parts; how often each is used; for which results; and which change with time."""

    def __init__(self, equations: Equations) -> None:
        named = {**equations.rates, **equations.observables}
        for name, channel in equations.channels.items():
            named[f"{name}_effect"], named[f"{name}_loss"] = channel.effect_per_unit, channel.elimination
        self.roots = frozenset(named.values())
        self.order: list[Expression] = []
        self.uses: dict[Expression, int] = {}
        self.used_by: dict[Expression, set[str]] = {}
        self.moving: set[Expression] = set()
        self._constant = {
            *equations.parameters.values(),
            *(equations.graph.symbol(name) for name in equations.graph.constants.values()),
        }
        for name, formula in named.items():
            self._visit(formula)
            self._mark(formula, name)

    def _visit(self, formula: Expression) -> None:
        if formula in self.uses:
            return
        self.uses[formula] = 0
        for part in formula.arguments:
            self._visit(part)
            # The larger or smaller of two is written as a choice, in which each of them stands twice.
            self.uses[part] += 2 if formula.operation in (MAXIMUM, MINIMUM) else 1
        self.order.append(formula)
        if formula.is_leaf:
            moves = not formula.is_number and formula not in self._constant
        else:
            moves = any(part in self.moving for part in formula.arguments)
        if moves:
            self.moving.add(formula)

    def _mark(self, formula: Expression, root: str) -> None:
        owners = self.used_by.setdefault(formula, set())
        if root not in owners:
            owners.add(root)
            for part in formula.arguments:
                self._mark(part, root)


def _free_name(name: str | None, ending: str, used: set[str]) -> str:
    """The name itself; else with what its uses have in common (a site) at the end; else with a number."""
    if name is not None and name not in used:
        return name
    stem = "_".join(filter(None, (name or "part", ending)))
    if stem not in used and ending:
        return stem
    number = 2 if stem in used else 1
    while f"{stem}_{number}" in used:
        number += 1
    return f"{stem}_{number}"
