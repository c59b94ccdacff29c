"""Regions that are made from downloads: planned from download to page without data or account."""

import pytest

import copies


@pytest.mark.parametrize(
    ("region", "targets", "downloads"),
    [("rockies", ["exp1", "exp3"], 5 * 39 + 2 * 39 + 10), ("alps", ["exp1"], 5 * 35 + 2 * 35 + 2)],
)
def test_the_plan_begins_with_downloads(pristine, region, targets, downloads):
    jobs = copies.planned(pristine, *targets, "--config", f"region={region}")
    assert jobs["download"] == downloads
    assert jobs["prepare_target"] == 1
    assert jobs["write_report"] == len(targets)
    assert not (pristine / "downloads").exists()
