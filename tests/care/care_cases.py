"""Read the specification table of the guideline rules: small patients and the options expected for them.

A column left empty was not recorded. ``menopause`` is the age at menopause, or pre, transition, post. ``fractures`` is
none, yes (site unknown) or the sites. ``other`` sets further fields of the history.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osteon.person import Person
from osteon.risk.result import FractureRisk

TABLE = Path(__file__).parent / "guideline_cases.csv"
WORDS: dict[str, Any] = {"true": True, "false": False}
STATES = {"pre": "premenopausal", "transition": "transition", "post": "postmenopausal"}


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    row: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.row['case']}: {self.row['who']}"

    @property
    def person(self) -> Person:
        row = self.row
        record: dict[str, Any] = {"sex": row["sex"], "age_years": float(row["age"])}
        if row["menopause"] in STATES:
            record["menopausal_status"] = STATES[row["menopause"]]
        elif row["menopause"]:
            record["menopause_age_years"] = float(row["menopause"])
        if row["country"]:
            record["country"] = row["country"]
        record["history"] = self._history()
        labs = {"egfr": "egfr_ml_min", "calcium": "calcium_mmol_l", "vitamin_d": "vitamin_d_nmol_l"}
        record["labs"] = {field: float(row[column]) for column, field in labs.items() if row[column]}
        sites: list[dict[str, Any]] = [
            {"site": site, "t_score": float(row[column])}
            for column, site in (("neck_t", "femoral_neck"), ("spine_t", "lumbar_spine"))
            if row[column]
        ]
        if row["z"]:
            sites.append({"site": "lumbar_spine", "z_score": float(row["z"])})
        record["scans"] = [{"date": "2026-03-02", "sites": sites}] if sites else []
        return Person.model_validate(record)

    def _history(self) -> dict[str, Any]:
        history: dict[str, Any] = {}
        fractures = self.row["fractures"]
        if fractures == "none":
            history["previous_fragility_fracture"] = False
        elif fractures == "yes":
            history["previous_fragility_fracture"] = True
        elif fractures:
            history["fragility_fracture_sites"] = fractures.split("/")
        for setting in self.row["other"].split():
            field, word = setting.split("=")
            history[field] = _number(word) if re.fullmatch(r"[\d.]+", word) else WORDS.get(word, word)
        return history

    @property
    def risks(self) -> tuple[FractureRisk, ...]:
        return tuple(
            frax(outcome, float(self.row[column]))
            for outcome, column in (("major_osteoporotic", "frax_major"), ("hip", "frax_hip"))
            if self.row[column]
        )

    @property
    def expected(self) -> dict[str, tuple[str, bool | str]]:
        answers: dict[str, bool | str] = {"yes": True, "no": False, "uncertain": "uncertain"}
        expected = {}
        for part in self.row["expect"].split(";"):
            therapy, _, rest = part.strip().partition(": ")
            standing, eligible = rest.split(", ")
            expected[therapy] = (standing, answers[eligible])
        return expected


def _number(word: str) -> float:
    """A whole number where the record counts."""
    return float(word) if "." in word else int(word)


def frax(outcome: Any, percent: float, tool: str = "FRAX (typed in)") -> FractureRisk:
    """A ten-year FRAX result as a person would type it in."""
    return FractureRisk(
        tool=tool,
        outcome=outcome,
        horizon_years=10,
        percent=percent,
        inputs_missing=(),
        reason="typed in",
        notice="",
        sources=(),
    )


def cases() -> list[Case]:
    """Every row of the table, in file order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Case(row) for row in csv.DictReader(file)]
