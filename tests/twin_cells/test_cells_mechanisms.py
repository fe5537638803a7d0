"""Each mechanism alone moves the cells that it should, at once and later, and no others."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.twin.cell_therapy import CellProduct, Recipient
from osteon.twin.engine import simulate
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.sites import CELL_STATES, COMPARTMENTS, SITES, STATE_NAMES

MODEL = OsteonModel()
PERSON = Recipient(60.0)
YOUNG = {f"young.{site}.{part}" for site in SITES for part in COMPARTMENTS}
BONE = YOUNG | {f"mature.{site}.{part}" for site in SITES for part in COMPARTMENTS}
HIP_YOUNG = {f"young.total_hip.{part}" for part in COMPARTMENTS}
HIP = HIP_YOUNG | {f"mature.total_hip.{part}" for part in COMPARTMENTS}
WITHOUT_SIGNALS = set(CELL_STATES) - {"inflammation", "sclerostin"}

# What a mechanism pushes itself (its rate of change differs the moment the cells arrive).
AT_ONCE = {
    ("commitment", "intravenous"): {"osteoblasts", "progenitors"},
    ("activity", "intravenous"): YOUNG,
    ("inflammation", "intravenous"): {"inflammation"},
    ("vascular", "intravenous"): {"progenitors"},
    ("commitment", "total_hip"): HIP_YOUNG,
    ("activity", "total_hip"): HIP_YOUNG,
    ("inflammation", "total_hip"): HIP,
    ("vascular", "total_hip"): HIP_YOUNG,
}
# What has moved half a year later: the same and what follows from it.
LATER = {
    ("commitment", "intravenous"): WITHOUT_SIGNALS | BONE,
    ("activity", "intravenous"): BONE,
    ("inflammation", "intravenous"): (set(CELL_STATES) - {"sclerostin"}) | BONE,
    ("vascular", "intravenous"): WITHOUT_SIGNALS | BONE,
    ("commitment", "total_hip"): HIP,
    ("activity", "total_hip"): HIP,
    ("inflammation", "total_hip"): HIP,
    ("vascular", "total_hip"): HIP,
}


def moved(before: np.ndarray, after: np.ndarray) -> set[str]:
    return {name for name, one, other in zip(STATE_NAMES, before, after, strict=True) if one != other}


@pytest.mark.parametrize(("mechanism", "route"), AT_ONCE)
@pytest.mark.parametrize("size", [1.0, -0.5])
def test_at_once_only_the_right_cells_are_pushed(mechanism: str, route: str, size: float) -> None:
    drug = "cells_iv" if route == "intravenous" else f"cells_{route}"
    none = dict.fromkeys(MODEL.channels(PERSON.traits), 0.0)
    level = {**none, f"{drug}_secretome": 100.0, f"{drug}_engrafted": 100.0}
    parameters = {**PERSON.traits, f"msc_{mechanism}": size}
    state = tuple(PERSON.state_today[:, 0])
    rates = [
        np.array(MODEL.derivatives(np, state, MODEL.forcing(np, 60.0, one, parameters), parameters), dtype=float)
        for one in (none, level)
    ]
    assert moved(*rates) == AT_ONCE[mechanism, route]


@pytest.mark.parametrize(("mechanism", "route"), LATER)
def test_later_only_what_follows_has_moved(mechanism: str, route: str) -> None:
    product = CellProduct(million_cells=400.0, route=route, infusions=3)  # type: ignore[arg-type]
    run = simulate(
        MODEL,
        [60.0, 60.0],
        product.regimen,
        output_years=[0.5],
        observe=("bmd_total_hip",),
        parameters={**PERSON.traits, f"msc_{mechanism}": np.array([0.0, 0.5])},
        initial_state=np.repeat(PERSON.state_today, 2, axis=1),
        keep_checkpoint=True,
    )
    assert run.checkpoint is not None
    assert moved(run.checkpoint.state[:, 0], run.checkpoint.state[:, 1]) == LATER[mechanism, route]


@pytest.mark.parametrize(
    ("mechanism", "state", "direction"),
    [
        ("commitment", "osteoblasts", 1.0),
        ("inflammation", "inflammation", -1.0),
        ("vascular", "progenitors", 1.0),
        ("activity", "young.total_hip.trabecular", 1.0),
    ],
)
def test_it_moves_in_the_right_direction_and_harm_in_the_other(mechanism: str, state: str, direction: float) -> None:
    run = simulate(
        MODEL,
        [60.0, 60.0, 60.0],
        CellProduct(million_cells=400.0, infusions=3).regimen,
        output_years=[0.3],
        observe=("bmd_total_hip",),
        parameters={**PERSON.traits, f"msc_{mechanism}": np.array([-0.5, 0.0, 0.5])},
        initial_state=np.repeat(PERSON.state_today, 3, axis=1),
        keep_checkpoint=True,
    )
    assert run.checkpoint is not None
    harm, none, help_ = run.checkpoint.state[STATE_NAMES.index(state)]
    assert direction * (help_ - none) > 0.0 > direction * (harm - none)
