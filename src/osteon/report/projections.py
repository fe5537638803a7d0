"""The projected bone density: which curves are shown, their figure and their numbers."""

from __future__ import annotations

from osteon.care.result import Option
from osteon.person import SITE_LABELS, Site
from osteon.report.charts.projection import projection_panels
from osteon.report.figure import Figure, Table
from osteon.report.result import Report
from osteon.report.words import PLAIN_SITES, change, denser, end_value, number, path_risk, score, sentence, years
from osteon.twin.result import Projection, TherapyProjection

SITE_ORDER: tuple[Site, ...] = ("total_hip", "femoral_neck", "lumbar_spine", "radius_33")


def drawn_site(report: Report) -> Site | None:
    """The site that the picture shows: total hip when projected, else the first that is."""
    present = {one.site for one in report.projection.therapies}
    return next((site for site in SITE_ORDER if site in present), None)


def first_therapy(regimen: str) -> str:
    """The therapy with which a regimen starts: ``teriparatide`` of ``teriparatide:24,alendronate``."""
    return regimen.split(",", maxsplit=1)[0].split("+", maxsplit=1)[0].split(":", maxsplit=1)[0]


def projected(report: Report) -> tuple[TherapyProjection, ...]:
    """The projections of the drawn site: no treatment first, hypothetical therapies last, the rest as the options.

    A medicine that is set aside for this person has no curve here: a line that rises would speak for it.
    """
    order = {option.therapy: place for place, option in enumerate(report.options)}
    drawn = [one for one in shown_projection(report).therapies if one.site == drawn_site(report)]

    def place(one: TherapyProjection) -> tuple[bool, bool, int]:
        return one.therapy != "none", one.hypothetical, order.get(first_therapy(one.therapy), len(order))

    return tuple(sorted(drawn, key=place))


def shown_projection(report: Report) -> Projection:
    """The projection without the curves of what is not needed now or not suitable for this person."""
    closed = {one.therapy for one in report.options if one.standing in ("not now", "not suitable")}
    kept = tuple(one for one in report.projection.therapies if first_therapy(one.therapy) not in closed)
    return report.projection.model_copy(update={"therapies": kept})


def general_warnings(report: Report) -> tuple[str, ...]:
    """The report's warnings without those that belong to one curve alone: they stand under the picture."""
    own = [text for one in report.projection.therapies for text in (one.caution, one.model_check) if text]
    return tuple(one for one in report.warnings if not any(one in text for text in own))


def projection_of(report: Report, option: Option) -> TherapyProjection | None:
    """The projection of one option, alone or with what has to follow it; none when the model does not cover it."""
    curves = projected(report)
    alone = next((one for one in curves if one.therapy == option.therapy), None)
    return alone or next((one for one in curves if first_therapy(one.therapy) == option.therapy), None)


def projection_figure(report: Report, *, plain: bool) -> Figure | None:
    """The curves of the therapies at one site with their interval; none when nothing was projected."""
    curves = projected(report)
    if not curves:
        return None
    site = (PLAIN_SITES if plain else SITE_LABELS)[curves[0].site].lower()
    span = years(report.projection.years)
    interval = f"{number(100 * report.projection.interval, 0)} %"
    if plain:
        title = f"Your {site} in the next {span}"
        caption = "In each box, the line is the best guess and the band is the range. The dotted line is no treatment."
        notes = [denser(one.median[0], one.median[-1]) for one in curves]
        alt = f"Best guess for your {site} after {span}: {_listed(curves, notes)}."
    else:
        title = f"Projected {site} BMD in {_unit(curves[0])}, {span}"
        caption = f"Line: median. Band: {interval} interval. Dotted: no treatment. {_meaning(report)}"
        notes = [end_value(one) for one in curves]
        alt = f"Projected {site} BMD after {span}, {_unit(curves[0])}: {_listed(curves, notes)}."
    if any(one.hypothetical for one in curves):
        caption += " Dashed: not proven, shown only to ask what would have to be true."
    narrow = projection_panels(curves, columns=2, panel_width=143, description=alt, notes=notes)
    columns = 3 if len(curves) in (3, 5, 6) else min(4, len(curves))
    wide = projection_panels(curves, columns=columns, panel_width=700 // columns, description=alt, notes=notes)
    table = _plain_table(report, curves) if plain else _full_table(report)
    return Figure("projection", title, caption.strip(), alt, table, narrow, wide)


def _listed(curves: tuple[TherapyProjection, ...], notes: list[str]) -> str:
    return "; ".join(
        f"{one.label} {note}{', not proven' if one.hypothetical else ''}"
        for one, note in zip(curves, notes, strict=True)
    )


def _plain_table(report: Report, curves: tuple[TherapyProjection, ...]) -> Table:
    rows = tuple(
        (
            one.label,
            denser(one.median[0], one.median[-1]),
            f"{denser(one.median[0], one.lower[-1])} to {denser(one.median[0], one.upper[-1])}",
        )
        for one in curves
    )
    return Table(f"After {years(report.projection.years)}", ("Choice", "Best guess", "Range"), rows)


def _full_table(report: Report) -> Table:
    """Every projected site and therapy, with the fracture risk along the path where it is known."""
    curves = projected(report)
    everything = (*curves, *(one for one in shown_projection(report).therapies if one not in curves))
    risky = any(any(path_risk(one)) for one in everything)
    span = years(report.projection.years)
    interval = f"{number(100 * report.projection.interval, 0)} %"
    rows = []
    for one in everything:
        row = [
            one.label + (" (unproven)" if one.hypothetical else ""),
            SITE_LABELS[one.site],
            end_value(one, 0).split(" (")[0],
            end_value(one),
            change(one.median[0], one.median[-1]),
            score(one.t_score[-1]) if one.t_score else score(None),
        ]
        if risky:
            row += path_risk(one)
        rows.append(tuple(row))
    columns = ["Therapy", "Site", "Today", f"After {span}", "Change", "T-score then"]
    if risky:
        columns += ["Major fracture", "Hip fracture"]
    caption = f"Projected BMD in {_unit(everything[0])}, median ({interval} interval)"
    if risky:
        caption += f", and fracture risk within {span} along the path"
    return Table(caption, tuple(columns), tuple(rows))


def _meaning(report: Report) -> str:
    return sentence(report.projection.interval_meaning)


def _unit(curve: TherapyProjection) -> str:
    return "g/cm²" if curve.unit == "g/cm2" else "percent of today"
