"""The reference model on the published trials: its errors are the published ones."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest

from osteon.errors import UsageError
from osteon.twin.validate import validate, validate_reference

# The labels of the published table, and our names of the arms.
REPORTED_ARMS = {
    "P (recknor2015)": "recknor2015_placebo",
    "B180 Q4W (recknor2015)": "recknor2015_blosozumab_180_q4w",
    "B270 Q2W (recknor2015)": "recknor2015_blosozumab_270_q2w",
    "B180 Q2W (recknor2015)": "recknor2015_blosozumab_180_q2w",
    "D14 Q6M (mcclung2006)": "mcclung2006_denosumab_14_q6m",
    "D14 Q3M -> D60 Q6M (mcclung2017)": "mcclung2017_denosumab_8yrs",
    "P -> D60 Q6M (mcclung2017)": "mcclung2017_placebo_4yrs_to_denosumab_4yrs",
    "A5-10 Q1D (black2006)": "black2006_alendronate-placebo",
    "A70 Q1W (saag2017)": "saag2017_alendronate",
    "R210 Q1M -> A70 Q1W (saag2017)": "saag2017_romosozumab_to_alendronate",
    "T20 Q1D (leder2014)": "leder2014_teriparatide",
    "T20 Q1D -> D60 Q6M (leder2015)": "leder2015_teriparatide_to_denosumab",
    "D60 Q6M -> T20 Q1D (leder2015)": "leder2015_denosumab_to_teriparatide",
    "T20 Q1D + D60 Q6M -> D60 Q6M (leder2015)": "leder2015_combination_to_denosumab",
    "P (mcclung2018)": "mcclung2018_placebo_to_placebo",
    "P -> D60 Q6M (mcclung2018)": "mcclung2018_placebo_to_denosumab",
    "R210 Q1M -> P (mcclung2018)": "mcclung2018_romosozumab_to_placebo",
    "R210 Q1M -> D60 Q6M (mcclung2018)": "mcclung2018_romosozumab_to_denosumab",
    "A70 Q1W -> R140 Q1M -> P (mcclung2018)": "mcclung2018_alendronate_to_romosozumab_to_placebo",
    "A70 Q1W -> R140 Q1M -> D60 Q6M (mcclung2018)": "mcclung2018_alendronate_to_romosozumab_to_denosumab",
    "P -> D60 Q6M (cosman2016)": "cosman2016_placebo_to_denosumab",
    "R210 Q1M -> D60 Q6M (cosman2016)": "cosman2016_romosozumab_to_denosumab",
    "P -> D60 Q6M (lewiecki2018)": "lewiecki2018_placebo_to_denosumab",
    "R210 Q1M -> D60 Q6M (lewiecki2018)": "lewiecki2018_romosozumab_to_denosumab",
}


def table(root: Path, name: str) -> list[dict[str, str]]:
    with (root / "tests" / "data" / "joerg2022" / name).open() as file:
        return list(csv.DictReader(file))


def test_bmd_error_of_every_reported_arm_is_the_published_one(root: Path) -> None:
    ours = {fit.arm: fit for fit in validate_reference().arms if fit.observable == "bmd_total_hip"}
    rows = [row for row in table(root, "goodness_of_fit_reported.csv") if row["observable"] == "bmd"]
    assert {row["dataset"] for row in rows} == set(REPORTED_ARMS)
    for row in rows:
        fit = ours[REPORTED_ARMS[row["dataset"]]]
        assert abs(fit.mape - float(row["MAPE"])) <= 0.0002, row["dataset"]
        assert fit.role == ("calibrate" if row["role"] == "calibration" else "validate")


def test_bmd_error_of_all_35_arms_is_within_0_02_points_of_an_independent_reproduction(root: Path) -> None:
    ours = {fit.arm: fit for fit in validate_reference().arms if fit.observable == "bmd_total_hip"}
    rows = [row for row in table(root, "goodness_of_fit_reproduced.csv") if row["observable"] == "bmd"]
    assert len(rows) == len(ours) == 35
    for row in rows:
        assert abs(ours[row["dataset"]].mape - float(row["MAPE"])) <= 0.0002, row["dataset"]


def test_with_exact_dosing_every_arm_and_observable_equals_the_reproduced_error(root: Path) -> None:
    fits = validate_reference(exact_dosing=True).arms
    ours = {(fit.arm, fit.observable.removesuffix("_total_hip")): fit for fit in fits}
    rows = table(root, "goodness_of_fit_reproduced.csv")
    assert {(row["dataset"], row["observable"]) for row in rows} == set(ours)
    for row in rows:
        fit = ours[row["dataset"], row["observable"]]
        assert fit.n == int(row["n_points"])
        assert fit.mape == pytest.approx(float(row["MAPE"]), abs=1.5e-5)
        assert fit.mae == pytest.approx(float(row["MAD"]), abs=1.5e-5)


def test_the_summary_is_the_one_in_the_docs() -> None:
    bmd = validate_reference().summary["bmd_total_hip"]
    assert (bmd.arms, bmd.points) == (35, 413)
    assert round(100 * bmd.mape, 2) == 0.57
    assert round(bmd.mae, 4) == 0.0050


def test_json_has_the_agreed_shape() -> None:
    found = json.loads(validate().model_dump_json())
    assert set(found) == {"model", "arms", "summary"}
    assert set(found["arms"][0]) == {
        *("arm", "study", "role", "observable", "site", "n", "mae", "mape", "points"),
    }
    assert {arm["role"] for arm in found["arms"]} == {"calibrate", "validate", "reference"}
    assert {"t_years", "observed", "predicted", "low", "high"} <= set(found["arms"][0]["points"][0])


def test_no_other_model_is_validated_here() -> None:
    with pytest.raises(UsageError, match="Write reference"):
        validate("osteon2")


def test_validation_takes_well_under_three_seconds() -> None:
    validate_reference.cache_clear()
    begin = time.process_time()
    validate_reference()
    assert time.process_time() - begin < 3.0
