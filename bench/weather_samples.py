"""Fields of the embedded region and of observations, for its comparison with weather."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.loading import load
from downbench.core.config.region.region import Region
from downbench.core.spatial.grids import block_mean
from downbench.sources.synthetic import source

ROOT = Path(__file__).parents[1]
FACTOR, SIDE, YEAR = 8, 64, 1984
HOURS, RADAR_FACTOR = 24, 4
NO_DAYS = np.zeros(0, "datetime64[D]")


@dataclass(frozen=True)
class Sample:
    """Fields (n, y, x) [mm day-1 or K] whose sides are multiples of 8; NaN where missing.

    days : (n,)
        Dates of daily fields, none of others.
    """

    name: str
    fields: np.ndarray
    days: np.ndarray


def add_observations(parser: ArgumentParser) -> None:
    """Add the files of observations."""
    parser.add_argument("--radar", type=Path, help="rainfall_rate [mm h-1] at 1 km, with event")
    parser.add_argument("--prism", type=Path, help="pr [mm day-1] at 4 km")
    parser.add_argument("--eobs", type=Path, help="daily pr [mm day-1] at 0.25 degrees")
    parser.add_argument("--eobs-tasmax", type=Path, help="daily tasmax [K] at 0.25 degrees")


def rain(files: Namespace) -> list[Sample]:
    """Return a year of the region under both distributions, and the observations given."""
    samples = [of_region("none", "pr"), of_region("regimes", "pr")]
    if files.radar:
        samples += [radar(files.radar, "5 min"), radar(files.radar, "3 h")]
    if files.prism:
        days = xr.open_dataset(files.prism)["pr"]
        samples.append(Sample("PRISM", tiles(days.values), NO_DAYS))
    if files.eobs:
        samples.append(daily("E-OBS", files.eobs, "pr"))
    return samples


def temperature(files: Namespace) -> list[Sample]:
    """Return maximum temperature likewise."""
    samples = [of_region("none", "tasmax"), of_region("regimes", "tasmax")]
    if files.eobs_tasmax:
        samples.append(daily("E-OBS", files.eobs_tasmax, "tasmax"))
    return samples


def of_region(regimes: str, variable: str) -> Sample:
    """Return a year of the embedded region, `none` for its distribution without regimes."""
    days = source.target(region(regimes))[variable]
    name = "without regimes" if regimes == "none" else "region"
    return Sample(name, days.values, dates(days))


def region(regimes: str) -> Region:
    """Return the embedded region in one year."""
    configured = load({"region": "synthetic"}, ROOT).region
    update = {"first_year": YEAR, "last_year": YEAR}
    if regimes == "none":
        update["regimes"] = regimes
    return configured.model_copy(update={"target": configured.target.model_copy(update=update)})


def radar(path: Path, duration: str) -> Sample:
    """Return complete tiles of 64 x 64 cells of 4 km, of frames or of means of events."""
    rate = xr.open_dataset(path)["rainfall_rate"] * HOURS
    if duration != "5 min":
        rate = rate.groupby(xr.open_dataset(path)["event"]).mean("time", skipna=False)
    fields = rate.values[:, : rate.shape[1] // RADAR_FACTOR * RADAR_FACTOR]
    fields = fields[..., : rate.shape[2] // RADAR_FACTOR * RADAR_FACTOR]
    hole = block_mean(np.isnan(fields).astype("f4"), RADAR_FACTOR) > 0
    means = np.where(hole, np.nan, block_mean(fields, RADAR_FACTOR))
    return Sample(f"radar {duration}", tiles(means), NO_DAYS)


def daily(name: str, path: Path, variable: str) -> Sample:
    """Return days on the largest grid of multiples of 8 from the south-western corner."""
    days = xr.open_dataset(path)[variable]
    rows, columns = (size // FACTOR * FACTOR for size in days.shape[1:])
    return Sample(name, days.values[:, :rows, :columns], dates(days))


def dates(days: xr.DataArray) -> np.ndarray:
    """Return dates (n,) without their hours."""
    return days["time"].values.astype("datetime64[D]")


def tiles(fields: np.ndarray) -> np.ndarray:
    """Return the complete tiles of 64 x 64 cells, side by side, (n, 64, 64)."""
    rows, columns = (size // SIDE for size in fields.shape[1:])
    parts = [
        fields[:, i * SIDE : (i + 1) * SIDE, j * SIDE : (j + 1) * SIDE]
        for i in range(rows)
        for j in range(columns)
    ]
    every = np.concatenate(parts)
    return every[np.isfinite(every).all(axis=(1, 2))]
