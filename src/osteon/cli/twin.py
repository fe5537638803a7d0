"""``osteon twin``: the bone model itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from osteon.cli.output import TextOrJson, console, note, print_json, write_file

app = App(name="twin", help="The bone model itself: how well it does on published trials, and in other programs.")


@app.command
def validate(*, model: Literal["reference"] = "reference", format: TextOrJson = "text") -> None:
    """Run the bone model on published trial arms and compare with what was observed.

    Parameters
    ----------
    model
        Which model: reference is the published one (Jörg and colleagues, eLife 2022).
    format
        A table of errors by arm, or JSON with every point.
    """
    from osteon.twin import validate as run_validation

    result = run_validation(model)
    if format == "json":
        print_json(result.model_dump(mode="json"))
        return
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("trial arm")
    table.add_column("role")
    table.add_column("observed")
    for title in ("points", "mean error", "mean error %"):
        table.add_column(title, justify="right")
    for arm in result.arms:
        table.add_row(arm.arm, arm.role, arm.observable, str(arm.n), f"{arm.mae:.4f}", f"{100 * arm.mape:.2f}")
    console().print(table)


@app.command
def export(
    *,
    to: Literal["sbml"],
    out: Path | None = None,
    model: Literal["reference", "osteon"] = "reference",
    therapy: str = "none",
    age: Annotated[float, Parameter(validator=Number(gte=20, lte=100))] = 65,
    years: Annotated[float, Parameter(validator=Number(gt=0, lte=75))] = 10,
    sex: Literal["female", "male"] = "female",
) -> None:
    """Write a bone model with a regimen as SBML, for other simulators.

    Parameters
    ----------
    to
        The language.
    out
        Write there instead of to standard output.
    model
        Which model: reference is the published one, osteon our own, which is still being validated.
    therapy
        The regimen whose doses are written: none, denosumab:24,alendronate, ...
    age
        The age on day 0, in years.
    years
        For how long the model is going to be run.
    sex
        The reference model covers women only.
    """
    from osteon.exchange.sbml import export_sbml

    text = export_sbml(model, therapy, age_years=age, years=years, sex=sex)
    if out is None:
        print(text, end="")  # noqa: T201 - the result itself, on standard output
    else:
        write_file(out, text)
        note(f"Wrote {out}")


@app.command
def cells(
    *,
    million_cells: float = 100.0,
    source: Literal["marrow", "adipose", "cord"] = "marrow",
    route: Literal["intravenous", "lumbar_spine", "total_hip", "femoral_neck"] = "intravenous",
    infusions: int = 1,
    interval_days: float = 30.0,
    age: Annotated[float, Parameter(validator=Number(gte=20, lte=95))] = 65,
    sex: Literal["female", "male"] = "female",
    format: TextOrJson = "text",
) -> None:
    """Cell therapy: what is known, and what would have to be true for it to matter. All of it is hypothetical.

    Parameters
    ----------
    million_cells
        Cells given each time, in millions.
    source
        Where the cells come from.
    route
        Into a vein, or into the bone of one site.
    infusions
        How many times.
    interval_days
        Days between two times.
    age, sex
        Of the person.
    format
        Text, or JSON.
    """
    from osteon.twin.cell_therapy import CellProduct, project_cell_therapy, what_would_have_to_be_true

    product = CellProduct(
        million_cells=million_cells, source=source, route=route, infusions=infusions, interval_days=interval_days
    )
    expected = project_cell_therapy(age, sex, product)
    needed = what_would_have_to_be_true(product, age_years=age, sex=sex)
    if format == "json":
        parts = {"projection": expected, "what_would_have_to_be_true": needed}
        print_json({name: part.model_dump(mode="json") for name, part in parts.items()})
        return
    from osteon.report.cell_text import cell_projection_text, what_if_text

    screen = console()
    cell_projection_text(screen, expected)
    what_if_text(screen, needed)
