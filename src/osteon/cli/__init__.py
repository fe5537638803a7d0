"""The command line: a thin face. Everything it does is one call in Python."""

from osteon.cli.app import run

__all__ = ["run"]
