"""Decisions for one person: what the sciences say together.

``options(person, densitometry, risks)`` weighs every therapy side by side; ``cell_therapy(person, densitometry)`` is
the counselling page on stem cells.
"""

from osteon.care.cells import cell_therapy
from osteon.care.options import options
from osteon.care.result import CellTherapy, Option

__all__ = ["CellTherapy", "Option", "cell_therapy", "options"]
