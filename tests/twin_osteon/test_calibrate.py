"""The calibration's optimiser and its command, on a small problem whose answer is known in closed form."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from osteon.cli.app import _exit_code as main
from osteon.errors import UsageError
from osteon.twin import keep_calibration
from osteon.twin.osteon_model import calibrate as fitting
from osteon.twin.osteon_model.fit_problem import Problem
from osteon.twin.osteon_model.parameters import nominal, priors
from osteon.twin.personalise.parameter_draws import fingerprint

NAMES = ("k_osteoblast", "bp_max", "menopause_shift")
DESIGN = np.array([[2.0, 0.0, 0.0], [1.0, 3.0, 0.0], [0.0, 1.0, 0.5], [1.0, 1.0, 1.0]])
DATA = np.array([0.4, -0.3, 0.2, 0.1])
EXACT = np.linalg.solve(DESIGN.T @ DESIGN + np.eye(3), DESIGN.T @ DATA)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A linear problem with three of the model's parameters; its optimum and covariance are exact."""

    def residuals(points: Any) -> Any:
        several = np.atleast_2d(points)
        return np.hstack([several @ DESIGN.T - DATA, several])

    fitted = tuple(priors()[name] for name in NAMES)
    labels = ("a", "b", "c", "d", *NAMES)
    monkeypatch.setattr(fitting, "build_problem", lambda: Problem(fitted, labels, (), residuals))


@pytest.mark.usefixtures("small")
def test_finds_the_optimum_and_its_covariance_and_tells_of_each_iteration() -> None:
    told: list[tuple[int, float]] = []
    fit = fitting.calibrate(3, progress=lambda number, cost: told.append((number, cost)))
    assert np.allclose(fit.theta, EXACT, atol=1e-3)
    assert np.allclose(fit.covariance, np.linalg.inv(DESIGN.T @ DESIGN + np.eye(3)), rtol=1e-4)
    assert [number for number, _ in told] == list(range(1, fit.iterations + 1))
    assert all(later <= earlier + 1e-9 for (_, earlier), (_, later) in itertools.pairwise(told))
    low, high = fit.intervals()["bp_max"]
    assert 0.0 < low < fit.values()["bp_max"] < high < 1.0


@pytest.mark.usefixtures("small")
def test_the_same_seed_gives_the_same_and_another_seed_starts_elsewhere() -> None:
    first, second = (fitting.calibrate(5, most_iterations=1) for _ in range(2))
    assert np.array_equal(first.theta, second.theta)
    assert not np.array_equal(first.theta, fitting.calibrate(6, most_iterations=1).theta)


@pytest.mark.usefixtures("small")
def test_the_command_prints_a_table_and_writes_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["twin", "calibrate", "--out", str(tmp_path / "rows.csv")]) == 0
    shown = capsys.readouterr()
    for name in NAMES:
        assert name in shown.out
    assert "iteration   1" in shown.err
    assert "90 % interval" in shown.out
    with (tmp_path / "rows.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [f"osteon_model.{name}" for name in NAMES]
    assert {row["spread_kind"] for row in rows} == {"interval90"}


@pytest.mark.usefixtures("small")
def test_writes_parameters_and_draws_that_belong_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keep_calibration, "evidence_folder", lambda: tmp_path)
    assert main(["twin", "calibrate", "--write", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in printed["parameters"]] == list(NAMES)
    with (tmp_path / keep_calibration.CONSTANTS_FILE).open(newline="", encoding="utf-8") as file:
        values = {row["name"].removeprefix("osteon_model."): float(row["value"]) for row in csv.DictReader(file)}
    lines = [x for x in (tmp_path / keep_calibration.DRAWS_FILE).read_text().splitlines() if not x.startswith("#")]
    draws = list(csv.DictReader(lines))
    assert {row["fingerprint"] for row in draws} == {fingerprint(values)}
    middle = np.median([float(row["k_osteoblast"]) for row in draws])
    assert middle == pytest.approx(values["k_osteoblast"], rel=0.1)


def test_the_parameters_in_use_have_coordinates() -> None:
    fitted = [prior for prior in priors().values() if prior.fitted]
    for prior, theta in zip(fitted, fitting.theta_in_use(), strict=True):
        back = prior.from_scale(prior.to_scale(prior.centre) + prior.spread * float(theta))
        assert back == pytest.approx(nominal()[prior.name], rel=1e-9)


def test_an_installed_copy_is_not_rewritten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(keep_calibration, "files", lambda package: tmp_path / "site-packages" / "osteon" / "evidence")
    with pytest.raises(UsageError, match="source checkout"):
        keep_calibration.evidence_folder()


def test_a_place_that_cannot_be_written_to_is_refused_before_the_fit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["twin", "calibrate", "--out", "/no/such/folder/rows.csv"]) == 2
    assert "cannot write there" in capsys.readouterr().err
