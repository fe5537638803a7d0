"""Fit the model to the published results: maximum a posteriori by Levenberg-Marquardt, with a Laplace uncertainty.

The Jacobian is taken by forward differences, all parameters side by side in one run (:mod:`fit_grid
<osteon.twin.osteon_model.fit_grid>`); the equations are smooth and in double precision, so its error is about 1e-5.
Deterministic: the same rows and the same seed give the same parameters. Residuals beyond three standard deviations
count linearly (Huber), so that one study that disagrees with all others does not bend the model.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.evidence.csv_text import csv_text
from osteon.twin.osteon_model.fit_problem import Problem, build_problem
from osteon.twin.osteon_model.parameters import PREFIX, Prior, nominal, priors

Floats = NDArray[np.float64]

HUBER = 3.0
LONGEST_STEP = 0.5
MOST_ITERATIONS = 120
TOLERANCE = 3e-4
SMALL_STEPS = 4
"""The fit ends when so many steps in a row gain less than the tolerance."""

DIFFERENCE = 1e-4
"""Step of the forward differences, in prior spreads."""


@dataclass(frozen=True)
class Calibration:
    """The outcome of a fit.

    Attributes
    ----------
    fitted
        The priors of the fitted parameters, in order.
    theta, covariance
        Standard-normal coordinates around the priors, and their Laplace covariance.
    cost
        The robust sum of squares at the optimum.
    iterations, seconds
        What it took.
    labels, residuals
        What each standardised residual belongs to, the priors last.
    """

    fitted: tuple[Prior, ...]
    theta: Floats
    covariance: Floats
    cost: float
    iterations: int
    seconds: float
    labels: tuple[str, ...]
    residuals: Floats

    def values(self) -> dict[str, float]:
        """The fitted parameters in their natural units."""
        return {
            prior.name: prior.from_scale(prior.to_scale(prior.centre) + prior.spread * float(theta))
            for prior, theta in zip(self.fitted, self.theta, strict=True)
        }

    def intervals(self, z: float = 1.645) -> dict[str, tuple[float, float]]:
        """Intervals (90 % by default) of the fitted parameters in their natural units."""
        found = {}
        for number, prior in enumerate(self.fitted):
            sd = float(np.sqrt(self.covariance[number, number]))
            low, high = (
                prior.from_scale(prior.to_scale(prior.centre) + prior.spread * (float(self.theta[number]) + side * sd))
                for side in (-z, z)
            )
            found[prior.name] = (low, high)
        return found


Progress = Callable[[int, float], None]
"""Told the number of the step and the cost after it."""


def calibrate(
    seed: int = 0,
    *,
    start: Floats | None = None,
    most_iterations: int = MOST_ITERATIONS,
    progress: Progress | None = None,
) -> Calibration:
    """Fit the model to the rows marked for calibration.

    Parameters
    ----------
    seed
        0 starts from the prior centres; any other number from a point near them that it determines.
    start
        Standard-normal coordinates to start from instead.
    most_iterations
        Stop after so many; with 0, the start is taken as the optimum and only its uncertainty is found.
    progress
        Called after each step.

    Raises
    ------
    ModelError
        The fit does not give finite residuals.
    """
    began = time.monotonic()
    problem = build_problem()
    size = len(problem.fitted)
    theta = np.zeros(size) if start is None else np.asarray(start, dtype=np.float64)
    if start is None and seed:
        theta = 0.1 * np.random.default_rng(seed).standard_normal(size)
    theta, iterations = _minimise(problem, theta, most_iterations, progress)
    found, slopes = linearise(problem, theta)
    weights, cost = _robust(found, size)
    weighted = slopes * weights[:, None]
    return Calibration(
        fitted=problem.fitted,
        theta=theta,
        covariance=np.asarray(np.linalg.inv(weighted.T @ weighted), dtype=np.float64),
        cost=cost,
        iterations=iterations,
        seconds=time.monotonic() - began,
        labels=problem.labels,
        residuals=found,
    )


def theta_in_use() -> Floats:
    """The parameters in use in the calibration's coordinates: where to go on from, or whose uncertainty to find."""
    return np.array(
        [
            (prior.to_scale(nominal()[name]) - prior.to_scale(prior.centre)) / prior.spread
            for name, prior in priors().items()
            if prior.fitted
        ]
    )


def linearise(problem: Problem, theta: Floats) -> tuple[Floats, Floats]:
    """Residuals ``(m,)`` and their Jacobian ``(m, n)`` at a point ``(n,)``."""
    points = np.vstack([theta, theta + DIFFERENCE * np.eye(theta.size)])
    found = problem.residuals(points)
    return found[0], (found[1:] - found[0]).T / DIFFERENCE


def _minimise(problem: Problem, theta: Floats, most_iterations: int, progress: Progress | None) -> tuple[Floats, int]:
    size = theta.size
    damping, small = 0.1, 0
    for iteration in range(most_iterations):
        found, slopes = linearise(problem, theta)
        if not np.all(np.isfinite(found)):
            raise ModelError(
                "the calibration's starting point gives numbers that are not finite", mend="Choose another seed"
            )
        weights, cost = _robust(found, size)
        slopes *= weights[:, None]
        normal, gradient = slopes.T @ slopes, slopes.T @ (found * weights)
        for _ in range(16):
            step = -np.linalg.solve(normal + damping * np.diag(np.diag(normal)), gradient)
            step *= min(1.0, LONGEST_STEP / float(np.max(np.abs(step))))
            _, new_cost = _robust(problem.residuals(theta + step)[0], size)
            if np.isfinite(new_cost) and new_cost < cost:
                break
            damping *= 4.0
        else:
            return theta, iteration
        small = small + 1 if cost - new_cost < TOLERANCE * cost else 0
        theta, damping = theta + step, max(damping / 3.0, 1e-6)
        if progress is not None:
            progress(iteration + 1, new_cost)
        if small >= SMALL_STEPS:
            return theta, iteration + 1
    return theta, most_iterations


def _robust(found: Floats, priors: int) -> tuple[Floats, float]:
    """Huber weights (square root) and cost; the priors stay quadratic."""
    size = np.abs(found)
    data = np.arange(found.size) < found.size - priors
    beyond = data & (size > HUBER)
    weights = np.where(beyond, np.sqrt(HUBER / np.maximum(size, HUBER)), 1.0)
    return weights, float(np.sum(np.where(beyond, 2.0 * HUBER * size - HUBER**2, found**2)))


def write_constants(fit: Calibration, path: Path) -> None:
    """Write the fitted parameters as evidence rows with their 90 % intervals."""
    values, intervals = fit.values(), fit.intervals()
    columns = ("name", "value", "unit", "spread", "spread_kind", "population", "source", "locator", "status", "note")
    rows = (
        (
            PREFIX + prior.name,
            f"{values[prior.name]:.10g}",
            prior.unit,
            "{:.4g} to {:.4g}".format(*intervals[prior.name]),
            "interval90",
            "the people of the published trials and cohorts that the calibration reads",
            "osteon_calibration",
            "src/osteon/twin/osteon_model/calibrate.py",
            "read",
            prior.meaning,
        )
        for prior in fit.fitted
    )
    path.write_text(csv_text(columns, rows), encoding="utf-8", newline="")
