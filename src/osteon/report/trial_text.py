"""A run of a planned trial in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from osteon.evidence import cite, row

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.trial.outcome import ChangeContrast, ChangeFound, FractureFound, TrialSummary

HYPOTHETICAL = "HYPOTHETICAL"
_FRACTURES = {"vertebral": "spine", "all": "any", "non_vertebral": "not of the spine", "hip": "hip"}


def trial_text(screen: Console, found: TrialSummary) -> None:
    """Print the summary of a run."""
    who = found.population
    screen.print(f"[bold]{escape(found.title)}[/]")
    screen.print(
        f"{who.people:,} virtual {'people' if who.people > 1 else 'person'} for {found.years:g} years, each in every "
        f"arm with the same luck. Age {who.age_mean:.1f}{_sd(who.age_sd, '.1f')}; measured T-score total hip "
        f"{who.total_hip_t_mean:.2f}{_sd(who.total_hip_t_sd)}, femoral neck {who.femoral_neck_t_mean:.2f}"
        f"{_sd(who.femoral_neck_t_sd)}.",
        markup=False,
    )
    screen.print(f"Estimand: {found.estimand}. Seed {found.seed}.\n", markup=False)
    for arm in found.arms:
        mark = f"  [{HYPOTHETICAL}]" if arm.hypothetical else ""
        screen.print(f"  {arm.name}: {arm.label}{mark}", markup=False)
        if arm.prior_meaning:
            screen.print(f"      {arm.prior_meaning}", markup=False)
        for one in arm.notes:
            screen.print(f"      {one}", markup=False)
    unproven = frozenset(arm.name for arm in found.arms if arm.hypothetical)
    for endpoint in found.endpoints:
        first = " (primary)" if endpoint.primary else ""
        screen.print(f"\n[bold]{escape(first_capital(endpoint.endpoint))}{first}[/]")
        if endpoint.measure == "fracture":
            _fractures(screen, endpoint, unproven)
        else:
            _change(screen, endpoint, unproven)
    if found.statement:
        screen.print(f"\n{HYPOTHETICAL}: {found.statement}", markup=False)
    screen.print("\nLeft out:", markup=False)
    for line in found.left_out:
        screen.print(f"  - {line}", markup=False)
    authors = (f"{one.authors.split(',')[0].split(';')[0]} {one.year}" for one in cite(found.sources))
    screen.print(f"\nSources: {', '.join(dict.fromkeys(authors))}.", markup=False)


def first_capital(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, title in enumerate(columns):
        table.add_column(title, justify="left" if number == 0 else "right")
    return table


def _sd(sd: float | None, form: str = ".2f") -> str:
    """A standard deviation in brackets; nothing of one person."""
    return "" if sd is None else f" (SD {sd:{form}})"


def _with_sd(value: float | None, unit: str, sd: float | None) -> str:
    if value is None:
        return "nobody"
    return f"{value:+.2f}{unit}" + ("" if sd is None else f" ({sd:.2f})")


def _one_trial_column(levels: set[float]) -> str:
    """The title of what one trial would find, with the name of its interval."""
    return "one trial of these people" + "".join(f" ({100 * (1 - level):.4g} % interval)" for level in levels)


def _change(screen: Console, found: ChangeFound, unproven: frozenset[str]) -> None:
    levels = {one.as_randomised.level for one in found.contrasts if one.as_randomised is not None}
    table = _table("arm", "mean change (SD)", "difference to control (SD)", _one_trial_column(levels))
    beside = {one.arm: one for one in found.contrasts}
    for arm in found.arms:
        one = beside.get(arm.arm)
        expected = None if one is None else one.expected
        table.add_row(
            _marked(arm.arm, arm.arm in unproven),
            _with_sd(arm.mean, " %", arm.sd),
            "" if expected is None else _with_sd(expected.difference, "", expected.between_people_sd),
            "" if one is None else _one_trial(one),
        )
    screen.print(table)
    if found.thresholds:
        least = ", ".join(f"{one.points:+.2f} ({_FRACTURES[one.fractures]})" for one in found.thresholds)
        tried = row(found.thresholds[0].evidence)
        (source,) = cite([tried.source])
        screen.print(
            f"  Least difference that predicted fewer fractures in trials of medicines: {least}; {tried.population}, "
            f"{source.authors.split(',')[0]} {source.year}.",
            markup=False,
        )
    for one in found.contrasts:
        for what, band in (("the prior of the cells", one.prior), ("the model's calibration", one.model)):
            if band is not None:
                screen.print(
                    f"  {one.arm}: {100 * band.interval:.0f} % of the draws of {what} give a mean difference of "
                    f"{band.lower:+.2f} to {band.upper:+.2f} points.",
                    markup=False,
                )


def _marked(name: str, hypothetical: bool) -> str:
    return f"{escape(name)} {escape(f'[{HYPOTHETICAL}]')}" if hypothetical else escape(name)


def _one_trial(one: ChangeContrast) -> str:
    trial = one.as_randomised
    if trial is None:
        return "one draw of the prior a trial" if one.prior else "too few"
    return f"{trial.difference:+.2f} ({trial.low:+.2f} to {trial.high:+.2f})"


def _fractures(screen: Console, found: FractureFound, unproven: frozenset[str]) -> None:
    levels = {one.as_randomised.level for one in found.contrasts if one.as_randomised is not None}
    table = _table("arm", "with a fracture", "per 1000 person-years", "expected ratio", _one_trial_column(levels))
    beside = {one.arm: one for one in found.contrasts}
    for arm in found.arms:
        one = beside.get(arm.arm)
        trial = None if one is None else one.as_randomised
        table.add_row(
            _marked(arm.arm, arm.arm in unproven),
            f"{arm.percent:.2f} %",
            f"{arm.per_1000_person_years:.1f}",
            "" if one is None else f"{one.expected_ratio:.2f}",
            "" if trial is None else f"HR {trial.ratio:.2f} ({trial.low:.2f} to {trial.high:.2f})",
        )
    screen.print(table)
