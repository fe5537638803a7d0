"""``osteon twin``: the bone model itself."""

from __future__ import annotations

from typing import Literal

from cyclopts import App

from osteon.cli.output import TextOrJson, console, print_json

app = App(name="twin", help="The bone model itself: how well it does on published trials.")


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
