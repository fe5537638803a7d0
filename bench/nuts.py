"""One person's fit beside NUTS, the No-U-Turn sampler: ``python -m bench.nuts [--write]``. Takes a few minutes.

NUTS (Hoffman and Gelman 2014, in NumPyro) walks through all ten unknowns at once: the four traits of the cells, peak
bone density and drift at three sites. Same prior, same likelihood, written down once more in JAX; no library of
simulated people, no weights, nothing solved exactly.

The bone model enters through its natural history at the ages of the person's scans and blood tests. It is run once at
the nodes of a Chebyshev grid over the three traits that act without treatment, and read between them by the
polynomial through the nodes, which has exact gradients; the error of that is measured on random people and printed.
What is compared at the end, BMD today and under treatment, is simulated anew from the traits that NUTS drew.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.people import put
from osteon.twin.engine import NO_TREATMENT, Bolus, Regimen, simulate
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.sites import BMD, SITES
from osteon.twin.personalise import PersonData, Reading, Visit, fit_person, project_person
from osteon.twin.personalise.library import particles_at
from osteon.twin.personalise.likelihood import RECALL_SD_YEARS, marker_scale, precision
from osteon.twin.personalise.likelihood import response as drug_response
from osteon.twin.variability.population import log_bmd
from osteon.twin.variability.traits import (
    CELL_TRAITS,
    Trait,
    cell_traits,
    correlation,
    drift_years,
    level_prior,
    model_parameters,
    trait_values,
)
from osteon.twin.variability.trajectories import OBSERVED

Floats = NDArray[np.float64]

PAGE = Path("docs/one-person-fit.md")
BEGIN, END = "<!-- measured by python -m bench.nuts --write -->", "<!-- end of the comparison -->"
SCANS = (
    Visit(61.0, {"femoral_neck": 0.660, "total_hip": 0.800, "lumbar_spine": 0.900}),
    Visit(64.0, {"femoral_neck": 0.642, "total_hip": 0.775, "lumbar_spine": 0.880}),
)
MEN = (Visit(70.0, {"femoral_neck": 0.78}), Visit(73.0, {"femoral_neck": 0.74}))
PEOPLE = {
    "a woman with one scan": PersonData("female", 64.0, SCANS[1:], menopause_years=50.0),
    "a woman with two scans and CTX": PersonData("female", 64.0, SCANS, (Reading(64.0, "ctx", 620.0),), 49.0),
    "a man who loses fast": PersonData("male", 73.0, MEN),
}
AHEAD_YEARS = 3.0
ZOLEDRONATE = Regimen("zoledronate", (Bolus("zoledronate", 5.0, 0.0, 365.0, 3),))
WARM_UP, DRAWS = 400, 1000
SEED = 1
RANGE = 5.0
"""The grid reaches so many standard deviations; beyond them the polynomial is held."""

NODES = (17, 9, 9)
TRAITS = 3


@dataclass(frozen=True)
class Samples:
    """Traits of the cells ``(4, m)`` and levels ``(6, m)``."""

    z: Floats
    levels: Floats


def chebyshev(count: int) -> Floats:
    """Nodes of the second kind on -1 to 1."""
    return np.cos(np.pi * np.arange(count) / (count - 1))


def history(data: PersonData, ages: list[float]) -> tuple[dict[float, Floats], float]:
    """Log observables at the nodes, by age ``(17, 9, 9, 5)``; the largest error between the nodes, on random people."""
    axes = [RANGE * chebyshev(count) for count in NODES]
    nodes = np.stack([one.ravel() for one in np.meshgrid(*axes, indexing="ij")])
    checked = np.clip(np.random.default_rng(SEED).standard_normal((TRAITS, 64)) * 1.5, -RANGE, RANGE)
    z = np.hstack([nodes, checked])
    lives = particles_at(data.sex, data.fixed, np.vstack([z, np.zeros(z.shape[1])]), max(ages)).lives
    found, worst = {}, 0.0
    for age in ages:
        logs = lives.logs_at(age).T
        found[age] = logs[: nodes.shape[1]].reshape(*NODES, len(OBSERVED))
        between = np.stack([np.asarray(read(np, found[age], one)) for one in checked.T])
        worst = max(worst, float(np.max(np.abs(between - logs[nodes.shape[1] :]))))
    return found, worst


def read(xp: Any, table: Any, z: Any) -> Any:
    """The polynomial through the nodes at one point, by the barycentric formula along each axis in turn."""
    for axis, count in enumerate(NODES):
        nodes = chebyshev(count)
        weights = (-1.0) ** np.arange(count)
        weights[[0, -1]] *= 0.5
        off = xp.clip(z[axis] / RANGE, -1.0, 1.0) - nodes
        shares = weights / xp.where(xp.abs(off) < 1e-12, 1e-12, off)
        table = xp.tensordot(shares / xp.sum(shares), table, axes=(0, 0))
    return table


def log_likelihood(data: PersonData, tables: Mapping[float, Floats], z: Any, levels: Any, xp: Any) -> Any:
    """The likelihood of the person's data, written from its description and not from the fit's code."""
    logs = {age: read(xp, table, z) for age, table in tables.items()}
    total: Any = 0.0
    for visit in data.visits:
        for site, bmd in visit.bmd_g_cm2.items():
            i = SITES.index(site)
            expected = logs[visit.age_years][i] + levels[i] + levels[3 + i] * float(drift_years(visit.age_years))
            total = total - 0.5 * ((math.log(bmd) - expected) / precision(site)) ** 2
    traits = cell_traits()
    for reading in data.readings:
        centre, spread = marker_scale(data.sex, reading.marker)
        own = xp.log(value(xp, traits["turnover"], z[CELL_TRAITS.index("turnover")]))
        expected = centre + own + logs[reading.age_years][OBSERVED.index(reading.marker)]
        total = total - 0.5 * ((math.log(reading.value) - expected) / spread) ** 2
    if data.menopause_years is not None:
        own = value(xp, traits["menopause_age"], z[CELL_TRAITS.index("menopause_age")])
        total = total - 0.5 * ((own - data.menopause_years) / RECALL_SD_YEARS) ** 2
    return total


def value(xp: Any, trait: Trait, z: Any) -> Any:
    """A trait at so many standard deviations from its centre, bent towards its limits."""
    ends = [math.log(end / trait.centre) if trait.log else end - trait.centre for end in (trait.low, trait.high)]
    room = xp.where(z >= 0.0, ends[1], -ends[0])
    off = room * xp.tanh(trait.spread * z / room)
    return trait.centre * xp.exp(off) if trait.log else trait.centre + off


def nuts(data: PersonData) -> tuple[Samples, dict[str, float]]:
    """Sample with NUTS; also the error of the tabulated history, the divergences, and the least effective size."""
    import jax
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist
    from numpyro.diagnostics import effective_sample_size
    from numpyro.infer import MCMC, NUTS

    ages = sorted({one.age_years for one in data.visits} | {one.age_years for one in data.readings})
    tables, error = history(data, ages)
    prior = level_prior(data.sex)
    mean, root = prior.mean_at(data.age_years), np.linalg.cholesky(prior.covariance)
    of_traits = np.linalg.cholesky(correlation(data.sex, CELL_TRAITS))
    size = len(CELL_TRAITS)

    def model() -> None:
        free = numpyro.sample("free", dist.Normal(0.0, 1.0).expand([size + len(mean)]).to_event(1))
        z, levels = of_traits @ free[:size], mean + root @ free[size:]
        numpyro.deterministic("z", z)
        numpyro.deterministic("levels", levels)
        numpyro.factor("data", log_likelihood(data, tables, z, levels, jnp))

    with jax.enable_x64(True):
        run = MCMC(
            NUTS(model, dense_mass=True, target_accept_prob=0.9),
            num_warmup=WARM_UP,
            num_samples=DRAWS,
            progress_bar=False,
        )
        run.run(jax.random.PRNGKey(SEED), extra_fields=("diverging",))
        found = {name: np.asarray(one, dtype=np.float64) for name, one in run.get_samples().items()}
        diverging = int(np.sum(run.get_extra_fields()["diverging"]))
        least = float(np.min(effective_sample_size(found["free"][None])))
    how = {"error": error, "diverging": float(diverging), "effective": least}
    return Samples(found["z"].T, found["levels"].T), how


def changes(data: PersonData, found: Samples, regimen: Regimen) -> Floats:
    """Percent change of BMD after three years under a regimen, ``(3, m)``, simulated from the sampled traits."""
    people = particles_at(data.sex, data.fixed, found.z, data.age_years + 1.0)
    run = simulate(
        OsteonModel(),
        np.full(people.count, data.age_years),
        regimen,
        output_years=[0.0, AHEAD_YEARS],
        observe=BMD,
        parameters=model_parameters(data.sex, trait_values(found.z), data.fixed),
        dose_multipliers=drug_response(regimen.drugs, people),
        initial_state=people.lives.states_at(data.age_years),
    ).require_ok()
    now, then = (
        log_bmd(np.log(np.stack([run.observables[name][:, j] for name in BMD])), found.levels, data.age_years + years)
        for j, years in enumerate((0.0, AHEAD_YEARS))
    )
    return np.asarray(100.0 * np.expm1(then - now))


def compare(data: PersonData) -> tuple[list[tuple[str, Floats, Floats, int]], dict[str, float]]:
    """By line: what, the fit's samples, those of NUTS, and the digits to print."""
    fit = fit_person(data, draws=2000)
    found, how = nuts(data)
    own, other = fit.traits(), trait_values(found.z)
    rows = [(name.replace("_", " "), own[name], other[name], 2) for name in CELL_TRAITS]
    for regimen, words in ((NO_TREATMENT, "untreated"), (ZOLEDRONATE, "zoledronate")):
        ours = project_person(fit, [regimen], years=AHEAD_YEARS, every_months=36, parameter_draws={})
        theirs = changes(data, found, regimen)
        for i, site in enumerate(SITES):
            change = 100.0 * (ours[i].samples[:, -1] / ours[i].samples[:, 0] - 1.0)
            rows.append((f"{site.replace('_', ' ')}, 3 years {words}, %", change, theirs[i], 2))
    how["fit effective"] = fit.effective
    return rows, how


def sampled(how: Mapping[str, float]) -> str:
    """What NUTS and the fit rest on, in words."""
    return (
        f"NUTS: least effective size {how['effective']:.0f} of {DRAWS}, {how['diverging']:.0f} divergences; "
        f"tabulated history within {how['error']:.0e}; the fit's effective size {how['fit effective']:.0f}"
    )


def told(samples: Floats, digits: int) -> str:
    low, high = np.quantile(samples, [0.05, 0.95])
    return f"{np.mean(samples):.{digits}f} ± {np.std(samples):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def main() -> None:
    """Measure and print; with ``--write``, also into the docs."""
    lines, worst = [], {"mean": 0.0, "spread": 0.0, "band": 0.0}
    for name, data in PEOPLE.items():
        rows, how = compare(data)
        lines += [f"\n{name[0].upper()}{name[1:]} ({sampled(how)}):\n"]
        lines += ["| | the fit: mean ± SD (90 % between) | NUTS | means apart, in SDs |", "| --- | --- | --- | ---: |"]
        for what, ours, theirs, digits in rows:
            apart = (np.mean(ours) - np.mean(theirs)) / np.std(theirs)
            low, high = np.quantile(theirs, [0.05, 0.95])
            ends = np.abs(np.quantile(ours, [0.05, 0.95]) - [low, high]) / (high - low)
            worst["mean"] = max(worst["mean"], abs(float(apart)))
            worst["spread"] = max(worst["spread"], abs(float(np.std(ours) / np.std(theirs) - 1.0)))
            worst["band"] = max(worst["band"], float(np.max(ends)))
            lines.append(f"| {what} | {told(ours, digits)} | {told(theirs, digits)} | {apart:+.2f} |")
    lines += [
        "",
        f"At the most, means lie {worst['mean']:.2f} SD apart, SDs differ by {100 * worst['spread']:.0f} %, and an end",
        f"of a 90 % band lies {100 * worst['band']:.0f} % of the band's width away.",
    ]
    text = "\n".join(lines).lstrip("\n")
    print(text)
    if "--write" in sys.argv:
        put(PAGE, text, BEGIN, END)


if __name__ == "__main__":
    main()
