"""What must hold for every scan: order, edges, round trips, and that nothing is invented."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.densitometry import (
    NHANES_SCALE,
    age_category,
    as_printed,
    assess,
    bmd_from_t_score,
    kept_vertebrae,
    maker_of,
    reference_for,
    t_score,
    who_category,
)
from osteon.evidence import cite, row, value
from osteon.person import Person, Site

RANK = {"osteoporosis": 0, "osteopenia": 1, "normal": 2}
HIP_SITES: tuple[Site, ...] = ("femoral_neck", "total_hip")
DEVICES = ("Hologic Horizon A", "GE Lunar Prodigy", "Lunar iDXA", "Norland XR-800", NHANES_SCALE)

tenths = st.integers(-60, 40).map(lambda number: number / 10)


@given(tenths, tenths)
def test_a_lower_score_is_never_a_better_category(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert RANK[who_category(low)] <= RANK[who_category(high)]


@pytest.mark.parametrize("noise", [0.0, 4e-16, -4e-16, 3e-12, -3e-12])
def test_the_edges_hold_through_floating_point_noise(noise: float) -> None:
    assert who_category(-2.5 + noise) == "osteoporosis"
    assert who_category(-1.0 + noise) == "normal"
    assert age_category(-2.0 + noise) == "below-expected-for-age"
    # 0.558 g/cm² is 2.5 SD below the mean of the femoral neck; plain arithmetic gives -2.4999999999999996.
    edge = t_score("femoral_neck", 0.558, "Hologic")
    assert edge is not None
    assert edge > -2.5
    assert who_category(edge) == "osteoporosis"


@pytest.mark.parametrize(
    ("computed", "printed"),
    [
        (-2.45, -2.5),
        (-2.449, -2.4),
        (-2.46, -2.5),
        (-0.05, -0.1),
        (0.05, 0.1),
        (-0.04, 0.0),
        (-1.0499999999999998, -1.1),
    ],
)
def test_computed_scores_are_rounded_as_a_device_prints_them(computed: float, printed: float) -> None:
    assert as_printed(computed) == printed
    assert str(as_printed(-0.01)) == "0.0"


@given(st.sampled_from(HIP_SITES), st.sampled_from(DEVICES), st.floats(-6, 4))
def test_bone_density_and_t_score_are_inverse(site: Site, device: str, score: float) -> None:
    bmd = bmd_from_t_score(site, score, device)
    assert bmd is not None
    back = t_score(site, bmd, device)
    assert back == pytest.approx(score, abs=1e-9)


@given(st.sampled_from(HIP_SITES), st.sampled_from(DEVICES), st.floats(0.2, 1.6), st.floats(0.001, 0.3))
def test_more_bone_density_is_a_higher_score(site: Site, device: str, bmd: float, more: float) -> None:
    low, high = t_score(site, bmd, device), t_score(site, bmd + more, device)
    assert low is not None
    assert high is not None
    assert low < high


@pytest.mark.parametrize("site", HIP_SITES)
@pytest.mark.parametrize("device", DEVICES)
def test_arrays_give_the_same_as_single_numbers(site: Site, device: str) -> None:
    densities = np.array([0.4, 0.558, 0.7, 1.1])
    scores = t_score(site, densities, device)
    assert scores is not None
    assert scores.tolist() == [t_score(site, float(one), device) for one in densities]
    back = bmd_from_t_score(site, scores, device)
    assert back is not None
    np.testing.assert_allclose(back, densities, rtol=1e-14)


def test_one_person_has_one_score_on_every_makers_scale() -> None:
    """A bone density carried from one maker to the next by the published equations keeps its T-score."""
    for site in HIP_SITES:
        hologic = 0.65
        common = value(f"sbmd.hologic.{site}.intercept") + value(f"sbmd.hologic.{site}.slope") * hologic
        lunar = (common - value(f"sbmd.ge_lunar.{site}.intercept")) / value(f"sbmd.ge_lunar.{site}.slope")
        assert t_score(site, lunar, "Lunar iDXA") == pytest.approx(t_score(site, hologic, "Hologic"), abs=1e-12)


def test_standard_references() -> None:
    neck, hip = reference_for("femoral_neck", "Hologic"), reference_for("total_hip", NHANES_SCALE)
    assert neck is not None
    assert hip is not None
    assert (neck.mean_g_cm2, neck.sd_g_cm2) == (0.858, 0.120)
    assert (hip.mean_g_cm2, hip.sd_g_cm2) == (0.942, 0.122)
    lunar = reference_for("total_hip", "GE Lunar Prodigy")
    assert lunar is not None
    # The axis of a printed GE report: 1.008 at T 0, steps of 0.126.
    assert (round(lunar.mean_g_cm2, 3), round(lunar.sd_g_cm2, 3)) == (1.008, 0.126)
    assert reference_for("lumbar_spine", "Hologic") is None
    assert reference_for("radius_33", "Hologic") is None
    assert all(row(name).status == "read" for one in (neck, hip, lunar) for name in one.evidence)


@pytest.mark.parametrize(
    ("device", "maker"),
    [
        ("Hologic Horizon A", "hologic"),
        ("hologic", "hologic"),
        ("Discovery W S/N 1234", "hologic"),
        ("QDR-4500", "hologic"),
        ("GE Lunar Prodigy", "ge_lunar"),
        ("Lunar iDXA", "ge_lunar"),
        ("GE HEALTHCARE, PRODIGY ADVANCE", "ge_lunar"),
        ("Norland XR-800", "norland"),
        ("Achilles EXPII (GE Lunar)", None),
        ("Hologic Sahara", None),
        ("Osteosys Primus", None),
        ("", None),
        (None, None),
        ("Hologic or Lunar", None),
    ],
)
def test_makers_are_recognised_as_people_write_them(device: str | None, maker: str | None) -> None:
    assert maker_of(device) == maker


measurement = st.fixed_dictionaries(
    {
        "bmd_g_cm2": st.none() | st.integers(300, 1600).map(lambda number: number / 1000),
        "t_score": st.none() | tenths,
        "z_score": st.none() | tenths,
    }
).filter(lambda one: any(score is not None for score in one.values()))
region = st.sampled_from(
    [("femoral_neck", side) for side in ("left", "right", "mean", None)]
    + [("total_hip", side) for side in ("left", "right", "mean", None)]
    + [("lumbar_spine", None), ("radius_33", None)]
)
scans = st.dictionaries(region, measurement, min_size=1, max_size=8).map(
    lambda found: [{"site": site, "side": side, **scores} for (site, side), scores in found.items()]
)
people = st.sampled_from(
    [
        {"sex": "female", "age_years": 68},
        {"sex": "female", "age_years": 34},
        {"sex": "female", "age_years": 48, "menopausal_status": "transition"},
        {"sex": "male", "age_years": 45, "ethnicity": "black"},
        {"sex": "male", "age_years": 83},
    ]
)


def _person(who: dict[str, object], sites: list[dict[str, object]], device: str | None) -> Person:
    return Person.model_validate({**who, "scans": [{"date": "2024-01-15", "device": device, "sites": sites}]})


@given(people, scans, st.sampled_from((*DEVICES, None)), st.randoms())
def test_the_order_of_the_sites_does_not_matter(who, sites, device, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(sites)
    random.shuffle(shuffled)
    first, second = (assess(_person(who, order, device)) for order in (sites, shuffled))
    keys = (
        "diagnosis",
        "rule",
        "reason",
        "deciding_site",
        "deciding_side",
        "lowest_t_score",
        "lowest_z_score",
        "advice",
    )
    assert all(getattr(first, key) == getattr(second, key) for key in keys)
    assert sorted(first.warnings) == sorted(second.warnings)


@given(people, scans, st.sampled_from((*DEVICES, None)))
def test_nothing_is_invented_or_lost(who, sites, device) -> None:  # type: ignore[no-untyped-def]
    result = assess(_person(who, sites, device))
    assert len(result.sites) == len(sites)
    for given_, found in zip(sites, result.sites, strict=True):
        if given_["t_score"] is not None and found.t_score_source == "computed":  # it cannot belong to its density
            assert found.t_score is not None
            assert abs(found.t_score - given_["t_score"]) > 0.9
            assert any("counts here, because the bone density is what was measured" in one for one in result.warnings)
        elif given_["t_score"] is not None:
            assert (found.t_score, found.t_score_source) == (given_["t_score"], "printed")
        if given_["z_score"] is not None:
            assert (found.z_score, found.z_score_source) == (given_["z_score"], "printed")
        assert (found.t_score is None) == (found.t_score_source is None)
        assert (found.z_score is None) == (found.z_score_source is None)
    used = [one for one in result.sites if one.used_for_diagnosis]
    assert (result.diagnosis == "undetermined") == (not used)
    scores = [one.t_score if result.rule == "T-score" else one.z_score for one in used]
    if used:
        assert min(scores) == (result.lowest_t_score if result.rule == "T-score" else result.lowest_z_score)
        assert any(one.site == result.deciding_site and one.side == result.deciding_side for one in used)
    if result.rule == "Z-score":
        assert result.diagnosis not in ("osteopenia", "osteoporosis", "normal")
    assert cite(result.sources)


@given(
    st.dictionaries(st.sampled_from(["L1", "L2", "L3", "L4"]), tenths, max_size=4),
    st.sets(st.sampled_from(["L1", "L2", "L3", "L4"])),
)
def test_kept_vertebrae_never_differ_by_more_than_one(scores, abnormal) -> None:  # type: ignore[no-untyped-def]
    choice = kept_vertebrae(scores, abnormal)
    assert not set(choice.kept) & set(abnormal)
    assert set(choice.kept) | set(choice.left_out) == {"L1", "L2", "L3", "L4"}
    assert choice.usable == (len(choice.kept) >= 2)
    known = [scores[name] for name in choice.kept if name in scores]
    assert all(abs(upper - lower) <= 1.0 + 1e-9 for upper, lower in pairwise(known))
