"""Formulas as the MathML that SBML holds, with a unit on every number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from osteon.exchange.sbml.expression import (
    COMPARISONS,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    MINUS,
    PIECEWISE,
    PLUS,
    POWER,
    TIMES,
    Expression,
)
from osteon.exchange.sbml.units import DIMENSIONLESS, YEAR, Unit, UnitFinder


class FormulaWriter:
    """Writes formulas as libSBML's trees.

    Where the terms of a sum, or a formula and what it is assigned to, differ in their unit (the published equations
    leave out factors of one per day), the factor is written out: the number 1 with the missing unit. The value never
    changes.

    Parameters
    ----------
    libsbml
        The library.
    units
        Finds the units of formulas.
    written_as
        Identifiers of formulas that stand under a name of their own.
    """

    def __init__(self, libsbml: Any, units: UnitFinder, written_as: Mapping[Expression, str]) -> None:
        self._lib = libsbml
        self._units = units
        self._written_as = written_as
        self.used_units: dict[str, Unit] = {}
        self.factors: list[tuple[str, str]] = []
        self._target = ""
        self._types = {
            PLUS: libsbml.AST_PLUS,
            MINUS: libsbml.AST_MINUS,
            TIMES: libsbml.AST_TIMES,
            DIVIDE: libsbml.AST_DIVIDE,
            POWER: libsbml.AST_FUNCTION_POWER,
            PIECEWISE: libsbml.AST_FUNCTION_PIECEWISE,
            "exp": libsbml.AST_FUNCTION_EXP,
            "log": libsbml.AST_FUNCTION_LN,
            "sqrt": libsbml.AST_FUNCTION_ROOT,
            "tanh": libsbml.AST_FUNCTION_TANH,
            ">=": libsbml.AST_RELATIONAL_GEQ,
            ">": libsbml.AST_RELATIONAL_GT,
            "<=": libsbml.AST_RELATIONAL_LEQ,
            "<": libsbml.AST_RELATIONAL_LT,
            "and": libsbml.AST_LOGICAL_AND,
        }

    def write(self, formula: Expression, unit: Unit, target: str) -> Any:
        """The tree of a formula that is assigned to ``target``, whose unit is given."""
        self._target = target
        return self._term(formula, unit, definition=True)

    def number(self, value: float, unit: Unit) -> Any:
        """A number with its unit."""
        node = self._lib.ASTNode(self._lib.AST_REAL)
        if value == int(value) and abs(value) < 1e9:
            node = self._lib.ASTNode(self._lib.AST_INTEGER)
            node.setValue(int(value))
        else:
            node.setValue(float(value))
        node.setUnits(self._unit(unit))
        return node

    def join(self, operation: str, *children: Any) -> Any:
        """A tree over other trees."""
        node = self._lib.ASTNode(self._types[operation])
        for child in children:
            node.addChild(child)
        return node

    def symbol(self, name: str) -> Any:
        """A named quantity."""
        node = self._lib.ASTNode(self._lib.AST_NAME)
        node.setName(name)
        return node

    def time(self) -> Any:
        """The time of the simulation."""
        node = self._lib.ASTNode(self._lib.AST_NAME_TIME)
        node.setName("time")
        return node

    def _unit(self, unit: Unit) -> str:
        self.used_units[unit.identifier] = unit
        return unit.identifier

    def _term(self, formula: Expression, unit: Unit, *, definition: bool = False) -> Any:
        """A formula in the given unit, with a factor of 1 where its own unit differs."""
        if formula.is_number:
            return self.number(formula.value, unit)
        by_name = formula in self._written_as and not definition
        if not by_name and formula.operation in (PLUS, MINUS, MAXIMUM, MINIMUM, PIECEWISE):
            return self._sum_or_choice(formula, unit)
        own = self._own_unit(formula, as_written=by_name)
        tree = self._leaf(formula) if by_name or formula.is_leaf else self._operation(formula)
        if own == unit:
            return tree
        self.factors.append((self._target, (unit / own).identifier))
        return self.join(TIMES, tree, self.number(1.0, unit / own))

    def _own_unit(self, formula: Expression, *, as_written: bool) -> Unit:
        """The unit of a formula; of one that stands under a name, the unit of that name."""
        return self._units.of_known(formula) if as_written else self._units.of_parts(formula) or DIMENSIONLESS

    def _leaf(self, formula: Expression) -> Any:
        return self.symbol(self._written_as.get(formula, formula.name))

    def _sum_or_choice(self, formula: Expression, unit: Unit) -> Any:
        parts, operation = formula.arguments, formula.operation
        if operation in (PLUS, MINUS):
            return self.join(operation, *(self._term(part, unit) for part in parts))
        if operation == PIECEWISE:
            if_true, condition, if_false = parts
            chosen = self._term(if_true, unit), self._condition(condition), self._term(if_false, unit)
            return self.join(PIECEWISE, *chosen)
        left, right = parts
        comparison = ">" if operation == MAXIMUM else "<"
        is_left = self.join(comparison, self._term(left, unit), self._term(right, unit))
        return self.join(PIECEWISE, self._term(left, unit), is_left, self._term(right, unit))

    def _condition(self, formula: Expression) -> Any:
        if formula.operation not in COMPARISONS:
            raise AssertionError(f"{formula.operation} is no condition")
        unit = self._units.shared(*formula.arguments) or DIMENSIONLESS
        return self.join(formula.operation, *(self._term(part, unit) for part in formula.arguments))

    def _operation(self, formula: Expression) -> Any:
        parts, operation = formula.arguments, formula.operation
        if operation in (TIMES, DIVIDE):
            if operation == TIMES and parts[0].value == -1.0:
                return self.join(MINUS, self._plain(parts[1]))
            if self._units.is_ratio_of_years(formula):
                return self.join(DIVIDE, self._plain(parts[0]), self.number(parts[1].value, YEAR))
            return self.join(operation, *(self._plain(part) for part in parts))
        if operation == "sqrt":
            return self.join(operation, self.number(2.0, DIMENSIONLESS), self._plain(parts[0]))
        if operation == POWER and parts[1].is_number:
            return self.join(operation, *(self._plain(part) for part in parts))
        return self.join(operation, *(self._term(part, DIMENSIONLESS) for part in parts))

    def _plain(self, formula: Expression) -> Any:
        return self._term(formula, self._units.of_known(formula))
