"""Formulas as objects: what a model's equations return when they are run on symbols in place of numbers.

The bone models are written once, for arrays (see :mod:`osteon.twin.engine.model`). Run on the symbols of this module,
with a :class:`Graph` as their ``xp``, the very same equations return the formula itself, which is then written as
SBML. So the export cannot differ from the model, whatever changes in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TypeAlias

PLUS, MINUS, TIMES, DIVIDE, POWER = "+", "-", "*", "/", "power"
NUMBER, SYMBOL, PIECEWISE, MAXIMUM, MINIMUM = "number", "symbol", "piecewise", "maximum", "minimum"
COMPARISONS = (">=", ">", "<=", "<")
FUNCTIONS = ("exp", "log", "sqrt", "tanh")


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """One node of a formula. Equal formulas of one graph are the same object.

    Attributes
    ----------
    graph
        The graph that keeps it.
    operation
        ``number``, ``symbol``, an operator, a comparison or a function.
    arguments
        The nodes that it joins.
    name, value
        Of a symbol, and of a number.
    """

    graph: Graph
    operation: str
    arguments: tuple[Expression, ...] = ()
    name: str = ""
    value: float = math.nan

    __array_ufunc__ = None  # a NumPy number on the left then leaves the operation to this class

    @property
    def is_number(self) -> bool:
        """Whether this is a plain number."""
        return self.operation == NUMBER

    @property
    def is_leaf(self) -> bool:
        """Whether this is a plain number or a symbol."""
        return not self.arguments

    def __bool__(self) -> bool:
        raise TypeError("a model's equations must not branch on values: use xp.where")

    def __add__(self, other: Operand) -> Expression:
        return self.graph.add(self, other)

    def __radd__(self, other: Operand) -> Expression:
        return self.graph.add(other, self)

    def __sub__(self, other: Operand) -> Expression:
        return self.graph.subtract(self, other)

    def __rsub__(self, other: Operand) -> Expression:
        return self.graph.subtract(other, self)

    def __mul__(self, other: Operand) -> Expression:
        return self.graph.multiply(self, other)

    def __rmul__(self, other: Operand) -> Expression:
        return self.graph.multiply(other, self)

    def __truediv__(self, other: Operand) -> Expression:
        return self.graph.divide(self, other)

    def __rtruediv__(self, other: Operand) -> Expression:
        return self.graph.divide(other, self)

    def __pow__(self, other: Operand) -> Expression:
        return self.graph.power(self, other)

    def __rpow__(self, other: Operand) -> Expression:
        return self.graph.power(other, self)

    def __neg__(self) -> Expression:
        return self.graph.multiply(-1.0, self)

    def __ge__(self, other: Operand) -> Expression:
        return self.graph.node(">=", self, other)

    def __gt__(self, other: Operand) -> Expression:
        return self.graph.node(">", self, other)

    def __le__(self, other: Operand) -> Expression:
        return self.graph.node("<=", self, other)

    def __lt__(self, other: Operand) -> Expression:
        return self.graph.node("<", self, other)


Operand: TypeAlias = Expression | float


@dataclass(slots=True)
class Graph:
    """Keeps every formula once, and offers the array functions that a model may use (its ``xp``).

    What is a plain number is computed at once; terms of 0 and factors of 0 and 1 vanish. Nothing else is rearranged, so
    the formulas round as the model's own arithmetic does.

    Attributes
    ----------
    constants
        Numbers of the equations that stand for a quantity with a unit, and the symbol that is written for each.
    """

    constants: dict[float, str] = field(default_factory=dict)
    _kept: dict[object, Expression] = field(default_factory=dict)

    def number(self, value: float) -> Expression:
        """A number; where it stands for a named quantity, that symbol."""
        value = float(value)
        if value in self.constants:
            return self.symbol(self.constants[value])
        if not math.isfinite(value):
            raise ValueError(f"{value} cannot be part of a formula")
        return self._keep((NUMBER, value), Expression(self, NUMBER, value=value))

    def symbol(self, name: str) -> Expression:
        """A named quantity."""
        return self._keep((SYMBOL, name), Expression(self, SYMBOL, name=name))

    def node(self, operation: str, *operands: Operand) -> Expression:
        """An operation on other nodes."""
        arguments = tuple(self.lift(one) for one in operands)
        key = (operation, *(id(one) for one in arguments))
        return self._keep(key, Expression(self, operation, arguments))

    def _keep(self, key: object, made: Expression) -> Expression:
        return self._kept.setdefault(key, made)

    def lift(self, operand: Operand) -> Expression:
        """A number as a node; a node as it is."""
        return operand if isinstance(operand, Expression) else self.number(operand)

    def add(self, left: Operand, right: Operand) -> Expression:
        """``left + right``."""
        a, b = self.lift(left), self.lift(right)
        if a.is_number and b.is_number:
            return self.number(a.value + b.value)
        if a.value == 0.0:
            return b
        return a if b.value == 0.0 else self.node(PLUS, a, b)

    def subtract(self, left: Operand, right: Operand) -> Expression:
        """``left - right``."""
        a, b = self.lift(left), self.lift(right)
        if a.is_number and b.is_number:
            return self.number(a.value - b.value)
        if b.value == 0.0:
            return a
        return self.multiply(-1.0, b) if a.value == 0.0 else self.node(MINUS, a, b)

    def multiply(self, left: Operand, right: Operand) -> Expression:
        """``left * right``."""
        a, b = self.lift(left), self.lift(right)
        if a.is_number and b.is_number:
            return self.number(a.value * b.value)
        if 0.0 in (a.value, b.value):
            return self.number(0.0)
        if a.value == 1.0:
            return b
        return a if b.value == 1.0 else self.node(TIMES, a, b)

    def divide(self, left: Operand, right: Operand) -> Expression:
        """``left / right``."""
        a, b = self.lift(left), self.lift(right)
        if a.is_number and b.is_number:
            return self.number(a.value / b.value)
        if a.value == 0.0:
            return a
        return a if b.value == 1.0 else self.node(DIVIDE, a, b)

    def power(self, base: Operand, exponent: Operand) -> Expression:
        """``base`` to the power of ``exponent``."""
        a, b = self.lift(base), self.lift(exponent)
        if a.is_number and b.is_number:
            return self.number(a.value**b.value)
        return a if b.value == 1.0 else self.node(POWER, a, b)

    def _function(self, name: str, operand: Operand) -> Expression:
        one = self.lift(operand)
        if one.is_number:
            return self.number(getattr(math, name)(one.value))
        return self.node(name, one)

    def exp(self, operand: Operand) -> Expression:
        """Exponential function."""
        return self._function("exp", operand)

    def log(self, operand: Operand) -> Expression:
        """Natural logarithm."""
        return self._function("log", operand)

    def sqrt(self, operand: Operand) -> Expression:
        """Square root."""
        return self._function("sqrt", operand)

    def tanh(self, operand: Operand) -> Expression:
        """Hyperbolic tangent."""
        return self._function("tanh", operand)

    def expm1(self, operand: Operand) -> Expression:
        """``exp(x) - 1``, which SBML has no function of its own for."""
        return self.exp(operand) - 1.0

    def log1p(self, operand: Operand) -> Expression:
        """``log(1 + x)``, which SBML has no function of its own for."""
        return self.log(1.0 + self.lift(operand))

    def maximum(self, left: Operand, right: Operand) -> Expression:
        """The larger of two."""
        a, b = self.lift(left), self.lift(right)
        return self.number(max(a.value, b.value)) if a.is_number and b.is_number else self.node(MAXIMUM, a, b)

    def minimum(self, left: Operand, right: Operand) -> Expression:
        """The smaller of two."""
        a, b = self.lift(left), self.lift(right)
        return self.number(min(a.value, b.value)) if a.is_number and b.is_number else self.node(MINIMUM, a, b)

    def where(self, condition: Operand | bool, if_true: Operand, if_false: Operand) -> Expression:
        """``if_true`` where the condition holds, else ``if_false``."""
        if isinstance(condition, Expression):
            return self.node(PIECEWISE, if_true, condition, if_false)
        return self.lift(if_true if condition else if_false)
