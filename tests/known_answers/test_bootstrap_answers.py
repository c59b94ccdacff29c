"""Intervals cover what they promise, and blocks respect gaps (traps T27, T28)."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.signal import lfilter

from downbench.scores.bootstrap import block_labels, interval, resample, widened
from downbench.scores.metric import Metric
from downbench.scores.metrics.crps import CRPS
from downbench.scores.metrics.spread_skill import BIAS
from downbench.scores.table import Sample, table

TRIALS = 400


def times(stamps: pd.DatetimeIndex, **coordinates: tuple[str, list[str]]) -> xr.DataArray:
    return xr.DataArray(stamps, dims="time", coords={"time": stamps} | coordinates)["time"]


def test_blocks_end_at_gaps() -> None:
    stamps = pd.date_range("2001-01-01", periods=7).append(pd.date_range("2001-03-01", periods=12))
    labels = block_labels(times(stamps), 5)
    np.testing.assert_array_equal(np.bincount(labels), [5, 2, 5, 5, 2])


def test_patches_of_one_frame_stay_together() -> None:
    frames = pd.date_range("2001-01-01", periods=4, freq="5min")
    stamps = pd.DatetimeIndex([f + pd.Timedelta(s, "s") for f in frames for s in range(3)])
    event = ("time", ["a"] * 9 + ["b"] * 3)
    np.testing.assert_array_equal(
        np.bincount(block_labels(times(stamps, event=event), 2)), [6, 3, 3]
    )


def cover(days: int, memory: float, seed: int) -> tuple[float, float]:
    """How often block and day-wise intervals hold the true mean of an AR(1) series."""
    rng = np.random.default_rng(seed)
    stamps = times(pd.date_range("2001-01-01", periods=days))
    hits = np.zeros(2)
    for trial in range(TRIALS):
        series = lfilter([1], [1, -memory], rng.normal(size=days + 50))
        for place, blocks in enumerate(((10,), (1, days))):
            labels = block_labels(stamps, *blocks)
            counts = resample(labels, 200, seed=trial)
            means = counts @ series[50:] / counts.sum(axis=1)
            lower, upper = interval(means, labels.max() + 1, 0.95)
            hits[place] += lower <= 0 <= upper
    return tuple(hits / TRIALS)


@pytest.mark.parametrize("days, memory, least", [(300, 0.6, 0.87), (1461, 0.74, 0.92)])
def test_coverage_with_memory(days: int, memory: float, least: float) -> None:
    """Blocks cover; single days, as if weather had no memory, do not."""
    blocks, single = cover(days, memory, 1)
    assert blocks >= least
    assert single < 0.8


def test_long_series_have_longer_blocks() -> None:
    labels = block_labels(times(pd.date_range("2001-01-01", periods=1461)), 10)
    np.testing.assert_array_equal(np.bincount(labels), [49] * 29 + [40])


def test_coverage_with_few_blocks() -> None:
    blocks, _ = cover(40, 0.0, 2)
    assert blocks >= 0.9


@pytest.mark.parametrize(
    ("metric", "value", "lower"), [(CRPS, 0.1, 0.0), (CRPS, -0.01, -0.01), (BIAS, 0.1, None)]
)
def test_what_cannot_be_negative_has_no_negative_bound(
    metric: Metric, value: float, lower: float | None
) -> None:
    noise = np.random.default_rng(0).normal(size=200)
    row = metric.row(value + np.concatenate([[0.0], noise]))
    found = table([row], Sample("pr", "all", 8, 100, 10, 0.95)).iloc[0]
    assert found["lower"] < -1 if lower is None else found["lower"] == lower
    assert found["upper"] > 1


@pytest.mark.parametrize("blocks", [0, 1])
def test_one_block_tells_nothing(blocks: int) -> None:
    assert np.isnan(interval(np.ones(11), blocks, 0.95)).all()


def test_few_blocks_widen_the_interval() -> None:
    values = np.concatenate([[0.0], np.random.default_rng(0).normal(size=500)])
    widths = [np.diff(interval(values, blocks, 0.95)).item() for blocks in (2, 5, 10, 100)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 5 * widths[-1]


def test_row_zero_is_the_sample_itself() -> None:
    counts = resample(np.array([0, 0, 1, 2]), 50, 1)
    assert (counts[0] == 1).all()
    assert (counts[:, 0] == counts[:, 1]).all()


@pytest.mark.parametrize("blocks", [3, 8, 40])
def test_replicates_widened_for_few_blocks_have_the_interval_of_so_few(blocks: int) -> None:
    values = np.random.default_rng(1).gamma(3.0, size=500)
    few = interval(values, blocks, 0.95)
    np.testing.assert_allclose(interval(widened(values, blocks, 0.95), np.inf, 0.95), few)
    assert np.ptp(few) > np.ptp(interval(values, np.inf, 0.95))
