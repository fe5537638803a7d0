"""Projections: centred on nothing under the evidence prior, as stated under a hypothesis, the same every time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon import evidence
from osteon.care.cells import STATEMENT as COUNSELLING
from osteon.errors import ModelError, UsageError
from osteon.twin.cell_therapy import (
    STATEMENT,
    CellProduct,
    CellTherapyProjection,
    EvidencePrior,
    HypothesisPrior,
    Recipient,
    Signal,
    Slopes,
    largest_plausible,
    project_cell_therapy,
)
from osteon.twin.cell_therapy.priors import draw, standard_normals
from osteon.twin.cell_therapy.result import MECHANISMS

ONCE = CellProduct(million_cells=100.0)

PRODUCTS = {
    "once": ONCE,
    "the most that trials gave": CellProduct(million_cells=400.0, infusions=8, interval_days=3.5),
    "eight months": CellProduct(million_cells=400.0, infusions=8),
    "into the hip": CellProduct(million_cells=400.0, infusions=8, route="total_hip", source="adipose"),
}


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
@pytest.mark.parametrize(("age", "sex"), [(52.0, "female"), (65.0, "female"), (70.0, "male")])
def test_with_the_evidence_prior_the_median_is_zero_and_harm_is_inside(
    product: CellProduct, age: float, sex: Any
) -> None:
    found = project_cell_therapy(age, sex, product, draws=400)
    assert found.prior == "evidence"
    for one in found.sites:
        assert max(abs(change) for change in one.median) < 0.1
        if product.is_local and one.site != product.route:
            assert set(one.lower) == set(one.upper) == {0.0}
            continue
        assert one.lower[8] < -0.2 < 0.2 < one.upper[8]
        assert 0.45 <= one.share_harmed <= 0.55


def test_it_is_flagged_and_says_what_the_counselling_page_says() -> None:
    found = project_cell_therapy(65.0, "female", ONCE, draws=10)
    assert found.hypothetical is True
    assert found.statement == STATEMENT == COUNSELLING
    assert "likely harmful" in found.prior_meaning
    assert CellTherapyProjection.model_validate_json(found.model_dump_json()) == found
    assert all(one.status == "read" for one in map(evidence.row, found.sources))
    with pytest.raises(ValueError, match="hypothetical"):
        CellTherapyProjection.model_validate({**found.model_dump(), "hypothetical": False})


def test_more_cells_widen_the_band_and_never_move_its_centre() -> None:
    widths = []
    for millions in (20.0, 100.0, 400.0, 4000.0):
        hip = project_cell_therapy(65.0, "female", CellProduct(million_cells=millions), draws=200).sites[1]
        assert abs(hip.median[8]) < 0.01
        widths.append(hip.upper[8] - hip.lower[8])
    assert widths == sorted(widths)


def test_the_same_seed_gives_the_same_draws_and_more_draws_add_to_them() -> None:
    first = project_cell_therapy(65.0, "female", ONCE, draws=50, seed=3)
    assert first == project_cell_therapy(65.0, "female", ONCE, draws=50, seed=3)
    assert first != project_cell_therapy(65.0, "female", ONCE, draws=50, seed=4)
    few, many = (draw(EvidencePrior(), Recipient(65.0), count, 3) for count in (20, 60))
    assert few.keys() == many.keys()
    for name, numbers in few.items():
        assert np.array_equal(np.asarray(numbers), np.asarray(many[name])[:20])
    assert not np.array_equal(standard_normals("person", 5, 0), standard_normals("slope age", 5, 0))


def test_draws_of_the_evidence_prior_are_mirrored_and_wide() -> None:
    found = draw(EvidencePrior(), Recipient(65.0), 4000, 0)
    for mechanism in MECHANISMS:
        sizes = np.asarray(found[f"msc_{mechanism}"])
        assert np.array_equal(sizes[0::2], -sizes[1::2])
        assert np.max(np.abs(sizes)) <= 1.0
        # Half-normal with half the largest plausible size as its standard deviation, then the response of the person.
        median = np.median(np.abs(sizes)) / (largest_plausible(mechanism) / 100.0)
        assert median == pytest.approx(0.5 * 0.6745, rel=0.12)
    half_lives = np.log(2.0) / np.asarray(found["cell_secretome_k"])
    assert np.quantile(half_lives, 0.025) < 3.3 < np.quantile(half_lives, 0.975)


@settings(max_examples=10)
@given(size=st.floats(-100.0, 100.0), mechanism=st.sampled_from(["activity", "vascular", "inflammation"]))
def test_a_stated_hypothesis_acts_in_its_direction(size: float, mechanism: str) -> None:
    prior = HypothesisPrior(**{mechanism: size})  # type: ignore[arg-type]
    hip = project_cell_therapy(65.0, "female", ONCE, prior=prior, draws=2, years=1.0).sites[1]
    assert hip.lower == pytest.approx(hip.upper, abs=1e-12)
    # Half a year on, before inflammation has rebounded.
    assert np.sign(hip.median[2]) == np.sign(size) or abs(size) < 0.01


def test_no_hypothesis_no_effect() -> None:
    found = project_cell_therapy(65.0, "male", ONCE, prior=HypothesisPrior(person_spread=0.5), draws=5)
    assert found.prior == "hypothesis"
    assert all(change == 0.0 for one in found.sites for change in (*one.median, *one.lower, *one.upper))


def test_a_hypothesis_has_a_band_when_kinetics_or_people_are_uncertain() -> None:
    sure = project_cell_therapy(65.0, "female", ONCE, prior=HypothesisPrior(activity=50.0), draws=200).sites[1]
    assert sure.upper[8] - sure.lower[8] < 1e-12
    for prior in (
        HypothesisPrior(activity=50.0, kinetics_uncertain=True),
        HypothesisPrior(activity=50.0, person_spread=0.4),
    ):
        unsure = project_cell_therapy(65.0, "female", ONCE, prior=prior, draws=200).sites[1]
        assert unsure.lower[8] < sure.median[8] < unsure.upper[8]
        assert unsure.lower[8] > 0.0


def test_responders_differ_as_stated() -> None:
    def hip(person: Recipient, slopes: Slopes) -> float:
        prior = HypothesisPrior(activity=50.0, slopes=slopes)
        return (
            project_cell_therapy(person.age_years, person.sex, ONCE, prior=prior, draws=2, years=1.0, recipient=person)
            .sites[1]
            .median[-1]
        )

    usual, rich = Recipient(60.0), Recipient(60.0, own_pool=2.0)
    assert hip(rich, Slopes()) == pytest.approx(hip(usual, Slopes()), rel=1e-9)
    # One doubling of the own pool with a slope of ln 2 doubles the size; the effect is close to proportional.
    assert hip(rich, Slopes(pool=0.6931)) / hip(usual, Slopes(pool=0.6931)) == pytest.approx(2.0, rel=0.05)
    inflamed = Recipient(60.0, inflammatory_disease=1.0)
    ratio = hip(inflamed, Slopes(inflammation=0.5)) / hip(inflamed, Slopes())
    assert ratio == pytest.approx(np.exp(0.5), rel=0.05)
    old = Recipient(80.0)
    assert hip(old, Slopes(age=-0.3)) / hip(old, Slopes()) == pytest.approx(np.exp(-0.6), rel=0.05)
    severity = old.covariates()["severity"]
    assert severity > usual.covariates()["severity"]
    assert hip(old, Slopes(severity=0.2)) / hip(old, Slopes()) == pytest.approx(np.exp(0.2 * severity), rel=0.05)


def test_calming_inflammation_does_more_where_there_is_more_of_it() -> None:
    gains = [
        project_cell_therapy(
            60.0,
            "female",
            CellProduct(million_cells=400.0, infusions=8),
            prior=HypothesisPrior(inflammation=100.0),
            draws=2,
            years=1.0,
            recipient=Recipient(60.0, inflammatory_disease=disease),
        )
        .sites[1]
        .median[-1]
        for disease in (0.0, 1.0)
    ]
    assert gains[1] > 1.5 * gains[0] > 0.0


def test_warnings_say_what_is_guessed() -> None:
    prior = HypothesisPrior(activity=10.0, signal=Signal(half_life_days=30.0))
    local = CellProduct(million_cells=100.0, source="cord", route="lumbar_spine")
    found = project_cell_therapy(88.0, "female", local, prior=prior, draws=2)
    text = " ".join(found.warnings)
    assert "cord cells" in text
    assert "lumbar spine only" in text
    assert "Extrapolated" in text
    guess = CellProduct(million_cells=100.0, relative_potency=2.0)
    assert "guess" in project_cell_therapy(60.0, "female", guess, draws=2).warnings[0]


@pytest.mark.parametrize("wrong", [{"draws": 1}, {"draws": 10**7}, {"years": 0.0}, {"years": 99.0}])
def test_impossible_questions_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        project_cell_therapy(60.0, "female", ONCE, **wrong)


def test_the_recipient_must_be_the_same_person() -> None:
    with pytest.raises(UsageError, match="another age or sex"):
        project_cell_therapy(60.0, "female", ONCE, recipient=Recipient(61.0))


def test_beyond_the_model_it_refuses() -> None:
    with pytest.raises(ModelError, match="20 to 100"):
        project_cell_therapy(130.0, "female", ONCE)
    with pytest.raises(ModelError, match="shorter time"):
        project_cell_therapy(98.0, "female", ONCE, years=5.0)
