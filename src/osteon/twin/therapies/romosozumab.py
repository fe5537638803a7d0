"""Romosozumab, an antibody against sclerostin: 210 mg under the skin every month, twelve doses."""

from __future__ import annotations

from osteon.evidence.loader import value
from osteon.twin.therapies.drug import DrugTherapy, doses_at_interval, months

INTERVAL_DAYS = months(value("dosing.romosozumab.interval"))

ROMOSOZUMAB = DrugTherapy(
    name="romosozumab",
    how="210 mg under the skin every month for 12 months",
    course=doses_at_interval("romosozumab", value("dosing.romosozumab.amount"), INTERVAL_DAYS),
    interval_days=INTERVAL_DAYS,
    longest_months=value("dosing.romosozumab.longest"),
    sources=("dosing.romosozumab.amount", "dosing.romosozumab.interval", "dosing.romosozumab.longest"),
    amount=value("dosing.romosozumab.amount"),
    unit="mg",
)
