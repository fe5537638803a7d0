"""Read the specification table of screening: small people, and what each body is expected to say about them.

A column left empty was not recorded; ``rest`` = no says that every other question of the history was answered with no.
``menopause`` is the age at menopause, or pre, transition. ``other`` sets further fields of the history. Expected:
yes scan, yes tool, no (advises against), not asked, depends, neither (says neither), outside (not meant for them).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osteon.care.screening import Screening
from osteon.person import Person

TABLE = Path(__file__).parent / "screening_cases.csv"
STATES = {"pre": "premenopausal", "transition": "transition"}
WORDS: dict[str, Any] = {"true": True, "false": False}

# Every question answered with no.
ALL_NO: dict[str, Any] = {
    "parent_hip_fracture": False,
    "parent_osteoporosis": False,
    "smoking": "never",
    "alcohol_units_per_day": 0.0,
    "care_home": False,
    "previous_fragility_fracture": False,
    "falls_last_year": 0,
    "height_loss_cm": 0.0,
    "back_pain": False,
    "glucocorticoids": False,
    "aromatase_inhibitor": False,
    "androgen_deprivation": False,
    "rheumatoid_arthritis": False,
    "diabetes": "none",
    "thyrotoxicosis": False,
    "hyperparathyroidism": False,
    "cushing": False,
    "malabsorption": False,
    "chronic_liver_disease": False,
}
STANDINGS = {
    "advised against": "no",
    "not called for": "not asked",
    "depends": "depends",
    "no recommendation": "neither",
    "outside its scope": "outside",
}
STEPS = {"scan": "yes scan", "risk tool": "yes tool"}
SPINE = {True: "yes", False: "no", "uncertain": "depends"}


def _word(text: str) -> Any:
    if text in WORDS:
        return WORDS[text]
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


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
        history = dict(ALL_NO) if row["rest"] == "no" else {}
        body = (165.0, 70.0) if row["rest"] == "no" else (None, None)
        record["height_cm"] = float(row["height"]) if row["height"] else body[0]
        record["weight_kg"] = float(row["weight"]) if row["weight"] else body[1]
        if row["fractures"]:
            history |= {"previous_fragility_fracture": True, "fragility_fracture_sites": row["fractures"].split("/")}
        for setting in row["other"].split():
            field, word = setting.split("=")
            if field == "on":
                record["treatments"] = [{"therapy": word}]
            else:
                value = _word(word)
                history[field] = float(value) if field.endswith(("_cm", "_day")) else value
        record["history"] = history
        if row["frax_major"]:
            major = float(row["frax_major"])
            record["frax"] = {"date": "2026-03-02", "country": "Australia", "major_osteoporotic_percent": major}
        if row["neck_t"]:
            sites = [{"site": "femoral_neck", "t_score": float(row["neck_t"])}]
            record["scans"] = [{"date": "2026-03-02", "sites": sites}]
        return Person.model_validate(record)

    @property
    def expected(self) -> dict[str, str]:
        pairs = (part.strip().partition(": ") for part in self.row["expect"].split(";"))
        return {what: answer for what, _, answer in pairs}


def found(result: Screening) -> dict[str, str]:
    """What screening says, in the words of the table."""
    said = {}
    for one in result.bodies:
        said[one.body] = STEPS[one.step] if one.standing == "advised" else STANDINGS[one.standing]
    for image in result.spine_imaging:
        said[f"spine {image.body}"] = SPINE[image.advised]
    for sign in result.signs:
        said[f"sign {sign.key}"] = sign.state
    return said


def answer(said: dict[str, str], what: str) -> str:
    """The answer of a body by the start of its name: the table writes NICE for NICE CG146."""
    matching = [key for key in said if key.startswith(what)]
    assert len(matching) == 1, f"{what!r} names {matching}"
    return said[matching[0]]


def cases() -> list[Case]:
    """Every row of the table, in file order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Case(row) for row in csv.DictReader(file)]
