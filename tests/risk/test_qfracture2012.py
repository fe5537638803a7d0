"""QFracture-2012 against the unmodified C code, and what must hold for everybody."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.errors import ModelError, UsageError
from osteon.person import Sex
from osteon.risk.qfracture2012 import DISCLAIMER, Inputs, limits, range_problems, risk_percent, risk_percent_many
from osteon.risk.qfracture2012.model import model
from osteon.risk.result import Outcome

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SEX: dict[str, Sex] = {"F": "female", "M": "male"}


def rows(name: str) -> list[dict[str, str]]:
    path = Path(__file__).parent.parent / "data" / "qfracture2012" / name
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def inputs_of(row: Mapping[str, str]) -> Inputs:
    flags: Any = {name: row[name] == "1" for name in row if name.startswith(("b_", "fh_"))}
    return Inputs(
        sex=SEX[row["sex"]],
        age=int(row["age"]),
        bmi=float(row["bmi"]),
        ethrisk=int(row["ethrisk"]),
        alcohol_cat6=int(row["alcohol_cat6"]),
        smoke_cat=int(row["smoke_cat"]),
        **flags,
    )


GOLDEN = rows("golden_vectors.csv")


def test_all_golden_vectors_are_here() -> None:
    assert len(GOLDEN) == 274


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["case_id"])
def test_the_original_is_reproduced(row: dict[str, str]) -> None:
    person, horizon = inputs_of(row), int(row["surv"])
    assert risk_percent(person, "major_osteoporotic", horizon) == pytest.approx(float(row["mof_percent"]), abs=1e-5)
    assert risk_percent(person, "hip", horizon) == pytest.approx(float(row["hip_percent"]), abs=1e-5)


@pytest.mark.parametrize("sex", ["F", "M"])
@pytest.mark.parametrize(("outcome", "column"), [("major_osteoporotic", "mof_percent"), ("hip", "hip_percent")])
def test_many_at_once_give_the_same(sex: str, outcome: Outcome, column: str) -> None:
    people = [row for row in GOLDEN if row["sex"] == sex]
    given_ = [asdict(inputs_of(row)) for row in people]
    columns = {name: [one[name] for one in given_] for name in given_[0] if name != "sex"}
    risk = risk_percent_many(SEX[sex], outcome, columns, [int(row["surv"]) for row in people])
    assert not np.ma.is_masked(risk)
    np.testing.assert_allclose(risk, [float(row[column]) for row in people], atol=1e-5)
    one_by_one = [risk_percent(inputs_of(row), outcome, int(row["surv"])) for row in people]
    np.testing.assert_allclose(risk, one_by_one, rtol=1e-13)


def test_every_refusal_and_edge_of_the_original() -> None:
    refused = 0
    for row in rows("edges.csv"):
        sex, outcome = row["sex"], row["outcome"]
        base = Inputs(sex=sex, age=65, bmi=25.0, alcohol_cat6=0, smoke_cat=0)  # type: ignore[arg-type]
        number: Any = float(row["value"]) if row["input"] == "bmi" else int(row["value"])
        horizon = number if row["input"] == "surv" else 10
        person = base if row["input"] == "surv" else replace(base, **{row["input"]: number})
        if row["accepted"] == "yes":
            assert risk_percent(person, outcome, horizon) == pytest.approx(float(row["percent"]), abs=1e-5)  # type: ignore[arg-type]
            continue
        refused += 1
        assert len(range_problems(person, outcome, horizon)) == 1  # type: ignore[arg-type]
        with pytest.raises(ModelError, match="must be"):
            risk_percent(person, outcome, horizon)  # type: ignore[arg-type]
    assert refused > 150


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("sex", ["female", "male"])
def test_an_input_that_the_model_does_not_use_is_not_looked_at(sex: Sex, outcome: Outcome) -> None:
    """As in the original, which has no such argument."""
    person = Inputs(sex=sex, age=70, bmi=24.0, alcohol_cat6=1, smoke_cat=1)
    used = set(model(sex, outcome).inputs)
    for name in set(asdict(person)) - used - {"sex"}:
        assert risk_percent(replace(person, **{name: True}), outcome) == risk_percent(person, outcome)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0, 19.99, 40.01])
def test_many_masks_whom_the_tool_refuses(bad: float) -> None:
    risk = risk_percent_many("male", "hip", {"age": 70, "bmi": [bad, 25.0], "alcohol_cat6": 0, "smoke_cat": 0})
    assert risk.mask.tolist() == [True, False]
    assert np.isfinite(risk.data).all()
    alone = Inputs(sex="male", age=70, bmi=25.0, alcohol_cat6=0, smoke_cat=0)
    assert risk[1] == risk_percent(alone, "hip")


def test_half_years_and_half_categories_are_refused() -> None:
    columns = {"age": [70.5, 70], "bmi": 25.0, "alcohol_cat6": [0, 0.5], "smoke_cat": 0}
    assert risk_percent_many("female", "hip", columns).mask.tolist() == [True, True]


def test_many_names_the_column_that_is_missing_or_unknown() -> None:
    with pytest.raises(UsageError, match="lack bmi"):
        risk_percent_many("female", "hip", {"age": 60, "alcohol_cat6": 0, "smoke_cat": 0})
    with pytest.raises(UsageError, match="no input called weight"):
        risk_percent_many("female", "hip", {"age": 60, "bmi": 25, "alcohol_cat6": 0, "smoke_cat": 0, "weight": 60})


def test_nan_bmi_is_refused_although_the_c_code_lets_it_pass() -> None:
    person = Inputs(sex="female", age=60, bmi=float("nan"), alcohol_cat6=0, smoke_cat=0)
    with pytest.raises(ModelError, match="body mass index"):
        risk_percent(person, "hip")


FLAGS = [name for name in Inputs.__dataclass_fields__ if name.startswith(("b_", "fh_"))]


@st.composite
def anybody(draw: st.DrawFn) -> Inputs:
    ranges = {name: (int(low), int(high)) for name, (low, high) in limits().items()}
    flags: Any = {name: draw(st.booleans()) for name in FLAGS}
    return Inputs(
        sex=draw(st.sampled_from(get_args(Sex))),
        age=draw(st.integers(*ranges["age"])),
        bmi=draw(st.floats(*ranges["bmi"])),
        alcohol_cat6=draw(st.integers(*ranges["alcohol_cat6"])),
        smoke_cat=draw(st.integers(*ranges["smoke_cat"])),
        ethrisk=draw(st.integers(*ranges["ethrisk"])),
        **flags,
    )


@given(anybody(), st.sampled_from(OUTCOMES))
def test_risk_is_a_percentage_and_never_falls_with_time(person: Inputs, outcome: Outcome) -> None:
    path = [risk_percent(person, outcome, year) for year in range(1, 19)]
    assert 0 < path[0] <= path[-1] <= 100
    assert all(later >= earlier for earlier, later in pairwise(path))


def test_only_oestrogen_has_a_protective_coefficient() -> None:
    for sex in get_args(Sex):
        for outcome in OUTCOMES:
            falling = {name for name, coefficient in model(sex, outcome).flags.items() if coefficient < 0}
            assert falling == ({"b_hrt_oest"} if sex == "female" else set())


@given(anybody(), st.sampled_from(OUTCOMES), st.sampled_from([name for name in FLAGS if name != "b_hrt_oest"]))
def test_a_harmful_factor_never_lowers_the_risk(person: Inputs, outcome: Outcome, name: str) -> None:
    without: Any = {name: False}
    with_it: Any = {name: True}
    assert risk_percent(replace(person, **with_it), outcome) >= risk_percent(replace(person, **without), outcome)


@given(anybody(), st.sampled_from(OUTCOMES))
def test_heavier_smoking_never_lowers_the_risk(person: Inputs, outcome: Outcome) -> None:
    by_level = [risk_percent(replace(person, smoke_cat=level), outcome) for level in (2, 3, 4)]
    assert by_level == sorted(by_level)


def test_baseline_survival_starts_at_one_and_falls() -> None:
    for sex in get_args(Sex):
        for outcome in OUTCOMES:
            survival = model(sex, outcome).baseline_survival
            assert survival[0] == 1.0
            assert len(survival) == 19
            assert (np.diff(survival) < 0).all()


def test_the_disclaimer_holds_every_sentence_that_the_licence_asks_for() -> None:
    notice = " ".join(files("osteon.risk.qfracture2012").joinpath("NOTICE").read_text("utf-8").split())
    asked = notice.split("generated by this code. ")[1]
    assert asked.startswith("The initial version of this file")
    assert asked.endswith("wrong treatment.")
    assert asked in DISCLAIMER
