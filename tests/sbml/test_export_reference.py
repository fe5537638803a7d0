"""The reference model as SBML: valid, and the same model when an independent program runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import libsbml
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.errors import MissingExtraError, ModelError, UsageError
from osteon.exchange.sbml import export_sbml
from osteon.twin.engine import Bolus, Infusion, Regimen, simulate
from osteon.twin.engine import scalars as xp
from osteon.twin.reference.coverage import reference_regimen
from osteon.twin.reference.joerg2022 import Joerg2022

sys.path.insert(0, str(Path(__file__).parent))
from interpreter import Simulator, complaints, read

MODEL = Joerg2022()
YEARS = np.concatenate([[0.0], np.arange(1, 11) - 0.004])
"""A day or two before each anniversary: on the day itself a dose may fall, and before and after differ."""

ODD = Regimen(
    "odd times",
    (
        Bolus("blosozumab", 180.0, 3.25, 13.75, 7),
        Bolus("denosumab", 60.0, 100.5),
        Bolus("denosumab", 30.0, 250.0, 91.0, 3),
        Infusion("teriparatide", 40.0, 10.0, 400.0),
        Infusion("teriparatide", 20.0, 400.0, 500.0),
        Infusion("alendronate", 10.0, 900.0),
    ),
)


@pytest.mark.parametrize(
    ("therapy", "age"),
    [("denosumab:24,alendronate", 65.0), ("teriparatide,alendronate:60", 47.0), ("romosozumab,denosumab", 70.0)],
)
def test_same_trajectory_over_ten_years(therapy: str, age: float) -> None:
    text = export_sbml("reference", therapy, age_years=age, compartments="dosed")
    found = Simulator(text).run((YEARS * 365.0).tolist(), MODEL.observable_names)
    expected = _engine(reference_regimen(therapy).regimen, age, YEARS)
    assert np.max(np.abs(found / expected - 1.0)) < 2e-7


def test_same_trajectory_under_doses_at_odd_times() -> None:
    years = np.array([0.0, 0.2, 0.3, 0.9, 1.2, 1.9, 2.6, 4.0])
    found = Simulator(export_sbml("reference", ODD, age_years=49.3)).run(
        (years * 365.0).tolist(), MODEL.observable_names
    )
    assert np.max(np.abs(found / _engine(ODD, 49.3, years) - 1.0)) < 2e-7


def _engine(regimen: Regimen, age: float, years: np.ndarray) -> np.ndarray:
    """The engine with steps an eighth as long as usual, so that only the export is judged."""
    run = simulate(MODEL, [age], regimen, output_years=years, subdivide=8).require_ok()
    return np.array([run.observables[name][0] for name in MODEL.observable_names]).T


TEXT = export_sbml("reference", "none", age_years=30.0)
SIMULATOR = Simulator(TEXT)
LEVEL = st.floats(0.0, 50.0)


@settings(max_examples=60)
@given(
    age=st.floats(25.0, 100.0),
    scale=st.lists(st.floats(0.1, 10.0), min_size=9, max_size=9),
    levels=st.fixed_dictionaries(dict.fromkeys(MODEL.channels(MODEL.parameters), LEVEL)),
)
def test_same_equations_everywhere(age: float, scale: list[float], levels: dict[str, float]) -> None:
    p = MODEL.parameters
    at_60 = MODEL.initial_state(np.array([60.0]), p)[:, 0]
    state = tuple(float(a * b) + 0.01 for a, b in zip(at_60, scale, strict=True))
    forcing = MODEL.forcing(xp, age, levels, p)
    values = {f"{name}_level": level for name, level in levels.items()} | dict(
        zip(MODEL.state_names, state, strict=True)
    )
    days = (age - 30.0) * 365.0
    rates = SIMULATOR.rates(values, days)
    expected = MODEL.derivatives(xp, state, forcing, p)
    assert [rates[name] for name in MODEL.state_names] == pytest.approx(expected, rel=1e-10, abs=1e-10)
    observed = SIMULATOR.observe(values, days, MODEL.observable_names)
    assert observed == pytest.approx(MODEL.observe(xp, MODEL.observable_names, state, forcing, p), rel=1e-10)


@pytest.mark.parametrize("therapy", ["none", "teriparatide,alendronate:60", "romosozumab,denosumab", ODD])
@pytest.mark.parametrize("compartments", ["all", "dosed"])
def test_libsbml_has_nothing_to_say_units_included(therapy: str | Regimen, compartments: str) -> None:
    assert complaints(export_sbml("reference", therapy, age_years=45.0, compartments=compartments)) == []


def test_checking_units_can_find_a_slip() -> None:
    """Guards the test above: a wrong unit is seen."""
    wrong = TEXT.replace('value="0.00867806" units="per_day"', 'value="0.00867806" units="year"')
    assert wrong != TEXT
    assert complaints(wrong)


def test_every_parameter_has_a_unit_and_says_where_it_comes_from() -> None:
    model = read(TEXT).getModel()
    assert (model.getLevel(), model.getVersion()) == (3, 2)
    assert all(one.isSetUnits() for one in model.getListOfParameters())
    assert "isDescribedBy" in TEXT and "identifiers.org/doi:10.7554/eLife.76228" in TEXT  # noqa: PT018
    assert "creator" not in TEXT
    assert "not: a prediction for one person" in model.getNotesString()
    assert model.getParameter("tau_e").getUnits() == "year"
    assert model.getParameter("E_denosumab").getUnits() == "per_mg"
    names = {one.getId() for one in model.getListOfParameters()}
    assert {"oestrogen", "osteoclast_loss", "formation", "bmd_total_hip", "denosumab_level"} <= names


def test_doses_are_events() -> None:
    model = read(export_sbml("reference", "denosumab:24,alendronate")).getModel()
    assert [one.getId() for one in model.getListOfEvents()] == ["give_alendronate", "give_denosumab"]
    assert model.getParameter("denosumab_doses").getValue() == 4
    assert model.getParameter("alendronate_first_day").getValue() == pytest.approx(730.0)
    continuous = read(export_sbml("reference", "teriparatide")).getModel()
    assert continuous.getParameter("teriparatide_dose_rate").getValue() == 20.0
    assert continuous.getParameter("teriparatide_dose_rate").getUnits() == "microgram_per_day"
    kinks = read(export_sbml("reference", "none", age_years=45.0)).getModel()
    assert [one.getId() for one in kinks.getListOfEvents()] == ["kink_1"]


def test_only_what_is_dosed() -> None:
    assert "denosumab_level" in export_sbml("reference", "alendronate")
    assert "denosumab" not in read(export_sbml("reference", "alendronate", compartments="dosed")).getModel().toSBML()


def test_same_text_in_every_process() -> None:
    command = "from osteon.exchange.sbml import export_sbml; print(export_sbml('reference', 'teriparatide'), end='')"
    texts = [
        subprocess.run(
            [sys.executable, "-c", command],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout.decode("utf-8")
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1] == export_sbml("reference", "teriparatide")


def test_parameters_can_be_changed() -> None:
    changed = {"tau_e": 3.5, "E_denosumab": 4000.0}
    text = export_sbml("reference", "denosumab", age_years=60.0, parameters=changed)
    found = Simulator(text).run([0.0, 700.0], ["bmd_total_hip"])
    regimen = reference_regimen("denosumab").regimen
    run = simulate(MODEL, [60.0], regimen, output_years=[0.0, 700.0 / 365.0], parameters=changed, subdivide=8)
    assert found[:, 0] == pytest.approx(run.observables["bmd_total_hip"][0], rel=1e-7)


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        ({"model": "jorg"}, UsageError, "no model called"),
        ({"therapy": "denosumap"}, UsageError, "denosumab"),
        ({"therapy": "zoledronate"}, ModelError, "does not cover"),
        ({"therapy": Regimen("odd", (Bolus("aspirin", 100.0),))}, UsageError, "no channel"),
        ({"sex": "male"}, ModelError, "women only"),
        ({"age_years": 20.0}, ModelError, "25 to 100"),
        ({"age_years": float("nan")}, ModelError, "nan"),
        ({"age_years": 95.0}, ModelError, "100"),
        ({"years": 0.0}, UsageError, "above 0"),
        ({"parameters": {"tau": 1.0}}, UsageError, "no parameter"),
        ({"parameters": {"tau_e": float("nan")}}, UsageError, "finite"),
        ({"compartments": "some"}, UsageError, "all or dosed"),
    ],
)
def test_refusals_say_what_to_do(request_: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        export_sbml(**request_)  # type: ignore[arg-type]


def test_without_libsbml_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert libsbml.LIBSBML_VERSION > 50000
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(MissingExtraError, match=r"osteon\[sbml\]"):
        export_sbml()
