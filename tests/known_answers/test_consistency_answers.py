"""A series of another day, size, orientation, area or calendar is refused (trap T16)."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.consistency import report, size
from downbench.core.consistency.series_pair import climatologies, coarse_target, paired
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean

FACTOR, ROWS, COLUMNS, DAYS = 4, 12, 16, 400
GRID = ("y", "x")


@pytest.fixture(scope="module")
def target() -> xr.Dataset:
    """Two winters of large-scale weather, rougher relief, rain and temperature."""
    rng = np.random.default_rng(0)
    north, east = np.meshgrid(np.linspace(0, 1, ROWS), np.linspace(0, 1, COLUMNS), indexing="ij")
    state = np.zeros((DAYS, 3))
    for day in range(1, DAYS):
        state[day] = 0.7 * state[day - 1] + rng.normal(size=3)
    pattern = state[:, 0, None, None] + state[:, 1, None, None] * (north - 0.5) * 3
    pattern = pattern + state[:, 2, None, None] * (east - 0.5) * 3
    fine = rng.normal(size=(DAYS, ROWS, COLUMNS))
    times = pd.date_range("2000-01-01", periods=200).append(
        pd.date_range("2001-01-01", periods=200)
    )
    lat, lon = 40 + 4 * north, 5 + 5 * east
    fields = {
        "pr": 3 * np.maximum(pattern + 0.5 * fine - 0.3, 0),
        "tas": 285 - 8 * north + 2 * pattern + 0.5 * fine,
    }
    return xr.Dataset(
        {n: (("time", *GRID), v.astype("f4")) for n, v in fields.items()}
        | {"cell_area": (GRID, 1 + north), "orog": (GRID, 100 * east)},
        coords={"time": times, "lat": (GRID, lat), "lon": (GRID, lon)},
    )


def driver(target: xr.Dataset, shift_days: int = 0) -> xr.Dataset:
    """Block means of the target, some days late."""
    coarse = {n: coarse_target(target, n, FACTOR) for n in ("pr", "tas")}
    places = {n: (("Y", "X"), block_mean(target[n].values, FACTOR)) for n in ("lat", "lon")}
    dataset = xr.Dataset(coarse, coords=places)
    return dataset.assign_coords(time=dataset.time + np.timedelta64(shift_days, "D"))


def lines(series: xr.Dataset, target: xr.Dataset, **options: bool) -> str:
    return "\n".join(
        report.check(series, target, FACTOR, "driver era", **({"shares_days": True} | options))
    )


def refused(series: xr.Dataset, target: xr.Dataset, words: str, **options: bool) -> None:
    with pytest.raises(UserError, match="driver era does not fit the target") as message:
        lines(series, target, **options)
    assert words in str(message.value)


def test_the_target_s_own_block_means_fit_it(target) -> None:
    text = lines(driver(target), target)
    assert "400 days in common" in text and "0 of 12 coarse cells missing" in text
    assert "as it is: 1.00" in text and "+0 d: 1.00" in text
    lines(driver(target), target, shares_days=False)


@pytest.mark.parametrize("shift_days", [-1, 1])
def test_a_day_too_early_or_late_is_refused(target, shift_days) -> None:
    refused(driver(target, shift_days), target, "tas fits the target best when shifted by a day")


def test_missing_cells_and_short_series_do_not_mislead(target) -> None:
    holes = np.random.default_rng(1).random((DAYS, ROWS, COLUMNS)) > 0.2
    lines(
        driver(target),
        target.assign(
            tas=target.tas.where(xr.DataArray(holes, target.tas.coords, target.tas.dims))
        ),
    )
    text = lines(driver(target).isel(time=slice(20)), target)
    assert "not compared: fewer than 60 days" in text


def test_block_means_are_those_of_the_drivers(target) -> None:
    """Trap T19: with other weights the very block means of the target would not fit it fully."""
    rough = target.assign(
        tas=target.tas + 30 * np.random.default_rng(2).normal(size=target.tas.shape)
    )
    coarse = coarse_target(rough, "tas", FACTOR).rename("tas")
    pair = paired(coarse, coarse_target(rough, "tas", FACTOR))
    assert lag.of_domain_means(pair.days, pair.series, pair.target)[0] == pytest.approx(1)
    even = coarse_target(rough.assign(cell_area=xr.ones_like(rough.cell_area)), "tas", FACTOR)
    pair = paired(coarse, even)
    assert lag.of_domain_means(pair.days, pair.series, pair.target)[0] < 1 - 1e-4


@pytest.mark.parametrize(
    ("factor", "words"),
    [(1 / 24, "24 times too small"), (1000, "1e+03 times too large"), (1 / 86400, "too small")],
)
def test_rain_of_another_size_is_refused(target, factor, words) -> None:
    series = driver(target)
    refused(series.assign(pr=series.pr * factor), target, words)


def test_biases_of_models_and_drizzle_in_a_desert_are_no_other_unit(target) -> None:
    series = driver(target)
    lines(series.assign(pr=0.4 * series.pr, tas=series.tas - 8), target)
    lines(series.assign(pr=6 * series.pr, tas=series.tas + 15), target, shares_days=False)
    assert size.problem("pr", 0.12, 0.02, size.PAIRED) == ""
    assert size.problem("pr", 10.5, 0.44, size.PAIRED) != ""


@pytest.mark.parametrize(("axis", "words"), [("Y", "north–south"), ("X", "east–west")])
def test_rows_or_columns_upside_down_are_refused(target, axis, words) -> None:
    series = driver(target)
    flipped = series.isel({axis: slice(None, None, -1)}).assign_coords(
        lat=series.lat, lon=series.lon
    )
    refused(flipped, target, f"flipped {words}")
    noisy = series + xr.DataArray(
        np.random.default_rng(3).normal(size=series.pr.shape), series.pr.coords, series.pr.dims
    )
    lines(noisy.assign(pr=abs(noisy.pr)), target)


def test_rows_for_columns_are_refused(target) -> None:
    square = target.isel(x=slice(0, ROWS))
    series = driver(square)
    swapped = series.copy(data={n: np.swapaxes(series[n].values, 1, 2) for n in series.data_vars})
    refused(swapped, square, "with rows and columns swapped")
    lines(series, square)


def test_a_free_run_upside_down_shows_by_its_climate(target) -> None:
    series = driver(target)
    flipped = series.isel(Y=slice(None, None, -1)).assign_coords(lat=series.lat, lon=series.lon)
    refused(flipped, target, "climate better flipped north–south", shares_days=False)


def test_relief_that_a_model_does_not_resolve_is_no_flip(target) -> None:
    """Mountains in the south: the target is colder there, a smooth model is warmer."""
    south = 4000 * (1 - (target.lat - 40) / 4)
    hilly = target.assign(tas=target.tas - 0.0065 * south, orog=south)
    lines(driver(target), hilly, shares_days=False)


def test_the_weather_of_other_days_is_refused(target) -> None:
    series = driver(target)
    other = series.isel(time=np.random.default_rng(4).permutation(DAYS))
    refused(other.assign_coords(time=series.time), target, "has not the weather")


def test_zeros_that_are_missing_are_refused_and_random_gaps_are_not(target) -> None:
    series = driver(target)
    refused(
        series.assign(pr=series.pr.where(series.pr > 0.05)),
        target,
        "of the target's dry values and in 0% of its wet ones: zeros seem to be stored as missing",
    )
    wet = coarse_target(target, "pr", FACTOR).values.mean(axis=(1, 2)) > 1
    closed = np.repeat(~wet[::20], 20)[:, None, None] & np.ones(series.pr.shape, bool)
    seasonal = series.pr.where(xr.DataArray(~closed, dims=series.pr.dims))
    lines(series.assign(pr=seasonal), target)
    gaps = np.random.default_rng(5).random(series.pr.shape) < 0.3
    lines(series.assign(pr=series.pr.where(xr.DataArray(~gaps, dims=series.pr.dims))), target)


def test_series_without_a_day_in_common_are_named(target) -> None:
    refused(driver(target, 4000), target, "no day in common: it has 2010-12")
    noleap = driver(target).convert_calendar("noleap", use_cftime=True)
    refused(noleap, target, "on the calendar 'noleap', the target's on 'standard'")
    lines(noleap, target, shares_days=False)


def test_missing_coarse_cells_are_counted_and_placed(target) -> None:
    series = driver(target)
    few = series.where((series.lat > 41) | (series.lon > 7))
    assert "2 of 12 coarse cells missing (40.55° N 5.50° E" in lines(few, target)
    refused(series.where(series.lon > 8.5), target, "9 of 12 coarse cells missing")
    predictor = series.assign(ta850=series.tas.where(series.lon > 8.5))
    assert "ta850: 9 of 12" in lines(predictor, target)


def test_climatologies_are_means_of_months(target) -> None:
    coarse = coarse_target(target, "tas", FACTOR).rename("tas")
    pair = climatologies(coarse, coarse)
    march = coarse.values[coarse.time.dt.month.values == 3].mean(axis=0)
    np.testing.assert_allclose(pair.series[2], march, rtol=1e-6)
    assert np.isnan(pair.series[10]).all()
