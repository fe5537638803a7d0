"""The report for a terminal: the same content in short, 80 columns and wider, plain where colour is unwelcome."""

from __future__ import annotations

import os
import sys
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from osteon.report.assemble import numbers_of
from osteon.report.common import MAKERS_ASK, UNRANKED
from osteon.report.projections import shown_projection
from osteon.report.risks import treated_note
from osteon.report.text_parts import (
    bullets,
    densitometry_text,
    heading,
    notices_block,
    options_text,
    paragraph,
    projection_text,
    risk_text,
    scale,
    table_block,
)
from osteon.report.words import risk_span

if TYPE_CHECKING:
    from osteon.report.clinician import ClinicianView
    from osteon.report.html import Audience
    from osteon.report.patient import PatientView
    from osteon.report.result import Report

NARROWEST, WIDEST = 80, 110


def render_text(
    report: Report, audience: Audience = "clinician", *, width: int | None = None, colour: bool | None = None
) -> str:
    """The report as text.

    Parameters
    ----------
    report
        The report.
    audience
        ``clinician`` or ``patient``.
    width
        Columns; by default the terminal's, between 80 and 110, and 80 when standard output is not a terminal.
    colour
        With ANSI colours; by default only when standard output is a terminal and ``NO_COLOR`` is not set.
    """
    terminal = sys.stdout.isatty()
    if colour is None:
        colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if width is None:
        width = min(WIDEST, max(NARROWEST, Console().width)) if terminal else NARROWEST
    page = StringIO()
    console = Console(
        file=page,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    if report.alert:
        console.print(Text(report.alert, style="bold red"))
        console.print()
    if audience == "clinician":
        from osteon.report.clinician import clinician_view

        _clinician(console, report, clinician_view(report))
    else:
        from osteon.report.patient import patient_view

        _patient(console, report, patient_view(report))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _clinician(console: Console, report: Report, view: ClinicianView) -> None:
    console.print(Text(view.title, style="bold"), Text(f"Osteon {view.version}", style="dim"))
    if view.label:
        console.print(Text(view.label, style="yellow"))
    console.print(Text("  ".join(f"{term}: {value}" for term, value in view.facts), style="dim"))
    heading(console, "Diagnosis by bone density")
    # the warnings stand under the cautions
    densitometry_text(console, report.densitometry, standing=view.standing, warnings=False)
    heading(console, "Fracture risk")
    risk_text(console, report.risk, report.screening)
    paragraph(console, treated_note(report.person, report.risk))
    heading(console, "Options side by side")
    options_text(console, report.options, {row.label: (row.change, row.regimen) for row in view.options})
    if view.projected_where:
        paragraph(console, f"Model's hip curve: {view.projected_where}, change from today. {UNRANKED}", style="dim")
    heading(console, "Projection of the bone")
    if report.projection.therapies:
        projection_text(console, shown_projection(report), warnings=False)
        paragraph(console, *(f"{label} is not drawn. {reason}" for label, reason in view.not_drawn))
    else:
        paragraph(console, view.projection_absent)
    bullets(console, "What to check", view.checks)
    bullets(console, "What to tell the patient", view.tell)
    heading(console, "Stem cells")
    paragraph(console, f"{view.cell_therapy.statement} {view.cell_therapy.beside}", view.cells_words)
    if view.cells_table is not None:
        table_block(console, view.cells_table)
    factors = (
        " ".join(filter(None, (f"{one.label}, {one.changeable}.", one.sizes, one.words))) for one in view.risk_factors
    )
    bullets(console, "Risk factors on record, and how much each matters", factors)
    paragraph(console, *filter(None, (view.factor_gaps, *view.factor_notes)), style="dim")
    medicines = (f"{name}. {words}" for name, words in view.costly_medicines)
    bullets(console, "Medicines on the list that cost bone", medicines)
    bullets(console, "When to look again", (f"{what}, {when}. {why}" for what, when, why in view.monitoring))
    bullets(console, "Cautions", view.warnings)
    bullets(console, "About the file", view.remarks)
    _sources(console, report)


def _patient(console: Console, report: Report, view: PatientView) -> None:
    console.print(Text(view.title, style="bold"), Text(f"Osteon {view.version}", style="dim"))
    if view.label:
        console.print(Text(view.label, style="yellow"))
    console.print(Text(view.about, style="dim"))
    bullets(console, "The short version", view.short)
    heading(console, "What your number means")
    paragraph(console, *view.number_text)
    scale(console, report.densitometry, plain=True)
    heading(console, "How likely is a break?")
    paragraph(console, *view.break_text)
    notices_block(console, view.notices)
    if view.makers_notices:
        paragraph(console, MAKERS_ASK)
        notices_block(console, view.makers_notices)
    factors = (f"{label}. {words}" for label, words in view.factors)
    bullets(console, "What adds to your risk", filter(None, (view.factor_lead, *factors)))
    paragraph(console, *view.factor_notes)
    heading(console, "What could help")
    if view.untreated_guess:
        paragraph(console, f"{view.untreated_lead} {view.untreated_guess}")
    for choice in view.choices:
        benefit = f"What it did in a study: {choice.benefit} " if choice.benefit else ""
        harm = f"What can go wrong: {choice.harm} " if choice.harm else ""
        words = f": {choice.standing.lower()}. {choice.what} {choice.burden} {benefit}{harm}{choice.guess}"
        console.print(Text.assemble((choice.label, "bold"), words))
    bullets(console, "We need to know more about you first", (f"{one.label}. {one.what}" for one in view.more_needed))
    paragraph(console, view.needed)
    bullets(console, "Not for you now", (f"{one.label}. {one.reason}" for one in view.not_now))
    heading(console, "Your bone in the years to come")
    paragraph(console, *view.projection_text)
    if view.statement:
        paragraph(console, f"For your doctor: {view.statement}", style="dim")
    heading(console, "What about stem cells?")
    paragraph(console, *view.stem_cells)
    bullets(console, "If somebody offers you stem cells, ask", view.stem_questions)
    bullets(console, "Questions to ask", view.questions)
    bullets(console, "Your next step", view.next_steps)
    bullets(console, "Words explained", (f"{term}: {meaning}" for term, meaning in view.glossary))
    _sources(console, report)


def _sources(console: Console, report: Report) -> None:
    """The sources behind the diagnosis, the risk and the projection; the rest is counted."""
    names = [*report.densitometry.sources, *report.projection.sources]
    names += [name for one in report.risk if risk_span(one) is not None for name in one.sources]
    shown = set(numbers_of(report, names))
    heading(console, "Sources")
    for one in report.sources:
        if one.number in shown:
            line = Text(f"{one.number:>3}  {one.authors.rstrip('.')} ({one.year}). {one.link}", style="dim")
            console.print(line, overflow="ellipsis", no_wrap=True)
    rest = len(report.sources) - len(shown)
    if rest:
        paragraph(
            console, f"{rest} more, on options and stem cells, stand in the page, the PDF and the JSON.", style="dim"
        )
