"""Cell therapy: arrival, survival, secretome and engraftment of infused or injected cells, and four mechanisms.

**No cell therapy has been shown to raise bone density in people.** The four effect sizes are therefore 0 unless
somebody sets them, and whatever uses them must be labelled hypothetical. What is evidence-based here is the kinetics:
infused cells are caught in the lung, few are alive after a day and none is found in bone after weeks; cells injected
into bone stay at that site, and a few hundredths of a per cent are still there after four weeks.

======================  ===============================================  =================
switch (effect size)    acts on                                          signal
======================  ===============================================  =================
``msc_commitment``      the number of new osteoblasts                    engrafted cells
``msc_activity``        bone formed by each osteoblast                   secretome
``msc_inflammation``    inflammation, and so resorption (+ lowers it)    secretome
``msc_vascular``        the progenitors that the marrow keeps up         secretome
======================  ===============================================  =================

Infused cells (``cells_iv``) act on the whole skeleton; ``cells_total_hip`` and the other local products act on their
site only. Doses are in millions of viable cells that are as potent as marrow cells; see :func:`effective_dose`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from osteon.errors import UsageError
from osteon.twin.engine.model import Array, EffectCompartment, Parameters
from osteon.twin.osteon_model.sites import SITES, SiteName

MECHANISMS = ("msc_commitment", "msc_activity", "msc_inflammation", "msc_vascular")
ROUTES = ("cells_iv", *(f"cells_{site}" for site in SITES))
SOURCES = ("msc_marrow", "msc_adipose", "msc_cord")
LARGEST_DOSE_MILLIONS = 5000.0


class CellSignals(NamedTuple):
    """Secretome and engrafted share, each 0 to 1, for the whole skeleton and for each site."""

    secretome: Array
    engrafted: Array
    local_secretome: tuple[Array, ...]
    local_engrafted: tuple[Array, ...]


def channels(p: Parameters) -> dict[str, EffectCompartment]:
    """Two compartments a route: the signals that living cells send, and the cells that settle."""
    found = {}
    for route in ROUTES:
        reach = p["cell_reach_iv"] if route == "cells_iv" else p["cell_reach_local"]
        settle = p["cell_engraftment_iv"] if route == "cells_iv" else p["cell_engraftment_local"]
        found[f"{route}_secretome"] = EffectCompartment(route, reach, p["cell_secretome_k"], 3.0, 0.25)
        found[f"{route}_engrafted"] = EffectCompartment(route, settle, p["cell_engrafted_k"], 5.0, 0.25)
    return found


def signals(level: Mapping[str, Array], p: Parameters) -> CellSignals:
    """From levels (millions of cells) to saturable signals."""

    def share(name: str) -> Array:
        return level[name] / (level[name] + p["cell_half_effect"])

    return CellSignals(
        secretome=share("cells_iv_secretome"),
        engrafted=share("cells_iv_engrafted"),
        local_secretome=tuple(share(f"cells_{site}_secretome") for site in SITES),
        local_engrafted=tuple(share(f"cells_{site}_engrafted") for site in SITES),
    )


def effective_dose(millions: float, *, viability: float = 1.0, relative_potency: float = 1.0) -> float:
    """Viable, potency-weighted cells in millions.

    Parameters
    ----------
    millions
        Cells given, in millions.
    viability
        Share alive when given, 0 to 1.
    relative_potency
        Potency of the source relative to marrow cells; nothing is known, so 1 unless a hypothesis says otherwise.

    Raises
    ------
    UsageError
        The dose is negative or beyond what has been given to people, or a share is not one.
    """
    if not (math.isfinite(millions) and 0.0 < millions <= LARGEST_DOSE_MILLIONS):
        raise UsageError(
            f"a dose of {millions:g} million cells is not plausible",
            mend=f"Trials gave 60 to 400 million; write a number above 0 and up to {LARGEST_DOSE_MILLIONS:g}",
        )
    if not 0.0 < viability <= 1.0:
        raise UsageError(f"a viability of {viability:g} is not a share", mend="Write a number above 0 and up to 1")
    if not (math.isfinite(relative_potency) and relative_potency > 0.0):
        raise UsageError(f"a relative potency of {relative_potency:g} is not possible", mend="Write 1 when in doubt")
    return millions * viability * relative_potency


def site_of(route: str) -> SiteName | None:
    """The site on which a local route acts; none for infusion."""
    return next((site for site in SITES if route == f"cells_{site}"), None)
