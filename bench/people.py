"""Virtual people and one person's fit, measured: ``python -m bench.people``. Prints the figures that the docs show."""

from __future__ import annotations

import time

import numpy as np

from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise import PersonData, Reading, Visit, fit_person
from osteon.twin.personalise.likelihood import marker_scale, precision
from osteon.twin.variability import compare_mros, compare_nhanes, draw_people, normals, uniforms
from osteon.twin.variability.trajectories import OBSERVED

AHEAD_YEARS = 5.0
BETWEEN_SCANS_YEARS = 3.0


def coverage(people: int, interval: float = 0.9) -> dict[str, float]:
    """How often the interval of BMD five years ahead holds the truth, over simulated people with 1 to 3 scans.

    Ages 55 to 80; scans three years apart with the usual precision error; half have a CTX; all women tell their age
    at menopause with the assumed error. Truth and fit share the bone model and the population, so this tests the fit.
    """
    found: list[list[bool]] = []
    effective, refined = [], 0
    sexes: tuple[Sex, ...] = ("female", "male")
    for sex in sexes:
        numbers = np.arange(people // 2)
        drawn = draw_people(f"coverage {sex}", sex, numbers)
        lives = drawn.lives(90.0)
        chance = uniforms("coverage", f"design {sex}", numbers, 3)
        noise = normals("coverage", f"noise {sex}", numbers, 11)
        for who in numbers:
            age = float(np.round(2.0 * (58.0 + 22.0 * chance[0, who])) / 2.0)
            scans = 1 + int(3.0 * chance[1, who] * 0.999)
            visits = []
            for number in range(scans):
                at = age - BETWEEN_SCANS_YEARS * (scans - 1 - number)
                logs = drawn.log_bmd(lives, at, surveyed_years=age)[:, who]
                error = [precision(site) * noise[3 * number + i, who] for i, site in enumerate(SITES)]
                visits.append(Visit(at, dict(zip(SITES, np.exp(logs + error).tolist(), strict=True))))
            readings: tuple[Reading, ...] = ()
            if chance[2, who] < 0.5:
                centre, spread = marker_scale(sex, "ctx")
                level = centre + np.log(drawn.traits["turnover"][who]) + spread * noise[9, who]
                level += lives.logs_at(age)[OBSERVED.index("ctx"), who]
                readings = (Reading(age, "ctx", float(np.exp(level))),)
            menopause = float(drawn.traits["menopause_age"][who] + noise[10, who]) if sex == "female" else None
            data = PersonData(sex, age, tuple(visits), readings, menopause)
            fit = fit_person(data, to_years=age + AHEAD_YEARS)
            effective.append(fit.effective)
            refined += fit.refined
            truth = np.exp(drawn.log_bmd(lives, age + AHEAD_YEARS, surveyed_years=age)[:, who])
            low, high = np.quantile(
                fit.untreated_bmd(age + AHEAD_YEARS), [0.5 - interval / 2, 0.5 + interval / 2], axis=1
            )
            found.append(((low <= truth) & (truth <= high)).tolist())
    shares = 100.0 * np.mean(np.array(found), axis=0)
    return {
        **{site: float(share) for site, share in zip(SITES, shares, strict=True)},
        "effective_median": float(np.median(effective)),
        "effective_least": float(np.min(effective)),
        "refined": float(refined),
    }


def not_finite(people: int, stretch: float = 10.0) -> int:
    """How many people of each sex, drawn from so many times the usual spread, ever give a number that is not finite."""
    bad = 0
    sexes: tuple[Sex, ...] = ("female", "male")
    for sex in sexes:
        for first in range(0, people, 2000):
            numbers = np.arange(first, min(first + 2000, people))
            drawn = draw_people("far from the usual", sex, numbers, stretch=stretch)
            logs = drawn.lives(100.0).logs
            bad += int(np.sum(~np.all(np.isfinite(logs), axis=(0, 1))))
    return bad


def main() -> None:
    """Print everything."""
    print("NHANES 2017-2020, misses first")
    rows = sorted(compare_nhanes(4000), key=lambda one: (one.within, one.figure, one.sex, one.site, one.band))
    for one in rows:
        mark = "  " if one.within else "X "
        print(
            f"{mark}{one.sex} {one.site} {one.band} {one.figure}: {one.survey:.3f} {one.virtual:.3f}"
            f" off {one.off:+.1f} (se {one.survey_se:.1f})"
        )
    for figure in ("mean", "sd", "osteoporosis", "low_bone_mass"):
        here = [one for one in rows if one.figure == figure]
        within = sum(one.within for one in here)
        close = sum(one.within or abs(one.off) <= 2.0 * one.survey_se for one in here)
        print(f"{figure}: {within} of {len(here)} within; {close} within or within two standard errors of the survey")
    for group in compare_mros():
        print(group)
    start = time.perf_counter()
    print("coverage of 500", coverage(500), f"{time.perf_counter() - start:.0f} s")
    print("not finite of 2 x 20,000 at ten times the spread:", not_finite(20_000))


if __name__ == "__main__":
    main()
