"""Compute the tables of ``docs/cell-therapy-model.md`` and write them into the page.

Run ``python tests/twin_cells/cells_docs.py`` after the bone model's parameters have changed.
"""

from __future__ import annotations

import re
from pathlib import Path

from osteon.report.words import number
from osteon.twin.cell_therapy import (
    CellProduct,
    Signal,
    WhatWouldHaveToBeTrue,
    project_cell_therapy,
    what_would_have_to_be_true,
)
from osteon.twin.cell_therapy.result import MECHANISM_LABELS
from osteon.twin.osteon_model.fingerprint import parameter_fingerprint

PAGE = Path(__file__).parents[2] / "docs" / "cell-therapy-model.md"
BLOCK = re.compile(r"(?<=<!-- computed -->\n).*?(?=<!-- end of computed -->)", re.DOTALL)
YEARS = (1.0, 2.0, 3.0, 5.0, 10.0)
SUPPOSED = CellProduct(million_cells=100, infusions=4)
LASTING = (
    "Total hip, percentage points above no treatment. The medicines are in the same model and the same woman; the "
    "cells are supposed to be given four times, 30 days apart, with a signal that halves in 90 days, and each "
    "mechanism to be as large as the target needs."
)
FAR = "not reachable"


def rows(*lines: list[str]) -> str:
    head, *body = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *body))


def needs(label: str, answer: WhatWouldHaveToBeTrue) -> list[list[str]]:
    return [
        [
            label,
            one.label,
            FAR if one.size_needed is None else f"{number(one.size_needed, 0)} %",
            f"{number(one.gain_at_largest, 2)} (at {one.largest_plausible:.0f} %)",
            FAR if one.half_life_needed_days is None else f"{one.half_life_needed_days:.0f} days",
            FAR if one.infusions_needed is None else str(one.infusions_needed),
            FAR if one.million_cells_needed is None else f"{one.million_cells_needed:.0f} million",
        ]
        for one in answer.mechanisms
    ]


def computed() -> str:
    """The tables, and the fingerprint of the parameters behind them."""
    once = what_would_have_to_be_true(CellProduct(million_cells=100))
    hip = what_would_have_to_be_true(CellProduct(million_cells=100, route="total_hip"))
    parts = [
        f"Bone-model parameters: `{parameter_fingerprint()}`.",
        "### One infusion or injection",
        rows(
            [
                "route",
                "if",
                "size needed",
                "gain at the largest plausible size",
                "half-life needed at it",
                "infusions needed at it",
                "cells each time needed at it",
            ],
            *needs("vein", once),
            *needs("hip", hip),
        ),
    ]
    # After an injection, commitment stays out of reach, and vascular support acts as activity does after an infusion.
    shown = [("infusions", one) for one in once.maps] + [("injections into the hip", hip.maps[2])]
    for title, one in shown:
        if not any(size is not None for row in one.sizes for size in row):
            parts.append(f"Map for {title}, if {MECHANISM_LABELS[one.mechanism]}: not reachable anywhere.")
            continue
        parts += [
            f"Map for {title}, if {MECHANISM_LABELS[one.mechanism]}: size needed, % (dash: not reachable).",
            rows(
                ["number \\ half-life", *(f"{days:g} d" for days in one.half_life_days)],
                *(
                    [str(count), *("–" if size is None else number(size, 0) for size in row)]
                    for count, row in zip(one.infusions, one.sizes, strict=True)
                ),
            ),
        ]
    courses = []
    supposed = what_would_have_to_be_true(SUPPOSED, signal=Signal(half_life_days=90.0))
    for one in (*once.durability[:3], *supposed.durability[3:]):
        gain = dict(zip(one.t_years, one.gain, strict=True))
        label = f"{one.label} (hypothetical)" if one.hypothetical else one.label
        courses.append([label, *(number(gain[year], 2) for year in YEARS)])
    parts += [
        "### How long a gain lasts after one course",
        LASTING,
        rows(["course", *(f"{year:g} y" for year in YEARS)], *courses),
        "### Under the evidence prior",
        "What is added to no treatment after two years, per cent of today's density: median (90 % of draws).",
    ]
    bands = []
    for product in (
        CellProduct(million_cells=100),
        CellProduct(million_cells=100, infusions=4),
        CellProduct(million_cells=400, infusions=8, interval_days=3.5),
        CellProduct(million_cells=100, route="total_hip"),
    ):
        found = project_cell_therapy(65, "female", product)
        at = found.t_years.index(2.0)
        bands.append(
            [
                product.label,
                *(
                    f"{number(one.median[at], 1)} ({number(one.lower[at], 1)} to {number(one.upper[at], 1)})"
                    for one in found.sites
                ),
            ]
        )
    parts.append(rows(["product", "lumbar spine", "total hip", "femoral neck"], *bands))
    return "\n" + "\n\n".join(parts) + "\n\n"


def rewritten(page: str) -> str:
    """The page with fresh tables."""
    fresh = computed()
    return BLOCK.sub(lambda _: fresh, page)


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text("utf-8")), "utf-8")
