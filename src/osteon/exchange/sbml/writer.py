"""A thin layer over libSBML that never passes over a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from osteon.exchange.sbml.description import About
from osteon.exchange.sbml.units import DIMENSIONLESS, Unit

LEVEL, VERSION = 3, 2

SECONDS_PER_DAY = 86400
DAYS_PER_YEAR = 365

BASE_UNITS: Mapping[str, tuple[str, int, float]] = {
    "day": ("UNIT_KIND_SECOND", 0, SECONDS_PER_DAY),
    "year": ("UNIT_KIND_SECOND", 0, SECONDS_PER_DAY * DAYS_PER_YEAR),
    "mg": ("UNIT_KIND_GRAM", -3, 1),
    "microgram": ("UNIT_KIND_GRAM", -6, 1),
}
"""Our units as an SBML kind, a power of ten, and a multiplier."""


class Writer:
    """An SBML document with one model, written piece by piece.

    Parameters
    ----------
    libsbml
        The library.
    model_id, title
        Identifier and name of the model.
    """

    def __init__(self, libsbml: Any, model_id: str, title: str) -> None:
        self._lib = libsbml
        self._document = libsbml.SBMLDocument(LEVEL, VERSION)
        self._model = self._document.createModel()
        self._used: dict[str, Unit] = {}
        self._check(self._model.setId(model_id))
        self._check(self._model.setMetaId(f"meta_{model_id}"))
        self._check(self._model.setName(title))
        self._check(self._model.setTimeUnits("day"))
        self._check(self._model.setSBOTerm(293))  # non-spatial continuous framework

    def _check(self, code: int) -> None:
        if code != self._lib.LIBSBML_OPERATION_SUCCESS:
            raise AssertionError(f"libSBML refused a step: {self._lib.OperationReturnValue_toString(code)}")

    def parameter(
        self, name: str, unit: Unit, value: float | None, *, constant: bool = False, meaning: str = ""
    ) -> None:
        """A parameter; without a value when a rule or an initial assignment gives it."""
        one = self._model.createParameter()
        self._check(one.setId(name))
        self._check(one.setConstant(constant))
        self._used[unit.identifier] = unit
        self._check(one.setUnits(unit.identifier))
        if value is not None:
            self._check(one.setValue(float(value)))
        if meaning:
            self._check(one.setName(meaning))

    def rate(self, name: str, tree: Any) -> None:
        """A rate rule."""
        rule = self._model.createRateRule()
        self._check(rule.setVariable(name))
        self._check(rule.setMath(tree))

    def assign(self, name: str, tree: Any) -> None:
        """An assignment rule."""
        rule = self._model.createAssignmentRule()
        self._check(rule.setVariable(name))
        self._check(rule.setMath(tree))

    def initial(self, name: str, tree: Any) -> None:
        """An initial assignment of a constant."""
        one = self._model.createInitialAssignment()
        self._check(one.setSymbol(name))
        self._check(one.setMath(tree))

    def event(self, name: str, label: str, condition: Any, assignments: Mapping[str, Any], *, at_start: bool) -> None:
        """An event.

        Parameters
        ----------
        name, label
            Identifier and plain name.
        condition
            When it becomes true, the event takes place.
        assignments
            New values by identifier.
        at_start
            Whether it takes place on day 0 when the condition holds from the beginning.
        """
        one = self._model.createEvent()
        self._check(one.setId(name))
        self._check(one.setName(label))
        self._check(one.setUseValuesFromTriggerTime(True))
        trigger = one.createTrigger()
        self._check(trigger.setInitialValue(not at_start))
        self._check(trigger.setPersistent(True))
        self._check(trigger.setMath(condition))
        for variable, tree in assignments.items():
            assignment = one.createEventAssignment()
            self._check(assignment.setVariable(variable))
            self._check(assignment.setMath(tree))

    def is_term(self, name: str, address: str) -> None:
        """Say which term of an ontology or database a parameter is."""
        one = self._model.getParameter(name)
        self._check(one.setMetaId(f"meta_{name}"))
        self._relate(one, self._lib.BIOLOGICAL_QUALIFIER, self._lib.BQB_IS, address)

    def _relate(self, element: Any, kind: int, qualifier: int, address: str) -> None:
        term = self._lib.CVTerm(kind)
        if kind == self._lib.MODEL_QUALIFIER:
            self._check(term.setModelQualifierType(qualifier))
        else:
            self._check(term.setBiologicalQualifierType(qualifier))
        self._check(term.addResource(address))
        self._check(element.addCVTerm(term))

    def describe(self, notes: str, about: About, taxon: str) -> None:
        """Notes and annotations of the model."""
        self._check(self._model.setNotes(notes))
        for address in about.described_by:
            self._relate(self._model, self._lib.MODEL_QUALIFIER, self._lib.BQM_IS_DESCRIBED_BY, address)
        for address in about.derived_from:
            self._relate(self._model, self._lib.MODEL_QUALIFIER, self._lib.BQM_IS_DERIVED_FROM, address)
        self._relate(self._model, self._lib.BIOLOGICAL_QUALIFIER, self._lib.BQB_HAS_TAXON, taxon)

    def text(self, used_units: Mapping[str, Unit]) -> str:
        """The document, with the definitions of all units used."""
        units = {"day": Unit((("day", Fraction(1)),)), **self._used, **used_units}
        for name, unit in sorted(units.items()):
            if unit != DIMENSIONLESS:
                self._define(name, unit)
        return str(self._lib.writeSBMLToString(self._document))

    def _define(self, name: str, unit: Unit) -> None:
        definition = self._model.createUnitDefinition()
        self._check(definition.setId(name))
        for word, exponent in unit.powers:
            kind, scale, multiplier = BASE_UNITS[word]
            one = definition.createUnit()
            self._check(one.setKind(getattr(self._lib, kind)))
            self._check(one.setExponent(float(exponent)))
            self._check(one.setScale(scale))
            self._check(one.setMultiplier(float(multiplier)))
