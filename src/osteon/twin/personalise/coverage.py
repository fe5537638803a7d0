"""Simulated people with a known truth: how often the fit's interval holds it."""

from __future__ import annotations

import numpy as np

from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise.data import PersonData, Reading, Visit
from osteon.twin.personalise.fit import fit_person
from osteon.twin.personalise.likelihood import marker_scale, precision
from osteon.twin.variability.draws import normals, uniforms
from osteon.twin.variability.population import VirtualPeople, draw_people
from osteon.twin.variability.trajectories import OBSERVED, Trajectories

AHEAD_YEARS = 5.0
BETWEEN_SCANS_YEARS = 3.0
LAST_SEEN_YEARS = 86.0
"""Nobody is followed beyond this age."""


def _simulated(drawn: VirtualPeople, lives: Trajectories, who: int) -> PersonData:
    """One person's data: 1 to 3 scans with the usual precision error, half of the time a CTX, age at menopause."""
    sex, number = drawn.sex, np.array([who])
    chance = uniforms("coverage", f"design {sex}", number, 3)[:, 0]
    noise = normals("coverage", f"noise {sex}", number, 11)[:, 0]
    age = float(np.round(2.0 * (58.0 + 22.0 * chance[0])) / 2.0)
    scans = 1 + int(3.0 * chance[1] * 0.999)
    visits = []
    for scan in range(scans):
        at = age - BETWEEN_SCANS_YEARS * (scans - 1 - scan)
        logs = drawn.log_bmd(lives, at, surveyed_years=age)[:, who]
        error = [precision(site) * noise[3 * scan + i] for i, site in enumerate(SITES)]
        visits.append(Visit(at, dict(zip(SITES, np.exp(logs + error).tolist(), strict=True))))
    readings: tuple[Reading, ...] = ()
    if chance[2] < 0.5:
        centre, spread = marker_scale(sex, "ctx")
        level = centre + np.log(drawn.traits["turnover"][who]) + spread * noise[9]
        level += lives.logs_at(age)[OBSERVED.index("ctx"), who]
        readings = (Reading(age, "ctx", float(np.exp(level))),)
    menopause = float(drawn.traits["menopause_age"][who] + noise[10]) if sex == "female" else None
    return PersonData(sex, age, tuple(visits), readings, menopause)


def coverage(people: int, interval: float = 0.9) -> dict[str, float]:
    """How often the interval of BMD five years ahead holds the truth, over simulated people with 1 to 3 scans.

    Half women, half men, aged 58 to 80; scans three years apart. Truth and fit share the bone model and the
    population, so this tests the fit, not the model.

    Returns
    -------
    By site, per cent of people; and the median and least effective sample size, and how many fits were refined.
    """
    found: list[list[bool]] = []
    effective, refined = [], 0
    sexes: tuple[Sex, ...] = ("female", "male")
    for sex in sexes:
        drawn = draw_people(f"coverage {sex}", sex, np.arange(people // 2))
        lives = drawn.lives(LAST_SEEN_YEARS)
        for who in drawn.numbers:
            data = _simulated(drawn, lives, int(who))
            then = data.age_years + AHEAD_YEARS
            fit = fit_person(data, to_years=LAST_SEEN_YEARS)
            effective.append(fit.effective)
            refined += fit.refined
            truth = np.exp(drawn.log_bmd(lives, then, surveyed_years=data.age_years)[:, who])
            low, high = np.quantile(fit.untreated_bmd(then), [0.5 - interval / 2.0, 0.5 + interval / 2.0], axis=1)
            found.append(((low <= truth) & (truth <= high)).tolist())
    shares = 100.0 * np.mean(np.array(found), axis=0)
    return {
        **{site: float(share) for site, share in zip(SITES, shares, strict=True)},
        "effective_median": float(np.median(effective)),
        "effective_least": float(np.min(effective)),
        "refined": float(refined),
    }
