r"""Student's t without a statistics library: two-sided tail probability and quantile.

The tail is the regularised incomplete beta function :math:`I_x(\nu/2, 1/2)` with :math:`x = \nu / (\nu + t^2)`, by its
continued fraction (Lentz's method); the quantile inverts it by Newton steps from the normal one. A test holds both to
SciPy.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_TINY = 1e-300
_MOST_TERMS = 10_000


def two_sided_p(t: float, freedom: float) -> float:
    """The probability that Student's t lies further from 0 than ``t``.

    Parameters
    ----------
    t
        The statistic.
    freedom
        Degrees of freedom, above 0.
    """
    if freedom > 1e7:
        return math.erfc(abs(t) / math.sqrt(2.0))
    return _incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t))


def quantile(probability: float, freedom: float) -> float:
    """The value below which Student's t lies with this probability, above one half."""
    guess = NormalDist().inv_cdf(probability)
    if freedom > 1e7:
        return guess
    target = 2.0 * (1.0 - probability)
    log_scale = math.lgamma(0.5 * (freedom + 1.0)) - math.lgamma(0.5 * freedom) - 0.5 * math.log(freedom * math.pi)
    for _ in range(100):
        density = math.exp(log_scale - 0.5 * (freedom + 1.0) * math.log1p(guess * guess / freedom))
        step = (two_sided_p(guess, freedom) - target) / (2.0 * density)
        guess += min(step, 2.0 + guess)
        if abs(step) < 1e-13 * guess:
            break
    return guess


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1.0 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _MOST_TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + numerator / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1.0) < 1e-15:
            return value
    return value
