"""What readers see: the text, the picture, and the tables of the docs page."""

from __future__ import annotations

import io

import pytest
from cells_docs import PAGE, rewritten
from rich.console import Console

from osteon.report.cell_text import cell_projection_text, what_if_text
from osteon.report.charts.cell_map import cell_map
from osteon.report.charts.render import render_svg
from osteon.twin.cell_therapy import (
    STATEMENT,
    CellProduct,
    WhatWouldHaveToBeTrue,
    project_cell_therapy,
    what_would_have_to_be_true,
)
from osteon.twin.osteon_model.fingerprint import parameter_fingerprint


@pytest.fixture(scope="module")
def answer() -> WhatWouldHaveToBeTrue:
    return what_would_have_to_be_true(CellProduct(million_cells=100))


def lines_of(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_the_text_opens_with_the_warning_and_holds_the_numbers(answer: WhatWouldHaveToBeTrue) -> None:
    console = Console(file=io.StringIO(), width=160)
    what_if_text(console, answer)
    lines = lines_of(console)
    assert "Hypothetical" in lines[0]
    assert lines[1] == STATEMENT
    text = "\n".join(lines)
    assert "not reachable" in text
    assert "Zoledronate, one infusion" in text
    assert "1.42" in text
    assert "nan" not in text.casefold()
    activity = answer.maps[1]
    row = next(line for line in lines if line.startswith("24 "))
    assert row.split()[1:] == ["–" if size is None else f"{size:.0f}" for size in activity.sizes[-1]]


def test_the_projection_text_shows_median_and_interval() -> None:
    console = Console(file=io.StringIO(), width=160)
    found = project_cell_therapy(65.0, "female", CellProduct(million_cells=100), draws=50)
    cell_projection_text(console, found)
    lines = lines_of(console)
    assert lines[1] == STATEMENT
    hip = next(line for line in lines if line.startswith("Total hip"))
    assert f"0.0 (−{abs(found.sites[1].lower[8]):.1f} to {found.sites[1].upper[8]:.1f})" in hip


def test_a_short_projection_is_shown_too() -> None:
    console = Console(file=io.StringIO(), width=160)
    found = project_cell_therapy(65.0, "female", CellProduct(million_cells=100), draws=2, years=0.5)
    cell_projection_text(console, found)
    assert any(line.endswith("0.5 y") for line in lines_of(console))


def test_the_picture_is_drawn_and_described(answer: WhatWouldHaveToBeTrue) -> None:
    spec = cell_map(answer)
    assert STATEMENT in spec["description"]
    assert "reachable in" in spec["description"]
    svg = render_svg(spec, key="cells")
    assert svg.startswith("<svg")
    assert "hypothetical" in svg
    panel = spec["concat"][1]["data"]["values"]
    assert len(panel) == len(answer.maps[1].infusions) * len(answer.maps[1].half_life_days)
    assert {one["text"] == "–" for one in panel if one["size"] is None} == {True}


def test_the_page_prints_what_the_model_says_today() -> None:
    page = PAGE.read_text("utf-8")
    remedy = "the bone model's parameters have changed: run python tests/twin_cells/cells_docs.py"
    assert f"`{parameter_fingerprint()}`" in page, remedy
    assert page == rewritten(page)


def test_the_page_opens_with_the_warning() -> None:
    assert STATEMENT in PAGE.read_text("utf-8").split("\n\n")[1]
