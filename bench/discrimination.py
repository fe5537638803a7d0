"""How well numbers tell those who broke a bone from those who did not: the AUC, the calibration slope, fifths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

REPEATS = 2000
SEED = 20


@dataclass(frozen=True)
class Area:
    """Area under the receiver operating characteristic curve, with its 95 % bootstrap interval."""

    area: float
    low: float
    high: float


def auc(score: Floats, broke: Booleans) -> float:
    """The chance that somebody who broke a bone has the higher score; a tie counts one half."""
    order = np.sort(score[~broke])
    mine = score[broke]
    below = np.searchsorted(order, mine, side="left")
    equal = np.searchsorted(order, mine, side="right") - below
    return float((below + 0.5 * equal).mean() / order.size)


def auc_with_interval(score: Floats, broke: Booleans) -> Area:
    """The AUC, and its interval by drawing people with replacement, those with and without fracture apart."""
    generator = np.random.Generator(np.random.Philox(key=SEED))
    yes, no = score[broke], score[~broke]
    found = []
    for _ in range(REPEATS):
        drawn = np.concatenate([generator.choice(yes, yes.size), generator.choice(no, no.size)])
        found.append(auc(drawn, np.arange(drawn.size) < yes.size))
    low, high = np.quantile(found, [0.025, 0.975])
    return Area(auc(score, broke), float(low), float(high))


def calibration_slope(percent: Floats, broke: Booleans) -> tuple[float, float]:
    """Slope of the log-odds of fracture on the log-odds of the prediction, and its standard error.

    1 is right; below 1 the predictions are too far apart. Sampling more of those with a fracture moves the level and
    not the slope.
    """
    chance = percent / 100.0
    design = np.column_stack([np.ones(chance.size), np.log(chance / (1.0 - chance))])
    weights = np.zeros(2)
    for _ in range(100):
        fitted = 1.0 / (1.0 + np.exp(-design @ weights))
        information = design.T @ (design * (fitted * (1.0 - fitted))[:, None])
        step = np.linalg.solve(information, design.T @ (broke - fitted))
        weights += step
        if np.abs(step).max() < 1e-12:
            break
    return float(weights[1]), float(np.sqrt(np.linalg.inv(information)[1, 1]))


def fifths(percent: Floats, broke: Booleans) -> list[tuple[int, float, float]]:
    """By fifths of the prediction: people, mean prediction and observed share, both in percent."""
    parts = np.array_split(np.argsort(percent, kind="stable"), 5)
    return [(part.size, float(percent[part].mean()), 100.0 * float(broke[part].mean())) for part in parts]
