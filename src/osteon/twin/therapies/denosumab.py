"""Denosumab, an antibody against RANK ligand: 60 mg under the skin every six months."""

from __future__ import annotations

from osteon.evidence.loader import value
from osteon.twin.therapies.drug import DrugTherapy, doses_at_interval, months

INTERVAL_DAYS = months(value("dosing.denosumab.interval"))

DENOSUMAB = DrugTherapy(
    name="denosumab",
    how="60 mg under the skin every 6 months",
    course=doses_at_interval("denosumab", value("dosing.denosumab.amount"), INTERVAL_DAYS),
    interval_days=INTERVAL_DAYS,
    longest_months=None,
    sources=("dosing.denosumab.amount", "dosing.denosumab.interval"),
    amount=value("dosing.denosumab.amount"),
    unit="mg",
)
