"""Regions that are made from downloads: planned from download to page without data or account."""

import pytest

import copies
from downbench.core.config.loading import load

GCM = ["mpi-esm1-2-hr-historical", "mpi-esm1-2-hr-ssp585"]


@pytest.mark.parametrize(
    ("region", "targets", "downloads"),
    [
        ("rockies", ["exp1", "exp3"], ["era5", "prism", *GCM]),
        ("alps", ["exp1"], ["era5", "cerra"]),
    ],
)
def test_the_plan_begins_with_downloads(pristine, region, targets, downloads):
    listed = load({"region": region}, copies.ROOT).region.downloads
    jobs = copies.planned(pristine, *targets, "--config", f"region={region}")
    assert jobs["download"] == sum(len(listed[name].parts()) for name in downloads)
    assert jobs["prepare_target"] == 1
    assert jobs["write_report"] == len(targets)
    assert not (pristine / "downloads").exists()
