"""Small cases of regridding, quantile mapping and scoring, and settings to run them on dask."""

import numpy as np
import pytest
import xarray as xr

import scores_fixtures
from downbench.bias.by_cell import by_cells
from downbench.core.spatial.regrid import regrid
from downbench.scores.evaluation import score

ON_CLUSTER = {
    "scheduler": "slurm", "workers": 1, "worker_cores": 1, "worker_memory_gb": 1, "minutes": 5,
}  # fmt: skip


def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Process a few days, or rows of the grid, at a time."""
    monkeypatch.setattr("downbench.bias.by_cell.BYTES_AT_ONCE", 2**10)
    monkeypatch.setattr("downbench.core.spatial.regrid.BYTES_AT_ONCE", 2**10)
    monkeypatch.setattr("downbench.scores.slabs.SLAB_VALUES", 2**14)


def regridded() -> xr.Dataset:
    rng = np.random.default_rng(1)
    axes = {"lat": np.arange(40.0, 44, 0.5), "lon": np.arange(0.0, 6, 0.5)}
    time = xr.date_range("2001-01-01", periods=40)
    shape = (len(time), *(len(axis) for axis in axes.values()))
    rain = (("time", "lat", "lon"), rng.gamma(0.5, 5, shape).astype(np.float32))
    fine = xr.Dataset({"pr": rain}, {"time": time, **axes})
    coarse = xr.Dataset(coords={"lat": np.arange(41.0, 43), "lon": np.arange(1.0, 5)})
    return regrid(fine, coarse, "conservative", least_covered=0.5)


def sorted_cells() -> xr.Dataset:
    rng = np.random.default_rng(1)
    series = xr.DataArray(rng.normal(size=(50, 6, 4)).astype(np.float32), dims=("time", "Y", "X"))
    (ranks,) = by_cells(
        lambda cells: (np.sort(cells, axis=-1),), [series], [("rank",)], {"rank": 50}
    )
    return ranks.to_dataset(name="sorted")


def scored() -> xr.Dataset:
    ensemble, reference = scores_fixtures.example()
    scores = score(ensemble, reference, scores_fixtures.settings())
    return xr.Dataset.from_dataframe(scores["pr"].table[["value", "lower", "upper"]])
