"""Intervals of the bias contribution have their nominal coverage, though all share weather."""

import numpy as np
import pytest
import xarray as xr

import climates
from downbench.core.histogram import edges
from downbench.scores.bootstrap import interval
from downbench.scores.climate import bias_contribution
from downbench.scores.climate.bias_contribution import DriverClimates
from downbench.scores.climate.driver_chain import ADDED_BIAS, REMOVED_BIAS, RESIDUAL_BIAS

WORLDS, REPLICATES = 120, 150
RUN, TRUTH, TEST = np.arange(1981, 1989), np.arange(1971, 2005), np.arange(1999, 2003)
SHAPE = np.exp(-0.5 * (np.arange(-30, 31) / 10) ** 2)
"""Law of one year, 1 K wide in bins of 0.1 K."""


def laws(means: np.ndarray) -> np.ndarray:
    """Area by bin (year, bin) of years that differ by their mean [K] alone."""
    made = np.zeros((len(means), len(edges("tasmax")) - 1))
    middle = np.round((means - edges("tasmax")[0]) / 0.1).astype(int)
    for row, place in zip(made, middle, strict=True):
        row[place - 30 : place + 31] = SHAPE
    return made


def fields(years: np.ndarray, mine: np.ndarray, labels: np.ndarray, truth: np.ndarray):
    """Climate fields of one member, of years with these means [K]."""
    law, reference = laws(mine)[:, None], laws(truth)
    return xr.Dataset(
        {
            "tas_distribution": (("year", "member", "tas_bin"), law),
            "tas_distribution_reference": (("year_reference", "tas_bin"), reference),
        },
        {"year": years, "year_reference": labels},
    )


def world(rng: np.random.Generator, biases: tuple[float, float]) -> DriverClimates:
    """A run whose years are as unlike as those of the truth; raw and mapped share them.

    The mapped run follows the raw one but for noise of its own.
    """
    run, truth = 280 + rng.normal(0, 0.5, len(RUN)), 280 + rng.normal(0, 0.5, len(TRUTH))
    own = rng.normal(0, 0.1, len(RUN))
    tested = truth[np.isin(TRUTH, TEST)]
    return DriverClimates(
        fields(TEST, tested + 0.1, TEST, tested),
        fields(RUN, run + biases[0], TRUTH, truth),
        fields(RUN, run + own + biases[1], TRUTH, truth),
    )


def independent(raw: np.ndarray, mapped: np.ndarray) -> tuple[float, float]:
    """Interval of raw − mapped from those of both, as of estimates that have nothing in common."""
    low, high = (interval(one, np.inf, 0.95) for one in (raw, mapped))
    down = np.hypot(raw[0] - low[0], high[1] - mapped[0])
    up = np.hypot(low[1] - raw[0], mapped[0] - high[0])
    return raw[0] - mapped[0] - down, raw[0] - mapped[0] + up


@pytest.mark.parametrize("biases", [(4.0, 2.0), (4.0, -2.0)])
def test_coverage_where_raw_and_mapped_have_one_weather(biases):
    """Of one sign, both distances rise in warm years; of two, one rises as the other falls."""
    rng, settings = np.random.default_rng(5), climates.settings(REPLICATES)
    joint, apart = [], []
    for _ in range(WORLDS):
        one = world(rng, biases)
        found = {
            row.metric: row.value for _, row in bias_contribution.rows(one, "tas", 50, settings)
        }
        joint.append(interval(found[REMOVED_BIAS], np.inf, 0.95))
        apart.append(independent(*bias_contribution.distances(one, "tas", settings)[1:]))
    corrected = abs(biases[0]) - abs(biases[1])
    wider = np.ptp(joint, axis=1).mean() / np.ptp(apart, axis=1).mean()
    assert 0.9 < coverage(joint, corrected) < 0.99
    if biases[1] > 0:
        assert coverage(apart, corrected) == 1 and wider < 0.4
    else:
        assert coverage(apart, corrected) < 0.9 and wider > 1.2


def test_coverage_of_what_the_run_adds_and_of_what_is_left():
    """With the training driver's distance among them, over a floor that is its better at times."""
    rng, settings = np.random.default_rng(6), climates.settings(REPLICATES)
    values, intervals = {ADDED_BIAS: [], RESIDUAL_BIAS: []}, {ADDED_BIAS: [], RESIDUAL_BIAS: []}
    for _ in range(WORLDS):
        for _, row in bias_contribution.rows(world(rng, (4.0, 1.0)), "tas", 50, settings):
            if row.metric in values:
                values[row.metric].append(row.value[0])
                intervals[row.metric].append(interval(row.value, np.inf, 0.95))
    for name, found in intervals.items():
        assert 0.9 < coverage(found, np.mean(values[name])) < 0.99, name


def test_a_run_without_faults_is_seldom_worse_than_few_years():
    rng, settings = np.random.default_rng(7), climates.settings(REPLICATES)
    lower = []
    for _ in range(WORLDS):
        base, raw, _ = bias_contribution.distances(world(rng, (0.0, 0.0)), "tas", settings)
        lower.append(interval(raw - base, np.inf, 0.95)[0])
    assert np.mean(np.array(lower) > 0) <= 0.05


def coverage(intervals: list[tuple[float, float]], value: float) -> float:
    """Share of the intervals that hold a value."""
    low, high = np.transpose(intervals)
    return float(np.mean((low <= value) & (value <= high)))
