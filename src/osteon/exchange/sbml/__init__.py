"""The bone models as SBML, for every simulator and model library that reads it."""

from osteon.exchange.sbml.export import export_sbml

__all__ = ["export_sbml"]
