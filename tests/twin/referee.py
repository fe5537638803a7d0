"""An independent referee: the published equations written out once more, solved by CVODE at tight tolerance.

Nothing here is shared with the engine: the drugs' compartments are integrated as part of the system, and the solver
starts anew at every dose, at every start and stop of continuous dosing, and at the onset of oestrogen's decline.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sksundae.cvode import CVODE

from osteon.evidence.loader import value
from osteon.twin.engine.regimen import Bolus, Regimen

CHANNELS = ("alendronate", "blosozumab", "denosumab", "romosozumab", "teriparatide")
TOLERANCE = 1e-10


def _p(name: str) -> float:
    return value(f"joerg2022.{name}")


def _up(x: float) -> float:
    return x / (1.0 + x)


def _down(x: float) -> float:
    return 1.0 / (1.0 + x)


def rates(t_days: float, y: Any, dy: Any, age0: float, feed: dict[str, float]) -> None:
    age = age0 + t_days / 365.0
    e = 1.0 if age <= _P["a_e"] else 1.0 / (1.0 + (age - _P["a_e"]) / _P["tau_e"])
    bp, b, ocy, cp, c, s, sb, _, mineral = y[:9]
    a, blo, d, rom, t = y[9:]
    p = _P
    fb = p["omega_pB"] * _down(s / p["s_pB"]) * bp
    fy = p["omega_B"] * b
    fc = (
        p["omega_pC"]
        * _down(e / p["e_pC"])
        * _up(s / p["s_pC"])
        * (1.0 - p["beta_pC_rAb"] * _up(d))
        * (1.0 + p["beta_pC_pth"] * _up(t))
        * cp
    )
    m = rom + blo
    dy[0] = 1.0 - fb
    dy[1] = fb - p["eta_B"] * max(0.0, 1.0 - p["beta_B_pth"] * _up(t)) * b - fy
    dy[2] = fy - p["eta_Y"] * ocy
    dy[3] = 1.0 - fc
    dy[4] = fc - p["eta_C"] * (1.0 + p["nu_C"] * _up(e / p["e_C"]) * _up(c / p["r_C"])) * c - p["eta_C_bp"] * _up(a) * c
    dy[5] = _down(e / p["e_s"]) * ocy - p["kappa_s"] * s - p["kappa_s"] * m * s + p["delta_s"] * sb
    dy[6] = p["kappa_s"] * m * s - p["delta_s"] * sb - p["kappa_s"] * sb
    form, resorb = formation(y), p["lambda_C"] * c
    dy[7] = form - resorb
    dy[8] = p["gamma"] * (p["c_0"] + p["beta_b_rAb"] * _up(d) - mineral)
    for number, name in enumerate(CHANNELS, start=9):
        dy[number] = feed.get(name, 0.0) * p[f"E_{name}"] - math.log(2.0) / p[f"T_{name}"] * y[number]


def formation(y: Any) -> float:
    p = _P
    return p["lambda_B"] * _down(y[5] / p["s_Omega"]) * (1.0 + p["nu_Omega"] * _up(y[4] / p["r_Omega"])) * y[1]


_P = {
    name: _p(name)
    for name in (
        *("omega_pB", "s_pB", "eta_B", "omega_B", "eta_Y", "e_pC", "s_pC", "omega_pC", "eta_C", "nu_C", "e_C", "r_C"),
        *("e_s", "kappa_s", "delta_s", "lambda_B", "lambda_C", "s_Omega", "r_Omega", "nu_Omega", "gamma", "c_0"),
        *("a_e", "tau_e", "beta_pC_rAb", "beta_b_rAb", "eta_C_bp", "beta_pC_pth", "beta_B_pth"),
        *(f"E_{name}" for name in CHANNELS),
        *(f"T_{name}" for name in CHANNELS),
        *("q_P1NP", "q_BSAP", "q_CTX"),
    )
}


def solve(y0: Any, age0: float, regimen: Regimen, out_days: Sequence[float]) -> Any:
    """States of cells and compartments ``(J, 14)`` on the given days."""
    end = out_days[-1]
    doses: dict[float, list[tuple[int, float]]] = {}
    stops = {0.0, end, *(day for day in ((_P["a_e"] - age0) * 365.0,) if 0.0 < day < end)}
    for course in regimen.courses:
        channel = 9 + CHANNELS.index(course.drug)
        if isinstance(course, Bolus):
            number = 0
            while (course.doses is None or number < course.doses) and (
                day := course.first_day + (number * course.interval_days if number else 0.0)
            ) <= end:
                doses.setdefault(day, []).append((channel, _P[f"E_{course.drug}"] * course.amount))
                stops.add(day)
                number += 1
        else:
            stops |= {day for day in (course.start_day, course.end_day) if day < end}
    times = sorted(stops)
    y = np.concatenate([np.asarray(y0, dtype=float), np.zeros(5)])
    found = np.empty((len(out_days), 14))
    wanted = np.asarray(out_days, dtype=float)
    for begin, stop in pairwise(times):
        for channel, effect in doses.get(begin, []):
            y[channel] += effect
        feed = {
            course.drug: course.amount_per_day
            for course in regimen.courses
            if not isinstance(course, Bolus) and course.start_day <= begin < course.end_day
        }
        solver = CVODE(_right_hand_side(age0, feed), rtol=TOLERANCE, atol=TOLERANCE, max_num_steps=100000)
        inside = (wanted >= begin) & (wanted < stop) if stop < end else (wanted >= begin)
        grid = np.unique(np.concatenate([[begin], wanted[inside], [stop]]))
        answer = np.asarray(solver.solve(grid, y).y)
        if grid.size == 2:  # the solver then returns its own steps as well
            answer = answer[[0, -1]]
        found[inside] = answer[np.searchsorted(grid, wanted[inside])]
        y = answer[-1].copy()
    return found


def _right_hand_side(age0: float, feed: dict[str, float]) -> Callable[[float, Any, Any], None]:
    def right_hand_side(t: float, y: Any, dy: Any) -> None:
        rates(t, y, dy, age0, feed)

    return right_hand_side


def observables(y: Any) -> dict[str, Any]:
    """The four observables of states ``(J, 14)``; BMD without the division by its value at age 25."""
    form = np.array([formation(one) for one in y])
    return {
        "bmd_total_hip": y[:, 7] * y[:, 8],
        "p1np": form ** _P["q_P1NP"],
        "bsap": form ** _P["q_BSAP"],
        "ctx": (_P["lambda_C"] * y[:, 4]) ** _P["q_CTX"],
    }
