"""Array work on a dask cluster whose worker is a job of SLURM: the numbers of one process."""

import json
import os

import distributed
import pytest
import xarray as xr

import array_work
import copies
import one_node_slurm
from downbench.core import compute
from downbench.core.execution import VARIABLE
from downbench.core.io import stores

QUICK = ["--slurm-init-seconds-before-status-checks", "3"]

pytestmark = pytest.mark.skipif(
    one_node_slurm.why_not() is not None, reason=str(one_node_slurm.why_not())
)


@pytest.fixture
def on_slurm(monkeypatch, tmp_path):
    """As `dask: {scheduler: slurm}` has it; the cluster goes away with its client."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, json.dumps(array_work.ON_CLUSTER))
    with one_node_slurm.undisturbed():
        yield
    client = distributed.get_client()
    cluster = client.cluster
    client.close()
    cluster.close()


def test_by_one_key_of_the_configuration(tmp_path):
    """The literal command: series and scores as without a cluster."""
    made = ["drivers/perfect.zarr", "perfect/scores/climatology/perfect/test.csv"]
    targets = [f"results/tiny/{name}" for name in made]
    key = "dask={" + ", ".join(f"{k}: {v}" for k, v in array_work.ON_CLUSTER.items()) + "}"
    calls = {
        "cluster": ["--profile", "slurm", *QUICK, "--config", key],
        "threads": ["--profile", "profiles/local"],
    }
    for name, call in calls.items():
        project = copies.copy_project(tmp_path / name)
        copies.shrink(project)
        with one_node_slurm.undisturbed():
            done = one_node_slurm.snakemake(project, *targets, *call)
        assert done.returncode == 0, done.stderr[-3000:]
    assert list((tmp_path / "cluster/logs/dask").iterdir())
    assert not (tmp_path / "threads/logs/dask").exists()
    there, here = (tmp_path / name / "results/tiny" for name in calls)
    xr.testing.assert_identical(
        *(stores.read(place / made[0], "driver") for place in (there, here))
    )
    assert (there / made[1]).read_bytes() == (here / made[1]).read_bytes()


def test_the_worker_is_a_job_and_finds_the_same(on_slurm, monkeypatch):
    jobs = list(compute.each(lambda part: (part, os.environ.get("SLURM_JOB_ID")), range(5)))
    assert [part for part, _ in jobs] == list(range(5))
    assert len({job for _, job in jobs}) == 1 and jobs[0][1] is not None

    array_work.in_small_parts(monkeypatch)
    there = [array_work.regridded(), array_work.sorted_cells()]
    monkeypatch.setenv(VARIABLE, json.dumps(array_work.ON_CLUSTER | {"scheduler": "threads"}))
    for work, found in zip((array_work.regridded, array_work.sorted_cells), there, strict=True):
        xr.testing.assert_identical(work(), found)
