"""Ensembles of the embedded region whose order is known, from the oracle downwards.

"oracle" lacks nothing. "without wind" has, in each member, the wind of another day of the season.
"per pixel" has the exact distribution of each cell, which no parametric family beats, and noise
whose neighbours are correlated like those of the region's Gaussian fields. "shuffled" has the
same cells, and neighbours without correlation. "past day" has days of the season, with the block
means of the driver.
"""

from functools import cache
from pathlib import Path

import numpy as np
import xarray as xr

import synthetic_region
from downbench.core.config.loading import Project, load
from downbench.core.config.region.region import Region
from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.labs.base import Pairs, Trained, family, static_fields
from downbench.sources.synthetic import source
from downbench.sources.synthetic.fine_distribution import CONDITIONS, fine_given_coarse
from downbench.sources.synthetic.fine_noise import stacked, white_noise
from downbench.sources.synthetic.ground import ground
from downbench.sources.synthetic.random_fields import colour, power_law

ROOT = Path(__file__).parents[1]
MEMBERS, REDRAWS, SIDE, SEASON_DAYS = 16, 8, 32, 20
YEAR, YEAR_BEFORE = "1984", "1983"
VARIABLES = ("pr", "tasmax")
RUNGS = ("oracle", "without wind", "per pixel", "shuffled", "past day")
CHANGES: dict[str, object] = {}
"""Options of the region's target that are not those of its configuration."""
Fields = dict[str, np.ndarray]


@cache
def project() -> Project:
    return load({"region": "synthetic"}, ROOT)


@cache
def region() -> Region:
    """Two years of the embedded region on a quarter of its cells."""
    full = synthetic_region.region()
    noise = full.target.noise.model_copy(update={"size": SIDE + SIDE // 2})
    smaller = {"rows": SIDE, "columns": SIDE, "noise": noise} | CHANGES
    return full.model_copy(update={"target": full.target.model_copy(update=smaller)})


@cache
def target() -> xr.Dataset:
    return source.target(region())


@cache
def driver() -> xr.Dataset:
    return source.driver(region(), "perfect", target())


@cache
def days() -> xr.Dataset:
    """The driver on the scored days, of the second year."""
    return driver().sel(time=YEAR)


@cache
def oracle() -> Trained:
    model = project().models["oracle"]
    return family(model).fit(Pairs(region(), target(), days(), None), model, None, 0, Path())


def sampled(members: int, seed: int) -> Fields:
    samples = oracle().sample(days(), static_fields(target()), members, seed)
    return {name: samples[name].values for name in VARIABLES}


@cache
def outcomes() -> Fields:
    """The reference and its redraws (day, 1 + redraw, y, x)."""
    return sampled(1 + REDRAWS, 7)


def days_of_season(seed: int) -> np.ndarray:
    """Days of the year before (day, member), by number, at most twenty from the day's date."""
    rng = np.random.default_rng(seed)
    step = rng.integers(-SEASON_DAYS, SEASON_DAYS + 1, (days().sizes["time"], MEMBERS))
    return (np.arange(len(step))[:, None] + step) % driver().sel(time=YEAR_BEFORE).sizes["time"]


def without_wind() -> Fields:
    """Samples of the distribution given rain, temperature and the wind of another day."""
    other = driver().sel(time=YEAR_BEFORE).isel(time=days_of_season(2).ravel())
    coarse = {name: days()[name].values.repeat(MEMBERS, axis=0) for name in CONDITIONS}
    coarse |= {name: other[name].values for name in ("uas", "vas")}
    options, factor, rng = region().target, region().factor, np.random.default_rng(2)
    surface = ground(static_fields(target()), factor, region().resolution_km)
    noise = stacked(white_noise(rng, options, factor) for _ in range(len(coarse["pr"])))
    samples = fine_given_coarse(coarse, surface, options, noise)
    return {name: v.reshape(-1, MEMBERS, SIDE, SIDE) for name, v in samples.items()}


def per_pixel() -> Fields:
    """Samples of each cell, in the order of correlated noise."""
    samples, options = sampled(MEMBERS, 3), region().target.noise
    slopes = {"pr": options.rain_slope, "tasmax": options.temperature_slope}
    return {name: _reordered(samples[name], _noise(slope, 5)) for name, slope in slopes.items()}


def _noise(slope: float, seed: int) -> np.ndarray:
    """Gaussian fields (day, member, y, x) with the power law of the region's own."""
    options, count = region().target.noise, days().sizes["time"] * MEMBERS
    amplitude = power_law(options.size, slope, options.outer_scale_km / region().resolution_km)
    white = np.random.default_rng(seed).standard_normal((count, *[options.size] * 2), "f4")
    return colour(white, amplitude)[:, :SIDE, :SIDE].reshape(-1, MEMBERS, SIDE, SIDE)


def shuffled() -> Fields:
    """Samples of each cell, in any order."""
    samples, rng = sampled(MEMBERS, 8), np.random.default_rng(6)
    noise = rng.random(samples["pr"].shape, "f4")
    return {name: _reordered(values, noise) for name, values in samples.items()}


def _reordered(samples: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Give each cell of `samples` the order of `noise`, both (day, member, y, x).

    Within each half of the members: cells that share their samples among all members are an
    empirical quantile function, which makes members depend on each other.
    """
    values = np.empty_like(samples)
    for half in (slice(0, None, 2), slice(1, None, 2)):
        ranks = noise[:, half].argsort(axis=1).argsort(axis=1)
        values[:, half] = np.take_along_axis(np.sort(samples[:, half], axis=1), ranks, axis=1)
    return values


def past_days() -> Fields:
    """Days of the year before, of the same season, with the driver's block means."""
    library, picked = target().sel(time=YEAR_BEFORE), days_of_season(4)
    return {name: _with_block_means(library[name].values[picked], name) for name in VARIABLES}


def _with_block_means(values: np.ndarray, name: str) -> np.ndarray:
    """Shift temperature and scale rain in each coarse cell; a dry one gets even rain."""
    coarse, factor = days()[name].values[:, None], region().factor
    mean = block_mean(values, factor)
    if name == "tasmax":
        corrected = values + upsample_nearest(coarse - mean, factor)
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            scaled = values * upsample_nearest(coarse / mean, factor)
        corrected = np.where(np.isfinite(scaled), scaled, upsample_nearest(coarse, factor))
    return corrected.astype("f4")


def rungs() -> dict[str, Fields]:
    samples = (sampled(MEMBERS, 1), without_wind(), per_pixel(), shuffled(), past_days())
    return dict(zip(RUNGS, samples, strict=True))
