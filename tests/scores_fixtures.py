"""Tiny stores and settings that keep the data contract, for the tests of the scores."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import VARIABLES
from downbench.scores.context import Context
from downbench.scores.evaluation import make_context
from downbench.scores.paired_fields import PairedFields, fields


def settings(**changes: object) -> Evaluation:
    section = {
        "wet_day_mm_day": 1.0,
        "reliability_thresholds_mm_day": [1, 10, 20],
        "pooling_factors": [1, 2, 4, 8],
        "tail_percentiles": [95, 99],
        "least_common_days": 1,
        "bootstrap": {"replicates": 200, "block_days": 10, "confidence": 0.95},
        "seed": 1,
    }
    return Evaluation.model_validate(section | changes)


def grid(ny: int = 16, nx: int = 16) -> dict[str, xr.Variable]:
    """Coordinates of a grid of 4 km cells near 45°N, with areas that shrink to the north."""
    y, x = np.arange(ny), np.arange(nx)
    lat = 45 + 0.036 * y[:, None] + 0 * x
    lon = 8 + 0.051 * x + 0 * y[:, None]
    area = 16e6 * np.cos(np.radians(lat)) / np.cos(np.radians(45))
    return {
        "lat": xr.Variable(("y", "x"), lat, {"units": "degrees_north"}),
        "lon": xr.Variable(("y", "x"), lon, {"units": "degrees_east"}),
        "cell_area": xr.Variable(("y", "x"), area, {"units": "m2"}),
        "orog": xr.Variable(("y", "x"), np.full(lat.shape, 200.0), {"units": "m"}),
        "land": xr.Variable(("y", "x"), np.ones(lat.shape), {"units": "1"}),
    }


def target(time: pd.DatetimeIndex, **variables: np.ndarray) -> xr.Dataset:
    """Target with variables (time, y, x)."""
    shape = next(iter(variables.values())).shape[-2:]
    named = {
        name: xr.Variable(
            ("time", "y", "x"), values.astype("f4"), {"units": VARIABLES[name].units}
        )
        for name, values in variables.items()
    }
    attributes = {"region": "tiny", "frequency": "day", "year_start_month": 1}
    dataset = xr.Dataset(named | grid(*shape), {"time": time}, attributes)
    return dataset.set_coords(["lat", "lon"])


def ensemble(time: pd.DatetimeIndex, **variables: np.ndarray) -> xr.Dataset:
    """Ensemble with variables (time, member, y, x)."""
    shape = next(iter(variables.values())).shape[-2:]
    named = {
        name: xr.Variable(
            ("time", "member", "y", "x"), values.astype("f4"), {"units": VARIABLES[name].units}
        )
        for name, values in variables.items()
    }
    coordinates = {name: grid(*shape)[name] for name in ("lat", "lon")}
    attributes = {
        "model": "tiny",
        "driver": "perfect",
        "driver_type": "perfect",
        "split": "test",
        "fit_years": json.dumps([1981, 1982]),
        "seed_policy": "test",
    }
    return xr.Dataset(named, {"time": time, **coordinates}, attributes)


def smooth_noise(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Unit-variance Gaussian fields with correlated neighbours, (…, y, x), periodic."""
    noise = rng.normal(size=shape)
    return sum(np.roll(noise, (i, j), (-2, -1)) for i in range(3) for j in range(3)) / 3


def rain_like(gaussian: np.ndarray) -> np.ndarray:
    """About 70 % dry rain [mm day-1] from standard Gaussian values."""
    return np.where(gaussian > 0.5244, 8 * np.maximum(gaussian - 0.5244, 0) ** 1.5 + 0.2, 0.0)


def example(
    days: int = 60, members: int = 8, side: int = 16, seed: int = 0, start: str = "2001-01-01"
) -> tuple[xr.Dataset, xr.Dataset]:
    """A calibrated ensemble and its target: truth and members share a daily mean field."""
    rng = np.random.default_rng(seed)
    time = pd.date_range(start, periods=days)
    signal = smooth_noise(rng, days, 1, side, side)
    anomalies = 0.6 * signal + 0.8 * smooth_noise(rng, days, members + 1, side, side)
    warm = 285 + 8 * np.sin(np.arange(days) * 2 * np.pi / 365)[:, None, None, None] + 3 * anomalies
    wet = rain_like(0.6 * signal + 0.8 * smooth_noise(rng, days, members + 1, side, side))
    return (
        ensemble(time, pr=wet[:, 1:], tasmax=warm[:, 1:]),
        target(time, pr=wet[:, 0], tasmax=warm[:, 0]),
    )


def some_fields(members: np.ndarray, truth: np.ndarray) -> PairedFields:
    """Fields of unit cell areas from (day, member, y, x) and (day, y, x)."""
    stamps = tuple(f"day {number}" for number in range(len(truth)))
    return fields(members, truth, np.ones(truth.shape[1:]), stamps)


def some_context(
    members: np.ndarray, truth: np.ndarray, variable: str = "tasmax", **changes: object
) -> Context:
    """Context of raw arrays on the tiny grid."""
    time = pd.date_range("2001-01-01", periods=len(truth))
    forecast = ensemble(time, **{variable: members})[variable]
    return make_context(
        forecast, truth, target(time, **{variable: truth}), settings(**changes), True
    )


def write_stores(folder: Path, datasets: tuple[xr.Dataset, xr.Dataset]) -> tuple[Path, Path]:
    """Write ensemble and target as Zarr; return their paths."""
    paths = folder / "ensemble.zarr", folder / "target.zarr"
    for dataset, path in zip(datasets, paths, strict=True):
        dataset.to_zarr(path, mode="w")
    return paths
