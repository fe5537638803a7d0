"""``osteon trial``: planned trials with virtual people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from osteon.cli.limits import whole
from osteon.cli.output import TextOrJson, console, note, print_json

Total = Annotated[list[int] | None, Parameter(negative="")]

app = App(name="trial", help="Planned trials with virtual people: run them, size them, find the best design.")

DesignFile = Annotated[Path, Parameter(name="DESIGN")]


@app.command
def run(
    design: DesignFile,
    /,
    *,
    people: Annotated[int, whole(1, 100_000_000)],
    out: Path,
    workers: Annotated[int, whole(1, 1024)] = 1,
    cluster: Annotated[str | None, Parameter(name="--cluster")] = None,
    resume: Annotated[bool, Parameter(negative="")] = False,
    engine: Literal["auto", "numpy", "jax"] = "auto",
    format: TextOrJson = "text",
) -> None:
    """Run a trial: everybody in every arm, with the same luck, results on disk.

    Writes people.parquet, outcomes.parquet, summary.json and manifest.json (fractures.parquet where they are counted).

    See docs/trial-designs.md for the design file.

    Parameters
    ----------
    design
        The trial's design, a TOML file.
    people
        How many virtual people.
    out
        A new folder for the results.
    workers
        Processes on this machine; the result is the same with any number.
    cluster
        The address of a Dask scheduler, tcp://host:port, whose workers are used instead.
    resume
        Go on with a run in this folder that was stopped.
    engine
        What integrates the bone model; auto takes JAX where it is installed and there are many people.
    format
        A summary in words, or summary.json.
    """
    from rich.console import Console
    from rich.progress import Progress

    from osteon.trial.execute import run_protocol
    from osteon.trial.protocol_file import read_protocol

    read = read_protocol(design)
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task(f"{people:,} people through {len(read.protocol.arms)} arms", total=people)
        found = run_protocol(
            read,
            people=people,
            out=out,
            workers=workers,
            cluster=cluster,
            resume=resume,
            engine=engine,
            tell=lambda done, _: progress.update(task, completed=done),
        )
    if format == "json":
        print_json(found.model_dump(mode="json"))
    else:
        from osteon.report.trial_text import trial_text

        trial_text(console(), found)
    note(f"Wrote {out}: everybody in every arm, and what it came from in manifest.json.")
    if found.population.failed:
        note(f"The model gave no answer for {found.population.failed:,} people: they are marked in people.parquet.")


@app.command
def power(
    design: DesignFile,
    /,
    *,
    total: Total = None,
    people: Annotated[int, whole(200, 100_000)] = 4_000,
    trials: Annotated[int, whole(200, 100_000)] = 2_000,
    format: TextOrJson = "text",
) -> None:
    """How many people the primary endpoint needs, and what power so many have.

    People are simulated once, and trials are drawn from them with their losses and measurement errors.

    Parameters
    ----------
    design
        The trial's design, a TOML file; analysis.power in it is the power that is wanted.
    total
        Say the power of this size, not of sizes around the one needed: everybody randomised to the control and one
        other arm. May be given again.
    people
        How many virtual people are simulated.
    trials
        How many trials are drawn for each size.
    format
        A table, or JSON.
    """
    from osteon.trial.power import trial_power
    from osteon.trial.protocol_file import read_protocol

    protocol = read_protocol(design).protocol
    found = trial_power(protocol, people=people, trials=trials, totals=tuple(total or ()))
    if format == "json":
        print_json(found.model_dump(mode="json"))
        return
    from osteon.report.trial_power_text import power_text

    power_text(console(), found)


@app.command
def optimise(
    design: DesignFile,
    /,
    *,
    people: Annotated[int, whole(200, 100_000)] = 2_000,
    trials: Annotated[int, whole(200, 100_000)] = 1_000,
    format: TextOrJson = "text",
) -> None:
    """The cheapest design with the power wanted, or the least dose that reaches an effect.

    The design's part [optimise] says what is free; docs/trial-designs.md explains it.

    Parameters
    ----------
    design
        The trial's design, a TOML file.
    people
        How many virtual people are simulated for each design.
    trials
        How many trials are drawn for each size.
    format
        A table, or JSON.
    """
    from osteon.trial.optimise import optimise_trial
    from osteon.trial.protocol_file import read_protocol

    found = optimise_trial(read_protocol(design).protocol, people=people, trials=trials)
    if format == "json":
        print_json(found.model_dump(mode="json"))
        return
    from osteon.report.trial_optimise_text import optimise_text

    optimise_text(console(), found)
