"""Re-run a published trial: the same virtual women in both arms, nothing fitted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from osteon import __version__
from osteon.errors import UsageError
from osteon.evidence import row
from osteon.risk.open_model.baseline import AGE_HIGH
from osteon.risk.open_model.density import mean_t_score
from osteon.risk.open_model.engine import path, probabilities
from osteon.risk.open_model.factors import RiskFactors
from osteon.risk.open_model.treatment_link import SOURCES as LINK_SOURCES
from osteon.risk.open_model.treatment_link import Link
from osteon.trial.cox import HazardRatio, hazard_ratio
from osteon.trial.design import Design, Endpoint
from osteon.trial.events import PARTS, FollowUp, YearlyHazards, expected_rate, follow, luck, yearly_hazards
from osteon.trial.paths import bmd_paths
from osteon.trial.people import Women, draw_women
from osteon.trial.result import Baseline, Beside, BmdDifference, OtherMix, Ratio, SmallTrials, TrialRun
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.draws import uniforms

Floats = NDArray[np.float64]

FIXED_LINK: Link = "trials"
"""The link of the reports, in use before any trial was re-run."""

LINKS: tuple[Link, ...] = ("trials", "density")
ENDPOINTS: tuple[Endpoint, ...] = ("major", "nonvertebral", "spine")
WOMEN = 4_000
FEWEST_WOMEN = 200
SMALL_TRIALS = 400
TEN_YEARS = 10.0
OTHER_RATES = (0.5, 2.0)


def run_trial(design: Design, *, women: int = WOMEN, small_trials: int = SMALL_TRIALS) -> TrialRun:
    """Re-run a trial with so many virtual women, every one of them in both arms.

    Parameters
    ----------
    design
        From :data:`osteon.trial.DESIGNS`.
    women
        How many; the more, the narrower the sampling interval.
    small_trials
        How many trials of the real size to draw from them.

    Raises
    ------
    UsageError
        Fewer than 200 women or no small trial is asked for.
    ModelError
        Too few women fit, or an arm has no fracture.
    """
    if women < FEWEST_WOMEN or small_trials < 1:
        raise UsageError(
            f"a trial of {women} virtual women and {small_trials} small ones is not possible",
            mend=f"Ask for at least {FEWEST_WOMEN} women and 1 small trial",
        )
    chosen = draw_women(design, women)
    t_years = np.append(np.arange(0.0, design.years - 1e-9, 0.5), design.years)
    control = bmd_paths(chosen, design.control, t_years)
    active = bmd_paths(chosen, design.active, t_years)
    own = luck(design.name, chosen)
    seen: dict[tuple[Link, Endpoint, bool], FollowUp] = {}
    rates: dict[tuple[Link, Endpoint, bool], tuple[float, float]] = {}
    mixes: tuple[OtherMix, ...] = ()
    for link in LINKS:
        arms = [yearly_hazards(chosen, bmd, control, t_years, link) for bmd in (control, active)]
        if link == FIXED_LINK:
            mixes = _other_mixes(design, arms[0], arms[1])
        for treated, hazards in zip((False, True), arms, strict=True):
            for endpoint in ENDPOINTS:
                seen[link, endpoint, treated] = follow(hazards, own, design.years, endpoint)
                rates[link, endpoint, treated] = expected_rate(hazards, design.years, endpoint)
    ratios = tuple(_ratio(seen, rates, link, endpoint) for link in LINKS for endpoint in ENDPOINTS)
    return TrialRun(
        osteon=__version__,
        design=design.name,
        title=design.title,
        active=design.active.schedule,
        years=design.years,
        link_fixed_beforehand=FIXED_LINK,
        baseline=_baseline(chosen),
        bmd=_bmd(control, active, t_years, design.visits_months),
        ratios=ratios,
        beside=_beside(design, ratios),
        other_mixes=mixes,
        small_trials=tuple(_small(design, chosen, seen, link, small_trials) for link in LINKS),
        apart=design.apart,
        sources=(*design.sources, *LINK_SOURCES),
    )


def _cox(control: FollowUp, active: FollowUp) -> HazardRatio:
    return hazard_ratio(
        np.concatenate([control.years, active.years]),
        np.concatenate([control.fracture, active.fracture]),
        np.repeat([False, True], [control.years.size, active.years.size]),
    )


def _ratio(
    seen: Mapping[tuple[Link, Endpoint, bool], FollowUp],
    rates: Mapping[tuple[Link, Endpoint, bool], tuple[float, float]],
    link: Link,
    endpoint: Endpoint,
) -> Ratio:
    (control_rate, control_percent), (active_rate, active_percent) = (
        rates[link, endpoint, treated] for treated in (False, True)
    )
    control, active = seen[link, endpoint, False], seen[link, endpoint, True]
    met = _cox(control, active) if control.fracture.any() and active.fracture.any() else None
    return Ratio(
        endpoint=endpoint,
        link=link,
        expected=active_rate / control_rate,
        control_percent=control_percent,
        active_percent=active_percent,
        cox=met.ratio if met else None,
        low=met.low if met else None,
        high=met.high if met else None,
    )


def _other_mixes(design: Design, control: YearlyHazards, active: YearlyHazards) -> tuple[OtherMix, ...]:
    """Halve and double each group of sites that the first printed endpoint counts, in both arms alike."""
    endpoint = design.printed[0].endpoint

    def rate(arm: YearlyHazards, site: str, times: float) -> float:
        changed = {name: by * times if name == site else by for name, by in arm.by_site.items()}
        return expected_rate(YearlyHazards(changed, arm.death), design.years, endpoint)[0]

    if len(PARTS[endpoint]) == 1:
        return ()
    return tuple(
        OtherMix(site=site, times=times, expected=rate(active, site, times) / rate(control, site, times))
        for site in PARTS[endpoint]
        for times in OTHER_RATES
    )


def _beside(design: Design, ratios: tuple[Ratio, ...]) -> tuple[Beside, ...]:
    by = {(one.link, one.endpoint): one.expected for one in ratios}
    found = []
    for printed in design.printed:
        one = row(printed.row)
        low, high = (float(part) for part in one.spread.split("-")) if one.spread_kind == "ci95" else (None, None)
        ours = by[FIXED_LINK, printed.endpoint]
        found.append(
            Beside(
                label=printed.label,
                endpoint=printed.endpoint,
                printed=one.value,
                printed_low=low,
                printed_high=high,
                by_trials=by["trials", printed.endpoint],
                by_density=by["density", printed.endpoint],
                inside=None if low is None or high is None else low <= ours <= high,
            )
        )
    return tuple(found)


def _baseline(women: Women) -> Baseline:
    neck = women.t_scores("femoral_neck")
    horizon = np.arange(0.0, TEN_YEARS + 0.5, 0.5)
    risk = None
    if float(women.age_years.max()) + TEN_YEARS <= AGE_HIGH:
        each = np.empty(neck.size)
        for age in np.unique(women.age_years):
            who = women.age_years == age
            kept = mean_t_score("female", age + horizon) - float(mean_t_score("female", age))
            bone = path(horizon, neck[who][:, None] + kept)
            each[who] = probabilities("female", float(age), RiskFactors(), bone=bone).hip[0, :, -1]
        risk = 100.0 * float(np.median(each))
    return Baseline(
        women=neck.size,
        age_mean=float(women.age_years.mean()),
        age_sd=float(women.age_years.std()),
        neck_t_mean=float(neck.mean()),
        neck_t_sd=float(neck.std()),
        ten_year_hip_percent_median=risk,
    )


def _bmd(
    control: Mapping[SiteName, Floats], active: Mapping[SiteName, Floats], t_years: Floats, months: tuple[int, ...]
) -> tuple[BmdDifference, ...]:
    found = []
    for site in SITES:
        for month in months:
            (at,) = np.flatnonzero(np.isclose(t_years, month / 12.0))
            changes = [100.0 * float((one[site][:, at] / one[site][:, 0] - 1.0).mean()) for one in (control, active)]
            found.append(
                BmdDifference(
                    site=site,
                    months=month,
                    control_change_percent=changes[0],
                    active_change_percent=changes[1],
                    difference_points=changes[1] - changes[0],
                )
            )
    return tuple(found)


def _small(
    design: Design,
    women: Women,
    seen: Mapping[tuple[Link, Endpoint, bool], FollowUp],
    link: Link,
    trials: int,
) -> SmallTrials:
    """Trials of the real size: who takes part and who is treated is drawn by trial, not by woman."""
    endpoint = design.printed[0].endpoint
    control, active = seen[link, endpoint, False], seen[link, endpoint, True]
    size = min(design.women, women.numbers.size) // 2
    order = np.argsort(uniforms(design.name, "small trials", np.arange(trials), women.numbers.size), axis=0)
    ratios, significant = [], 0
    for trial in range(trials):
        first, second = order[:size, trial], order[size : 2 * size, trial]
        one = _cox(
            FollowUp(control.years[first], control.fracture[first]),
            FollowUp(active.years[second], active.fracture[second]),
        )
        ratios.append(one.ratio)
        significant += one.high < 1.0
    low, median, high = np.quantile(ratios, [0.025, 0.5, 0.975])
    return SmallTrials(
        trials=trials,
        women=2 * size,
        link=link,
        median_ratio=float(median),
        low=float(low),
        high=float(high),
        significant_percent=100.0 * significant / trials,
    )
