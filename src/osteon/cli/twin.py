"""``osteon twin``: the bone model itself."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from osteon.cli.limits import number, whole
from osteon.cli.output import TextOrJson, console, note, print_json, write_file
from osteon.errors import UsageError

app = App(name="twin", help="The bone model itself: how well it does on published trials, and in other programs.")


@app.command
def validate(*, model: Literal["reference", "osteon"] = "reference", format: TextOrJson = "text") -> None:
    """Run a bone model on published trial arms and compare with what was observed.

    Parameters
    ----------
    model
        Which model: reference is the published one (Jörg and colleagues, eLife 2022), osteon our own.
    format
        A table of errors by arm, or JSON with every point.
    """
    if model == "osteon":
        _validate_osteon(format)
        return
    from osteon.twin import validate as run_validation

    result = run_validation(model)
    if format == "json":
        print_json(result.model_dump(mode="json"))
        return
    _print_arms((arm.arm, arm.role, arm.observable, arm.n, arm.mae, arm.mape) for arm in result.arms)


def _validate_osteon(format: TextOrJson) -> None:
    from osteon.twin.osteon_model.validate import validate_osteon

    result = validate_osteon()
    held_out = result.held_out()
    summary = {
        "held_out_figures": len(held_out),
        "held_out_within_tolerance": sum(one.ok is True for one in held_out),
        "bmd_mean_error": result.bmd_mean_error,
        "bmd_mean_error_trial_points": result.bmd_mean_error_trial_points,
        "marker_median_error": result.marker_median_error,
        "marker_median_error_not_fitted": result.marker_median_error_not_fitted,
    }
    if format == "json":
        print_json(
            {
                "model": "osteon",
                "arms": [
                    {
                        **curve.model_dump(mode="json", exclude={"points"}),
                        "site": curve.observable.removeprefix("bmd_") if curve.observable.startswith("bmd_") else None,
                        "points": [
                            {"t_years": t_years, "observed": observed, "predicted": predicted}
                            for t_years, observed, predicted in curve.points
                        ],
                    }
                    for curve in result.curves
                ],
                "figures": [one.model_dump(mode="json") for one in (*result.figures, *result.history)],
                "summary": summary,
            }
        )
        return
    _print_arms((one.arm, one.role, one.observable, one.n, one.mae, one.mape) for one in result.curves)
    console().print(
        f"\nOf {summary['held_out_figures']} published BMD changes that were kept out of the fit (though not blind), "
        f"{summary['held_out_within_tolerance']} are predicted within tolerance. docs/validation.md lists the misses.",
        markup=False,
    )


def _print_arms(arms: Iterable[tuple[str, str, str, int, float, float]]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("trial arm", "role", "observed"):
        table.add_column(title)
    for title in ("points", "mean error", "mean error %"):
        table.add_column(title, justify="right")
    for arm, role, observable, n, mae, mape in arms:
        table.add_row(arm, role, observable, str(n), f"{mae:.4f}", f"{100 * mape:.2f}")
    console().print(table)


@app.command
def calibrate(
    *,
    seed: Annotated[int, whole(0)] = 0,
    out: Path | None = None,
    write: Annotated[bool, Parameter(negative="")] = False,
    draws_only: Annotated[bool, Parameter(negative="")] = False,
    most_iterations: Annotated[int, whole(1)] = 120,
    format: TextOrJson = "text",
) -> None:
    """Fit Osteon's own bone model to the published results marked for calibration. Takes some minutes.

    Parameters
    ----------
    seed
        0 starts from the centres of the priors, any other number from a point near them. Same seed, same result.
    out
        Write the fitted parameters there, as evidence rows (CSV).
    write
        Write them into the evidence rows of this source checkout, with draws of what the fit leaves open.
    draws_only
        Do not fit: find what the data leave open around the parameters in use, and with --write keep draws of it.
    most_iterations
        Stop after so many iterations.
    format
        A table of the parameters, or JSON.
    """
    from osteon.twin.keep_calibration import evidence_folder, keep_calibration, keep_draws
    from osteon.twin.osteon_model import calibrate as fitting
    from osteon.twin.personalise.parameter_draws import DRAWS_FILE

    if out is not None and draws_only:
        raise UsageError("--draws-only changes no parameter", where="--out", mend="Leave out one of the two")
    folder = evidence_folder() if write else None
    if out is not None:
        write_file(out, "")  # a place that cannot be written to must not cost the minutes of a fit

    began = time.monotonic()

    def tell(iteration: int, cost: float) -> None:
        note(f"iteration {iteration:3d}   cost {cost:10.3f}   {time.monotonic() - began:6.0f} s")

    if draws_only:
        fit = fitting.calibrate(start=fitting.theta_in_use(), most_iterations=0, progress=tell)
    else:
        fit = fitting.calibrate(seed, most_iterations=most_iterations, progress=tell)
    if out is not None:
        fitting.write_constants(fit, out)
        note(f"Wrote {out}")
    if folder is not None:
        kept = (keep_draws(fit, folder / DRAWS_FILE),) if draws_only else keep_calibration(fit, folder)
        note(f"Wrote {' and '.join(path.name for path in kept)} into {folder}")
    values, intervals = fit.values(), fit.intervals()
    if format == "json":
        fitted = [
            {"name": one.name, "value": values[one.name], "unit": one.unit, "interval90": intervals[one.name]}
            for one in fit.fitted
        ]
        what = {"seed": seed, "cost": fit.cost, "iterations": fit.iterations, "seconds": fit.seconds}
        print_json({"model": "osteon", **what, "parameters": fitted})
        return
    _print_fit(
        ((one.name, values[one.name], one.unit, *intervals[one.name], one.centre) for one in fit.fitted),
        f"Cost {fit.cost:.2f} over {len(fit.residuals)} residuals, {fit.iterations} iterations, {fit.seconds:.0f} s.",
    )


def _print_fit(rows: Iterable[tuple[str, float, str, float, float, float]], summary: str) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("parameter")
    for title in ("value", "90 % interval", "prior centre"):
        table.add_column(title, justify="right")
    table.add_column("unit")
    for name, value, unit, low, high, centre in rows:
        table.add_row(name, f"{value:.4g}", f"{low:.4g} to {high:.4g}", f"{centre:.4g}", unit)
    console().print(table)
    console().print(f"\n{summary}", markup=False)


@app.command
def export(
    *,
    to: Literal["sbml"],
    out: Path | None = None,
    model: Literal["reference", "osteon"] = "reference",
    therapy: str = "none",
    age: Annotated[float, number(20, 100)] = 65,
    years: Annotated[float, number(0, 75, above=True)] = 10,
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
        Which model: reference is the published one, osteon our own.
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
    million_cells: float | None = None,
    cells_per_kg: float | None = None,
    weight_kg: float | None = None,
    source: Literal["marrow", "adipose", "cord"] = "marrow",
    route: Literal["intravenous", "lumbar_spine", "total_hip", "femoral_neck"] = "intravenous",
    infusions: Annotated[int, whole(1)] = 1,
    interval_days: float = 30.0,
    viability: float = 1.0,
    age: Annotated[float, number(20, 95)] = 65,
    sex: Literal["female", "male"] = "female",
    commitment: float | None = None,
    activity: float | None = None,
    inflammation: float | None = None,
    vascular: float | None = None,
    half_life_days: float | None = None,
    path: Literal["blood", "marrow"] = "blood",
    target: float | None = None,
    site: Literal["lumbar_spine", "total_hip", "femoral_neck"] = "total_hip",
    months: float = 24.0,
    format: TextOrJson = "text",
) -> None:
    """Cell therapy: what is known, and what would have to be true for it to matter. All of it is hypothetical.

    Parameters
    ----------
    million_cells
        Cells given each time, in millions; 100 unless a dose is stated.
    cells_per_kg
        The dose in cells per kilogram of body weight instead, for example 2e6; it needs --weight-kg.
    weight_kg
        The body weight of the person, in kilograms.
    source
        Where the cells come from.
    route
        Into a vein, or into the bone of one site.
    infusions
        How many times.
    interval_days
        Days between two times.
    viability
        The share of the cells that is alive, above 0 and up to 1.
    age
        The person's age, 20 to 95.
    sex
        The person's sex.
    commitment
        A hypothesis: so many % more new bone-forming cells at full signal (negative: harm). With any of the four, the
        projection takes what you state and no longer the evidence prior, which is centred on no effect.
    activity
        A hypothesis: bone-forming cells form so many % more.
    inflammation
        A hypothesis: so many % of the inflammation is taken away.
    vascular
        A hypothesis: so many % more of the person's own progenitors are kept up.
    half_life_days
        Days in which what cells do halves, 0.1 to 730; the model's own (about a week) unless stated.
    path
        Whether what cells secrete anywhere reaches every bone (blood), or only that of cells in the marrow (marrow).
    target
        The gain over no treatment to solve for, in % of density before; the published threshold unless stated.
    site
        Where the gain is read.
    months
        When the gain is read, in months.
    format
        Text, or JSON.
    """
    from osteon.twin.cell_therapy import (
        CellProduct,
        HypothesisPrior,
        Signal,
        project_cell_therapy,
        what_would_have_to_be_true,
    )

    if million_cells is None and cells_per_kg is None:
        million_cells = 100.0
    product = CellProduct(
        million_cells=million_cells,
        cells_per_kg=cells_per_kg,
        weight_kg=weight_kg,
        source=source,
        route=route,
        infusions=infusions,
        interval_days=interval_days,
        viability=viability,
    )
    signal = Signal(half_life_days=half_life_days, path=path)
    prior = None
    if any(size is not None for size in (commitment, activity, inflammation, vascular)):
        prior = HypothesisPrior(
            commitment=commitment or 0.0,
            activity=activity or 0.0,
            inflammation=inflammation or 0.0,
            vascular=vascular or 0.0,
            signal=signal,
            kinetics_uncertain=half_life_days is None,
        )
    if prior is None and signal != Signal():
        note("--half-life-days and --path are used where something is supposed; the evidence prior draws them itself.")
    expected = project_cell_therapy(age, sex, product, prior=prior)
    needed = what_would_have_to_be_true(
        product, age_years=age, sex=sex, target_percent=target, site=site, months=months, signal=signal
    )
    if format == "json":
        parts = {"projection": expected, "what_would_have_to_be_true": needed}
        print_json({name: part.model_dump(mode="json") for name, part in parts.items()})
        return
    from osteon.report.cell_text import cell_projection_text, what_if_text

    screen = console()
    cell_projection_text(screen, expected)
    what_if_text(screen, needed)
