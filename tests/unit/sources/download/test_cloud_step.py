"""The step `download` on a store in the cloud: a file that the region reads, or none at all."""

import json
from pathlib import Path

import pytest
import xarray as xr

from downbench.core.config.downloads.registry import request_of
from downbench.core.errors import UserError
from downbench.core.provenance import canonical
from downbench.steps import download
from servers.zarr_store import ZarrServer, cmip6_run

PART = "tasmax_2001"


def run(url: str, output: Path) -> xr.Dataset:
    request = {
        "provider": "cmip6",
        "dataset": "cmip6",
        "model": "MPI-ESM1-2-HR",
        "experiment": "historical",
        "variables": ["tasmax"],
        "years": [2001],
        "bounds": {"south": -10, "north": 30, "west": -40, "east": 40},
        "stores": {"tasmax": url},
    }
    of_part = canonical(request_of(json.dumps(request)).of_part(PART))
    download.main(["--request", of_part, "--part", PART, "--output", str(output)])
    with xr.open_dataset(output) as dataset:
        return dataset.load()


def test_the_same_command_goes_on_where_it_was_stopped(tmp_path):
    output, partial = tmp_path / f"{PART}.nc", tmp_path / f"{PART}.nc.partial"
    with ZarrServer() as server:
        url = server.add("/run", cmip6_run("tasmax", 2001, "noleap", noon=False), {"time": 200})
        chunk = server.files.pop("/run/tasmax/1.0.0")
        with pytest.raises(UserError, match="absent from the store"):
            run(url, output)
        assert not output.exists()
        assert any(partial.iterdir())
        server.files["/run/tasmax/1.0.0"] = chunk
        server.requests.clear()
        dataset = run(url, output)
        assert not server.asked("/run/tasmax/0.0.0")
    assert dataset.sizes["time"] == 365
    assert dataset["time"].dt.calendar == "noleap"
    assert not partial.exists()
