"""Scores of windows of days, of trajectories of the synthetic region and of their single days."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import xarray as xr

import scores_fixtures
from downbench.core.config.model.families.oracle import OracleOptions
from downbench.core.config.region.region import Region
from downbench.labs.base import static_fields
from downbench.labs.baselines import oracle
from downbench.scores.bootstrap import interval, resample
from downbench.scores.day_windows import run_lengths
from downbench.scores.metrics import crps, time_windows
from downbench.scores.paired_fields import PairedFields, fields
from downbench.scores.statistics import Means, Statistics, means

BLOCK_DAYS = 5
MEAN, ENERGY = "crps_window_mean", "energy_score_window"
VARIABLES = ("pr", "tasmax")
Fields = dict[str, np.ndarray]


def oracle_samples(
    region: Region,
    target: xr.Dataset,
    driver: xr.Dataset,
    memory: bool,
    members: int,
    seed: int,
) -> Fields:
    """Days of the region's distribution (day, member, y, x), with its memory or without."""
    model = SimpleNamespace(name="oracle", options=OracleOptions(memory=memory))
    pairs = SimpleNamespace(region=region, driver=driver, target=target)
    fitted = oracle.fit(pairs, model, None, 1, None)
    samples = fitted.sample(driver, static_fields(target), members, seed)
    return {name: samples[name].values for name in VARIABLES}


def exchanged(members: np.ndarray) -> np.ndarray:
    """Trajectories that change places from day to day, in pairs, so that halves stay halves."""
    rng, count = np.random.default_rng(3), members.shape[1] // 2
    pairs = members.reshape(len(members), count, 2, *members.shape[2:])
    return np.stack([day[rng.permutation(count)] for day in pairs]).reshape(members.shape)


def series(
    members: np.ndarray, outcomes: np.ndarray, follows: np.ndarray | None = None
) -> PairedFields:
    """Days of (day, n, y, x), of which each follows the one before unless `follows` says no."""
    follows = np.ones(len(members), bool) if follows is None else follows
    stamps, area = tuple(map(str, range(len(members)))), np.ones(members.shape[2:])
    one = fields(members, outcomes[:, 0], area, stamps, outcomes)
    return replace(one, run_days=run_lengths(follows))


def statistics(fine: PairedFields, variable: str = "tasmax", separate: bool = False) -> Statistics:
    """Daily sums of the CRPS and of the scores of windows."""
    context = scores_fixtures.some_context(fine.members, fine.reference, variable)
    context = replace(context, separate_halves=separate)
    return crps.daily(fine, context) | time_windows.daily(fine, context)


def averages(members: np.ndarray, outcomes: np.ndarray, variable: str) -> Means:
    """Means and replicates over blocks of days."""
    sums = statistics(series(members, outcomes), variable, separate=True)
    labels = np.arange(len(members)) // BLOCK_DAYS
    return means(sums, resample(labels, 300, 1), int(labels.max()) + 1)


def skill(better: Means, worse: Means, name: str) -> tuple[float, float, float]:
    """Share of the score of the worse that the better removes, and its interval."""
    share = 1 - better[name][:, 0] / worse[name][:, 0]
    return float(share[0]), *interval(share, better.blocks, 0.95)
