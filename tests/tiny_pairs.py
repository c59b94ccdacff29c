"""A small region of known structure for the tests of the baselines."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import xarray as xr

from downbench.core.config.model.families.bcsd import BcsdOptions
from downbench.core.config.model.families.bcsd_analog import BcsdAnalogOptions
from downbench.core.config.model.families.climatology import ClimatologyOptions
from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.labs.base import Pairs, Trained

FACTOR, ROWS, COLUMNS = 4, 8, 12
BCSD = {
    "window_days": 31,
    "quantiles": 50,
    "trace_mm_day": 0.05,
    "climatology_floor_mm_day": 0.1,
    "ratio_cap": 5.0,
}
ANALOG = {**BCSD, "analogs": "nearest", "pool": 20, "scaling_cap": 5.0, "library_days": None}
OPTIONS = {
    "climatology": ClimatologyOptions(window_days=31, library_days=None),
    "bilinear": SimpleNamespace(),
    "bcsd": BcsdOptions(**BCSD),
    "bcsd_analog": BcsdAnalogOptions(**ANALOG),
}


def model(family: str, **options) -> SimpleNamespace:
    """A model section with the test's options."""
    chosen = OPTIONS[family]
    if options:
        chosen = chosen.model_copy(update=options)
    return SimpleNamespace(name=family.replace("_", "-"), family=family, options=chosen)


def splits(by: str = "year") -> SimpleNamespace:
    """Three training years and one for each of validation and test."""
    if by == "event":
        train, validation, test = ("a", "b"), ("c",), ("d",)
    else:
        train, validation, test = (2001, 2002, 2003), (2004,), (2005,)
    return SimpleNamespace(
        by=by, train=train, validation=validation, test=test, warm=(), buffer_days=0
    )


def target(time: xr.DataArray | None = None, seed: int = 0) -> xr.Dataset:
    """Seasonal temperature with a slope and gamma rain, one missing corner block of sea."""
    if time is None:
        time = xr.date_range("2001-01-01", "2005-12-31", freq="D", use_cftime=False)
    rng = np.random.default_rng(seed)
    n = len(time)
    days = xr.DataArray(time, dims="time").dt.dayofyear.values
    season = 10 * np.sin(2 * np.pi * (days - 100) / 365.25)
    slope = np.linspace(-5, 5, COLUMNS)[None, None, :]
    weather = rng.normal(size=(n, 1, 1)) * 3
    tas = 285 + season[:, None, None] + slope + weather + rng.normal(size=(n, ROWS, COLUMNS))
    wet = rng.uniform(size=(n, ROWS, COLUMNS)) < 0.4
    pr = np.where(wet, rng.gamma(0.8, 8.0, size=(n, ROWS, COLUMNS)), 0.0)
    pr *= rng.gamma(1.0, 1.0, size=(n, 1, 1))
    for field in (pr, tas):
        field[:, :FACTOR, :FACTOR] = np.nan
        field[:, FACTOR, 0] = np.nan
    dims = ("time", "y", "x")
    lat, lon = np.meshgrid(40 + np.arange(ROWS) / 4, np.arange(COLUMNS) / 4, indexing="ij")
    grid = ("y", "x")
    return xr.Dataset(
        {
            "pr": (dims, pr.astype(np.float32), {"units": "mm day-1"}),
            "tas": (dims, tas.astype(np.float32), {"units": "K"}),
            "orog": (grid, np.zeros((ROWS, COLUMNS), np.float32), {"units": "m"}),
            "land": (grid, np.ones((ROWS, COLUMNS), np.float32), {"units": "1"}),
            "cell_area": (grid, np.cos(np.deg2rad(lat)) * 1e8, {"units": "m2"}),
        },
        coords={"time": time, "lat": (grid, lat), "lon": (grid, lon)},
        attrs={"region": "tiny", "frequency": "day"},
    )


def driver(fine: xr.Dataset, driver_type: str = "perfect") -> xr.Dataset:
    """Block means of the target; as a reanalysis 2 K too cold and with half the rain."""
    area = fine["cell_area"].values
    factor = FACTOR
    pr = block_mean(fine["pr"].values, factor, area)
    tas = block_mean(fine["tas"].values, factor, area)
    if driver_type == "reanalysis":
        pr, tas = 0.5 * pr, tas - 2
    dims = ("time", "Y", "X")
    return xr.Dataset(
        {
            "pr": (dims, pr, {"units": "mm day-1"}),
            "tas": (dims, tas, {"units": "K"}),
        },
        coords={
            "time": fine["time"],
            "lat": (dims[1:], block_mean(fine["lat"].values, factor)),
            "lon": (dims[1:], block_mean(fine["lon"].values, factor)),
        },
        attrs={"driver_type": driver_type},
    )


def pairs(driver_type: str = "perfect", by: str = "year") -> Pairs:
    """Target and driver of the tiny region."""
    fine = target()
    if by == "event":
        names = np.array(["a", "b", "c", "d"])[np.arange(fine.sizes["time"]) % 4]
        fine = fine.assign_coords(event=("time", names))
    coarse = driver(fine, driver_type)
    region = SimpleNamespace(
        name="tiny", factor=FACTOR, year_start_month=1, targets=("pr", "tas"), splits=splits(by)
    )
    return Pairs(region=region, target=fine, driver=coarse, transforms=None)


def fitted(family: str, whole: Pairs, **options) -> Trained:
    """A baseline fitted on `whole`."""
    module = import_module(f"downbench.labs.baselines.{family}")
    return module.fit(whole, model(family, **options), None, seed=1, state=Path("unused"))


def coarse_of(fine: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Block means on the coarse grid."""
    return block_mean(fine, FACTOR, area)


def spread_out(coarse: np.ndarray) -> np.ndarray:
    """Coarse field repeated on the fine grid."""
    return upsample_nearest(coarse, FACTOR)
