"""Project a cell product for one person: what it adds to no treatment at the three sites, with its band."""

from __future__ import annotations

import numpy as np

from osteon.errors import UsageError
from osteon.person import Sex
from osteon.twin.cell_therapy import kinetics
from osteon.twin.cell_therapy.priors import EvidencePrior, HypothesisPrior, Prior, draw
from osteon.twin.cell_therapy.product import CellProduct
from osteon.twin.cell_therapy.recipient import Floats, Recipient
from osteon.twin.cell_therapy.result import CellTherapyProjection, ProductRecord, SiteChange
from osteon.twin.osteon_model.sites import SITES

INTERVAL = 0.9
MOST_DRAWS = 20_000
LONGEST_YEARS = 20.0

INTERVAL_MEANING = (
    "Where 90 of 100 draws lie. The draws differ in the size of each mechanism, in who responds, in the kinetics and "
    "in the dose response. Measurement error and the bone model's own uncertainty are not in it."
)

NOTHING_DRAWN = (
    "Everything is as it was stated, so all draws are the same and there is no spread. Measurement error and the bone "
    "model's own uncertainty are not in it."
)


def project_cell_therapy(
    age_years: float,
    sex: Sex,
    product: CellProduct,
    *,
    prior: Prior | None = None,
    draws: int = 1000,
    seed: int = 0,
    years: float = 5.0,
    recipient: Recipient | None = None,
) -> CellTherapyProjection:
    """Project what a cell product adds to no treatment.

    Parameters
    ----------
    age_years, sex
        The person.
    product
        The product with its dose, route and schedule.
    prior
        The evidence prior by default: centred on no effect.
    draws, seed
        How many draws; the same seed gives the same draws, and more draws add to them.
    years
        How far, in steps of a quarter of a year.
    recipient
        The same person with more detail, in place of age and sex, which must then agree.

    Raises
    ------
    UsageError
        A number out of range.
    ModelError
        An age outside the model.
    """
    believed = prior or EvidencePrior()
    person = recipient or Recipient(age_years, sex)
    if (person.age_years, person.sex) != (age_years, sex):
        raise UsageError("the recipient is of another age or sex", mend="Give the same age and sex, or no recipient")
    if not 2 <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws} draws are not possible", mend=f"Write a number from 2 to {MOST_DRAWS}")
    if not 0.25 <= years <= LONGEST_YEARS:
        raise UsageError(f"{years:g} years are not possible", mend=f"Write a number from 0.25 to {LONGEST_YEARS:g}")
    t_years = np.arange(int(np.floor(years * 4.0 + 1e-9)) + 1) / 4.0
    bmd = _densities(person, product, believed, t_years, (draws, seed))
    return CellTherapyProjection(
        prior="evidence" if isinstance(believed, EvidencePrior) else "hypothesis",
        prior_meaning=believed.meaning,
        age_years=age_years,
        sex=sex,
        product=ProductRecord.of(product),
        fate=kinetics.fate(product).sentence,
        t_years=tuple(map(float, t_years)),
        sites=tuple(_site_change(number, bmd) for number in range(len(SITES))),
        draws=draws,
        seed=seed,
        interval=INTERVAL,
        interval_meaning=NOTHING_DRAWN if _all_stated(believed) else INTERVAL_MEANING,
        sources=(*kinetics.SOURCES, "cells.formation.largest"),
        warnings=warnings(product, person, years),
    )


def _all_stated(prior: Prior) -> bool:
    return isinstance(prior, HypothesisPrior) and not prior.kinetics_uncertain and prior.person_spread == 0.0


def cell_gains(
    person: Recipient, product: CellProduct, t_years: Floats, *, prior: Prior | None = None, draws: int, seed: int = 0
) -> Floats:
    """What a product adds to no treatment in each draw, as a fraction of BMD today.

    Parameters
    ----------
    person, product
        Who, and which cells.
    t_years
        Rising times from the first dose, ``(J,)``.
    prior
        The evidence prior by default.
    draws, seed
        How many draws, and which.

    Returns
    -------
    ``(3, draws, J)``: lumbar spine, total hip, femoral neck.
    """
    bmd = _densities(person, product, prior or EvidencePrior(), t_years, (draws, seed))
    return np.asarray((bmd[:, :-1] - bmd[:, -1:]) / bmd[:, -1:, :1])


def _densities(
    person: Recipient, product: CellProduct, prior: Prior, t_years: Floats, drawn: tuple[int, int]
) -> Floats:
    """BMD of each draw relative to peak, ``(3, draws + 1, J)``; the last one has no effect.

    Same person and same steps, so that the difference from the last is the effect of the cells.
    """
    draws, seed = drawn
    parameters = draw(prior, person, draws, seed)
    sizes = {
        name: np.append(np.broadcast_to(number, draws), 0.0 if name.startswith("msc_") else np.ravel(number)[0])
        for name, number in parameters.items()
    }
    return person.densities([product.regimen], sizes, t_years)


def _site_change(number: int, bmd: Floats) -> SiteChange:
    untreated = bmd[number, -1]
    today = untreated[0]
    gain = 100.0 * (bmd[number, :-1] - untreated) / today
    tail = (1.0 - INTERVAL) / 2.0
    lower, median, upper = np.quantile(gain, (tail, 0.5, 1.0 - tail), axis=0)
    return SiteChange(
        site=SITES[number],
        no_treatment=tuple(map(float, 100.0 * (untreated / today - 1.0))),
        median=tuple(map(float, median)),
        lower=tuple(map(float, lower)),
        upper=tuple(map(float, upper)),
        share_harmed=float(np.mean(gain[:, -1] < 0.0)),
    )


def warnings(product: CellProduct, person: Recipient, years: float) -> tuple[str, ...]:
    """What a reader should know about this question."""
    found = []
    if product.relative_potency != 1.0:
        found.append("How potent these cells are beside marrow cells is a guess; nothing is known for bone.")
    elif product.source != "marrow":
        found.append(
            f"Nothing is known of how {product.source} cells compare with marrow cells for bone: taken as equal."
        )
    if product.is_local:
        site = product.route.replace("_", " ")
        found.append(
            f"Injected cells act on the {site} only, here on all of it; a real injection reaches a part of it."
        )
    if person.age_years + years > 90.0:
        found.append("Extrapolated: hardly anybody above 90 was in the trials behind the model.")
    return tuple(found)
