"""The power of a planned trial in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from osteon.report.trial_text import HYPOTHETICAL, first_capital

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.trial.power_result import ArmPower, AtSize, FractureArmPower, Power


def power_text(screen: Console, found: Power) -> None:
    """Print sizes and power, arm by arm."""
    screen.print(f"[bold]{escape(found.title)}[/]")
    screen.print(
        f"{first_capital(found.endpoint)}; {found.method} at a two-sided level of {found.level:g}, estimand "
        f"{found.estimand}. {found.people:,} virtual people simulated once; sizes are people randomised to two arms.",
        markup=False,
    )
    for arm in found.arms:
        mark = f" [{HYPOTHETICAL}]" if arm.hypothetical else ""
        screen.print(f"\n[bold]{escape(f'{arm.arm}{mark} beside {arm.control}')}[/]")
        if arm.assurance:
            _assurance(screen, arm)
        else:
            _power(screen, arm, found.wanted)
    for one in found.fracture_arms:
        mark = f" [{HYPOTHETICAL}]" if one.hypothetical else ""
        screen.print(f"\n[bold]{escape(f'{one.arm}{mark} beside {one.control}')}[/]")
        _fractures(screen, one, found.wanted)
    if found.statement:
        screen.print(f"\n{HYPOTHETICAL}: {found.statement}", markup=False)


def _power(screen: Console, arm: ArmPower, wanted: float) -> None:
    screen.print(
        f"Difference {arm.difference:+.2f} points; SD of a measured change, as analysed, {arm.sd_control:.2f} and "
        f"{arm.sd_active:.2f}; {100 * arm.seen_active:.0f} % of those randomised are measured.",
        markup=False,
    )
    if arm.needed is None:
        screen.print(arm.why_no_size or "", markup=False)
    else:
        needed = arm.needed
        over = (
            ""
            if arm.power_over_model is None
            else f" Over what the bone model's calibration leaves open: {100 * arm.power_over_model:.0f} %."
        )
        screen.print(
            f"Needed for a power of {100 * wanted:g} %: {needed.total:,} people ({needed.control:,} and "
            f"{needed.active:,}). The textbook's formula says {arm.formula_total:,}.{over}",
            markup=False,
        )
    _curve(screen, arm.curve)


def _curve(screen: Console, curve: tuple[AtSize, ...]) -> None:
    if not curve:
        return
    table = _table("people", "control", "active", "power", "95 % interval", "trials drawn")
    for one in curve:
        table.add_row(
            f"{one.total:,}",
            f"{one.control:,}",
            f"{one.active:,}",
            f"{100 * one.power:.1f} %",
            f"{100 * one.low:.1f} to {100 * one.high:.1f}",
            f"{one.trials:,}",
        )
    screen.print(table)


def _fractures(screen: Console, arm: FractureArmPower, wanted: float) -> None:
    if arm.expected_ratio is not None:
        screen.print(
            f"Expected ratio of the rates {arm.expected_ratio:.2f}; with a fracture {arm.control_percent:.1f} % and "
            f"{arm.active_percent:.1f} %.",
            markup=False,
        )
    if arm.needed is None:
        screen.print(arm.why_no_size or "", markup=False)
    else:
        needed = arm.needed
        screen.print(
            f"Needed for a power of {100 * wanted:g} %: about {needed.total:,} people ({needed.control:,} and "
            f"{needed.active:,}). Schoenfeld's formula says {arm.formula_total:,}.",
            markup=False,
        )
    _curve(screen, arm.curve)


def _assurance(screen: Console, arm: ArmPower) -> None:
    screen.print(arm.why_no_size or "", markup=False)
    table = _table("people", "finds a benefit", "95 % interval", "finds harm", "95 % interval")
    for one in arm.assurance:
        table.add_row(
            f"{one.total:,}",
            f"{100 * one.benefit:.0f} %",
            f"{100 * one.benefit_low:.0f} to {100 * one.benefit_high:.0f}",
            f"{100 * one.harm:.0f} %",
            f"{100 * one.harm_low:.0f} to {100 * one.harm_high:.0f}",
        )
    screen.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in columns:
        table.add_column(title, justify="right")
    return table
