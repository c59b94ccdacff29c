"""`downbench new-region`: the file that it writes, what it prints and refuses."""

import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from downbench.commands.app import app
from downbench.commands.new_region import targets, years
from downbench.core.config.downloads.bounds import Bounds
from downbench.core.config.loading import load
from downbench.core.errors import UserError

ROOT = Path(__file__).parents[3]
BOX = ["--bounds", "47.5", "51.5", "17", "23"]
GCM = ["--gcm", "mpi-esm1-2-hr", "--years", "1985-2010", "--warm", "2015-2023"]


@pytest.fixture(autouse=True)
def in_a_project(monkeypatch, tmp_path):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)


def call(*words: str):
    return CliRunner().invoke(app, ["new-region", *words])


def test_the_file_loads_and_its_cost_and_terms_are_printed():
    result = call("tatra", *BOX, *GCM)
    assert result.exit_code == 0, result.exception
    for words in ("era5 ", "140 requests", "disk ", "account a free account of the Climate Data",
                  "licence e-obs-cds: non-commercial", "licence cmip6-mpi-esm1-2-hr",
                  "snakemake prepare --config region=tatra"):  # fmt: skip
        assert words in result.stdout
    text = Path("config/regions/tatra.yaml").read_text()
    region = yaml.safe_load(text)
    assert region["target"]["fine_shape"] == [40, 56]
    assert region["splits"]["warm"] == ["2015-2023"]
    assert set(region["downloads"]) == {
        "eobs", "era5", "era5-rain", "mpi-esm1-2-hr-historical", "mpi-esm1-2-hr-ssp585"
    }  # fmt: skip
    assert "# Wider than the target" in text


def test_rain_of_the_driver_has_the_days_of_the_target():
    assert call("tatra", *BOX).exit_code == 0
    for name in ("tatra", "alps-eobs"):
        region = load({"region": name}, Path()).region
        rain, other = region.downloads["era5-rain"], region.downloads["era5"]
        assert (rain.variables, rain.time_zone, rain.years) == (("pr",), "utc-06:00", other.years)
        assert "pr" not in other.variables and other.time_zone == "utc+00:00"
        series = region.drivers["reanalysis"].variables
        assert "/era5-rain/" in series["pr"].path[0] and "/era5/" in series["psl"].path[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["iberia", *BOX], "config/regions/iberia.yaml exists: choose another name"),
        (["Ta_tra", *BOX], "'Ta_tra' is no name of a region"),
        (
            ["tatra", "--bounds", "49", "48", "17", "23"],
            "--bounds: SOUTH NORTH WEST EAST: south =",
        ),
        (
            ["tatra", "--bounds", "47.5", "48.5", "17", "23"],
            "10 rows and 60 columns of the target",
        ),
        (["tatra", *BOX, "--warm", "2009-2015"], "--years and --warm overlap: 2009-2010"),
        (["tatra", *BOX, "--years", "2010-2000"], "--years: '2010-2000' runs backwards"),
        (["tatra", *BOX, "--years", "2000-2003"], "--years has 4 years: 5 are needed"),
        (["tatra", *BOX, "--years", "1940-1950"], "E-OBS has the years 1950 to 2024"),
        (["tatra", *BOX, "--target", "eobsx"], "did you mean 'eobs'?"),
        (["2024", *BOX], "'2024' is no name of a region"),
        (["no", *BOX], "nor a word that YAML reads as a value"),
        (["null", *BOX], "'null' is no name of a region"),
        (["tatra", *BOX, "--driver", "era5-hourly"], "but E-OBS others (E-OBS day, mostly 06-06"),
        (["tatra", *BOX, "--target", "prism", "--driver", "era5-hourly"], "use --driver era5,"),
        (["tatra", *BOX, "--driver", "era6"], "--driver: the dataset 'era6' does not exist"),
        (["tatra", *BOX, "--gcm", "mpi"], "--gcm: the climate model 'mpi' does not exist"),
        (["tatra", *BOX, *GCM, "--scenario", "rcp85"], "--scenario: the run 'rcp85' does not"),
        (["tatra", *BOX, "--gcm", "gfdl-esm4", "--years", "2001-2018"], "2015 is after 2014"),
        (
            ["tatra", "--bounds", "37", "42", "-110", "-104", "--target", "cerra"],
            "outside of CERRA",
        ),
    ],
)
def test_what_cannot_be_a_region_is_refused(words, message):
    before = sorted(Path("config/regions").iterdir())
    result = call(*words)
    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)
    assert sorted(Path("config/regions").iterdir()) == before


def test_the_grid_of_a_target_is_whole_coarse_cells_of_the_box():
    box = Bounds(south=36.9, north=42.4, west=-111.6, east=-104.8)
    prism = targets.TARGETS["prism"].grid(box, 8)
    assert prism.shape == (128, 160) and prism.spacing_km == pytest.approx(4.1, abs=0.1)
    alps = Bounds(south=43, north=49, west=5, east=17)
    cerra = targets.TARGETS["cerra"].grid(alps, 8)
    assert cerra.shape == (128, 176) and cerra.placement == "first_cell: {row: 1, column: 2}"


def test_years_are_split_at_random_but_always_the_same():
    first, second = (years.split(["1981-2000", "2005"], ["2015"]) for _ in range(2))
    assert first == second
    assert (len(first.train), len(first.validation), len(first.test)) == (15, 2, 4)
    assert first.every == [*range(1981, 2001), 2005, 2015]
    assert years.written(first.mixed) == "1981-2000, 2005"
