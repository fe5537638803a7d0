"""A small simulator of SBML that knows nothing of Osteon: libSBML reads the text, CVODE integrates it.

It covers what the exported models use: parameters, initial assignments, assignment and rate rules, and events whose
trigger is ``time >= X`` or ``time >= X and Y`` (``X`` and ``Y`` change at events only). CVODE starts anew at each one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import libsbml
import numpy as np
from sksundae.cvode import CVODE

TOLERANCE = 1e-10


def read(text: str) -> Any:
    """The document; any complaint of the parser is an error."""
    document = libsbml.readSBMLFromString(text)
    assert document.getNumErrors() == 0
    return document


def complaints(text: str) -> list[str]:
    """What libSBML's full consistency check, units and modelling practice included, has to say."""
    document = read(text)
    for category in (
        libsbml.LIBSBML_CAT_UNITS_CONSISTENCY,
        libsbml.LIBSBML_CAT_MODELING_PRACTICE,
        libsbml.LIBSBML_CAT_SBO_CONSISTENCY,
        libsbml.LIBSBML_CAT_OVERDETERMINED_MODEL,
    ):
        document.setConsistencyChecks(category, True)
    document.checkConsistency()
    errors = (document.getError(number) for number in range(document.getNumErrors()))
    return [f"{one.getSeverityAsString()}: {one.getMessage()}" for one in errors]


BINARY = {
    libsbml.AST_PLUS: "+",
    libsbml.AST_MINUS: "-",
    libsbml.AST_TIMES: "*",
    libsbml.AST_DIVIDE: "/",
    libsbml.AST_FUNCTION_POWER: "**",
    libsbml.AST_RELATIONAL_GEQ: ">=",
    libsbml.AST_RELATIONAL_GT: ">",
    libsbml.AST_RELATIONAL_LEQ: "<=",
    libsbml.AST_RELATIONAL_LT: "<",
    libsbml.AST_LOGICAL_AND: " and ",
}
CALLS = {libsbml.AST_FUNCTION_EXP: "exp", libsbml.AST_FUNCTION_LN: "log", libsbml.AST_FUNCTION_TANH: "tanh"}


def python_text(node: Any) -> str:
    """A formula as Python."""
    kind = node.getType()
    if kind == libsbml.AST_INTEGER:
        return f"{node.getInteger()}.0"
    if kind in (libsbml.AST_REAL, libsbml.AST_REAL_E):
        return repr(node.getReal())
    if kind == libsbml.AST_NAME_TIME:
        return "time"
    if kind == libsbml.AST_NAME:
        return str(node.getName())
    parts = [python_text(node.getChild(number)) for number in range(node.getNumChildren())]
    if kind == libsbml.AST_FUNCTION_PIECEWISE:
        if_true, condition, if_false = parts
        return f"({if_true} if {condition} else {if_false})"
    if kind == libsbml.AST_FUNCTION_ROOT:
        return f"({parts[1]} ** (1.0 / {parts[0]}))"
    if kind in CALLS:
        return f"{CALLS[kind]}({parts[0]})"
    if kind == libsbml.AST_MINUS and len(parts) == 1:
        return f"(-{parts[0]})"
    return "(" + BINARY[kind].join(parts) + ")"


class Simulator:
    """A model ready to run."""

    def __init__(self, text: str) -> None:
        model = read(text).getModel()
        self.values: dict[str, float] = {one.getId(): one.getValue() for one in model.getListOfParameters()}
        rules = list(model.getListOfRules())
        self._rated = [rule.getVariable() for rule in rules if rule.isRate()]
        rates = [python_text(rule.getMath()) for rule in rules if rule.isRate()]
        self.assigned = {rule.getVariable(): python_text(rule.getMath()) for rule in rules if rule.isAssignment()}
        for name, formula in _in_order(
            {one.getSymbol(): python_text(one.getMath()) for one in model.getListOfInitialAssignments()}
        ):
            self.values[name] = eval(formula, FUNCTIONS, self.values)  # noqa: S307
        constants = {name: value for name, value in self.values.items() if not math.isnan(value)}
        events = list(model.getListOfEvents())
        changing = {one.getVariable() for event in events for one in event.getListOfEventAssignments()}
        body = [f"{name} = {formula}" for name, formula in _in_order(self.assigned)]
        fixed = [name for name in constants if name not in self._rated and name not in changing]
        arguments = ", ".join(["time", "values", *(f"{name}=values0[{name!r}]" for name in fixed)])
        lines = [f"def everything({arguments}):"]
        lines += [f"    {name} = values[{name!r}]" for name in sorted(changing - set(self._rated))]
        lines += [f"    {name} = values[{name!r}]" for name in self._rated]
        lines += [f"    {line}" for line in body]
        lines += [f"    return ({', '.join(rates)},), locals()"]
        space: dict[str, Any] = {**FUNCTIONS, "values0": constants}
        exec("\n".join(lines), space)  # noqa: S102
        self._everything = space["everything"]
        self._events = [_Event(one) for one in events]

    def run(self, times: Sequence[float], names: Sequence[str]) -> Any:
        """Values of ``names`` at ``times``, ``(len(times), len(names))``; at the time of an event, before it."""
        now, end = 0.0, float(times[-1])
        found = np.full((len(times), len(names)), np.nan)
        wanted = np.asarray(times, dtype=float)
        self._take_due(now)
        found[wanted == 0.0] = self._read(0.0, names)
        while now < end:
            until = min([end, *(due for one in self._events if (due := one.next_time(self.values)) > now)])
            grid = np.unique(np.concatenate([[now], wanted[(wanted > now) & (wanted <= until)], [until]]))
            states = self._integrate(grid)
            for time, state in zip(grid[1:], states[1:], strict=True):
                self.values.update(zip(self._rated, state.tolist(), strict=True))
                found[wanted == time] = self._read(time, names)
            now = until
            self._take_due(now)
        return found

    def rates(self, values: dict[str, float], time: float) -> dict[str, float]:
        """The rates of change at one instant, with some values set."""
        found = self._everything(time, {**self.values, **values})[0]
        return dict(zip(self._rated, found, strict=True))

    def observe(self, values: dict[str, float], time: float, names: Sequence[str]) -> list[float]:
        """Values of ``names`` at one instant, with some values set."""
        found = self._everything(time, {**self.values, **values})[1]
        return [found[name] for name in names]

    def _read(self, time: float, names: Sequence[str]) -> list[float]:
        return self.observe({}, time, names)

    def _integrate(self, grid: Any) -> Any:
        values = dict(self.values)

        def rates(time: float, state: Any, out: Any) -> None:
            values.update(zip(self._rated, state.tolist(), strict=True))
            out[:] = self._everything(time, values)[0]

        start = np.array([self.values[name] for name in self._rated])
        solver = CVODE(rates, rtol=TOLERANCE, atol=TOLERANCE, max_num_steps=100000)
        found = np.asarray(solver.solve(grid, start).y)
        return found[[0, -1]] if grid.size == 2 else found  # for two times, CVODE returns its own steps as well

    def _take_due(self, now: float) -> None:
        due = [one for one in self._events if one.holds(self.values, now)]
        changes = [one.changes(self.values, now) for one in due]
        for one in changes:
            self.values.update(one)


class _Event:
    """An event that waits for a time; once past it stays done until its time is set anew."""

    def __init__(self, event: Any) -> None:
        math_tree = event.getTrigger().getMath()
        comparison = math_tree.getChild(0) if math_tree.getType() == libsbml.AST_LOGICAL_AND else math_tree
        assert comparison.getType() == libsbml.AST_RELATIONAL_GEQ
        assert comparison.getChild(0).getType() == libsbml.AST_NAME_TIME
        self._due = python_text(comparison.getChild(1))
        self._condition = python_text(math_tree)
        self._was_true = event.getTrigger().getInitialValue()
        self._assignments = {one.getVariable(): python_text(one.getMath()) for one in event.getListOfEventAssignments()}

    def next_time(self, values: dict[str, float]) -> float:
        """The time at which the trigger becomes true; infinity if it cannot."""
        time = float(eval(self._due, FUNCTIONS, values))  # noqa: S307
        return time if eval(self._condition, FUNCTIONS, {**values, "time": time}) else math.inf  # noqa: S307

    def holds(self, values: dict[str, float], now: float) -> bool:
        """Whether the trigger turns true now."""
        true = bool(eval(self._condition, FUNCTIONS, {**values, "time": now}))  # noqa: S307
        fires, self._was_true = true and not self._was_true, true
        if fires:  # what the event assigns may make the trigger false at once
            after = {**values, **self.changes(values, now), "time": now}
            self._was_true = bool(eval(self._condition, FUNCTIONS, after))  # noqa: S307
        return fires

    def changes(self, values: dict[str, float], now: float) -> dict[str, float]:
        """The values that the event assigns."""
        here = {**values, "time": now}
        return {name: float(eval(text, FUNCTIONS, here)) for name, text in self._assignments.items()}  # noqa: S307


FUNCTIONS = {"exp": math.exp, "log": math.log, "tanh": math.tanh}


def _in_order(formulas: dict[str, str]) -> list[tuple[str, str]]:
    """Formulas so that each stands after those that it needs."""
    needs = {name: set(compile(text, name, "eval").co_names) & set(formulas) for name, text in formulas.items()}
    done: list[tuple[str, str]] = []
    placed: set[str] = set()
    while len(done) < len(formulas):
        ready = [name for name in formulas if name not in placed and needs[name] <= placed]
        assert ready, "the rules form a circle"
        done += [(name, formulas[name]) for name in ready]
        placed.update(ready)
    return done
