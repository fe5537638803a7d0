"""The projected bone density: which curves are shown, at which sites and times, and their numbers in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osteon.care.result import Option
from osteon.evidence import THERAPIES, TherapyName
from osteon.person import Site
from osteon.report.result import Report
from osteon.report.words import number, signed_percent
from osteon.twin.result import Projection, TherapyProjection

SITE_ORDER: tuple[Site, ...] = ("total_hip", "femoral_neck", "lumbar_spine")
TABLE_SITES: tuple[Site, ...] = ("lumbar_spine", "total_hip", "femoral_neck")
TABLE_YEARS = (1.0, 3.0, 5.0, 10.0)
PICTURE_YEARS = 5.0

OPEN_STANDINGS = ("advised", "consider", "trial", "baseline")


def drawn_site(report: Report) -> Site | None:
    """The site that the curves show: the total hip; where it was not measured, the first that was."""
    known = {one.site: (one.unit != "g/cm2", one.t_score is None) for one in report.projection.therapies}
    return min((site for site in SITE_ORDER if site in known), key=lambda site: known[site], default=None)


def therapies_of(regimen: str) -> tuple[TherapyName, ...]:
    """The therapies of a regimen, each once: exercise and alendronate of ``exercise+alendronate@35mg/w:24``."""
    written = re.split(r"[,+]", regimen)
    known = {name: one.name for name, one in THERAPIES.items()}
    return tuple(dict.fromkeys(known[re.split("[:@]", one)[0]] for one in written))


def first_therapy(regimen: str) -> TherapyName:
    """The therapy with which a regimen starts: ``teriparatide`` of ``teriparatide@20ug/d:24,alendronate``."""
    return therapies_of(regimen)[0]


def projected(report: Report, site: Site | None = None) -> tuple[TherapyProjection, ...]:
    """The projections of one site (the drawn one): no treatment first, the rest in the order of the options.

    A medicine that is set aside for this person has no curve here: a line that rises would speak for it. Nor has cell
    therapy, which is no option.
    """
    order = {option.therapy: place for place, option in enumerate(report.options)}
    drawn = [one for one in shown_projection(report).therapies if one.site == (site or drawn_site(report))]

    def place(one: TherapyProjection) -> tuple[bool, int]:
        return one.therapy != "none", order.get(first_therapy(one.therapy), len(order))

    return tuple(sorted(drawn, key=place))


def shown_projection(report: Report) -> Projection:
    """The projection without the curves of what is not needed now, not suitable, or no option at all."""
    closed = {one.therapy for one in report.options if one.standing in ("not now", "not suitable", "experimental")}
    kept = tuple(
        one for one in report.projection.therapies if first_therapy(one.therapy) not in closed and not one.hypothetical
    )
    return report.projection.model_copy(update={"therapies": kept})


def shaped_by(projection: Projection) -> str:
    """What of the record shaped the curves, and how well the fit is supported."""
    fit = projection.fit
    if fit is None:
        return ""
    used = " ".join(fit.used) if fit.used else "Sex and age alone."
    return (
        f"Shaped by sex, age and: {used} {number(fit.effective_sample_size, 0)} of {fit.people} simulated people "
        f"agree with the record (effective sample size{', after more were drawn around them' if fit.refined else ''})."
    )


def parts_rows(curves: Sequence[TherapyProjection], index: int) -> tuple[tuple[str, str, str, str], ...]:
    """What the band of each curve is made of at one time: half of each part's width, in percent of today.

    Columns: the therapy, people with the same record, the model's error, and where a later scan may read.
    """
    rows = []
    for one in curves:
        if one.parts is None or not one.median[0]:
            continue
        bands = (one.parts.people, one.parts.model_error, one.parts.measured)
        halves = [50.0 * (band.upper[index] - band.lower[index]) / one.median[0] for band in bands]
        rows.append((one.label, *(f"±{number(half, 1)}" for half in halves)))
    return tuple((label, people, model, scan) for label, people, model, scan in rows)


def for_patient(report: Report) -> tuple[TherapyProjection, ...]:
    """The curves that a patient sees: no treatment, and what is advised or may be considered."""
    standing = {one.therapy: one.standing for one in report.options}
    return tuple(one for one in projected(report) if standing.get(first_therapy(one.therapy)) in OPEN_STANDINGS)


def general_warnings(report: Report) -> tuple[str, ...]:
    """The report's warnings without those that stand beside the curves."""
    own = {text for one in report.projection.therapies for text in (one.caution, one.extrapolated) if text}
    own |= set(report.projection.fit.not_used) if report.projection.fit is not None else set()
    return tuple(one for one in report.warnings if one not in own)


def projection_of(report: Report, option: Option) -> TherapyProjection | None:
    """The projection of one option, alone or with what has to follow it; none when there is none."""
    curves = projected(report)
    alone = next((one for one in curves if one.therapy == option.therapy), None)
    return alone or next((one for one in curves if first_therapy(one.therapy) == option.therapy), None)


def at_year(one: TherapyProjection, year: float) -> int:
    """The time point nearest to a year."""
    return min(range(len(one.t_years)), key=lambda place: abs(one.t_years[place] - year))


def table_years(projection: Projection) -> tuple[float, ...]:
    """The years for which a table gives numbers: 1, 3, 5 and 10, as far as they are projected, and the last."""
    within = [year for year in TABLE_YEARS if year < projection.years - 1e-6]
    return (*within, projection.years)[-4:]


def picture_year(projection: Projection) -> float:
    """The year that the picture of all sites shows."""
    return min(PICTURE_YEARS, projection.years)


def gain(one: TherapyProjection, year: float) -> str:
    """The change from today with its interval, in percent: ``+5.3 (0.4 to 10.2)``.

    An asterisk marks a time beyond the longest trial result of the therapy that was at hand.
    """
    place, start = at_year(one, year), one.median[0]
    middle, low, high = (signed_percent(start, series[place]) for series in (one.median, one.lower, one.upper))
    star = "*" if is_beyond(one, year) else ""
    # No-break spaces keep an interval on one line.
    return f"{middle}{star} ({low.removeprefix('+')}\u00a0to\u00a0{high.removeprefix('+')})"


def short_label(one: TherapyProjection) -> str:
    """The regimen in words; that a single therapy goes on is said once, under the table."""
    return one.label.removesuffix(", continued") + (" (unproven)" if one.hypothetical else "")


def is_beyond(one: TherapyProjection, year: float) -> bool:
    """Whether a time lies beyond the longest trial result of the therapy."""
    return one.followed_years is not None and year > one.followed_years + 0.05


def gain_table(curves: Sequence[TherapyProjection], years: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    """One row a therapy: its name, and the change at each year."""
    return tuple((short_label(one), *(gain(one, year) for year in years)) for one in curves)
