"""The figures of the scan and of fracture risk, each with its words and its numbers."""

from __future__ import annotations

from osteon.person import SITE_LABELS
from osteon.report.ahead import in_years_ahead
from osteon.report.charts.age import age_picture, bmd_by_age
from osteon.report.charts.icons import icon_array
from osteon.report.charts.tscore import score_scale
from osteon.report.figure import Figure, Table
from osteon.report.result import Report
from osteon.report.risks import outlooks
from osteon.report.sites import scale_scores, site_table
from osteon.report.words import (
    OUTCOME_LABELS,
    PLAIN_SITES,
    density,
    first_small,
    in_100,
    people_in_100,
    plain_list,
    risk_span,
    score,
    sentence,
    site_name,
    span_percent,
    years,
)
from osteon.risk.result import Outcome

# title and verb phrase
PLAIN_BREAKS: dict[Outcome, tuple[str, str]] = {
    "major_osteoporotic": ("A broken wrist, hip, spine or shoulder", "break a wrist, hip, spine or shoulder"),
    "hip": ("A broken hip", "break a hip"),
}


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
    caption = ""
    if densitometry.deciding_site is not None:
        deciding = first_small(site_name(densitometry.deciding_site, None, plain=plain))
        caption = f"The diamond marks the site that decides: {deciding}."
    if len(marked) == 1:
        caption = f"One site counts: {first_small(site_name(marked[0][0].site, None, plain=plain))}."
    title = "Your number on the scale" if plain else f"{kind}s by site"
    return Figure("scores", title, caption, alt, _score_table(report, kind, plain=plain), spec)


def _score_table(report: Report, kind: str, *, plain: bool) -> Table:
    if plain:
        marked = scale_scores(report.densitometry)
        rows = tuple((site_name(one.site, one.side, plain=True), score(value)) for one, value in marked)
        return Table(f"Your {kind}s", ("Where", kind), rows)
    return site_table(report.densitometry)


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
        f"{int(now.age_years)} years, {side} the average of {density(band.mean)} for {people} of that age, and "
        f"{'inside' if inside else 'outside'} the band that holds about two in three {people}."
    )
    caption = (
        f"The grey band holds about two in three {people} of each age (United States, 2017 to 2020)."
        if plain
        else f"Grey: mean and one standard deviation of {people} in the United States, all ethnic groups, "
        "NHANES 2017 to 2020, Hologic scanners."
    )
    rows = tuple(
        (f"This person at {int(one.age_years)} ({one.date})", density(one.bmd_g_cm2), "") for one in picture.scans
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


def risk_figures(report: Report, *, plain: bool) -> tuple[Figure, ...]:
    """An icon array for each outcome that some tool could answer; where the tools differ, their span."""
    figures = []
    for outlook in outlooks(report.risk):
        count, time = in_100(outlook.span), years(outlook.horizon_years)
        if plain:
            title, ahead = PLAIN_BREAKS[outlook.outcome][0], in_years_ahead(report.person, outlook.horizon_years)
            alt = sentence(f"{count} people like you will {PLAIN_BREAKS[outlook.outcome][1]} {ahead}")
            caption = sentence(f"{count} {ahead}").removesuffix(".")
        else:
            title = OUTCOME_LABELS[outlook.outcome]
            tools = plain_list(outlook.tools)
            alt = f"{title} within {time}: {span_percent(outlook.span)}, {count} people like this one ({tools})."
            caption = sentence(f"{count} in {time}").removesuffix(".")
        if outlook.span[1] >= 1 and people_in_100(outlook.span[0]) != people_in_100(outlook.span[1]):
            caption += "; pale where the sums differ" if plain else "; paler where the tools differ"
        rows = tuple(
            (one.tool, years(one.horizon_years), span_percent(risk_span(one)))
            for one in report.risk
            if one.outcome == outlook.outcome and risk_span(one) is not None
        )
        table = Table(title, ("Tool", "Within", "Probability"), rows)
        spec = icon_array(outlook.span, description=alt)
        figures.append(Figure(f"risk-{outlook.outcome}", title, caption, alt, table, spec))
    return tuple(figures)
