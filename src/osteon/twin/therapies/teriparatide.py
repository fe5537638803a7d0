"""Teriparatide, a fragment of parathyroid hormone: 20 µg under the skin every day, for 24 months at most."""

from __future__ import annotations

from osteon.evidence.loader import value
from osteon.twin.therapies.drug import DrugTherapy, daily_doses

TERIPARATIDE = DrugTherapy(
    name="teriparatide",
    how="20 µg under the skin every day for up to 24 months",
    course=daily_doses("teriparatide", value("dosing.teriparatide.amount")),
    interval_days=1.0,
    longest_months=value("dosing.teriparatide.longest"),
    sources=("dosing.teriparatide.amount", "dosing.teriparatide.longest"),
    amount=value("dosing.teriparatide.amount"),
    unit="ug",
)
