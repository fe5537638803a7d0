"""QFracture-2012, the open fracture model and the GLOW score beside the first-year fractures of 500 women of GLOW.

Run: ``python -m bench.glow500 GLOW500.txt``. The file belongs to a textbook (Hosmer, Lemeshow and Sturdivant, Applied
Logistic Regression, 3rd ed., 2013) and is not part of Osteon; the R package aplore3 carries it as ``rawdata/GLOW``.
Nothing is fetched and nothing is written.

The sample was chosen so that one woman in four had a fracture, many more than in the study. That moves the level of the
observed percentages, but neither who ranks higher (AUC) nor the slope.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from bench.discrimination import Booleans, Floats, auc_with_interval, calibration_slope, fifths
from osteon.person import Person
from osteon.risk.glow import glow_score
from osteon.risk.open_model import probabilities, risk_factors
from osteon.risk.qfracture2012 import from_person

ASSUMED = """What every woman was given because the file does not say: no alcohol (QFracture needs an answer), a smoker
is a former one, an earlier fracture was of the wrist, and nothing else is known. No bone density."""

Women = list[dict[str, str]]


def read(path: Path) -> Women:
    """The rows of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def person(row: dict[str, str]) -> Person:
    """The record that the file allows, with what is assumed."""
    broke = row["PRIORFRAC"] == "1"
    return Person.model_validate(
        {
            "sex": "female",
            "age_years": int(row["AGE"]),
            "height_cm": float(row["HEIGHT"]),
            "weight_kg": float(row["WEIGHT"]),
            "history": {
                "parent_hip_fracture": row["MOMFRAC"] == "1",
                "smoking": "former" if row["SMOKE"] == "1" else "never",
                "alcohol_units_per_day": 0,
                "previous_fragility_fracture": broke,
                "fragility_fracture_sites": ["wrist"] if broke else [],
            },
        }
    )


def open_percent(who: Person) -> float:
    """One-year risk of a major osteoporotic fracture by the open model."""
    known = risk_factors(who)
    found = probabilities(who.sex, who.age_years, known, horizon_years=1)
    return 100.0 * float(found.major[0, 0])


def qfracture_percent(who: Person) -> float:
    """One-year risk of a major osteoporotic fracture by QFracture-2012; not a number where it refuses."""
    major = next(one for one in from_person(who, 1) if one.outcome == "major_osteoporotic")
    return float("nan") if major.percent is None else major.percent


def points(row: dict[str, str]) -> int:
    """The GLOW score."""
    return glow_score(
        int(row["AGE"]),
        float(row["WEIGHT"]),
        prior_fracture=row["PRIORFRAC"] == "1",
        mother_hip_fracture=row["MOMFRAC"] == "1",
        ever_smoked=row["SMOKE"] == "1",
        arms_to_stand=row["ARMASSIST"] == "1",
    )


def line(name: str, score: Floats, broke: Booleans, *, percent: bool) -> str:
    """One tool's row of the table."""
    area = auc_with_interval(score, broke)
    slope = "none: points"
    if percent:
        value, error = calibration_slope(score, broke)
        slope = f"{value:.2f} ({value - 1.96 * error:.2f} to {value + 1.96 * error:.2f})"
    return f"| {name} | {score.size} | {area.area:.2f} ({area.low:.2f} to {area.high:.2f}) | {slope} |"


def report(rows: Women) -> str:
    """The tables, as the docs show them."""
    broke: Booleans = np.array([row["FRACTURE"] == "1" for row in rows])
    people = [person(row) for row in rows]
    ours: Floats = np.array([open_percent(one) for one in people])
    theirs: Floats = np.array([qfracture_percent(one) for one in people])
    score: Floats = np.array([points(row) for row in rows], dtype=np.float64)
    age: Floats = np.array([one.age_years for one in people])
    answered = np.isfinite(theirs)
    lines = [
        f"{len(rows)} women, {int(broke.sum())} with a fracture in the first year.",
        "",
        "| tool | women | AUC (95 % interval) | calibration slope |",
        "| --- | --- | --- | --- |",
        line("open fracture model", ours, broke, percent=True),
        line("the same, where QFracture answers", ours[answered], broke[answered], percent=True),
        line("QFracture-2012", theirs[answered], broke[answered], percent=True),
        line("GLOW score", score, broke, percent=False),
        line("age alone", age, broke, percent=False),
        "",
        "| fifth of the prediction | open model, mean % | observed % | QFracture, mean % | observed % |",
        "| --- | --- | --- | --- | --- |",
    ]
    both = zip(fifths(ours, broke), fifths(theirs[answered], broke[answered]), strict=True)
    lines += [
        f"| {number} | {a[1]:.2f} | {a[2]:.0f} | {b[1]:.2f} | {b[2]:.0f} |" for number, (a, b) in enumerate(both, 1)
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the tables for the file named on the command line."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("Write the path of GLOW500.txt after the command, e.g. python -m bench.glow500 GLOW500.txt")
    print(report(read(Path(sys.argv[1]))))
    print()
    print(ASSUMED)


if __name__ == "__main__":
    main()
