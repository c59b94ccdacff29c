"""The scores tell apart ensembles whose order is known, each from the next by three half-widths.

All rungs belong to the embedded region. The oracle lacks nothing. One branch lacks the wind of the
day; the other has the distribution of each cell from a parametric family, then cells that do not
vary together. Both end in a past day of the season with the block means of the driver.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import special

import scores_fixtures
import synthetic_region
from downbench.core.config.loading import load
from downbench.core.config.region.region import Region
from downbench.core.spatial.grids import block_mean, upsample_nearest
from downbench.labs.base import Pairs, Trained, family, static_fields
from downbench.scores.bootstrap import interval, resample
from downbench.scores.metrics import blocks, crps, multivariate, patches
from downbench.scores.paired_fields import fields
from downbench.scores.statistics import Means, means
from downbench.sources.synthetic import source

ROOT = Path(__file__).parents[2]
MEMBERS, REDRAWS, POOL, STRIDE, SIDE = 16, 8, 32, 9, 32
FAMILIES = (crps, blocks, patches, multivariate)
RUNGS = ("oracle", "other wind", "per pixel", "shuffled", "past day")
LEAST_HALF_WIDTHS = 3
Fields = dict[str, np.ndarray]


@cache
def region() -> Region:
    """Two years of the embedded region on a quarter of its cells."""
    whole = synthetic_region.region()
    noise = whole.target.noise.model_copy(update={"size": SIDE + SIDE // 2})
    smaller = {"rows": SIDE, "columns": SIDE, "noise": noise}
    return whole.model_copy(update={"target": whole.target.model_copy(update=smaller)})


@cache
def target() -> xr.Dataset:
    return source.target(region())


@cache
def days() -> xr.Dataset:
    """The driver on the scored days, of the second year."""
    driver = source.driver(region(), "perfect", target())
    return driver.sel(time="1984").isel(time=slice(None, None, STRIDE))


@cache
def oracle() -> Trained:
    model = load({"region": "synthetic"}, ROOT).models["oracle"]
    return family(model).fit(Pairs(region(), target(), days(), None), model, None, 0, Path())


def sampled(driver: xr.Dataset, members: int, seed: int) -> Fields:
    samples = oracle().sample(driver, static_fields(target()), members, seed)
    return {name: samples[name].values for name in ("pr", "tasmax")}


@cache
def exact() -> Fields:
    return sampled(days(), MEMBERS, 1)


def other_wind() -> Fields:
    """The oracle with the wind of another day."""
    turned = {name: days()[name].roll(time=5).variable for name in ("uas", "vas")}
    return sampled(days().assign(turned), MEMBERS, 2)


def past_days() -> Fields:
    """Days of the year before, of the same season, with the driver's block means."""
    rng = np.random.default_rng(4)
    library = target().sel(time="1983")
    of_day = np.arange(0, 366, STRIDE)[: days().sizes["time"], None]
    picked = (of_day + rng.integers(-20, 21, (of_day.size, MEMBERS))) % 365
    return {name: _with_block_means(library[name].values[picked], name) for name in exact()}


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


def per_pixel() -> Fields:
    """A Gaussian, or a Bernoulli–gamma, fitted to each cell; noise of correlated neighbours."""
    pool, rng = sampled(days(), POOL, 3), np.random.default_rng(5)
    size = (len(pool["pr"]), MEMBERS, SIDE, SIDE)
    noise = [scores_fixtures.smooth_noise(rng, *size) for _ in range(2)]
    return {
        "pr": _bernoulli_gamma(pool["pr"], special.ndtr(noise[0])),
        "tasmax": _gaussian(pool["tasmax"], noise[1]),
    }


def _gaussian(pool: np.ndarray, noise: np.ndarray) -> np.ndarray:
    mean, deviation = pool.mean(axis=1, keepdims=True), pool.std(axis=1, ddof=1, keepdims=True)
    return mean + deviation * noise


def _bernoulli_gamma(pool: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Quantiles; mean and variance of rain above zero are those of the pool."""
    wet = pool > 0
    share = wet.mean(axis=1, keepdims=True)
    count = np.maximum(wet.sum(axis=1, keepdims=True), 1)
    mean = pool.sum(axis=1, keepdims=True) / count
    square = np.where(wet, (pool - mean) ** 2, 0).sum(axis=1, keepdims=True) / count
    shape = np.clip(mean**2 / np.maximum(square, 1e-6), 0.05, 50)
    above = (probability - (1 - share)) / np.maximum(share, 1e-9)
    amount = special.gammaincinv(shape, np.clip(above, 0, 1 - 1e-9)) * mean / shape
    return np.where(above > 0, amount, 0)


def shuffled() -> Fields:
    """The oracle's members in another order in each cell: every cell is right, no field is."""
    rng = np.random.default_rng(6)
    return {name: rng.permuted(values, axis=1) for name, values in exact().items()}


def rungs() -> dict[str, Fields]:
    samples = (exact(), other_wind(), per_pixel(), shuffled(), past_days())
    return dict(zip(RUNGS, samples, strict=True))


@cache
def scores() -> dict[str, dict[str, Means]]:
    """Means and replicates of every score, by rung and variable."""
    redraws = sampled(days(), 1 + REDRAWS, 7)
    counts = resample(np.arange(days().sizes["time"]), 300, 1)
    return {
        rung: {name: _means(samples[name], redraws[name], name, counts) for name in samples}
        for rung, samples in rungs().items()
    }


def _means(members: np.ndarray, outcomes: np.ndarray, name: str, counts: np.ndarray) -> Means:
    members, reference = members.astype("f4"), outcomes[:, 0]
    context = scores_fixtures.some_context(members, reference, name)
    context = replace(context, separate_halves=True, factor=8)
    stamps = tuple(map(str, range(len(members))))
    batch = fields(members, reference, np.ones(reference.shape[1:]), stamps, outcomes[:, 1:])
    statistics = {k: v for family in FAMILIES for k, v in family.daily(batch, context).items()}
    return means(statistics, counts, counts.shape[1])


def half_widths(better: str, worse: str) -> dict[str, float]:
    """Skill of one rung over another in half-widths of its interval, by variable and score."""
    found = {}
    for variable in ("pr", "tasmax"):
        pair = [scores()[rung][variable] for rung in (better, worse)]
        for name in pair[0].values:
            # Block means, the last pooling factor, are known to some rungs without error.
            for column in range(min(pair[0][name].shape[1], 3)):
                skill = 1 - pair[0][name][:, column] / pair[1][name][:, column]
                lower, upper = interval(skill, pair[0].blocks, 0.95)
                found[f"{variable} {name} {column}"] = float(skill[0] / ((upper - lower) / 2))
    return found


@pytest.mark.parametrize(
    "better, worse",
    [
        ("oracle", "other wind"),
        ("other wind", "past day"),
        ("per pixel", "shuffled"),
        ("shuffled", "past day"),
    ],
)
def test_each_rung_is_told_from_the_next(better: str, worse: str) -> None:
    assert max(half_widths(better, worse).values()) > LEAST_HALF_WIDTHS


@pytest.mark.parametrize("worse", RUNGS[1:])
def test_no_score_favours_a_rung_over_the_oracle(worse: str) -> None:
    assert min(half_widths("oracle", worse).values()) > -1.5
