"""What Osteon knows: its therapies and its evidence."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from osteon.cli.output import TextOrJson, console, print_json


def therapies(*, format: TextOrJson = "text") -> None:
    """The therapies by their fixed names, and how Osteon's bone model takes each to be given.

    Parameters
    ----------
    format
        A table, or JSON.
    """
    from osteon.evidence import THERAPIES
    from osteon.twin.osteon_model.regimens import covered

    given = {"none": "nothing", **{name: one.how for name, one in covered().items()}}
    if format == "json":
        print_json(
            [
                {
                    "name": one.name,
                    "label": one.label,
                    "group": one.group,
                    "hypothetical": one.hypothetical,
                    "projected": one.name in given,
                    "given": given.get(one.name),
                }
                for one in THERAPIES.values()
            ]
        )
        return
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("name", "therapy", "group", "projected as"):
        table.add_column(title)
    for one in THERAPIES.values():
        how = given.get(one.name, "not projected")
        table.add_row(one.name, one.label, one.group, f"{how} (hypothetical)" if one.hypothetical else how)
    screen = console()
    screen.print(table)
    screen.print(
        "\nA sequence is written denosumab:24,zoledronate:12 (months), a combination exercise+alendronate, another "
        "dose zoledronate@5mg/18m or alendronate@35mg/w (d, w, m, y: day, week, month, year), once zoledronate@5mg."
    )


def evidence(*query: Annotated[str, Parameter(name="QUERY")], format: TextOrJson = "text") -> None:
    """The published numbers that Osteon uses, with their sources.

    Parameters
    ----------
    query
        Words to look for in names, populations and sources, all of which must be there; every row when left out.
    format
        A list, or JSON.
    """
    from dataclasses import asdict

    from osteon.evidence import all_rows, source, status_counts

    words = " ".join(query).casefold().split()
    found = [
        one
        for one in all_rows().values()
        if all(word in f"{one.name} {one.population} {one.note} {source(one.source)}".casefold() for word in words)
    ]
    if format == "json":
        print_json([{**asdict(one), "reference": str(source(one.source))} for one in found])
        return
    screen = console()
    for one in found:
        spread = f" ({one.spread_kind} {one.spread})" if one.spread else ""
        unit = "" if one.unit == "1" else f" {one.unit}"  # UCUM's 1 means: a plain number
        screen.print(f"[bold]{one.name}[/] = {one.value:g}{unit}{spread}  [{_colour(one.status)}]{one.status}[/]")
        screen.print(f"    {one.population}", markup=False)
        screen.print(f"    {source(one.source)} {one.locator}", markup=False)
    if words and not found:
        screen.print(
            f"No row has {' and '.join(repr(word) for word in words)}. Try fewer or other words.", markup=False
        )
    counts = status_counts()
    screen.print(
        f"\n{len(found)} of {counts['read'] + counts['unverified']} rows; "
        f"in all {counts['read']} read at their source, {counts['unverified']} unverified and kept from every output."
    )


def _colour(status: str) -> str:
    return "green" if status == "read" else "yellow"
