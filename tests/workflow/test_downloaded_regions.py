"""Regions that are made from downloads: planned from download to page without data or account."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import copies
from downbench.commands.app import app
from downbench.core.config.loading import load

GCM = ["mpi-esm1-2-hr-historical", "mpi-esm1-2-hr-ssp585"]


@pytest.mark.parametrize(
    ("region", "targets", "downloads"),
    [
        ("rockies", ["exp1", "exp3"], ["era5", "prism", *GCM]),
        ("alps", ["exp1"], ["era5", "cerra"]),
        ("alps-eobs", ["exp1"], ["era5", "era5-rain", "eobs"]),
    ],
)
def test_the_plan_begins_with_downloads(pristine, region, targets, downloads):
    require_plan(pristine, region, targets, downloads)


def test_a_new_region_is_planned(tmp_path, monkeypatch):
    project = copies.copy_project(tmp_path / "project")
    monkeypatch.chdir(project)
    words = ["tatra", "--bounds", "47.5", "51.5", "17", "23", "--years", "2001-2006"]
    assert CliRunner().invoke(app, ["new-region", *words]).exit_code == 0
    require_plan(project, "tatra", ["exp1"], ["era5", "era5-rain", "eobs"])


def require_plan(project: Path, region: str, targets: list[str], downloads: list[str]) -> None:
    """Require a plan that fetches these downloads and makes the pages from them."""
    listed = load({"region": region}, project).region.downloads
    jobs = copies.planned(project, *targets, "--config", f"region={region}")
    assert jobs["download"] == sum(len(listed[name].parts()) for name in downloads)
    assert jobs["prepare_target"] == 1
    assert jobs["write_report"] == len(targets)
    assert not (project / "downloads").exists()
