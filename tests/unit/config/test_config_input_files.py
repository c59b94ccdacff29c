"""Which files make a region's series."""

from pathlib import Path

import pytest
import yaml

from downbench.core.config.region.input_files import (
    driver_files,
    rcm_files,
    station_files,
    target_files,
)
from downbench.core.config.region.region import Region

REGIONS = Path(__file__).parents[3] / "config/regions"


@pytest.fixture(params=["iberia", "alps-radar", "synthetic"])
def region(request):
    entry = yaml.safe_load((REGIONS / f"{request.param}.yaml").read_text())
    return Region.model_validate({**entry, "data_dir": "data"})


TARGET = {
    "iberia": ["data/iberia/eobs_025deg_djf.nc", "data/iberia/orography_025deg.nc"],
    "alps-radar": [f"data/radar/{f}_1km.nc" for f in ("mch_alps", "fmi_finland", "mrms_conus")],
    "synthetic": [],
}
REANALYSIS = [
    "data/iberia/ncep_surface_gaussian_djf.nc",
    "data/iberia/ncep_predictors_djf.nc",
]
CMIP5 = "data/iberia/cmip5_cnrm-cm5"


def test_the_target_is_read_from_its_own_files_each_once(region):
    assert target_files(region) == TARGET[region.name]


def test_a_driver_is_read_from_its_own_files_each_once(region):
    raw = [name for name in region.drivers if name not in region.corrected_drivers]
    read = {name: driver_files(region, name) for name in raw}
    assert read.pop("perfect") == []
    if region.name == "iberia":
        assert read.pop("reanalysis") == REANALYSIS
        runs = {f"cnrm-cm5-{run}": [f"{CMIP5}_{run}.nc"] for run in ("historical", "rcp85")}
        assert read == runs
    assert region.name == "iberia" or not any(read.values())


def test_every_file_with_an_origin_is_read_by_something(region):
    used = {*target_files(region), *(f for d in region.drivers for f in driver_files(region, d))}
    used |= {*station_files(region)}
    periods = ("historical", "future")
    used |= {f for name in region.rcms for p in periods for f in rcm_files(region, name, p)}
    assert used == {f"data/{path}" for path in region.origins}


def test_a_pattern_stands_for_all_its_files(tmp_path):
    for year in (2001, 2000):
        (tmp_path / f"tp_{year}.nc").touch()
    entry = yaml.safe_load((REGIONS / "iberia.yaml").read_text())
    variables = entry["drivers"]["reanalysis"]["variables"]
    variables["pr"]["path"] = "tp_*.nc"
    variables["tas"]["path"] = ["t_a.nc", "t_b.nc"]
    given = Region.model_validate({**entry, "data_dir": str(tmp_path)})
    names = ["tp_2000.nc", "tp_2001.nc", "t_a.nc", "t_b.nc", "iberia/ncep_predictors_djf.nc"]
    assert driver_files(given, "reanalysis") == [str(tmp_path / name) for name in names]
