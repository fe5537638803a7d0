"""Alendronate, a bisphosphonate: 70 mg by mouth once a week."""

from __future__ import annotations

from osteon.evidence.loader import value
from osteon.twin.therapies.drug import DrugTherapy, doses_at_interval

ALENDRONATE = DrugTherapy(
    name="alendronate",
    how="70 mg by mouth once a week",
    course=doses_at_interval("alendronate", value("dosing.alendronate.amount"), value("dosing.alendronate.interval")),
    interval_days=value("dosing.alendronate.interval"),
    longest_months=None,
    sources=("dosing.alendronate.amount", "dosing.alendronate.interval"),
    amount=value("dosing.alendronate.amount"),
    unit="mg",
)
