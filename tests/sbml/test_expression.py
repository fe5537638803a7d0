"""Formulas as objects: exact numbers, no branching, units."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.errors import ModelError
from osteon.exchange.sbml.expression import Expression, Graph
from osteon.exchange.sbml.naming import common_ending
from osteon.exchange.sbml.units import DAY, PER_DAY, UnitFinder, read_unit

NUMBER = st.floats(0.1, 5.0)


OPERATIONS: dict[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "power": operator.pow,
    "maximum": max,
    "minimum": min,
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "piecewise": lambda if_true, condition, if_false: if_true if condition else if_false,
    **{name: getattr(math, name) for name in ("exp", "log", "sqrt", "tanh")},
}


def value(formula: Expression, symbols: dict[str, float]) -> float:
    """A formula worked out once more, in plain Python."""
    if formula.is_number:
        return formula.value
    if formula.operation == "symbol":
        return symbols[formula.name]
    return OPERATIONS[formula.operation](*(value(part, symbols) for part in formula.arguments))


def all_functions(xp: object, a: object, b: object) -> object:
    """Every operation that a model may use."""
    x = xp
    some = x.exp(-a) + x.log(1.0 + b) * x.sqrt(a) - x.tanh(b / 3.0) / x.power(a, 1.5)  # type: ignore[attr-defined,operator]
    more = x.expm1(0.1 * a) + x.log1p(b) + x.maximum(a, b) * x.minimum(b, 1.0) + 2.0**b + a**2  # type: ignore[attr-defined,operator]
    chosen = x.where(a >= b, a, 1.0) + x.where(a < 2.0, 0.0, b) + x.where(a <= b, 1.0, b)  # type: ignore[attr-defined,operator]
    return np.float64(2.0) * some + more / np.float64(3.0) + chosen  # type: ignore[operator]


@given(a=NUMBER, b=NUMBER)
def test_formulas_say_what_the_arrays_compute(a: float, b: float) -> None:
    graph = Graph()
    expected = float(all_functions(np, a, b))  # type: ignore[arg-type]
    formula = all_functions(graph, graph.symbol("a"), graph.symbol("b"))
    assert isinstance(formula, Expression)
    assert value(formula, {"a": a, "b": b}) == pytest.approx(expected, rel=1e-12)
    numbers = all_functions(graph, graph.number(a), graph.number(b))
    assert isinstance(numbers, Expression)
    assert value(numbers, {}) == pytest.approx(expected, rel=1e-12)


def test_equal_formulas_are_one_object() -> None:
    graph = Graph()
    a, b = graph.symbol("a"), graph.symbol("b")
    assert (a + b) * a is (graph.symbol("a") + b) * a
    assert a + 0.0 is a
    assert 1.0 * a is a
    assert (0.0 * a).is_number
    assert a / 1.0 is a
    assert a**1.0 is a


def test_branching_on_a_value_is_refused() -> None:
    graph = Graph()
    with pytest.raises(TypeError, match="where"):
        bool(graph.symbol("a") > 1.0)
    with pytest.raises(ValueError, match="cannot be part"):
        graph.symbol("a") + math.inf


def test_units_are_read_and_found() -> None:
    assert read_unit("1/d") == read_unit("/d") == PER_DAY
    assert read_unit("d/ug").identifier == "day_per_microgram"
    assert read_unit("1").identifier == "dimensionless"
    with pytest.raises(ModelError, match="furlong"):
        read_unit("furlong")
    graph = Graph()
    k, t = graph.symbol("k"), graph.symbol("t")
    finder = UnitFinder({"k": PER_DAY, "t": DAY}, {})
    assert finder.of_known(k * t).identifier == "dimensionless"
    assert finder.of(3.0 + t) == DAY
    assert finder.of(graph.sqrt(t * t)) == DAY
    assert finder.of_known(t / k).identifier == "day_2"
    assert finder.of(graph.number(2.0)) is None


def test_names_end_alike() -> None:
    assert common_ending(["bmd_lumbar_spine", "young_lumbar_spine"]) == "lumbar_spine"
    assert common_ending(["a", "b"]) == ""
