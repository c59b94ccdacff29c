"""From an empty folder to a page: downloads from a store on loopback, data, models, scores."""

import pytest
import yaml

import copies
from servers.cds import KEY, Cds

pytest.importorskip("cdsapi")

REGION = """
name: box
targets: [pr]
factor: 4
resolution_km: 9.5
year_start_month: 1
trained_on: [reanalysis]
downloads:
  cerra:
    provider: cerra
    dataset: cerra
    variables: [pr]
    years: &years [2001-2003]
    bounds: {south: 45.25, north: 46.5, west: 6.7, east: 8}
    url: &url URL
  era5:
    provider: cds-daily
    dataset: era5-daily-statistics
    variables: [pr]
    years: *years
    bounds: {south: 44, north: 48, west: 5, east: 10}
    url: *url
target:
  source: files
  frequency: day
  accumulation_window: 00-24 UTC
  fine_shape: [16, 16]
  first_cell: {row: 0, column: 0}
  variables:
    pr: {download: cerra}
drivers:
  reanalysis:
    type: reanalysis
    predictors: [pr]
    source: files
    variables:
      pr: {download: era5, method: conservative}
splits: {by: year, train: [2001], validation: [2002], test: [2003], buffer_days: 5}
"""
MODELS = ["climatology", "bilinear"]


def shrink(experiments):
    """Two models, one figure and no claim."""
    small = experiments["exp1"] | {"models": MODELS, "figures": ["crps-skill"]}
    small["reference_model"] = "bilinear"
    for key in ("challenger", "rival", "paired_claims"):
        del small[key]
    experiments.clear()
    experiments["exp1"] = small


@pytest.fixture
def project(tmp_path):
    """A copy of the project with two light models."""
    project = copies.copy_project(tmp_path / "project")
    copies.edit(project / "config/experiments.yaml", shrink)
    copies.edit(project / "config/default.yaml", lambda d: d.update(budget="tiny"))
    return project


def test_from_an_empty_folder_to_a_page(project, monkeypatch):
    monkeypatch.setenv("CDSAPI_KEY", KEY)
    settings = ["--profile", "profiles/local", "--cores", "2", "--config", "region=box"]
    with Cds() as store:
        text = REGION.replace("URL", store.api)
        (project / "config/regions/box.yaml").write_text(text)
        parts = len(yaml.safe_load(text)["downloads"]) * 3
        done = copies.snakemake(project, "prepare", "exp1", *settings)
        submitted = len(store.jobs)
    assert done.returncode == 0, done.stderr[-5000:]
    files = sorted((project / "downloads").rglob("*.*"))
    assert len(files) == parts and {path.suffix for path in files} == {".nc"}
    assert submitted >= parts
    page = (project / "results/box/report/exp1.html").read_text()
    assert "CERRA, the Copernicus European Regional Reanalysis system" in page
    assert "Licence: CC BY 4.0" in page
    data = (project / "results/box/report/data.html").read_text()
    assert "cerra" in data and "era5-daily-statistics" in data and "checks pass" in data
    written = [p for name in ("logs", "results/box/report") for p in (project / name).rglob("*.*")]
    assert not any(KEY in path.read_text(errors="replace") for path in written if path.is_file())
