"""The open fracture model beside the fractures that people of the US survey NHANES remember: a look back.

Run: ``python -m bench.nhanes_fractures FILE.csv``, with the processed file of 2017 to March 2020 (columns ``age``,
``gender``, ``bmi``, ``bmd_femur_neck``, ``mother_fx_hip``, ``father_fx_hip``, ``prednisone``, ``hx_fracture``). The
survey is in the US public domain. Nothing is fetched and nothing is written.

A fracture of hip, wrist or spine came before the scan here, so this is not prediction: the scan may show what the
fracture did. The earlier fracture itself is kept from the model.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from bench.discrimination import Booleans, Floats, auc_with_interval
from osteon.person import Sex
from osteon.risk.open_model import RiskFactors, probabilities
from osteon.risk.open_model.density import t_score

People = list[dict[str, str]]
SEXES: dict[str, Sex] = {"1": "male", "2": "female"}
COLUMNS = ("age", "gender", "bmi", "bmd_femur_neck", "mother_fx_hip", "father_fx_hip", "prednisone", "hx_fracture")


def read(path: Path) -> People:
    """Everybody with a femoral-neck scan and an answer about fractures."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            sys.exit(f"{path.name} has no column {', '.join(missing)}")
        return [row for row in reader if row["bmd_femur_neck"] != "NA" and row["hx_fracture"] in FRACTURE]


FRACTURE = {"Fracture": True, "No_Fracture": False}


def flag(text: str) -> bool | None:
    """Yes, no, or not recorded."""
    return {"1": True, "0": False}.get(text)


def known(row: dict[str, str]) -> RiskFactors:
    """The risk factors that the file holds, without the fracture itself."""
    parents = [flag(row["mother_fx_hip"]), flag(row["father_fx_hip"])]
    parent = True if True in parents else False if parents == [False, False] else None
    return RiskFactors(
        parent_hip_fracture=parent,
        glucocorticoids=flag(row["prednisone"]),
        bmi=None if row["bmi"] == "NA" else float(row["bmi"]),
    )


def percent(row: dict[str, str], *, with_scan: bool) -> float:
    """Ten-year risk of a major osteoporotic fracture, with or without the scan."""
    bone = float(t_score(float(row["bmd_femur_neck"]))) if with_scan else None
    found = probabilities(SEXES[row["gender"]], float(row["age"]), known(row), bone=bone)
    return 100.0 * float(found.major[0, -1])


def report(people: People) -> str:
    """The table, as the docs show it."""
    lines = ["| | people | with a fracture | open model, scan | open model, no scan | T-score alone | age alone |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for sex, label in (("2", "women"), ("1", "men")):
        here = [row for row in people if row["gender"] == sex]
        broke: Booleans = np.array([FRACTURE[row["hx_fracture"]] for row in here])
        scores: list[Floats] = [
            np.array([percent(row, with_scan=True) for row in here]),
            np.array([percent(row, with_scan=False) for row in here]),
            np.array([-float(row["bmd_femur_neck"]) for row in here]),
            np.array([float(row["age"]) for row in here]),
        ]
        areas = [auc_with_interval(score, broke) for score in scores]
        cells = " | ".join(f"{one.area:.2f} ({one.low:.2f} to {one.high:.2f})" for one in areas)
        lines.append(f"| {label} | {len(here)} | {int(broke.sum())} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table for the file named on the command line."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("Write the path of the file after the command, e.g. python -m bench.nhanes_fractures adults50.csv")
    print(report(read(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
