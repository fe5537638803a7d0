"""Osteon's own model as SBML: every compartment, both sexes, three sites."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.errors import ModelError
from osteon.exchange.sbml import export_sbml
from osteon.person import Sex
from osteon.twin.engine import Bolus, Infusion, Regimen, simulate
from osteon.twin.engine import scalars as xp
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.regimens import covered, model_regimen

sys.path.insert(0, str(Path(__file__).parent))
from interpreter import Simulator, complaints, read

MODEL = OsteonModel()
OBSERVED = [f"observed_{name}" if name in MODEL.parameters else name for name in MODEL.observable_names]
YEARS = np.concatenate([[0.0], np.arange(1, 11) - 0.004])
MANY = Regimen(
    "zoledronate, a glucocorticoid, calcium and cells",
    (
        Bolus("zoledronate", 5.0, 0.0, 365.0, 3),
        Infusion("calcium_vitamin_d", 1.0, 100.0),
        Infusion("glucocorticoid", 10.0, 400.0, 800.0),
        Bolus("cells_iv", 100.0, 30.0),
        Bolus("cells_total_hip", 60.0, 45.0),
    ),
)
MECHANISMS = {"msc_commitment": 0.5, "msc_activity": 0.2, "msc_inflammation": 0.3, "msc_vascular": 0.1}


@pytest.mark.parametrize(
    ("therapy", "age", "sex", "parameters"),
    [
        ("denosumab:24,alendronate", 65.0, "female", {}),
        ("romosozumab,denosumab", 70.0, "female", {}),
        ("teriparatide", 47.0, "female", {"surgical_menopause": 1.0, "menopause_age": 48.5}),
        (MANY, 72.0, "male", MECHANISMS),
    ],
)
def test_same_trajectory_over_ten_years(
    therapy: str | Regimen, age: float, sex: Sex, parameters: dict[str, float]
) -> None:
    text = export_sbml("osteon", therapy, age_years=age, sex=sex, parameters=parameters, compartments="dosed")
    found = Simulator(text).run((YEARS * 365.0).tolist(), OBSERVED)
    regimen = therapy if isinstance(therapy, Regimen) else model_regimen(therapy).regimen
    traits = {**parameters, "male": 1.0 if sex == "male" else 0.0}
    run = simulate(
        MODEL, [age], regimen, output_years=YEARS, parameters=traits, subdivide=8, backend="float"
    ).require_ok()
    expected = np.array([run.observables[name][0] for name in MODEL.observable_names]).T
    assert np.max(np.abs(found / expected - 1.0)) < 2e-7


TEXT = export_sbml("osteon", MANY, age_years=50.0, parameters=MECHANISMS)
SIMULATOR = Simulator(TEXT)


@settings(max_examples=40)
@given(
    age=st.floats(20.0, 100.0),
    state=st.lists(st.floats(0.05, 3.0), min_size=len(MODEL.state_names), max_size=len(MODEL.state_names)),
    levels=st.fixed_dictionaries({name: st.floats(0.0, 20.0) for name in MODEL.channels(MODEL.parameters)}),
)
def test_same_equations_everywhere(age: float, state: list[float], levels: dict[str, float]) -> None:
    p = {**MODEL.parameters, **MECHANISMS}
    forcing = MODEL.forcing(xp, age, levels, p)
    names = [name.replace(".", "_") for name in MODEL.state_names]
    values = {f"{name}_level": level for name, level in levels.items()} | dict(zip(names, state, strict=True))
    days = (age - 50.0) * 365.0
    rates = SIMULATOR.rates(values, days)
    expected = MODEL.derivatives(xp, tuple(state), forcing, p)
    assert [rates[name] for name in names] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("compartments", ["all", "dosed"])
def test_libsbml_has_nothing_to_say_units_included(compartments: str) -> None:
    assert complaints(export_sbml("osteon", MANY, age_years=60.0, compartments=compartments)) == []


def test_it_says_what_it_is() -> None:
    model = read(TEXT).getModel()
    notes = model.getNotesString()
    assert "no cell therapy has been shown to raise bone density" in notes
    assert "isDerivedFrom" in TEXT
    assert "isDescribedBy" not in TEXT
    assert all(one.isSetUnits() for one in model.getListOfParameters())
    assert model.getParameter("menopause_age").getUnits() == "year"


def test_ages_outside_the_model_are_refused() -> None:
    with pytest.raises(ModelError, match="20 to 100"):
        export_sbml("osteon", age_years=15.0)
    with pytest.raises(ModelError, match="20 to 100"):
        export_sbml("osteon", age_years=95.0, years=10.0)


def test_every_therapy_can_be_written() -> None:
    one_product = [name for name in covered() if name not in ("msc_adipose", "msc_cord")]  # all go by the same route
    text = export_sbml("osteon", "+".join(one_product))
    assert complaints(text) == []
    assert len(read(text).getModel().getListOfEvents()) >= 5
