"""A run on a cluster, on the loopback: the same files, and clear words where there is none."""

from __future__ import annotations

import hashlib
import sys

import pytest
from distributed import LocalCluster
from planned_trial import design

from osteon.errors import MissingExtraError, UsageError
from osteon.trial import cluster, enrol
from osteon.trial.execute import run_protocol


@pytest.fixture(scope="module")
def address():
    """A scheduler and a worker in threads of this process, so that they see its small blocks."""
    options = {"processes": False, "protocol": "tcp://", "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(n_workers=1, threads_per_worker=1, **options) as local:
        yield local.scheduler_address


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(enrol, "BLOCK", 16)
    monkeypatch.setattr(enrol, "LOOKED_AT", 160)
    monkeypatch.setattr(enrol, "GROUP", 16)


def test_a_cluster_gives_the_same_files(address, tmp_path):
    folders = {"here": tmp_path / "here", "there": tmp_path / "there"}
    run_protocol(design(), people=60, out=folders["here"])
    run_protocol(design(), people=60, out=folders["there"], cluster=address)
    here, there = (
        {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir()}
        for folder in folders.values()
    )
    assert here == there


@pytest.mark.parametrize("wrong", ["localhost", "http://127.0.0.1:8786", "tcp://127.0.0.1", "8786"])
def test_what_is_no_address_is_refused(wrong, tmp_path):
    with pytest.raises(UsageError, match=r"tcp://127.0.0.1:8786"):
        run_protocol(design(), people=5, out=tmp_path / "run", cluster=wrong)
    assert not (tmp_path / "run").exists()


def test_an_address_where_nobody_answers_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "WAIT", "500ms")
    with pytest.raises(UsageError, match="no scheduler answers"):
        run_protocol(design(), people=5, out=tmp_path / "run", cluster="tcp://127.0.0.1:9")


def test_workers_here_and_a_cluster_do_not_mix(tmp_path):
    with pytest.raises(UsageError, match="Leave --workers away"):
        run_protocol(design(), people=5, out=tmp_path / "run", cluster="tcp://127.0.0.1:8786", workers=2)


def test_a_worker_with_another_version_is_refused():
    with pytest.raises(UsageError, match=r"a worker has numpy 1\.0, and 2\.0 is here"):
        cluster._same_versions({"w": {"numpy": "1.0"}}, {"numpy": "2.0"}, "tcp://x:1")
    with pytest.raises(UsageError, match="no workers"):
        cluster._same_versions({}, {"numpy": "2.0"}, "tcp://x:1")


def test_without_the_library_it_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"osteon\[cluster\]"):
        run_protocol(design(), people=5, out=tmp_path / "run", cluster="tcp://127.0.0.1:8786")
