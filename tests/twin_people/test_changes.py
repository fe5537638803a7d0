"""The quick projection of many regimens agrees with running every draw."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.twin.engine.regimen import Infusion, Regimen
from osteon.twin.osteon_model.regimens import model_regimen
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise import PersonData, Posterior, Reading, Visit, fit_person, project_person
from osteon.twin.personalise.changes import project_changes

SEQUENCES = ("none", "zoledronate", "denosumab:24,none", "romosozumab:12,alendronate")
TIMES = np.arange(21) / 4.0


def woman(*, treated: bool) -> PersonData:
    past = Regimen("past", (Infusion("alendronate", 10.0, 0.0, 730.0),)) if treated else Regimen("none")
    return PersonData(
        sex="female",
        age_years=58.0,
        visits=(Visit(58.0, {"femoral_neck": 0.642, "total_hip": 0.775, "lumbar_spine": 0.88}),),
        readings=(Reading(58.0, "ctx", 480.0),),
        postmenopausal=True,
        past=past,
        past_from_years=56.0 if treated else None,
    )


@pytest.fixture(scope="module", params=[False, True], ids=["untreated", "treated before"])
def posterior(request: pytest.FixtureRequest) -> Posterior:
    return fit_person(woman(treated=request.param), people=500, enough=40.0, rounds=1)


@pytest.mark.parametrize("regimen", SEQUENCES)
def test_median_and_band_are_those_of_every_draw(posterior: Posterior, regimen: str) -> None:
    built = model_regimen(regimen).regimen
    quick = project_changes(posterior, [built], TIMES)[0]
    for place, exact in enumerate(project_person(posterior, [built], years=5.0)):
        logs = np.log(exact.samples)
        wanted = np.quantile(logs - logs[:, :1], [0.05, 0.5, 0.95], axis=0)
        found = np.quantile(quick[place], [0.05, 0.5, 0.95], axis=0)
        off = np.max(np.abs(found - wanted), axis=1)
        assert off[1] < 0.006  # the median, in fractions of today's density
        assert max(off[0], off[2]) < 0.015  # the ends of a band that is ten times as wide


def test_it_starts_at_nothing_and_regimens_do_not_depend_on_each_other(posterior: Posterior) -> None:
    together = project_changes(posterior, [model_regimen(text).regimen for text in SEQUENCES], TIMES)
    assert together.shape[:2] == (len(SEQUENCES), len(SITES))
    assert np.all(together[..., 0] == 0.0)
    for number, text in enumerate(SEQUENCES):
        alone = project_changes(posterior, [model_regimen(text).regimen], TIMES)[0]
        assert np.allclose(alone, together[number], rtol=0.0, atol=2e-5)
