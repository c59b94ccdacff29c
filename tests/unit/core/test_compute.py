"""Array work in parts: in order, few at a time, and the same in threads as on a cluster."""

import json
import sys
import threading

import distributed
import pytest
import xarray as xr

import array_work
from downbench.core import compute
from downbench.core.errors import UserError
from downbench.core.execution import VARIABLE


@pytest.fixture
def cluster(monkeypatch):
    """A worker of three cores on the loopback address, in the place of SLURM's."""
    monkeypatch.setenv(VARIABLE, json.dumps(array_work.ON_CLUSTER))
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=3, processes=False, dashboard_address=None
        ) as local,
        distributed.Client(local) as client,
    ):
        yield client


def late_when_even(part: int) -> int:
    threading.Event().wait(0.02 * (part % 2 == 0))
    return part**2


@pytest.mark.parametrize("threads", ["1", "3"])
def test_results_come_in_the_order_of_the_parts(monkeypatch, threads):
    monkeypatch.setenv("OMP_NUM_THREADS", threads)
    assert list(compute.each(late_when_even, range(7))) == [i**2 for i in range(7)]
    assert list(compute.each(late_when_even, [])) == []


def test_on_a_cluster_too(cluster):
    assert list(compute.each(late_when_even, range(7))) == [i**2 for i in range(7)]


def asked_for(parts: range, asked: list[int]):
    for part in parts:
        asked.append(part)
        yield part


def test_no_more_parts_are_made_than_there_are_threads(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    asked: list[int] = []
    next(compute.each(late_when_even, asked_for(range(100), asked)))
    assert asked == [0, 1, 2]


def test_nor_many_more_than_there_are_cores(cluster):
    asked: list[int] = []
    next(compute.each(late_when_even, asked_for(range(100), asked)))
    assert len(asked) == 3 * compute.PARTS_PER_CORE


def test_an_error_in_a_part_is_an_error_of_the_whole(cluster):
    with pytest.raises(ZeroDivisionError):
        list(compute.each(lambda part: 1 / part, [1, 0]))


def test_a_cluster_without_its_packages_is_reported(monkeypatch):
    monkeypatch.setenv(VARIABLE, json.dumps(array_work.ON_CLUSTER))
    monkeypatch.setitem(sys.modules, "dask_jobqueue", None)
    with pytest.raises(UserError, match="needs dask_jobqueue.*pip install"):
        list(compute.each(late_when_even, [1]))


WORK = [array_work.regridded, array_work.sorted_cells, array_work.scored]


@pytest.mark.parametrize("work", WORK)
def test_the_same_numbers_on_a_cluster(monkeypatch, cluster, work):
    array_work.in_small_parts(monkeypatch)
    there = work()
    monkeypatch.delenv(VARIABLE)
    xr.testing.assert_identical(work(), there)


@pytest.mark.parametrize("work", WORK)
def test_the_same_numbers_in_parts_as_in_one_piece(monkeypatch, work):
    whole = work()
    array_work.in_small_parts(monkeypatch)
    xr.testing.assert_allclose(work(), whole, rtol=1e-5, atol=1e-6)
