"""The figures of a report: picture, title, words and numbers together, so that no picture stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from osteon.care.result import Option
from osteon.person import SITE_LABELS, Site
from osteon.report.charts.age import age_picture, bmd_by_age
from osteon.report.charts.icons import icon_array
from osteon.report.charts.projection import end_value, projection_panels
from osteon.report.charts.style import Spec
from osteon.report.charts.tscore import scale_scores, score_scale
from osteon.report.result import Report
from osteon.report.words import (
    OUTCOME_LABELS,
    PLAIN_SITES,
    change,
    density,
    in_100,
    number,
    plain_list,
    risk_span,
    score,
    sentence,
    site_name,
    span_percent,
    years,
)
from osteon.risk.result import FractureRisk, Outcome
from osteon.twin.result import Projection, TherapyProjection

PROJECTION_SITES: tuple[Site, ...] = ("total_hip", "femoral_neck", "lumbar_spine", "radius_33")

# title and verb phrase
PLAIN_BREAKS: dict[Outcome, tuple[str, str]] = {
    "major_osteoporotic": ("A broken wrist, hip, spine or shoulder", "break a wrist, hip, spine or shoulder"),
    "hip": ("A broken hip", "break a hip"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a figure."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture with everything that replaces it for a reader who cannot see it.

    ``wide`` is the same picture laid out for a wide page, none where one layout serves both.
    """

    key: str
    title: str
    caption: str
    alt: str
    table: Table
    spec: Spec
    wide: Spec | None = None


def score_figure(report: Report, *, plain: bool) -> Figure | None:
    """The scores on their scale; none when no site has the score that counts."""
    densitometry = report.densitometry
    marked = scale_scores(densitometry)
    if not marked:
        return None
    kind = densitometry.rule or "T-score"
    said = plain_list(f"{site_name(one.site, one.side, plain=plain)} {score(value)}" for one, value in marked)
    alt = f"{kind} scale. {said}."
    if kind == "T-score":
        alt += " Normal is -1.0 or higher, osteopenia is between -1.0 and -2.5, osteoporosis is -2.5 or lower."
    else:
        alt += " A Z-score of -2.0 or lower is below the expected range for age."
    alt = alt.replace(" -", " \N{MINUS SIGN}")
    spec = score_scale(densitometry, plain=plain, description=alt)
    if spec is None:  # pragma: no cover - there is a marked site
        return None
    deciding = site_name(densitometry.deciding_site, None, plain=plain) if densitometry.deciding_site else ""
    caption = f"The diamond marks the site that decides: {deciding[:1].lower()}{deciding[1:]}." if deciding else ""
    title = "Your number on the scale" if plain else f"{kind}s by site"
    return Figure("scores", title, caption, alt, _score_table(report, kind, plain=plain), spec)


def _score_table(report: Report, kind: str, *, plain: bool) -> Table:
    if plain:
        marked = scale_scores(report.densitometry)
        rows = tuple((site_name(one.site, one.side, plain=True), score(value)) for one, value in marked)
        return Table(f"Your {kind}s", ("Where", kind), rows)
    everything = tuple(
        (
            site_name(one.site, one.side),
            density(one.bmd_g_cm2),
            _scored(one.t_score, one.t_score_source),
            _scored(one.z_score, one.z_score_source),
        )
        for one in report.densitometry.sites
    )
    return Table("Bone density by site", ("Site", "BMD, g/cm²", "T-score", "Z-score"), everything)


def _scored(value: float | None, source: str | None) -> str:
    return f"{score(value)} (computed)" if source == "computed" else score(value)


def age_figure(report: Report, *, plain: bool) -> tuple[Figure | None, str]:
    """Bone density by age against the reference survey, or none and the reason why not."""
    picture, reason = age_picture(report.person, report.densitometry.deciding_site)
    if picture is None:
        return None, reason
    people = "women" if report.person.sex == "female" else "men"
    now = picture.scans[-1]
    known = [one for one in picture.bands if one.age_years % 5 == 0]
    band = min(picture.bands, key=lambda one: abs(one.age_years - now.age_years))
    where = (PLAIN_SITES if plain else SITE_LABELS)[picture.site].lower()
    side = "below" if now.bmd_g_cm2 < band.mean else "above"
    inside = abs(now.bmd_g_cm2 - band.mean) <= band.sd
    measure = "bone density" if plain else "BMD"
    alt = (
        f"{measure[:1].upper()}{measure[1:]} of the {where} by age. Latest scan: {density(now.bmd_g_cm2)} g/cm² at "
        f"{now.age_years:.0f} years, {side} the average of {density(band.mean)} for {people} of that age, and "
        f"{'inside' if inside else 'outside'} the band that holds about two in three {people}."
    )
    caption = (
        f"The grey band holds about two in three {people} of each age (United States, 2017 to 2020)."
        if plain
        else f"Grey: mean and one standard deviation of {people} in the United States, all ethnic groups, "
        "NHANES 2017 to 2020, Hologic scanners."
    )
    rows = tuple(
        (f"This person at {one.age_years:.0f} ({one.date})", density(one.bmd_g_cm2), "") for one in picture.scans
    ) + tuple(
        (
            f"{people.capitalize()} of {one.age_years:.0f}",
            density(one.mean),
            f"{density(one.mean - one.sd)} to {density(one.mean + one.sd)}",
        )
        for one in known
    )
    table = Table(f"{SITE_LABELS[picture.site]} bone density by age", ("Who", "g/cm²", "Two in three"), rows)
    title = "Compared with others your age" if plain else f"{SITE_LABELS[picture.site]} BMD by age"
    spec = bmd_by_age(picture, people=people, description=alt)
    return Figure("age", title, caption, alt, table, spec), ""


def chosen_risks(report: Report) -> tuple[tuple[FractureRisk, tuple[float, float]], ...]:
    """For each outcome the first tool that could answer, with the span of its answer."""
    chosen = []
    for outcome in get_args(Outcome):
        answers = ((one, risk_span(one)) for one in report.risk if one.outcome == outcome)
        first = next(((one, span) for one, span in answers if span is not None), None)
        if first is not None:
            chosen.append(first)
    return tuple(chosen)


def risk_figures(report: Report, *, plain: bool) -> tuple[Figure, ...]:
    """An icon array for each outcome that some tool could answer, from the first tool that did."""
    figures = []
    for risk, span in chosen_risks(report):
        count, time = in_100(span), years(risk.horizon_years)
        if plain:
            title = PLAIN_BREAKS[risk.outcome][0]
            alt = sentence(f"{count} people like you will {PLAIN_BREAKS[risk.outcome][1]} in the next {time}")
            caption = sentence(f"{count} in the next {time}").removesuffix(".")
        else:
            title = f"{OUTCOME_LABELS[risk.outcome]}, {time}"
            alt = f"{title}: {span_percent(span)}, {count} people with these characteristics ({risk.tool})."
            caption = sentence(count).removesuffix(".")
        rows = tuple(
            (one.tool, years(one.horizon_years), span_percent(risk_span(one)))
            for one in report.risk
            if one.outcome == risk.outcome and risk_span(one) is not None
        )
        table = Table(title, ("Tool", "Within", "Probability"), rows)
        spec = icon_array(span, description=alt)
        figures.append(Figure(f"risk-{risk.outcome}", title, caption, alt, table, spec))
    return tuple(figures)


def projection_site(projection: Projection) -> Site | None:
    """The site that the picture shows: total hip when projected, else the first that is."""
    present = {one.site for one in projection.therapies}
    return next((site for site in PROJECTION_SITES if site in present), None)


def projected(report: Report) -> tuple[TherapyProjection, ...]:
    """The projections of the drawn site: no treatment first, proven therapies next, hypothetical ones last."""
    site = projection_site(report.projection)
    order = {option.therapy: place for place, option in enumerate(report.options)}
    chosen = [one for one in report.projection.therapies if one.site == site]
    return tuple(
        sorted(chosen, key=lambda one: (one.therapy != "none", one.hypothetical, order.get(one.therapy, len(order))))
    )


def projection_figure(report: Report, *, plain: bool) -> Figure | None:
    """The curves of the therapies at one site with their interval; none when nothing was projected."""
    curves = projected(report)
    if not curves:
        return None
    site = (PLAIN_SITES if plain else SITE_LABELS)[curves[0].site].lower()
    span = years(report.projection.years)
    interval = f"{number(100 * report.projection.interval, 0)} %"
    ends = "; ".join(f"{one.label} {end_value(one)}{', unproven' if one.hypothetical else ''}" for one in curves)
    alt = f"Projected bone density of the {site} after {span}, {_unit_name(curves[0])}: {ends}."
    caption = (
        f"Each panel: the model's best guess as a line, and the {interval} range as a band. "
        "The dotted line is no treatment."
        if plain
        else f"Line: median. Band: {interval} interval. Dotted: no treatment. {report.projection.interval_meaning}"
    )
    if any(one.hypothetical for one in curves):
        caption += " Dashed: unproven, shown only to ask what would have to be true."
    rows = tuple(
        (
            one.label + (" (unproven)" if one.hypothetical else ""),
            SITE_LABELS[one.site],
            end_value(one, 0) if one.lower[0] != one.upper[0] else end_value(one, 0).split(" (")[0],
            end_value(one),
            change(one.median[0], one.median[-1]),
            score(one.t_score[-1]) if one.t_score else score(None),
        )
        for one in (*curves, *(rest for rest in report.projection.therapies if rest not in curves))
    )
    table = Table(
        f"Projected bone density, median ({interval} interval)",
        ("Therapy", "Site", "Today", f"After {span}", "Change", "T-score then"),
        rows,
    )
    title = f"What could happen to your {site} in {span}" if plain else f"Projected {site} BMD, {span}"
    narrow = projection_panels(curves, columns=2, panel_width=143, description=alt)
    wide = projection_panels(curves, columns=min(4, len(curves)), panel_width=172, description=alt)
    return Figure("projection", title, caption, alt, table, narrow, wide)


def _unit_name(curve: TherapyProjection) -> str:
    return "g/cm²" if curve.unit == "g/cm2" else "percent of today"


def projection_of(report: Report, option: Option) -> TherapyProjection | None:
    """The projection of one option at the drawn site, none when the model does not cover it."""
    return next((one for one in projected(report) if one.therapy == option.therapy), None)
