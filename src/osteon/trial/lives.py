r"""Untreated lives of very many people, read from a table of lives in place of one integration each.

An untreated life depends on three traits only: age at menopause, turnover, menopausal loss. The table holds the lives
of a grid of them: menopause every half year, turnover and loss at Chebyshev points of their logarithm. A person's
state at an age is a polynomial of degree 7 through the eight nearest menopause ages and a Chebyshev sum in the
other two::

    log x(age, M, T, L) = sum over the 8 nearest M_j of  w_j(M) * sum_pq c_jpq(age) * T_p(T) T_q(L)

Traits never leave the table: its ends are the limits that no draw passes. BMD is within 2e-5 of the life integrated
by itself, as near as the engine's long steps are to the exact solution; a test holds it to that. Reading costs
some microseconds a person, integrating over half a millisecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.variability.traits import Trait, cell_traits, model_parameters
from osteon.twin.variability.trajectories import FIRST_YEARS, KEPT_EVERY_YEARS, untreated_lives

Floats = NDArray[np.float64]

MENOPAUSE_EVERY_YEARS = 0.5
NEAREST = 8
ORDERS = (10, 10)
"""Chebyshev points in turnover and in menopausal loss."""


class LifeTable:
    """The table of one sex, for ages in half years from ``youngest`` to ``oldest``.

    Sums run in a fixed order and not through a library for linear algebra, whose order depends on the machine.
    """

    def __init__(self, sex: Sex, youngest: float, oldest: float) -> None:
        traits = cell_traits()
        self.turnover, self.loss = traits["turnover"], traits["menopausal_loss"]
        menopause = traits["menopause_age"]
        # Men have no menopause: one node, whose age does not matter.
        self.nodes = (
            np.arange(menopause.low, menopause.high + 0.25 * MENOPAUSE_EVERY_YEARS, MENOPAUSE_EVERY_YEARS)
            if sex == "female"
            else np.array([menopause.centre])
        )
        points = [np.cos(np.pi * (np.arange(order) + 0.5) / order) for order in ORDERS]
        grid = [one.ravel() for one in np.meshgrid(self.nodes, *points, indexing="ij")]
        values = {
            "menopause_age": grid[0],
            "turnover": _value(self.turnover, grid[1]),
            "menopausal_loss": _value(self.loss, grid[2]),
        }
        lives = untreated_lives(model_parameters(sex, values, {}), grid[0].size, oldest)
        self.first = _kept(np.array([youngest]))[0]
        transforms = [_to_coefficients(one, order) for one, order in zip(points, ORDERS, strict=True)]

        def coefficients(logs: Floats) -> Floats:
            """``(ages, quantities, grid)`` to ``(ages, nodes, quantities, Chebyshev terms)``."""
            shaped = logs.reshape(*logs.shape[:2], self.nodes.size, *ORDERS)
            inner = np.einsum("asmij,qj->asmiq", shaped, transforms[1])
            summed = np.einsum("asmiq,pi->amspq", inner, transforms[0])
            return np.ascontiguousarray(summed.reshape(*summed.shape[:3], -1))

        self._states = coefficients(np.log(lives.states[self.first :]))
        self._bmd = coefficients(lives.logs[self.first :, : len(SITES)])

    def log_bmd(self, traits: Mapping[str, Floats], age_years: Floats) -> Floats:
        """Log BMD relative to peak of people at their own ages (half years), in the order of ``SITES``, ``(3, n)``.

        Parameters
        ----------
        traits
            Menopause age, turnover and menopausal loss by name, ``(n,)`` each.
        age_years
            Within the ages of the table, ``(n,)``.
        """
        return self._read(self._bmd, traits, age_years)

    def states_at(self, traits: Mapping[str, Floats], age_years: Floats) -> Floats:
        """The bone model's states, ``(S, n)``; parameters are those of :meth:`log_bmd`."""
        return np.exp(self._read(self._states, traits, age_years))

    def _read(self, table: Floats, traits: Mapping[str, Floats], age_years: Floats) -> Floats:
        if not age_years.size:
            return np.empty((table.shape[2], 0))
        kept = _kept(age_years) - self.first
        where, weights = self._nearest(traits["menopause_age"])
        basis = np.einsum(
            "ni,nj->nij",
            _chebyshev(_unit(self.turnover, traits["turnover"]), ORDERS[0]),
            _chebyshev(_unit(self.loss, traits["menopausal_loss"]), ORDERS[1]),
        ).reshape(age_years.size, -1)
        found = np.empty((age_years.size, table.shape[2]))
        # People of one age between the same two nodes share their coefficients.
        group = kept * self.nodes.size + where
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.diff(group[order], prepend=-1))
        width = weights.shape[1]
        for start, end in zip(starts, [*starts[1:], order.size], strict=True):
            who = order[start:end]
            here = table[kept[who[0]], where[who[0]] : where[who[0]] + width]
            at_nodes = np.einsum("nk,msk->nms", basis[who], here)
            found[who] = np.einsum("nm,nms->ns", weights[who], at_nodes)
        return np.ascontiguousarray(found.T)

    def _nearest(self, menopause_age: Floats) -> tuple[NDArray[np.int64], Floats]:
        """The first of the nearest nodes of each person, and Lagrange's weights of these nodes, ``(n, width)``."""
        if self.nodes.size == 1:
            return np.zeros(menopause_age.size, dtype=np.int64), np.ones((menopause_age.size, 1))
        position = (menopause_age - self.nodes[0]) / MENOPAUSE_EVERY_YEARS
        first = np.clip(np.floor(position).astype(np.int64) - NEAREST // 2 + 1, 0, self.nodes.size - NEAREST)
        off = position - first
        weights = np.ones((menopause_age.size, NEAREST))
        for i in range(NEAREST):
            for j in range(NEAREST):
                if i != j:
                    weights[:, i] *= (off - j) / (i - j)
        return first, weights


@lru_cache(maxsize=4)
def life_table(sex: Sex, youngest: float, oldest: float) -> LifeTable:
    """The table for these ages; a few seconds the first time."""
    return LifeTable(sex, youngest, oldest)


def _kept(age_years: Floats) -> NDArray[np.int64]:
    return np.round((age_years - FIRST_YEARS) / KEPT_EVERY_YEARS).astype(np.int64)


def _chebyshev(x: Floats, order: int) -> Floats:
    return np.asarray(np.polynomial.chebyshev.chebvander(x, order - 1))


def _to_coefficients(points: Floats, order: int) -> Floats:
    """From values at the Chebyshev points to the coefficients of the sum, ``(order, order)``."""
    found = 2.0 / order * _chebyshev(points, order).T
    found[0] /= 2.0
    return np.asarray(found)


def _unit(trait: Trait, values: Floats) -> Floats:
    """A logarithmic trait between its limits as -1 to 1."""
    low, high = np.log(trait.low), np.log(trait.high)
    return np.asarray((2.0 * np.log(values) - low - high) / (high - low))


def _value(trait: Trait, unit: Floats) -> Floats:
    low, high = np.log(trait.low), np.log(trait.high)
    return np.asarray(np.exp(0.5 * (low + high + unit * (high - low))))
