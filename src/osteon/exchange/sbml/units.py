"""Units of quantities and of formulas.

A unit is a product of powers of day, model year (365 days), milligram and microgram. Units are written in the evidence
as ``1/d``, ``/d``, ``a``, ``1/mg``, ``d/ug``, ``1``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from osteon.errors import ModelError
from osteon.exchange.sbml.expression import (
    COMPARISONS,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    MINUS,
    NUMBER,
    PIECEWISE,
    PLUS,
    POWER,
    SYMBOL,
    TIMES,
    Expression,
)

WORDS: Mapping[str, str] = {"d": "day", "a": "year", "mg": "mg", "ug": "microgram"}
"""The symbols of units in the evidence, and the words of which SBML identifiers are made."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers, as pairs of word and exponent in alphabetical order; none is dimensionless."""

    powers: tuple[tuple[str, Fraction], ...] = ()

    @property
    def identifier(self) -> str:
        """A name for SBML, e.g. ``per_day`` or ``microgram_per_day``."""
        if not self.powers:
            return "dimensionless"
        over = [_word(name, power) for name, power in self.powers if power > 0]
        under = [f"per_{_word(name, -power)}" for name, power in self.powers if power < 0]
        return "_".join(over + under)

    def __mul__(self, other: Unit) -> Unit:
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, Fraction(0)) + power
        return Unit(tuple(sorted((name, power) for name, power in powers.items() if power)))

    def __pow__(self, exponent: Fraction) -> Unit:
        return Unit(tuple((name, power * exponent) for name, power in self.powers if exponent))

    def __truediv__(self, other: Unit) -> Unit:
        return self * other ** Fraction(-1)


def _word(name: str, power: Fraction) -> str:
    return name if power == 1 else f"{name}_{power}".replace("/", "_over_")


DIMENSIONLESS = Unit()
DAY = Unit((("day", Fraction(1)),))
YEAR = Unit((("year", Fraction(1)),))
PER_DAY = DIMENSIONLESS / DAY


def read_unit(text: str) -> Unit:
    """The unit that a text of the evidence names.

    Raises
    ------
    ModelError
        It holds a symbol that is not known.
    """
    over, *under = text.strip().split("/")
    unit = DIMENSIONLESS
    for exponent, symbols in ((Fraction(1), [over]), (Fraction(-1), under)):
        for symbol in symbols:
            if symbol in ("", "1"):
                continue
            if symbol not in WORDS:
                raise ModelError(f"the unit {text!r} cannot be written as SBML", mend=f"Use {', '.join(WORDS)}")
            unit = unit * Unit(((WORDS[symbol], exponent),))
    return unit


class UnitFinder:
    """Finds the unit of a formula from the units of its symbols.

    Parameters
    ----------
    symbols
        The unit of each symbol by name.
    stated
        Formulas whose unit is known beforehand.
    """

    def __init__(self, symbols: Mapping[str, Unit], stated: Mapping[Expression, Unit]) -> None:
        self._symbols = symbols
        self._kept: dict[Expression, Unit | None] = dict(stated)

    def of(self, formula: Expression) -> Unit | None:
        """The unit; none where the formula holds plain numbers only, which take on the unit of what they meet."""
        if formula not in self._kept:
            self._kept[formula] = self.of_parts(formula)
        return self._kept[formula]

    def of_known(self, formula: Expression) -> Unit:
        """The unit, where plain numbers are dimensionless."""
        return self.of(formula) or DIMENSIONLESS

    def of_parts(self, formula: Expression) -> Unit | None:
        """The unit that follows from the parts of a formula, whatever was stated about it."""
        operation, parts = formula.operation, formula.arguments
        if operation == SYMBOL:
            return self._symbols[formula.name]
        if operation == NUMBER or operation in COMPARISONS:
            return None
        if operation in (PLUS, MINUS, MAXIMUM, MINIMUM):
            return self.shared(*parts)
        if operation == PIECEWISE:
            return self.shared(parts[0], parts[2])
        if self.is_ratio_of_years(formula):
            return DIMENSIONLESS
        if operation in (TIMES, DIVIDE):
            left, right = (self.of_known(part) for part in parts)
            return left * right if operation == TIMES else left / right
        base = self.of_known(parts[0])
        if operation == "sqrt":
            return base ** Fraction(1, 2)
        if operation == POWER and parts[1].is_number:
            return base ** Fraction(parts[1].value)
        return DIMENSIONLESS

    def is_ratio_of_years(self, formula: Expression) -> bool:
        """Whether this is a span of years divided by a plain number, which then is a number of years, too."""
        return formula.operation == DIVIDE and formula.arguments[1].is_number and self.of(formula.arguments[0]) == YEAR

    def shared(self, *parts: Expression) -> Unit | None:
        """The unit that terms of a sum have in common: that of the first which is no plain number."""
        return next((unit for part in parts if (unit := self.of(part)) is not None), None)
