"""Why the fracture-risk tools differ for one person: the numbers side by side, and reasons found by switching inputs.

``compare(person, densitometry)`` asks QFracture-2012 and Osteon's open model again and again, each time with one input
changed, and puts the differences into sentences; a typed-in FRAX result stands beside them and cannot be switched. The
parts: ``inputs`` (what can be switched), ``numbers`` (asking the tools), ``reasons`` (the sentences), ``result``.
"""

from osteon.care.comparison.compare import compare
from osteon.care.comparison.result import Comparison, InputEffect, Numbers, Reason, ToolColumn, ToolEffect

__all__ = ["Comparison", "InputEffect", "Numbers", "Reason", "ToolColumn", "ToolEffect", "compare"]
