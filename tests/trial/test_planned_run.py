"""A planned trial as it is run: the same whatever the workers and after a stop; honest about failures and guesses."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import numpy as np
import polars
import pytest
from planned_trial import design

from osteon.errors import MissingExtraError, ModelError, UsageError
from osteon.trial import block as blocks
from osteon.trial import enrol, execute, store
from osteon.trial.compute import compute
from osteon.trial.courses import multipliers, stopping_years
from osteon.trial.design import Arm
from osteon.trial.enrol import enrolled, shares
from osteon.trial.execute import choose_engine, run_protocol
from osteon.trial.follow import follow_arm
from osteon.trial.model_error import model_shifts
from osteon.trial.paths import bmd_paths
from osteon.trial.people import hip_t_scores
from osteon.trial.protocol import ArmPlan
from osteon.trial.worlds import WORLDS, cell_parameters
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen
from osteon.twin.variability import draws

PEOPLE = 60


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of few candidates, so that a small trial has several."""
    monkeypatch.setattr(enrol, "BLOCK", 16)
    monkeypatch.setattr(enrol, "LOOKED_AT", 160)
    monkeypatch.setattr(enrol, "GROUP", 16)


def hashes(folder):
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.is_file()}


@pytest.fixture
def whole(tmp_path):
    out = tmp_path / "whole"
    return run_protocol(design(), people=PEOPLE, out=out), out


def test_the_folder_holds_everybody_in_every_arm(whole):
    summary, out = whole
    assert set(hashes(out)) == {"people.parquet", "outcomes.parquet", "summary.json", "manifest.json"}
    people, outcomes = (polars.read_parquet(out / f"{name}.parquet") for name in ("people", "outcomes"))
    assert people["person"].to_list() == list(range(PEOPLE))
    assert outcomes.height == PEOPLE * 2 * 2
    lowest = people.select(polars.min_horizontal("total_hip_t_score", "femoral_neck_t_score")).to_series()
    assert lowest.is_between(-2.5, -1.0).all()
    assert people["years_since_menopause"].min() >= 3
    assert people["age_years"].is_between(60, 70).all()
    assert sum(arm.randomised for arm in summary.arms) == PEOPLE
    assert set(people["arm"].unique()) == {"placebo", "tablets"}
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["complete"] is True
    assert manifest["plan"]["engine"] == "numpy"
    assert manifest["files"]["outcomes.parquet"] == hashes(out)["outcomes.parquet"]
    assert summary.model_dump(mode="json") == json.loads((out / "summary.json").read_text("utf-8"))


def test_the_summary_is_that_of_the_tables(whole):
    summary, out = whole
    people, outcomes = (polars.read_parquet(out / f"{name}.parquet") for name in ("people", "outcomes"))
    rows = outcomes.filter(polars.col("month") == 24).join(
        people.select("person", start="total_hip_g_cm2", start_true="total_hip_true_g_cm2", own="arm"), on="person"
    )
    rows = rows.with_columns(
        change=100 * (polars.col("total_hip_true_g_cm2") / polars.col("start_true") - 1),
        seen=100 * (polars.col("total_hip_g_cm2") / polars.col("start") - 1),
    )
    who = summary.population
    hip = people["total_hip_t_score"]
    assert (who.total_hip_t_mean, who.total_hip_t_sd) == pytest.approx((hip.mean(), hip.std()), abs=1e-5)
    assert who.age_mean == pytest.approx(people["age_years"].mean(), abs=1e-5)
    (endpoint,) = summary.endpoints
    for arm in endpoint.arms:
        own = rows.filter(polars.col("arm") == arm.arm)["change"]
        assert (arm.mean, arm.sd) == pytest.approx((own.mean(), own.std()), abs=2e-4)
    (contrast,) = endpoint.contrasts
    assert contrast.expected.difference > 2.0
    assert contrast.model.lower < contrast.expected.difference < contrast.model.upper
    trial = rows.filter((polars.col("arm") == polars.col("own")) & polars.col("observed"))
    assert contrast.as_randomised.active_people == trial.filter(polars.col("arm") == "tablets").height
    assert rows.filter(~polars.col("observed"))["seen"].is_null().all()
    assert rows.filter(polars.col("observed"))["seen"].null_count() == 0
    assert 0 < rows.filter(~polars.col("observed")).height < rows.height


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_change_nothing(whole, tmp_path, workers):
    _, out = whole
    # Fresh processes have blocks of the usual size, so the parts are made here and handed out in another order.
    other = tmp_path / "other"
    execute_in_other_order(design(), other, workers)
    assert hashes(other) == hashes(out)


def execute_in_other_order(read, out, stride):
    folder = store.Folder(out)
    folder.open(execute._plan(read, PEOPLE, "numpy"), resume=False)
    every = list(shares(read.protocol, PEOPLE))
    assert len(every) > 2
    for first in reversed(range(stride)):
        for share in every[first::stride]:
            folder.keep(compute(read.protocol, share, "numpy"))
    execute._finish(folder, read.protocol, every)


def test_a_run_that_was_stopped_goes_on_where_it_was(whole, tmp_path, monkeypatch):
    _, out = whole
    other = tmp_path / "other"
    done = []

    def killed(protocol, share, engine):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(share.block)
        return compute(protocol, share, engine)

    monkeypatch.setattr(execute, "compute", killed)
    with pytest.raises(KeyboardInterrupt):
        run_protocol(design(), people=PEOPLE, out=other)
    assert len(list((other / "parts").glob("sums-*.json"))) == 2
    (other / "parts" / "outcomes-000099.parquet.draft").write_bytes(b"half of a part")
    with pytest.raises(UsageError, match="Add --resume"):
        run_protocol(design(), people=PEOPLE, out=other)
    with pytest.raises(UsageError, match="another number of people"):
        run_protocol(design(), people=PEOPLE + 1, out=other, resume=True)
    again = []
    monkeypatch.setattr(execute, "compute", lambda *what: again.append(what[1].block) or compute(*what))
    told = []
    summary = run_protocol(design(), people=PEOPLE, out=other, resume=True, tell=lambda *what: told.append(what))
    assert not set(again) & set(done)
    assert told[-1] == (PEOPLE, PEOPLE)
    assert hashes(other) == hashes(out)
    assert run_protocol(design(), people=PEOPLE, out=other, resume=True) == summary


def test_real_processes_give_what_one_gives(tmp_path, monkeypatch):
    monkeypatch.undo()  # processes that start afresh have blocks of the usual size
    one, two = tmp_path / "one", tmp_path / "two"
    run_protocol(design(), people=40, out=one)
    run_protocol(design(), people=40, out=two, workers=2)
    assert hashes(one) == hashes(two)


def test_fewer_people_are_the_first_of_more(whole, tmp_path):
    _, out = whole
    few = tmp_path / "few"
    run_protocol(design(), people=25, out=few)
    for name in ("people", "outcomes"):
        first = polars.read_parquet(out / f"{name}.parquet").filter(polars.col("person") < 25)
        assert (
            polars.read_parquet(few / f"{name}.parquet")
            .sort("arm", "person", maintain_order=True)
            .equals(first.sort("arm", "person", maintain_order=True))
        )


def test_jax_agrees_with_numpy():
    read = design(cells=True).protocol
    who = enrolled(read, 30)
    for arm in read.arms:
        one, other = (follow_arm(read, arm, who, engine=engine) for engine in ("numpy", "jax"))
        for name in one.true:
            assert np.abs(other.true[name] / one.true[name] - 1.0).max() < 1e-11
    assert choose_engine("auto", 100) == "numpy"
    assert choose_engine("auto", 10**6) == "jax"


def test_without_jax_numpy_runs_and_jax_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(execute, "find_spec", lambda _: None)
    assert choose_engine("auto", 10**6) == "numpy"
    with pytest.raises(MissingExtraError, match=r"osteon\[jax\]"):
        choose_engine("jax", 10)


def test_without_a_parquet_library_it_says_how_to_get_it(monkeypatch, tmp_path):
    def missing():
        raise MissingExtraError("Writing Parquet", "parquet")

    monkeypatch.setattr(execute, "parquet_library", missing)
    with pytest.raises(MissingExtraError, match=r"osteon\[parquet\]"):
        run_protocol(design(), people=5, out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_people_for_whom_the_model_has_no_answer_are_named_and_counted(monkeypatch, tmp_path):
    def fails_for_some(protocol, arm, who, **options):
        found = follow_arm(protocol, arm, who, **options)
        bad = who.people.numbers % 7 == 0
        true = {name: np.where(bad[:, None], np.nan, one) for name, one in found.true.items()}
        return replace(found, true=true, failed=bad if arm.name == "tablets" else found.failed)

    monkeypatch.setattr(blocks, "follow_arm", fails_for_some)
    summary = run_protocol(
        design(("lost_per_year = 0.1", ""), ("[analysis]", '[[endpoints]]\nmeasure = "fracture"\nfracture = "major"')),
        people=PEOPLE,
        out=tmp_path / "run",
    )
    people = polars.read_parquet(tmp_path / "run/people.parquet")
    bad = people.filter(polars.col("number") % 7 == 0)["person"].to_list()
    assert bad
    assert list(summary.population.failed_people) == bad == people.filter("failed")["person"].to_list()
    outcomes = polars.read_parquet(tmp_path / "run/outcomes.parquet")
    assert outcomes.filter(polars.col("person").is_in(bad))["total_hip_true_g_cm2"].is_null().all()
    assert summary.endpoints[0].arms[0].people == PEOPLE - len(bad)


def test_nobody_with_an_answer_is_an_error(monkeypatch, tmp_path):
    def fails(protocol, arm, who, **options):
        return replace(follow_arm(protocol, arm, who, **options), failed=np.ones(who.count, dtype=bool))

    monkeypatch.setattr(blocks, "follow_arm", fails)
    with pytest.raises(ModelError, match="for anybody"):
        run_protocol(design(), people=5, out=tmp_path / "run")


def test_a_population_that_hardly_exists_is_refused():
    read = design(("lowest = -2.5, highest = -1.0", "lowest = -6.0, highest = -5.9"))
    with pytest.raises(ModelError, match="only 0 fit"):
        list(shares(read.protocol, 10))


def test_blocks_with_few_people_are_worked_on_together(monkeypatch):
    read = design().protocol
    apart = enrolled(read, 60)
    monkeypatch.setattr(enrol, "GROUP", 40)
    pieces = list(shares(read, 60))
    assert [one.blocks for one in pieces] != [1] * len(pieces)
    assert [one.first for one in pieces] == np.cumsum([0, *(one.take for one in pieces[:-1])]).tolist()
    assert np.array_equal(enrolled(read, 60).people.numbers, apart.people.numbers)


@pytest.mark.parametrize("sex", ["female", "male"])
def test_both_sexes_can_be_in_a_trial(tmp_path, sex):
    changes = [('sex = "female"', f'sex = "{sex}"')]
    changes += [("years_since_menopause = { lowest = 3 }", "")] if sex == "male" else []
    fracture = ("[analysis]", '[[endpoints]]\nmeasure = "fracture"\nfracture = "major"\n[analysis]')
    found = run_protocol(design(*changes, fracture), people=30, out=tmp_path / "run")
    assert found.endpoints[0].contrasts[0].expected.difference > 1.0
    assert found.endpoints[1].contrasts[0].expected_ratio < 1.0


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(UsageError, match="other files"):
        run_protocol(design(), people=5, out=tmp_path)


def test_screening_is_by_the_measured_score_and_exclusions_hold():
    rule = '[[population.exclude]]\nsite = "total_hip"\nt_score_below = -1.2\n\n[[arms]]'
    read = design(("[[arms]]", rule)).protocol
    who = enrolled(read, 40)
    assert hip_t_scores("total_hip", who.measured["total_hip"]).min() >= -1.2
    assert not np.array_equal(who.measured["total_hip"], who.people.bmd["total_hip"])


def test_who_stops_is_given_nothing_later_and_the_first_dose_is_never_missed():
    read = design().protocol
    who = enrolled(read, 50).people
    arm = ArmPlan(name="both", therapy="none", dropout_per_year=0.4, adherence=0.5)
    regimen = Regimen(
        "both",
        (
            Bolus("zoledronate", 5.0, 0.0, 365.0, None),
            Infusion("exercise", 1.0, 0.0, 91.25),
            Infusion("exercise", 1.0, 91.25),
        ),
    )
    stop = stopping_years(read.study, "stops treatment", who.numbers, arm.dropout_per_year)
    assert np.mean(stop < 1.0) == pytest.approx(0.4, abs=0.2)
    found = multipliers(read, arm, regimen, who, stop)
    assert np.array_equal(found["zoledronate"][0], who.drug_response)
    assert (found["zoledronate"][1][stop <= 1.0] == 0).all()
    assert 0 < np.mean(found["zoledronate"][1][stop > 1.0] > 0) < 1
    assert set(np.unique(found["exercise"])) == {0.0, 0.5}


def test_an_arm_is_followed_as_in_the_re_runs_of_published_trials():
    read = design(('"alendronate"', '"zoledronate@5mg/12m"'), ("dropout_per_year = 0.2\nadherence = 0.8", "")).protocol
    who = enrolled(read, 20)
    found = follow_arm(read, read.arms[1], who)
    published = bmd_paths(who.people, Arm("zoledronate", "zoledronate 5 x2/12m"), found.t_years)
    for site, path in published.items():
        assert np.allclose(found.true[site], path, rtol=1e-7)  # visits read half a minute before the hour


def test_the_evidence_prior_is_centred_on_nothing_and_shared_by_a_world():
    read = design(cells=True).protocol
    who = enrolled(read, 40)
    arm = read.arms[2]
    found = {}
    for world in (0, 1):
        found[world] = cell_parameters(read, arm, who, np.full(40, world))["msc_activity"]
        assert (np.sign(found[world]) == (1 if world == 0 else -1)).all()
    assert np.allclose(found[0], -found[1])
    summed = sum(cell_parameters(read, arm, who, np.full(40, world))["msc_activity"] for world in range(WORLDS))
    assert np.abs(summed).max() < 1e-9


def test_cells_are_called_hypothetical_wherever_they_stand(tmp_path):
    summary = run_protocol(design(cells=True), people=40, out=tmp_path / "run")
    assert summary.hypothetical
    assert "no cell therapy has been shown" in summary.statement
    cells = summary.arms[2]
    assert (cells.hypothetical, cells.prior) == (True, "evidence")
    contrast = summary.endpoints[0].contrasts[1]
    assert contrast.hypothetical
    assert contrast.as_randomised is None
    assert contrast.prior.lower < 0 < contrast.prior.upper
    assert [arm.hypothetical for arm in summary.arms] == [False, False, True]


def test_a_complete_run_with_a_summary_of_another_version_is_refused(tmp_path):
    run_protocol(design(), people=5, out=tmp_path / "run")
    summary = tmp_path / "run/summary.json"
    summary.write_text(summary.read_text("utf-8").replace('"estimand"', '"estimated"'), "utf-8")
    with pytest.raises(UsageError, match="another version"):
        run_protocol(design(), people=5, out=tmp_path / "run", resume=True)


def test_a_control_with_cells_makes_the_difference_hypothetical_and_as_wide_as_the_prior(tmp_path):
    read = design(("[analysis]", '[analysis]\ncontrol = "cells"'), cells=True)
    summary = run_protocol(read, people=100, out=tmp_path / "run")
    for contrast in summary.endpoints[0].contrasts:
        assert contrast.hypothetical
        assert contrast.as_randomised is None
        assert contrast.prior.lower < contrast.expected.difference < contrast.prior.upper


def test_the_summary_names_its_sources_and_the_thresholds_of_the_surrogate(tmp_path, capsys):
    from rich.console import Console

    from osteon.evidence import cite, value
    from osteon.report.trial_text import trial_text

    more = (
        '[[endpoints]]\nmeasure = "ctx"\nmonth = 12\n[measurement]\ntotal_hip_percent = 1\nctx_percent = 9\n[analysis]'
    )
    summary = run_protocol(design(("[analysis]", more), cells=True), people=20, out=tmp_path / "run")
    hip, ctx = summary.endpoints
    least = {one.fractures: one.points for one in hip.thresholds}
    assert least["vertebral"] == value("fracture.surrogate_threshold.vertebral") == min(least.values())
    assert ctx.thresholds == ()
    keys = {one.key for one in cite(summary.sources)}
    assert {"osteon_calibration", "eastell2022_surrogate", "guanabens2016"} <= keys
    assert "variability.precision.total_hip" not in summary.sources
    assert "variability.precision.femoral_neck" in summary.sources
    assert "cells.formation.largest" in summary.sources
    trial_text(Console(width=400), summary)
    shown = capsys.readouterr().out
    assert "fewer fractures in trials of medicines: +1.42 (spine)" in shown
    assert "Sources: " in shown


def test_one_person_has_no_spread(tmp_path):
    summary = run_protocol(design(), people=1, out=tmp_path / "run")
    assert (summary.population.age_sd, summary.population.total_hip_t_sd) == (None, None)
    (contrast,) = summary.endpoints[0].contrasts
    assert (contrast.expected.simulation_error, contrast.expected.between_people_sd) == (None, None)
    assert [one.sd for one in summary.endpoints[0].arms] == [None, None]


def test_the_interval_of_one_trial_is_named_and_belongs_to_the_shared_level(tmp_path, capsys):
    from rich.console import Console

    from osteon.report.trial_text import trial_text

    more = '[[endpoints]]\nmeasure = "fracture"\nfracture = "major"\n[analysis]\nadjust = "bonferroni"'
    third = '[[arms]]\nname = "infusion"\ntherapy = "zoledronate"\n[[endpoints]]'
    read = design(("[[endpoints]]", third), ("[analysis]", more), ("years = 2", "years = 5"))
    summary = run_protocol(read, people=600, out=tmp_path / "run")
    ratios = [one.as_randomised for one in summary.endpoints[1].contrasts]
    assert {one.level for one in ratios if one is not None} == {0.025}
    trial_text(Console(width=200), summary)
    assert capsys.readouterr().out.count("(97.5 % interval)") == 2


def test_the_background_lowers_fractures_too(tmp_path):
    fracture = ('measure = "surrogate"', 'measure = "fracture"\nfracture = "spine"')
    alone, behind = (
        run_protocol(
            design(fracture, ("years = 2", f'years = 2\nbackground = "{given}"')), people=100, out=tmp_path / given
        ).endpoints[0]
        for given in ("none", "zoledronate")
    )
    assert behind.arms[0].percent < 0.8 * alone.arms[0].percent


def test_the_hypothetical_estimand_leaves_out_who_stopped(tmp_path):
    policy, without = (
        run_protocol(
            design(("[analysis]", f'[analysis]\nestimand = "{estimand}"')), people=PEOPLE, out=tmp_path / estimand
        ).endpoints[0]
        for estimand in ("treatment-policy", "hypothetical")
    )
    assert without.arms[1].people < policy.arms[1].people == PEOPLE
    assert without.contrasts[0].expected.difference > policy.contrasts[0].expected.difference


def test_turnover_markers_and_fractures_can_be_endpoints(tmp_path):
    more = (
        '[[endpoints]]\nmeasure = "ctx"\nmonth = 12\n[[endpoints]]\nmeasure = "fracture"\nfracture = "spine"\n'
        "[measurement]\nctx_percent = 10\n[analysis]"
    )
    read = design(("[analysis]", more))
    summary = run_protocol(read, people=80, out=tmp_path / "run")
    _, ctx, fracture = summary.endpoints
    assert ctx.contrasts[0].expected.difference < -30
    assert fracture.contrasts[0].expected_ratio < 0.9
    rows = polars.read_parquet(tmp_path / "run/fractures.parquet")
    assert rows.height == 160
    assert rows.filter("randomised").height == 80
    assert (rows["followed_years"] <= 2).all()


def test_a_marker_is_read_before_the_dose_that_is_due(tmp_path):
    """The first infusion comes after the baseline, and the second after the visit of its day."""
    more = '[[endpoints]]\nmeasure = "ctx"\nmonth = 12\n[measurement]\nctx_percent = 10\n[analysis]'
    changes = (("[analysis]", more), ('"alendronate"', '"zoledronate"'), ("[12, 24]", "[11, 12, 13, 24]"))
    read = design(*changes, ("dropout_per_year = 0.2", ""), ("adherence = 0.8", "")).protocol
    who = enrolled(read, 30)
    nothing, infusion = (follow_arm(read, arm, who).true["ctx"] for arm in read.arms)
    assert np.array_equal(nothing[:, 0], infusion[:, 0])
    change = 100 * (infusion / infusion[:, :1] - 1).mean(axis=0)
    assert (change[1:] < -50).all()
    assert abs(change[2] - change[1]) < 2
    assert change[3] < change[2] - 2
    shifts = model_shifts(read)[1, 1]
    assert np.abs(shifts).max() < 30


def test_draws_of_few_among_gaps_are_the_same_numbers():
    from osteon.trial.draws import normals, uniforms

    who = np.array([5, 9, 10_000])
    assert np.array_equal(uniforms("x", "y", who, 3), draws.uniforms("x", "y", who, 3))
    near = np.array([5, 9, 12])
    assert np.array_equal(normals("x", "y", near, 2), draws.normals("x", "y", near, 2))
    assert uniforms("x", "y", np.array([], dtype=np.int64), 1).shape == (1, 0)
