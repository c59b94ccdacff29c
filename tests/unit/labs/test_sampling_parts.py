"""A model that needs neighbouring days gets them, however its days are divided."""

import numpy as np
import pytest
import xarray as xr

import tiny_pairs
from downbench.labs import sampling_parts


class NeighbourMean:
    """Toy model: mean of a day and of the days next to it that it has."""

    context_days = 1

    def sample(self, driver, static, members, seed):
        step = np.diff(driver["time"].values) == np.timedelta64(1, "D")
        total, count = driver["tas"].values.copy(), np.ones((driver.sizes["time"], 1, 1))
        values = driver["tas"].values
        total[1:] += np.where(step[:, None, None], values[:-1], 0)
        total[:-1] += np.where(step[:, None, None], values[1:], 0)
        count[1:, 0, 0] += step
        count[:-1, 0, 0] += step
        return xr.Dataset({"tas": driver["tas"].copy(data=total / count)})


@pytest.fixture(scope="module")
def series() -> xr.Dataset:
    return tiny_pairs.pairs().driver.sel(time=slice("2005-01-01", "2005-03-31")).load()


def sampled(days, series, model, days_at_once):
    parts = sampling_parts.parts(days, series, sampling_parts.context_days(model), days_at_once)
    samples = [model.sample(part, None, 1, 1).sel(time=time) for part, time in parts]
    return xr.concat(samples, "time")


@pytest.mark.parametrize("days_at_once", [1, 7, 100])
def test_samples_do_not_depend_on_the_division(series, days_at_once):
    model, expected = NeighbourMean(), NeighbourMean().sample(series, None, 1, 1)
    days = series.isel(time=[0, 1, 2, 20, 21, 22, 23, 50, 88, 89])
    samples = sampled(days, series, model, days_at_once)
    xr.testing.assert_identical(samples["time"], days["time"])
    xr.testing.assert_allclose(samples, expected.sel(time=days["time"]), rtol=1e-6)


def test_context_ends_where_the_series_ends(series):
    (part, time), *_ = sampling_parts.parts(series.isel(time=[0, 1]), series, 3, 20)
    assert time.size == 2
    assert part["time"].values[-1] == series["time"].values[4]
    assert part["time"].values[0] == series["time"].values[0]


def test_a_gap_of_the_series_is_a_gap_of_the_context(series):
    gap = series.isel(time=[0, 1, 2, 5, 6, 7])
    ((part, _),) = sampling_parts.parts(gap.isel(time=[3]), gap, 3, 20)
    assert part["time"].equals(gap["time"].isel(time=[2, 3, 4, 5]))


@pytest.mark.parametrize("calendar", ["noleap", "360_day"])
def test_any_calendar(calendar):
    time = xr.date_range("2051-02-20", periods=30, calendar=calendar, use_cftime=True)
    series = xr.Dataset({"tas": ("time", np.arange(30.0))}, {"time": time})
    ((part, _),) = sampling_parts.parts(series.isel(time=[9, 10]), series, 2, 20)
    np.testing.assert_array_equal(part["tas"], np.arange(7.0, 13.0))


def test_a_model_without_context_gets_its_days_alone(series):
    days = series.isel(time=slice(0, 45))
    sizes = [part.sizes["time"] for part, _ in sampling_parts.parts(days, series, 0, 20)]
    assert sizes == [20, 20, 5]
