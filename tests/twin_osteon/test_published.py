"""The fit cannot read what is held out, and every row is read strictly."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from osteon.evidence import loader
from osteon.twin.osteon_model import published
from osteon.twin.osteon_model.published import (
    arm_setups,
    calibration_results,
    digitised_curves,
    fitted_joerg_curves,
    held_out_results,
    history_results,
    joerg_curves,
    number,
)

HELD_OUT_STUDIES = (
    "HOPS_",
    "SOF_Gourlay",
    "DATA_",
    "DEFEND_",
    "FREEDOM_EXT_",
    "ALN_Devogelaer",
    "ALN_men_",
    "ADAMO_",
    "IBN_daily",
    "RIS_lowBMD",
    "ACTIVE_",
    "ROMO_PH2",
    "LIFTMOR",
    "ATAC_Eastell2008",
    "Reid2018",
    "Bolland2025",
    "FIT_osteopenia",
    "VITAL_",
    "Creatine_",
    "VitD_highdose",
    "Li2012",
)


HELD_OUT_DIGITISED = ("bone2011", "leder2014", "leder2015", "mcclung2018")
"""DEFEND, DATA, DATA-Switch and the second phase of romosozumab, as their digitised arms are called."""


def test_no_held_out_study_stands_in_a_file_of_the_calibration() -> None:
    studies = {one.study for one in calibration_results()} | {one.study for one in history_results()}
    assert not [study for study in studies if study.startswith(HELD_OUT_STUDIES)]


def test_building_the_calibration_opens_no_held_out_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from osteon.twin.osteon_model.fit_problem import build_problem

    opened: list[str] = []
    real = loader.table

    def kept_out(row: Mapping[str, str]) -> bool:
        return row["study"].startswith(HELD_OUT_DIGITISED) and row["role"] != "calibration"

    def guarded(name: str) -> tuple[Mapping[str, str], ...]:
        opened.append(name)
        assert not any(part in name for part in ("validate", "control", "unlisted", "later")), name
        rows = real(name)
        if name == "joerg2022_clinical.csv":  # the value of a held-out arm is no number here, so using it would fail
            return tuple({**row, "value": "held out" if kept_out(row) else row["value"]} for row in rows)
        return rows

    monkeypatch.setattr(published, "table", guarded)
    problem = build_problem()
    assert "trials_calibrate.csv" in opened
    assert len(problem.labels) > 700


def test_the_digitised_arms_of_trials_that_are_kept_for_validation_are_not_fitted() -> None:
    published = {one.arm for one in joerg_curves() if one.role == "calibration"}
    assert (len(published), len(joerg_curves())) == (9, 35)
    fitted = {one.arm for one in fitted_joerg_curves()}
    assert published <= fitted
    kept = {one.arm for one in joerg_curves() if one.study.startswith(HELD_OUT_DIGITISED)} - fitted
    assert len(fitted) == 23
    assert fitted | kept == {one.arm for one in joerg_curves()}
    assert not [one for one in digitised_curves() if "DATA" in one.arm or one.arm.endswith(("_ID8", "_ID11", "_ID34"))]


def test_every_result_has_a_simulated_arm() -> None:
    setups = arm_setups()
    everything = [*calibration_results()]
    for part in ("validate", "control", "unlisted", "later"):
        everything += held_out_results(part)  # type: ignore[arg-type]
    assert all((one.study, one.arm) in setups for one in everything)


@pytest.mark.parametrize("text", ["5-9", "<1", "~0", "5/6", "", "nan", "1e3", "-2 to -4"])
def test_ranges_bounds_counts_and_words_are_not_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="plain number"):
        number(text)


def test_plain_numbers_are_read() -> None:
    assert (number("-1.22"), number("3"), number(" 0.5 ")) == (-1.22, 3.0, 0.5)
