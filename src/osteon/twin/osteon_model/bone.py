"""Bone matrix and mineral in one compartment (trabecular or cortical bone of one site).

``Y`` is young matrix that still gains mineral, ``O`` is fully mineralised matrix, ``V = Y + O``, which is 1 at peak
bone mass. With turnover ``rho``, resorption ``R`` and formation ``F`` (both 1 at peak), set point ``k``, load ``L``::

    formed   = rho F V (1 + k) / (k + V / L)     less bone under the same load is strained more, and forms more
    resorbed = rho R V                           in proportion to what is there
    dY/dt = formed - Y (m + rho R)               m: maturation
    dO/dt = m Y    - O rho R

In the cortex ``rho`` grows with the surface of the pores, by ``1 + s max(1 - V, 0)``. What is formed enters ``Y``, what
is resorbed leaves in proportion, nothing appears or vanishes otherwise: mass balance holds by construction, and so does
``Y, O >= 0``. A steady imbalance moves ``V`` to a new level, never below zero. Slower remodelling lets bone grow older
and so denser: the early gain under an antiresorptive is the filling of the remodelling space (formation goes on for
weeks after resorption has stopped) and this maturation.
"""

from __future__ import annotations

from typing import Any

from osteon.twin.engine.model import DAYS_PER_YEAR, Array, Parameters
from osteon.twin.osteon_model.sites import Compartment, SiteName


def turnover_per_day(site: SiteName, compartment: Compartment, p: Parameters) -> Array:
    """Share of the compartment that is renewed in a day at 20."""
    return p[f"turnover_{site}_{compartment}"] * p["turnover"] / DAYS_PER_YEAR


def inner_surface(xp: Any, now: tuple[Array, Array], p: Parameters) -> Array:
    """Surface of the pores of cortical bone relative to peak bone mass: pores that widen offer more of it.

    ``now`` is young and mature matrix. Cortical loss feeds itself in old age by it, and so does what an antiresorptive
    saves.
    """
    return 1.0 + p["pores_on_turnover"] * xp.maximum(1.0 - (now[0] + now[1]), 0.0)


def derivatives(
    young: Array,
    mature: Array,
    *,
    resorption: Array,
    formation: Array,
    set_point: Array,
    load: Array,
    maturation: Array,
) -> tuple[Array, Array]:
    """Rates of change of young and mature matrix; ``resorption`` and ``formation`` already hold the turnover."""
    volume = young + mature
    formed = formation * volume * (load * (1.0 + set_point)) / (load * set_point + volume)
    return formed - young * (maturation + resorption), maturation * young - mature * resorption


def young_share(site: SiteName, compartment: Compartment, p: Parameters) -> Array:
    """Share of young matrix at peak bone mass, where formation equals resorption."""
    turnover = turnover_per_day(site, compartment, p)
    return turnover / (turnover + p["maturation"])


def mineral(young: Array, mature: Array, share_at_peak: Array, p: Parameters) -> Array:
    """Mineral of the compartment relative to peak bone mass; young matrix holds only part of its final mineral."""
    part = p["mineral_young"]
    return (part * young + mature) / (part * share_at_peak + 1.0 - share_at_peak)


def bmd(xp: Any, state: dict[str, tuple[Array, Array]], site: SiteName, p: Parameters) -> Array:
    """Areal BMD of a site relative to its peak, before osteophytes."""
    weight = p[f"trabecular_{site}"]
    inside = mineral(*state[f"{site}.trabecular"], young_share(site, "trabecular", p), p)
    outside = mineral(*state[f"{site}.cortical"], young_share(site, "cortical", p), p)
    return weight * inside + (1.0 - weight) * outside
