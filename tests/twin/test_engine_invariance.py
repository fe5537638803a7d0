"""What must not change a result: output times, batch size and company, a stop in between."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.errors import UsageError
from osteon.twin.engine.simulate import Backend, simulate
from osteon.twin.reference.joerg2022 import Joerg2022
from twin.regimens import REGIMENS

AGES = np.linspace(47.5, 72.0, 19)
YEARLY = np.arange(0, 4, dtype=float)
RESUMED = ("denosumab", "sequence", "odd times")


@pytest.mark.parametrize("name", ["denosumab", "sequence", "odd times"])
def test_output_times_do_not_change_results(name: str) -> None:
    fine = np.unique(np.concatenate([YEARLY, np.arange(0, 3.0, 0.013)]))
    coarse = simulate(Joerg2022(), AGES, REGIMENS[name], output_years=YEARLY)
    detailed = simulate(Joerg2022(), AGES, REGIMENS[name], output_years=fine)
    last = simulate(Joerg2022(), AGES, REGIMENS[name], output_years=[2.0])
    at = np.searchsorted(fine, YEARLY)
    for observable, values in coarse.observables.items():
        assert np.array_equal(values, detailed.observables[observable][:, at])
        assert np.array_equal(values[:, 2], last.observables[observable][:, 0])


@pytest.mark.parametrize("name", ["denosumab", "odd times"])
def test_batch_size_and_company_do_not_change_results(name: str) -> None:
    everybody = simulate(Joerg2022(), AGES, REGIMENS[name], output_years=YEARLY)
    for chunk in (3, 16):
        pieces = simulate(Joerg2022(), AGES, REGIMENS[name], output_years=YEARLY, chunk=chunk)
        for observable, values in everybody.observables.items():
            assert np.array_equal(values, pieces.observables[observable])
    backwards = simulate(Joerg2022(), AGES[::-1], REGIMENS[name], output_years=YEARLY)
    for observable, values in everybody.observables.items():
        assert np.array_equal(values, backwards.observables[observable][::-1])


def test_batch_size_does_not_change_results_in_jax() -> None:
    whole = simulate(Joerg2022(), AGES, REGIMENS["denosumab"], output_years=YEARLY, backend="jax")
    pieces = simulate(Joerg2022(), AGES, REGIMENS["denosumab"], output_years=YEARLY, backend="jax", chunk=7)
    for observable, values in whole.observables.items():
        np.testing.assert_allclose(pieces.observables[observable], values, rtol=1e-12)


@pytest.mark.parametrize(
    ("backend", "name", "stop_years"),
    [
        *((backend, name, stop) for backend in ("numpy", "float") for name in RESUMED for stop in (0.3, 2.0, 2.4999)),
        ("jax", "sequence", 1.1),
    ],
)
def test_stop_and_go_on_gives_the_same_numbers(backend: Backend, name: str, stop_years: float) -> None:
    regimen = REGIMENS[name]
    ages = AGES[::6]
    times = np.linspace(stop_years, 3.0, 9)
    through = simulate(Joerg2022(), ages, regimen, output_years=times, backend=backend)
    first = simulate(Joerg2022(), ages, regimen, output_years=[stop_years], backend=backend, keep_checkpoint=True)
    then = simulate(Joerg2022(), ages, regimen, output_years=times, backend=backend, start=first.checkpoint)
    for observable, values in through.observables.items():
        if backend == "jax":
            np.testing.assert_allclose(then.observables[observable], values, rtol=1e-12)
        else:
            assert np.array_equal(then.observables[observable], values)


def test_a_checkpoint_refuses_another_regimen_and_earlier_times() -> None:
    kept = simulate(Joerg2022(), [60.0], REGIMENS["denosumab"], output_years=[2.0], keep_checkpoint=True).checkpoint
    with pytest.raises(UsageError, match="checkpoint is of model reference under denosumab"):
        simulate(Joerg2022(), [60.0], REGIMENS["sequence"], output_years=[3.0], start=kept)
    with pytest.raises(UsageError, match="before the checkpoint"):
        simulate(Joerg2022(), [60.0], REGIMENS["denosumab"], output_years=[1.0], start=kept)
    with pytest.raises(UsageError, match="1 people, not 2"):
        simulate(Joerg2022(), [60.0, 61.0], REGIMENS["denosumab"], output_years=[3.0], start=kept)
