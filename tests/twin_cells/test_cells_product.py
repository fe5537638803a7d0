"""A product becomes a regimen, and what is implausible is refused with the plausible range."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.errors import ModelError, UsageError
from osteon.evidence import value
from osteon.evidence.therapies import THERAPIES
from osteon.twin.cell_therapy import CellProduct, HypothesisPrior, Recipient, Signal, Slopes, default_product
from osteon.twin.cell_therapy.product import THERAPIES as CELLS
from osteon.twin.cell_therapy.product import plausible_millions
from osteon.twin.osteon_model import OsteonModel

DOSE = {"million_cells": 100.0}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"cells_per_kg": 1e9, "weight_kg": 60.0}, "a dose of 1 billion cells per kg is not plausible"),
        ({"cells_per_kg": 1e9, "weight_kg": 60.0}, "from 0.2 million to 50 million cells per kg"),
        ({"cells_per_kg": 1e9}, "from 0.2 million to 50 million cells per kg"),
        ({"cells_per_kg": 2.0, "weight_kg": 60.0}, "a dose of 2 cells per kg"),
        ({"cells_per_kg": float("nan"), "weight_kg": 60.0}, "from 0.2 million to 50 million cells per kg"),
        ({"million_cells": -5.0}, "from 2 to 4,000 million cells"),
        ({"million_cells": 0.0}, "from 2 to 4,000 million cells"),
        ({"million_cells": float("nan")}, "from 2 to 4,000 million cells"),
        ({"million_cells": float("inf")}, "from 2 to 4,000 million cells"),
        ({"million_cells": 1e9}, "a dose of 1,000,000,000 million cells"),
        ({**DOSE, "infusions": 2, "interval_days": 0.5}, "from 1 to 3650 days"),
        ({**DOSE, "infusions": 2, "interval_days": -7.0}, "from 1 to 3650 days"),
        ({**DOSE, "infusions": 0}, "from 1 to 120"),
        ({**DOSE, "infusions": 1_000_000}, "a number of infusions of 1 million in all is not plausible"),
        ({**DOSE, "infusions": 1.5}, "whole number"),
        ({**DOSE, "viability": 0.0}, "above 0 up to 1"),
        ({**DOSE, "viability": 1.2}, "above 0 up to 1"),
        ({**DOSE, "relative_potency": 100.0}, "from 0.1 to 10"),
        ({**DOSE, "source": "marow"}, "marrow, adipose, cord"),
        ({**DOSE, "route": "oral"}, "intravenous"),
        ({"cells_per_kg": 2e6}, "needs the person's body weight. Give weight_kg"),
        ({"cells_per_kg": 2e6, "weight_kg": 6000.0}, "from 20 to 300 kg"),
        ({}, "million_cells"),
        ({**DOSE, "cells_per_kg": 2e6, "weight_kg": 60.0}, "one dose, and only one"),
    ],
)
def test_the_implausible_is_refused_with_the_range(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        CellProduct(**wrong)
    assert says in str(caught.value)


def test_the_range_stands_on_what_trials_gave() -> None:
    assert plausible_millions() == (value("cells.dose.smallest") / 10.0, value("cells.dose.largest") * 10.0)
    for given_in_trials in (20.0, 60.0, 120.0, 400.0):
        CellProduct(million_cells=given_in_trials)


@given(
    millions=st.floats(2.0, 4000.0),
    viability=st.floats(0.01, 1.0),
    infusions=st.integers(1, 120),
    interval=st.floats(1.0, 365.0),
    route=st.sampled_from(["intravenous", "lumbar_spine", "total_hip", "femoral_neck"]),
)
def test_every_dose_reaches_a_channel_of_the_model(
    millions: float, viability: float, infusions: int, interval: float, route: Any
) -> None:
    product = CellProduct(
        million_cells=millions, viability=viability, infusions=infusions, interval_days=interval, route=route
    )
    (course,) = product.regimen.courses
    fed = {one.drug for one in OsteonModel().channels(OsteonModel().parameters).values()}
    assert course.drug in fed
    days = course.days(1e9)
    assert len(days) == infusions
    assert days[-1] == pytest.approx(product.course_days)
    assert course.amount == pytest.approx(millions * viability)


def test_a_dose_per_kilogram_is_that_dose_times_the_weight() -> None:
    by_weight = CellProduct(cells_per_kg=2e6, weight_kg=60.0)
    assert by_weight.living_cells == CellProduct(million_cells=120.0).living_cells == 120.0
    assert by_weight.regimen.courses == CellProduct(million_cells=120.0).regimen.courses
    assert by_weight.label == "120 million marrow cells (2 million per kg) into a vein, once"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Signal(half_life_days=0.0),
        lambda: Signal(half_life_days=float("nan")),
        lambda: Signal(path="skin"),
        lambda: HypothesisPrior(activity=1000.0),
        lambda: HypothesisPrior(inflammation=150.0),
        lambda: HypothesisPrior(person_spread=-1.0),
        lambda: Slopes(age=float("nan")),
        lambda: Recipient(60.0, own_pool=0.0),
        lambda: Recipient(60.0, sex="other"),
        lambda: Recipient(60.0, menopause_age_years=5.0),
    ],
)
def test_other_slips_are_refused(wrong: Any) -> None:
    with pytest.raises(UsageError):
        wrong()


@pytest.mark.parametrize("age", [12.0, 101.0, float("nan")])
def test_an_age_beyond_the_model_is_the_models_limit(age: float) -> None:
    with pytest.raises(ModelError, match="20 to 100"):
        Recipient(age)


def test_a_therapys_name_alone_stands_for_one_infusion() -> None:
    cord = default_product("msc_cord")
    assert (cord.source, cord.route, cord.infusions, cord.million_cells) == ("cord", "intravenous", 1, 100.0)
    assert [name for name, one in THERAPIES.items() if one.group == "cell therapy"] == list(CELLS)
    with pytest.raises(UsageError, match="msc_marrow"):
        default_product("zoledronate")
