"""Projections of three sites under every therapy."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.errors import ModelError, UsageError
from osteon.evidence.therapies import THERAPIES
from osteon.twin.osteon_model.project import project_sites
from osteon.twin.osteon_model.sites import SITES


def test_every_therapy_at_three_sites_starts_at_one() -> None:
    found = project_sites(62.0, list(THERAPIES), years=2.0)
    assert [(one.therapy, one.site) for one in found] == [(name, site) for name in THERAPIES for site in SITES]
    for one in found:
        assert one.relative[0] == 1.0
        assert one.t_years[-1] == 2.0
        assert np.all(one.lower <= one.relative)
        assert np.all(one.relative <= one.upper)
        assert one.hypothetical == THERAPIES[one.therapy].hypothetical


def test_men_sequences_and_combinations() -> None:
    found = project_sites(70.0, ["romosozumab,denosumab:24,alendronate", "exercise+zoledronate"], sex="male", years=5.0)
    assert all(np.all(np.isfinite(one.relative)) for one in found)


def test_stopping_to_smoke_helps_a_smoker_only() -> None:
    def gain(smoking: float) -> float:
        stop, go_on = (
            next(o for o in project_sites(60.0, [name], traits={"smoking": smoking}) if o.site == "total_hip").relative[
                -1
            ]
            for name in ("stop_smoking", "none")
        )
        return float(stop - go_on)

    assert gain(0.0) == pytest.approx(0.0, abs=1e-9)
    assert gain(1.0) > 0.003


def test_beyond_the_trials_it_says_extrapolated_and_beyond_the_model_it_refuses() -> None:
    assert project_sites(40.0, ["denosumab"], years=1.0)[0].extrapolated.startswith("Extrapolated")
    assert project_sites(60.0, ["denosumab"], years=1.0)[0].extrapolated == ""
    with pytest.raises(ModelError):
        project_sites(95.0, ["none"], years=10.0)


def test_slips_are_told() -> None:
    with pytest.raises(UsageError, match="trait"):
        project_sites(60.0, ["none"], traits={"smokes": 1.0})
    with pytest.raises(UsageError, match="denosumab"):
        project_sites(60.0, ["denosumap"])
