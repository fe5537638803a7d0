"""The pictures and tables of the projected bone density."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.evidence import therapy_label
from osteon.person import SITE_LABELS, Site, bone_medicines_taken
from osteon.report.ahead import after_years, in_years_ahead
from osteon.report.charts.gains import gain_rows
from osteon.report.charts.projection import projection_panels
from osteon.report.charts.style import Spec
from osteon.report.figure import Figure, Table
from osteon.report.projections import (
    TABLE_SITES,
    at_year,
    drawn_site,
    for_patient,
    gain,
    gain_table,
    is_beyond,
    picture_year,
    projected,
    short_label,
    table_years,
)
from osteon.report.result import Report
from osteon.report.words import (
    PLAIN_SITES,
    denser,
    end_value,
    first_small,
    number,
    path_risk,
    plain_list,
    score,
    sentence,
    years,
)
from osteon.twin.result import TherapyProjection

BEYOND_NOTE = "An asterisk: beyond the longest trial result of this therapy at hand."
GOES_ON = "A therapy goes on to the end unless its length is given."


def projection_figure(report: Report, *, plain: bool) -> Figure | None:
    """The curves over time of the therapies at one site with their band; none when nothing was projected."""
    curves = for_patient(report) if plain else projected(report)
    if not curves:
        return None
    site = (PLAIN_SITES if plain else SITE_LABELS)[curves[0].site].lower()
    span = years(report.projection.years)
    if plain:
        title = f"Your {site} {in_years_ahead(report.person, report.projection.years)}"
        caption = "In each box, the line is the best guess and the band is the range. The dotted line is no treatment."
        caption += f" {_plain_unit(curves[0])}"
        notes = [denser(one.median[0], one.median[-1]) for one in curves]
        end = after_years(report.person, report.projection.years)
        alt = f"Best guess for your {site} {end}: {_listed(curves, notes)}."
    else:
        title = f"{SITE_LABELS[curves[0].site]} over {span}, BMD in {unit(curves[0])}"
        caption = f"Line: median. Band: {_percent(report)} interval. Dotted: no treatment."
        notes = [end_value(one) for one in curves]
        alt = f"Projected {site} BMD after {span}, {unit(curves[0])}: {_listed(curves, notes)}."
    narrow = projection_panels(curves, columns=2, panel_width=143, description=alt, notes=notes)
    columns = 3 if len(curves) in (3, 5, 6) else min(4, len(curves))
    height = 110 if len(curves) <= 8 else 84
    # A patient's panels are fewer side by side, so that their words print as large as the text around them.
    columns, width = (3, 172) if plain else (columns, 700 // columns)
    wide = projection_panels(curves, columns=columns, panel_width=width, description=alt, notes=notes, height=height)
    table = _plain_table(report, curves) if plain else site_tables(report)[0]
    return Figure("projection", title, caption, alt, table, narrow, wide)


def _plain_unit(curve: TherapyProjection) -> str:
    """What the numbers beside a patient's curves count."""
    if curve.unit == "g/cm2":
        return "The numbers on the left are bone density in g/cm²."
    return "The numbers on the left are bone density, with 100 for today."


def gain_figure(report: Report) -> Figure | None:
    """The change at every site after some years, one row a therapy; none when nothing was projected."""
    first = projected(report)
    if not first:
        return None
    year = picture_year(report.projection)
    sites = [(SITE_LABELS[site], _gain_rows(projected(report, site), year)) for site in TABLE_SITES]
    sites = [(name, rows) for name, rows in sites if rows]
    span = years(year)
    listed = (", ".join(f"{row['label']} {row['text']}" for row in rows) for _, rows in sites)
    said = "; ".join(f"{name}: {text}" for (name, _), text in zip(sites, listed, strict=True))
    alt = f"Change of BMD from today after {span} in percent. {said}."
    caption = f"Dot: median. Bar: {_percent(report)} interval. Dotted line: no treatment. {GOES_ON} {_meaning(report)}"
    wide = gain_rows(sites, columns=len(sites), width=165, label_width=178, description=alt)
    narrow = gain_rows(sites, columns=1, width=190, label_width=136, description=alt)
    title = f"Change of BMD from today after {span}, at three sites"
    return Figure("gains", title, caption, alt, site_tables(report)[0], narrow, wide)


def site_tables(report: Report) -> tuple[Table, ...]:
    """The change from today at some years, one table a site, the drawn site first with fracture risk along the path."""
    main = drawn_site(report)
    order = [site for site in TABLE_SITES if site == main] + [site for site in TABLE_SITES if site != main]
    return tuple(table for site in order if (table := _site_table(report, site)) is not None)


def cells_table(report: Report) -> Table | None:
    """Cell therapy beside no treatment and zoledronate, at every site; none when it was not projected."""
    year = picture_year(report.projection)
    chosen = {"none": "No treatment", "zoledronate": "Zoledronate", "msc_marrow": "Stem cells, one infusion (unproven)"}
    set_aside = {one.therapy for one in report.projection.set_aside}
    rows = []
    for name, label in chosen.items():
        curves = {one.site: one for one in report.projection.therapies if one.therapy == name}
        if curves:
            mark = " (set aside for this person; for comparison)" if name in set_aside else ""
            rows.append((label + mark, *(gain(curves[site], year) for site in TABLE_SITES)))
    if len(rows) < len(chosen):
        return None
    caption = f"Change of BMD from today after {years(year)} in %, with the {_percent(report)} band"
    if taken := [first_small(therapy_label(name)) for name in bone_medicines_taken(report.person)]:
        caption += f"; no treatment and stem cells: without {plain_list(taken)}, taken now"
    return Table(caption, ("Path", *(SITE_LABELS[site] for site in TABLE_SITES)), tuple(rows))


def cells_words(report: Report) -> str:
    """What cells alone might add at the drawn site, in a sentence; empty when they were not projected."""
    site = drawn_site(report)
    one = next((one for one in report.projection.therapies if one.therapy == "msc_marrow" and one.site == site), None)
    if one is None or one.parts is None or one.parts.cells is None:
        return ""
    year = picture_year(report.projection)
    place, start = at_year(one, year), one.median[0]
    low, high = (
        number(100.0 * (ends[place] - one.median[place]) / start, 1)
        for ends in (one.parts.cells.lower, one.parts.cells.upper)
    )
    return (
        f"In the bone model, with a prior that is as likely harmful as helpful because nobody has measured it, one "
        f"infusion of cells (from marrow, fat or cord: nothing tells them apart) adds nothing to "
        f"{SITE_LABELS[one.site].lower()} density after {years(year)}; {_percent(report)} of the draws lie between "
        f"{low} and +{high} percentage points."
    )


def _gain_rows(curves: Sequence[TherapyProjection], year: float) -> list[Spec]:
    rows = []
    for one in curves:
        place, start = at_year(one, year), one.median[0]
        rows.append(
            {
                "label": short_label(one),
                **{
                    name: 100.0 * (series[place] / start - 1.0)
                    for name, series in (("median", one.median), ("lower", one.lower), ("upper", one.upper))
                },
                "kind": "baseline" if one.therapy == "none" else "unproven" if one.hypothetical else "option",
                "text": gain(one, year),
            }
        )
    return rows


def _site_table(report: Report, site: Site) -> Table | None:
    curves = projected(report, site)
    if not curves:
        return None
    span = table_years(report.projection)
    with_scores = any(one.t_score for one in curves)
    with_risk = site == drawn_site(report) and any(any(path_risk(one)) for one in curves)
    rows = []
    for one, gains in zip(curves, gain_table(curves, span), strict=True):
        row = [*gains]
        if with_scores:
            row.append(score(one.t_score[-1] if one.t_score else None))
        if with_risk:
            row += path_risk(one)
        rows.append(tuple(row))
    columns = ["Therapy", *(f"{years(year)}" for year in span)]
    if with_scores:
        columns.append("T-score then")
    if with_risk:
        columns += ["Major fracture", "Hip fracture"]
    starts = f", from {end_value(curves[0], 0).split(' (')[0]} {unit(curves[0])} today" if _measured(curves) else ""
    caption = f"{SITE_LABELS[site]}: change of BMD in %, with the {_percent(report)} band{starts}"
    if with_risk:
        caption += f"; fracture risk within {years(report.projection.years)} along the path by the open fracture model"
    if any(is_beyond(one, year) for one in curves for year in span):
        caption += f". {BEYOND_NOTE}"
    return Table(caption, tuple(columns), tuple(rows))


def _meaning(report: Report) -> str:
    return sentence(report.projection.interval_meaning)


def _plain_table(report: Report, curves: Sequence[TherapyProjection]) -> Table:
    rows = tuple(
        (
            short_label(one),
            denser(one.median[0], one.median[-1]),
            f"{denser(one.median[0], one.lower[-1])} to {denser(one.median[0], one.upper[-1])}",
        )
        for one in curves
    )
    return Table(f"After {years(report.projection.years)}", ("Choice", "Best guess", "Range"), rows)


def _measured(curves: Sequence[TherapyProjection]) -> bool:
    return curves[0].unit == "g/cm2"


def _listed(curves: Sequence[TherapyProjection], notes: Sequence[str]) -> str:
    return "; ".join(f"{one.label} {note}" for one, note in zip(curves, notes, strict=True))


def _percent(report: Report) -> str:
    return f"{number(100 * report.projection.interval, 0)} %"


def unit(curve: TherapyProjection) -> str:
    """The unit of a projection in words."""
    return "g/cm²" if curve.unit == "g/cm2" else "percent of today"
