"""From an empty folder to pages: all data come from archives on loopback, in one call."""

import csv
from contextlib import ExitStack

import pytest
import yaml

import archive_servers
import copies
from downbench.steps import list_cmip6
from servers.cds import KEY, Cds
from servers.zarr_store import ZarrServer

pytest.importorskip("cdsapi")

REGION = """
name: coast
targets: [pr]
factor: 4
resolution_km: 3.8
year_start_month: 1
trained_on: [reanalysis]
downloads:
  prism:
    provider: prism
    dataset: prism
    variables: &targets [pr]
    years: &years [2001-2005]
    bounds: {south: 49.08, north: 49.8, west: -124.88, east: -124.16}
    url: $prism
    stamp: start
    pause_s: 0
  era5:
    provider: cds-daily
    dataset: era5-daily-statistics
    variables: *targets
    years: *years
    bounds: &wider {south: 48.5, north: 50.5, west: -125.5, east: -123.5}
    url: $cds
    time_zone: utc-12:00
  past: &run
    provider: cmip6
    dataset: cmip6
    model: NorESM2-MM
    experiment: historical
    variables: *targets
    years: *years
    bounds: *wider
    url: $cmip6
  future: {<<: *run, experiment: ssp585, years: [2071-2075]}
  ghcnd:
    provider: ghcnd
    dataset: ghcnd
    variables: *targets
    years: *years
    bounds: *wider
    url: $ghcnd
target:
  source: files
  frequency: day
  accumulation_window: 12-12 UTC, called by the day on which it begins
  fine_shape: [16, 16]
  crop: {south: 49.11, north: 49.77, west: -124.85, east: -124.19}
  variables: {pr: {download: prism}}
drivers:
  reanalysis:
    type: reanalysis
    predictors: *targets
    source: files
    variables:
      pr: {download: era5, method: conservative}
  past:
    type: gcm
    predictors: *targets
    source: files
    variables:
      pr: {download: past, method: conservative}
  future:
    type: gcm
    predictors: *targets
    source: files
    variables:
      pr: {download: future, method: conservative}
  past-corrected: &corrected
    {type: gcm, predictors: *targets, corrected_from: past, correction: qdm}
  future-corrected: {<<: *corrected, corrected_from: future}
splits:
  {by: year, train: [2001-2002], validation: [2003], test: [2004], warm: [2005], buffer_days: 5}
climate:
  runs:
    noresm2-mm:
      historical: past
      future: future
      corrected: {reanalysis: {historical: past-corrected, future: future-corrected}}
corrections: {}
stations:
  file:
    download: ghcnd
    variables:
      pr: {variable: pr, units: mm day-1}
    names: name
    altitude: altitude
    fed_product: all
  farthest_km: 10
  density_length_km: 30
"""
MODELS = ["climatology", "bilinear"]
PARTS = 2 * len(archive_servers.YEARS) + 3
"""A file for each year of the target and of its driver, for each run, and for all stations."""

LICENCES = {
    "Hersbach, H. et al.": "CC BY 4.0",
    "Daly, C. et al.": "non-commercial, with attribution",
    "Eyring, V. et al.": "CC BY 4.0, see the terms of use of CMIP6",
    "Menne, M. J. et al.": "open",
}
CLAIMS = "challenger", "rival", "paired_claims"


def shrink(experiments):
    """Two models and two figures."""
    for name, figures in {"exp1": ["crps-skill"], "exp3": ["climate-bias"]}.items():
        section = {k: v for k, v in experiments[name].items() if k not in CLAIMS}
        small = {"models": MODELS, "reference_model": "bilinear", "figures": figures}
        experiments[name] = section | small
    experiments["exp3"]["transferred"] = ["bilinear"]
    del experiments["exp2"]


def region(addresses: dict[str, str]) -> dict:
    """Return the region with addresses of archives, and a correction as that of `rockies`."""
    text = REGION
    for name, address in addresses.items():
        text = text.replace(f"${name}", address)
    content = yaml.safe_load(text)
    complete = yaml.safe_load((copies.ROOT / "config/regions/rockies.yaml").read_text())
    qdm = complete["corrections"]["qdm"] | {
        "fitted_on": "past",
        "variables": {"pr": "multiplicative"},
        "temperature_limits_k": None,
        "window_step_days": 31,
        "quantiles": 20,
        "cross_fit_blocks": 2,
        "least_days": 30,
    }
    return content | {"corrections": {"qdm": qdm}}


@pytest.fixture
def project(tmp_path):
    """A copy of the project with two light models."""
    project = copies.copy_project(tmp_path / "project")
    copies.edit(project / "config/experiments.yaml", shrink)
    copies.edit(project / "config/default.yaml", lambda d: d.update(budget="tiny"))
    return project


def select_runs(project, catalogue: str, capsys) -> None:
    """Write what `make cmip6-list` proposes from a catalogue as the frozen selection."""
    words = ["--catalogues", catalogue, "--retracted", catalogue.replace("pangeo", "retracted")]
    choice = ["--models", archive_servers.MODEL, "--experiments", "historical", "ssp585"]
    choice += ["--variables", "pr"]
    list_cmip6.main([*words, *choice])
    (project / "config/cmip6.csv").write_text(capsys.readouterr().out)


def test_from_an_empty_folder_to_pages(project, monkeypatch, capsys):
    monkeypatch.setenv("CDSAPI_KEY", KEY)
    settings = ["--profile", "profiles/local", "--cores", "2", "--config", "region=coast"]
    with ExitStack() as stack:
        cds, cmip6, prism, ghcnd = map(
            stack.enter_context,
            (Cds(), ZarrServer(), archive_servers.prism_server(), archive_servers.ghcnd_server()),
        )
        select_runs(project, archive_servers.publish_runs(cmip6), capsys)
        addresses = {"cds": cds.api, "cmip6": f"{cmip6.url}/cmip6", "prism": prism.url}
        content = region(addresses | {"ghcnd": ghcnd.url})
        (project / "config/regions/coast.yaml").write_text(yaml.safe_dump(content))
        done = copies.snakemake(project, "prepare", "exp1", "exp3", *settings)
    assert done.returncode == 0, done.stderr[-5000:]
    require_files(project)
    require_transfers(cds, cmip6, prism)
    require_pages(project / "results/coast/report")
    require_change(project)
    written = [p for name in ("logs", "results/coast/report") for p in (project / name).rglob("*")]
    assert not any(KEY in path.read_text(errors="replace") for path in written if path.is_file())


def require_files(project):
    """Require one complete file for each part, and nothing beside them."""
    files = sorted((project / "downloads").rglob("*.*"))
    assert len(files) == PARTS
    assert {path.suffix for path in files} == {".nc"}


def require_transfers(cds, cmip6, prism):
    """Require one job for each year, one transfer of each grid and of each chunk of each run."""
    assert len(cds.jobs) == len(archive_servers.YEARS)
    assert set(prism.served.values()) == {1}
    chunks = [r.path for r in cmip6.requests if r.path.endswith(".0.0") and "/pr/" in r.path]
    assert len(chunks) == len(set(chunks)) == 8


def require_pages(folder):
    """Require terms of use, days and calendars of all archives, and the claims of experiment 3."""
    for name in ("exp1", "exp3"):
        page = (folder / f"{name}.html").read_text()
        for author, licence in LICENCES.items():
            assert f"{author}" in page and f"Licence: {licence}" in page, (name, author)
        assert "24 hours from 12 UTC of the day" in page
    assert page.count('class="claim"') == 4 and "bilinear, corrected noresm2-mm" in page
    data = (folder / "data.html").read_text()
    for text in ("checks pass", "+0 d: 1.00", "NorESM2-MM ssp585 v20191108", "calendar noleap"):
        assert text in data, text


def require_change(project):
    """Require the change that the runs have: the later one is wetter by a fifth."""
    path = project / "results/coast/reanalysis/driver-chain/exp3.csv"
    with path.open() as table:
        rows = [r for r in csv.DictReader(table) if r["metric"] == "relative_change_mean"]
    assert {row["stage"] for row in rows} == {"raw", "corrected"}
    assert all(abs(float(row["value"]) - 20) < 1 for row in rows)
