"""The step `download` on a store in the cloud: a file that the region reads, checked."""

import json

import xarray as xr

from downbench.core.config.downloads.registry import request_of
from downbench.core.provenance import canonical
from downbench.steps import download
from servers.zarr_store import ZarrServer, cmip6_run

BOUNDS = {"south": -10, "north": 30, "west": -40, "east": 40}


def run(request: dict, part: str, output) -> xr.Dataset:
    of_part = request_of(json.dumps(request)).of_part(part)
    download.main(["--request", canonical(of_part), "--part", part, "--output", str(output)])
    with xr.open_dataset(output) as dataset:
        return dataset.load()


def test_a_climate_run_becomes_a_file(tmp_path):
    with ZarrServer() as server:
        url = server.add("/run", cmip6_run("tasmax", 2001, "noleap", noon=False), {"time": 200})
        request = {
            "provider": "cmip6",
            "dataset": "cmip6",
            "model": "MPI-ESM1-2-HR",
            "experiment": "historical",
            "variables": ["tasmax"],
            "years": [2001],
            "bounds": BOUNDS,
            "stores": {"tasmax": url},
        }
        dataset = run(request, "tasmax_2001", tmp_path / "tasmax.nc")
    assert dataset.sizes["time"] == 365
    assert dataset["time"].dt.calendar == "noleap"
    assert not (tmp_path / "tasmax.nc.partial").exists()
