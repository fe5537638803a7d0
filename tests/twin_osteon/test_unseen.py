"""How far the model was from unseen trials: the kept figures are today's, and the sentences say what they hold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from osteon.evidence.therapies import THERAPIES
from osteon.twin.osteon_model.published import arm_setups
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.osteon_model.track_record import followed_years, track_record, track_records
from osteon.twin.osteon_model.unseen import (
    BAND_FILE,
    HALF_WIDTHS,
    RESULTS_FILE,
    UNSEEN,
    band_csv,
    path_kind,
    results_by_therapy,
    results_csv,
    therapy_of_arm,
    trial_results,
    unseen_band,
    unseen_bands,
)
from osteon.twin.osteon_model.validate import validate_osteon


@pytest.mark.parametrize("file", [RESULTS_FILE, BAND_FILE])
def test_the_kept_figures_are_those_of_todays_parameters(file: str, root: Path) -> None:
    found = validate_osteon()
    text = results_csv(results_by_therapy(found)) if file == RESULTS_FILE else band_csv(unseen_bands(found))
    kept = (root / "src/osteon/evidence/data" / file).read_text("utf-8")
    assert kept == text, "run python -m osteon.twin.osteon_model.unseen"


def test_the_band_holds_nine_in_ten_results_that_were_never_fitted() -> None:
    setups = arm_setups()
    for site in SITES:
        for kind in ("no medicine", "medicine"):
            band = unseen_band(kind, site)
            own = [
                abs(one.predicted - one.observed) / 100.0
                <= HALF_WIDTHS * band.spread(np.array([one.months / 12.0]))[0] + 1e-4
                for one in validate_osteon().figures
                if one.role in UNSEEN
                and one.observable == f"bmd_{site}"
                and path_kind(setups[one.study, one.arm].regimen.drugs) == kind
            ]
            assert len(own) == band.results > 0
            assert np.mean(own) >= 0.9 - 1e-9


def test_the_band_is_nothing_today_and_never_narrows() -> None:
    spread = unseen_band("medicine", "total_hip").spread(np.linspace(0.0, 30.0, 61))
    assert spread[0] == 0.0
    assert np.all(np.diff(spread) > 0.0)


def test_an_arm_counts_for_the_therapy_that_it_tests() -> None:
    setups = arm_setups()
    tested = {key: therapy_of_arm(setup) for key, setup in setups.items()}
    assert tested["DATA_SWITCH", "teriparatide->denosumab"] == "teriparatide"
    assert tested["DATA_SWITCH", "denosumab->teriparatide"] is None
    assert tested["DATA_ext", "combination"] is None
    assert tested["HALT_PC", "denosumab"] is None  # men on androgen deprivation: a mixture
    assert tested["ALN_men_Orwoll2000", "alendronate"] == "alendronate"
    assert tested["ALN_men_Orwoll2000", "placebo"] == "calcium_vitamin_d"
    assert tested["LIFTMOR", "low-intensity home control"] == "none"


def test_no_fitted_result_counts_as_unseen() -> None:
    figures = [one for one in validate_osteon().figures if one.role == "calibrate"]
    fitted = {(one.study, one.arm, one.observable, one.months) for one in figures}
    unseen = {(one.study, one.arm, f"bmd_{one.site}", one.months) for one in trial_results() if one.unseen}
    assert len(unseen) > 80
    assert not fitted & unseen


@pytest.mark.parametrize("therapy", list(THERAPIES))
def test_every_therapy_has_one_line_with_its_own_figures(therapy: str) -> None:
    text = track_record(therapy, "female")
    assert text.startswith(f"{THERAPIES[therapy].label}: ")
    assert text.endswith(".")
    assert "\n" not in text
    results = [one for one in trial_results() if one.therapy == therapy]
    unseen = [one for one in results if one.unseen]
    if THERAPIES[therapy].hypothetical:
        assert "no trial has measured" in text
    elif unseen:
        assert f"on {len(unseen)} trial result" in text
        assert "that it had not seen" in text
        spine = [abs(one.error) for one in unseen if one.site == "lumbar_spine"]
        if spine:
            assert f"{np.mean(spine):.1f}" in text
        if len(unseen) > 1:
            assert f"(largest {max(abs(one.error) for one in unseen):.1f}," in text
    elif results:
        assert "no trial result was kept unseen" in text
    else:
        assert "no trial result of it was at hand" in text


def test_a_man_is_told_how_many_of_the_results_were_in_men() -> None:
    assert re.search(r"; \d+ of them (was|were) in men\.$", track_record("denosumab", "male"))
    assert track_record("raloxifene", "male").endswith("; none of these were in men.")
    assert "in men" not in track_record("denosumab", "female")


def test_a_regimen_has_a_line_for_each_of_its_therapies() -> None:
    assert len(track_records(("teriparatide", "alendronate"), "female")) == 2
    assert track_records(("none",), "female")[0].startswith("No treatment")
    assert len(track_records(("denosumab", "none"), "female")) == 1


def test_how_long_trials_followed_a_therapy() -> None:
    longest = max(one.months for one in trial_results() if one.therapy == "denosumab")
    assert followed_years(("denosumab",)) == longest / 12.0
    assert followed_years(("bazedoxifene",)) == 7.0
    assert followed_years(("stop_smoking",)) == 0.0
    assert followed_years(("none",)) is None
    assert followed_years(("msc_marrow",)) is None
    alone = [followed_years((name,)) for name in ("exercise", "denosumab")]
    assert followed_years(("exercise", "denosumab")) == min(one for one in alone if one is not None)
    assert followed_years(("teriparatide", "alendronate")) == followed_years(("teriparatide",))
