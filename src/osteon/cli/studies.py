"""``osteon studies``: registered studies held against one person, and keeping the list fresh."""

from __future__ import annotations

from pathlib import Path

from osteon.cli.output import TextOrJson, console, need_folder, note, print_json
from osteon.cli.people import PersonFile, read
from osteon.errors import UsageError


def studies(
    person: PersonFile, /, *, snapshot: Path | None = None, all: bool = False, format: TextOrJson = "text"
) -> None:
    """Registered studies that this person might ask about. Listed is not approved.

    Parameters
    ----------
    person
        The person's file.
    snapshot
        A list of studies written by update-studies; the one that comes with Osteon when left out.
    all
        Also show the studies that are clearly not for this person, with the reason.
    format
        Text, or JSON.
    """
    from osteon.care.studies import LISTED, LISTED_IS_NOT_APPROVED, built_in_snapshot, match_studies, read_snapshot
    from osteon.densitometry import assess

    one = read(person).person
    chosen = read_snapshot(snapshot) if snapshot else built_in_snapshot()
    matches = match_studies(one, assess(one), chosen)
    shown = [match for match in matches if all or match.verdict != "not eligible"]
    if format == "json":
        data = [match.model_dump(mode="json") for match in shown]
        print_json({"snapshot_date": chosen.date.isoformat(), "studies": data})
        return
    screen = console()
    for match in shown:
        screen.print(f"[bold]{match.registration_id}[/]  {match.verdict}  ({LISTED})")
        screen.print(f"  {match.title}", markup=False)
        if match.link:
            screen.print(f"  {match.link}", markup=False)
        for item in match.criteria:
            if item.verdict != "eligible":
                screen.print(f"    {item.verdict}: {item.criterion} ({item.reason})", markup=False)
    screen.print(
        f"\n{len(shown)} of {len(matches)} studies in the list of {chosen.date.isoformat()}. {LISTED_IS_NOT_APPROVED}",
        markup=False,
    )


def update_studies(*, out: Path, server: str | None = None) -> None:
    """Fetch a fresh list of registered studies from ClinicalTrials.gov.

    A run that is stopped goes on where it was. When the registry cannot be reached, the old list stays.

    Parameters
    ----------
    out
        The list's file; read first when it exists, then replaced.
    server
        Another address of the registry's interface.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from osteon.exchange.registry import DEFAULT_SERVER, RegistryError, update_snapshot

    if server is not None and not server.startswith(("http://", "https://")):
        raise UsageError("that is not an address", where=f"--server {server}", mend="Begin it with https:// or http://")
    need_folder(out)
    screen = Console(stderr=True)
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True, console=screen) as progress:
        progress.add_task("Asking the registry, page by page", total=None)
        result = update_snapshot(out, server=server or DEFAULT_SERVER)
    if not result.updated:
        raise RegistryError(
            f"{result.problem} The list of {result.snapshot.date.isoformat()} stays in use",
            mend="Check the network, or try again later",
        )
    note(f"Wrote {out}: {len(result.snapshot.studies)} studies from {result.pages} pages.")
    for registration_id in result.vanished:
        note(f"  {registration_id} is no longer listed; kept with a note.")
