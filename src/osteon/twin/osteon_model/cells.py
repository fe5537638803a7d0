"""The cells of remodelling, and the two rates that bone sees: resorption and formation.

Every state is 1 in a healthy adult of 20; rates are per day. With ``M`` progenitors, ``B`` osteoblasts, ``D`` those of
them that have come to mineralise, ``V`` and ``Q`` the coupling signal in two steps, ``P`` osteoclast precursors, ``J``
inflammation and ``S`` sclerostin::

    free   = S * unbound                       unbound = 1 / (1 + antibody)
    wnt    = (1 + floor) / (free + floor)      drive of the osteoblast line; 1 at rest
    G      = drive * (1 + a (B - 1) / (B + 1)) * (1 + i (J - 1))                         maturation (RANKL/OPG)
    R      = G P (1 + l) / (1 + l G P)         resorption: osteoclasts follow within days, and find less free surface
                                               the more they are
    lining = wnt^n + pth
    new    = M * (f * lining + (1 - f) * coupling * Q)                                   new osteoblasts

    dM/dt = k_M ( target (1 + c) - M (1 + c new) )      commitment uses up progenitors
    dB/dt = k_B ( new - B * loss )
    dD/dt = k_D ( B - D )                               matrix is laid down first and mineralised weeks later
    dV/dt = k_Q ( R - V )                               reversal: the resorbed surface is made ready
    dQ/dt = k_Q ( V - Q )                               formation follows resorption, weeks later
    dP/dt = k_P ( source - P (1 - u + u G) - w max(P - 1, 0)^2 )     precursors wait when they cannot mature,
                                                                     and more of them are lost when they crowd
    dJ/dt = k_J ( target_J - J )
    dS/dt = k_S ( up(wnt) / load - S )                  osteocytes answer a strong Wnt signal, and low load

``up`` rises as ``1 + b (wnt - 1)`` above 1 and falls as ``1 / (1 + b (1 - wnt))`` below, so that it is never negative.

The pool ``P`` is why resorption overshoots when denosumab wears off. ``S`` is why the formation under an
anti-sclerostin antibody wanes and falls below the old level afterwards; it answers on the side of the osteoblasts only,
since resorption stays low for as long as the antibody is given: the brake on osteoclasts (OPG) is part of ``drive``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from osteon.twin.engine.model import Array, Parameters


class CellForcing(NamedTuple):
    """What drives the cells apart from the cells themselves."""

    progenitors: Array
    drive: Array
    unbound: Array
    pth_lining: Array
    coupling: Array
    osteoblast_loss: Array
    precursor_source: Array
    inflammation: Array
    inverse_load: Array
    recruit: Array


class Remodelling(NamedTuple):
    """Resorption before drugs that act at the surface, bone formation, and the signals behind them."""

    resorption: Array
    formation: Array
    wnt: Array
    maturation: Array


def remodelling(state: tuple[Array, ...], f: CellForcing, p: Parameters) -> Remodelling:
    """The rates that the cells give at this instant, relative to a healthy adult of 20."""
    _, osteoblasts, _, _, _, precursors, inflammation, sclerostin = state
    free = sclerostin * f.unbound
    wnt = (1.0 + p["wnt_floor"]) / (free + p["wnt_floor"])
    maturation = (
        f.drive
        * (1.0 + p["osteoblast_on_osteoclast"] * (osteoblasts - 1.0) / (osteoblasts + 1.0))
        * (1.0 + p["inflammation_on_osteoclast"] * (inflammation - 1.0))
    )
    activity = 1.0 + p["sclerostin_on_activity"] * (wnt - 1.0)
    osteoclasts = maturation * precursors
    crowded = (1.0 + p["surface_limit"]) / (1.0 + p["surface_limit"] * osteoclasts)
    return Remodelling(osteoclasts * crowded, osteoblasts * activity, wnt, maturation)


def lining_drive(xp: Any, wnt: Array, f: CellForcing, p: Parameters) -> Array:
    """What makes lining cells form bone where none was resorbed; 1 at rest."""
    return xp.power(wnt, p["wnt_power"]) + f.pth_lining


def derivatives(
    xp: Any,
    state: tuple[Array, ...],
    f: CellForcing,
    p: Parameters,
    *,
    now: Remodelling,
    lining: Array,
    resorption: Array,
) -> tuple[Array, ...]:
    """Rates of change of the eight cell states.

    Parameters
    ----------
    xp
        The array functions.
    state
        ``M, B, D, V, Q, P, J, S``.
    f
        The forcing.
    p
        Parameters.
    now
        The rates of remodelling at this state.
    lining
        The drive of the lining cells.
    resorption
        Resorption as it happens, drugs at the bone surface included.
    """
    progenitors, osteoblasts, mineralising, reversal, coupling, precursors, inflammation, sclerostin = state
    new = progenitors * (p["modelling"] * lining + (1.0 - p["modelling"]) * f.coupling * coupling) * f.recruit
    crowd = xp.maximum(precursors - 1.0, 0.0)
    share, used = p["commit_share"], p["preosteoclast_used"]
    gain = p["sclerostin_feedback"]
    made = (1.0 + gain * xp.maximum(now.wnt - 1.0, 0.0)) / (1.0 + gain * xp.maximum(1.0 - now.wnt, 0.0))
    return (
        p["k_progenitor"] * (f.progenitors * (1.0 + share) - progenitors * (1.0 + share * new)),
        p["k_osteoblast"] * (new - osteoblasts * f.osteoblast_loss),
        p["k_mineralising"] * (osteoblasts - mineralising),
        p["k_coupling"] * (resorption - reversal),
        p["k_coupling"] * (reversal - coupling),
        p["k_preosteoclast"]
        * (f.precursor_source - precursors * (1.0 - used + used * now.maturation) - p["crowding"] * crowd * crowd),
        p["k_inflammation"] * (f.inflammation - inflammation),
        p["k_sclerostin"] * (made * f.inverse_load - sclerostin),
    )
