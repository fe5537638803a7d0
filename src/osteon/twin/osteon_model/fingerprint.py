"""Eight letters that stand for the model as it is: its parameters, and the published results that it is shown beside.

Tables and pictures in the docs carry them, so that a test can tell when they are older than the model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from osteon.evidence.loader import table
from osteon.twin.osteon_model.parameters import nominal

PUBLISHED_FILES = (
    "trials_arms.csv",
    "trials_calibrate.csv",
    "trials_risk_calibrate.csv",
    "trials_validate.csv",
    "trials_control.csv",
    "trials_unlisted.csv",
    "trials_later.csv",
    "trials_digitised_calibrate.csv",
    "natural_history_calibrate.csv",
    "natural_history_later.csv",
    "joerg2022_clinical.csv",
    "joerg2022_dosing.csv",
)

PROVENANCE = ("doi_or_pmid", "source_url", "locator")
"""Columns that say where a result was read. Neither table nor picture shows them, so they do not count."""


def parameter_fingerprint(parameters: Mapping[str, float] | None = None) -> str:
    """Letters that change with any parameter of the bone model.

    Parameters
    ----------
    parameters
        By name; those in use by default. They count to six digits.
    """
    used = nominal() if parameters is None else parameters
    return _digest(repr(sorted((name, float(f"{value:.6g}")) for name, value in used.items())))


def published_fingerprint() -> str:
    """Letters that change with any published result that the model is shown beside."""
    rows = [
        sorted((column, cell) for column, cell in row.items() if column not in PROVENANCE)
        for name in PUBLISHED_FILES
        for row in table(name)
    ]
    return _digest(repr(rows))


def population_fingerprint() -> str:
    """Letters that change with the tuning of the virtual population or with the bone model under it."""
    names = ("variability_tuned.csv", "variability_traits.csv", "variability_correlations.csv")
    rows = [sorted(row.items()) for name in names for row in table(name)]
    return _digest(parameter_fingerprint() + repr(rows))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
