"""Cell therapy in the bone model: products, two priors, projections, and what would have to be true.

On the evidence found, no cell therapy has been shown to raise bone density or prevent fracture in osteopenia. Every
result of this room is hypothetical and says so.
"""

from osteon.twin.cell_therapy.kinetics import Fate, Signal, fate
from osteon.twin.cell_therapy.priors import EvidencePrior, HypothesisPrior, Slopes, largest_plausible
from osteon.twin.cell_therapy.product import CellProduct, default_product
from osteon.twin.cell_therapy.project import cell_gains, project_cell_therapy
from osteon.twin.cell_therapy.recipient import Recipient
from osteon.twin.cell_therapy.result import STATEMENT, CellTherapyProjection, WhatWouldHaveToBeTrue
from osteon.twin.cell_therapy.what_if import what_would_have_to_be_true

__all__ = [
    "STATEMENT",
    "CellProduct",
    "CellTherapyProjection",
    "EvidencePrior",
    "Fate",
    "HypothesisPrior",
    "Recipient",
    "Signal",
    "Slopes",
    "WhatWouldHaveToBeTrue",
    "cell_gains",
    "default_product",
    "fate",
    "largest_plausible",
    "project_cell_therapy",
    "what_would_have_to_be_true",
]
