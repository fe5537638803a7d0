"""What a search for a design or a dose found, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from osteon.report.trial_text import HYPOTHETICAL

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.trial.optimise_result import DoseFound, Optimised, Tried

SHOWN = 12


def optimise_text(screen: Console, found: Optimised) -> None:
    """Print what was found, how it was searched, and how sure it is."""
    mark = f" [{HYPOTHETICAL}]" if found.hypothetical else ""
    screen.print(f"[bold]{escape(found.title)}[/]")
    if found.goal == "power":
        what = f"the cheapest design with a power of {100 * found.wanted:g} % at a two-sided level of {found.level:g}"
    else:
        what = f"the least dose that reaches {found.wanted:+g} points"
    screen.print(f"{found.arm}{mark} beside {found.control}, {found.endpoint}: {what}.", markup=False)
    if found.supposed:
        screen.print(f"Supposed: {found.supposed}", markup=False)
    screen.print("")
    if found.goal == "power":
        _designs(screen, found.designs)
    else:
        _doses(screen, found.doses)
    screen.print(f"\nHow it was searched: {found.how}", markup=False)
    screen.print(f"How sure it is: {found.how_sure}", markup=False)
    if found.statement:
        screen.print(f"\n{HYPOTHETICAL}: {found.statement}", markup=False)


def _said(choice: dict[str, str]) -> str:
    return escape("; ".join(f"{name.replace('_', ' ')} {value}" for name, value in choice.items()) or "as it stands")


def _number(value: float) -> str:
    """Three figures, and never a power of ten."""
    return f"{float(f'{value:.3g}'):,.10g}"


def _designs(screen: Console, designs: tuple[Tried, ...]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in designs[0].choice:
        table.add_column(name.replace("_", " "), overflow="fold")
    for title in ("difference", "people", "power", "cost", "with other people"):
        table.add_column(title, justify="right")
    for one in designs[:SHOWN]:
        size = one.size
        table.add_row(
            *(escape(value) for value in one.choice.values()),
            f"{one.difference:+.2f}",
            "beyond any trial" if size is None else f"{size.total:,} ({size.control:,} + {size.active:,})",
            "" if size is None else f"{100 * size.power:.0f} % ({100 * size.low:.0f}-{100 * size.high:.0f})",
            "" if one.cost is None else f"{one.cost:,.0f}",
            "" if one.cost_low is None or one.cost_high is None else f"{one.cost_low:,.0f} to {one.cost_high:,.0f}",
        )
    screen.print(table)
    if len(designs) > SHOWN:
        screen.print(f"and {len(designs) - SHOWN} dearer ones (all with --format json)")


def _doses(screen: Console, doses: tuple[DoseFound, ...]) -> None:
    for one in doses:
        screen.print(f"[bold]{_said(one.choice)}[/]: {escape(one.verdict)}")
        if one.dose is not None:
            known = one.low is not None and one.high is not None and one.low < one.high
            span = f"; with other people {_number(one.low or 0.0)} to {_number(one.high or 0.0)}" if known else ""
            total = "" if one.total is None else f"; {_number(one.total)} in all over the trial"
            screen.print(f"  least dose {_number(one.dose)} {one.unit}{span}{total}", markup=False)
        table = Table(box=None, header_style="bold", pad_edge=False)
        for title in ("dose", "difference", "simulation error"):
            table.add_column(title, justify="right")
        for at in one.tried:
            table.add_row(_number(at.dose), f"{at.difference:+.2f}", f"{at.simulation_error:.3f}")
        screen.print(table)
