"""Quantile maps with known answers: planted biases, trends, dry days and calendars."""

import numpy as np
import pytest
import xarray as xr

import coarse_series
from downbench.bias import mapping_apply, mapping_fit
from downbench.bias.day_of_year import day_numbers
from downbench.core.errors import UserError
from downbench.scores.alignment import refuse_fit_years

METHODS = ("eqm", "dqm", "qdm")
WINDOWS = ({"window_days": 31}, {"window_days": None})
YEARS, LATER = 20, 40  # forty years later leap years fall alike


def series(first_year: int, tas: np.ndarray, pr: np.ndarray) -> xr.Dataset:
    return coarse_series.series(coarse_series.time(first_year, YEARS), tas=tas, pr=pr)


@pytest.fixture(scope="module")
def truth() -> xr.Dataset:
    at = coarse_series.time(1981, YEARS)
    return series(1981, coarse_series.temperature(at, 1), coarse_series.rain(at, 2))


@pytest.fixture(scope="module")
def model() -> xr.Dataset:
    """Another run: 2 K too warm, too variable; rain with a factor and bent quantiles."""
    at = coarse_series.time(1981, YEARS)
    warm = coarse_series.temperature(at, 3, spread_k=6.0) + 2.0
    return series(1981, warm, 1.4 * coarse_series.rain(at, 4) ** 0.8)


def mapped(run: xr.Dataset, model: xr.Dataset, truth: xr.Dataset, name: str, **changed):
    mapping = coarse_series.mapping(**changed)
    return mapping_apply.apply(run, mapping_fit.fit(model, truth, mapping, 1), mapping, name)


def quantiles(field: xr.DataArray, levels: list[float]) -> np.ndarray:
    return np.quantile(field.values, levels, axis=0)


@pytest.mark.parametrize("blocks", [None, 4])
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("method", METHODS)
def test_a_model_that_is_the_truth_is_left_alone(truth, method, window, blocks) -> None:
    changed = {"method": method, "cross_fit_blocks": blocks, **window}
    got = mapped(truth, truth, truth, "model", **changed)
    if method != "dqm" or blocks is None:
        xr.testing.assert_allclose(got.drop_attrs(), truth.drop_attrs(), rtol=1e-6)
    else:  # the mean of a block differs from that of the others, and is put back in two steps
        xr.testing.assert_allclose(got.tas, truth.tas, rtol=2e-3)


@pytest.mark.parametrize("interpolate", ["quantiles", "factors"])
@pytest.mark.parametrize("method", METHODS)
def test_planted_biases_are_gone_within_sampling_error(model, truth, method, interpolate) -> None:
    got = mapped(model, model, truth, "run", method=method, interpolate=interpolate)
    levels = [0.05, 0.5, 0.95, 0.99]
    error_k = quantiles(got.tas, levels) - quantiles(truth.tas, levels)
    assert np.abs(error_k).max() < 0.4 < np.abs(quantiles(model.tas - truth.tas, [0.95])).min()
    ratio = quantiles(got.pr, levels[2:]) / quantiles(truth.pr, levels[2:])
    np.testing.assert_allclose(ratio, 1.0, atol=0.1)
    assert float((got.pr > 0).mean()) == pytest.approx(float((truth.pr > 0).mean()), abs=0.015)


def later(model: xr.Dataset) -> xr.Dataset:
    """The model's weather in a climate 4 K warmer, with 1.3 times the rain."""
    return series(1981 + LATER, model.tas.values + 4.0, model.pr.values * 1.3)


def test_qdm_keeps_a_planted_trend_in_every_quantile(model, truth) -> None:
    """Trap T12."""
    now, then = (mapped(run, model, truth, "run") for run in (model, later(model)))
    np.testing.assert_allclose(then.tas.values - now.tas.values, 4.0, atol=1e-3)
    wet = now.pr.values > 1.0
    np.testing.assert_allclose(then.pr.values[wet] / now.pr.values[wet], 1.3, rtol=1e-4)


def test_dqm_keeps_the_trend_of_the_mean(model, truth) -> None:
    now, then = (mapped(run, model, truth, "run", method="dqm") for run in (model, later(model)))
    np.testing.assert_allclose(then.tas.values - now.tas.values, 4.0, atol=1e-3)
    assert float(then.pr.mean() / now.pr.mean()) == pytest.approx(1.3, abs=0.01)


def test_plain_eqm_distorts_the_trend(model, truth) -> None:
    """Trap T12: the model's spread is 1.5 times too large, and EQM divides its trend by that."""
    now, then = (mapped(run, model, truth, "run", method="eqm") for run in (model, later(model)))
    inside = [0.3, 0.5, 0.7]
    change = quantiles(then.tas, inside) - quantiles(now.tas, inside)
    np.testing.assert_allclose(change, 4.0 / 1.5, atol=0.5)
    heavy = quantiles(then.pr, [0.9, 0.95]) / quantiles(now.pr, [0.9, 0.95])
    assert (heavy > 1.34).all()  # a model whose rain is bent flat is bent back


@pytest.mark.parametrize("interpolate", ["quantiles", "factors"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("least", [0, 10])
def test_a_trace_never_becomes_a_flood(method, interpolate, least) -> None:
    """Trap T13, xsdba#278: no wet day in the model, a rare wet day of 21 mm in the reference."""
    at = coarse_series.time(1981, YEARS)
    rng = np.random.default_rng(5)
    shape = (at.size, 2, 2)
    rare = np.where(rng.uniform(size=shape) < 0.01, 21.6, 0.0)
    dry = rng.uniform(0.0, 0.05, shape)
    reference, run = (coarse_series.series(at, pr=field) for field in (rare, dry))
    future = coarse_series.series(at, pr=np.where(rng.uniform(size=shape) < 0.005, 20.0, dry))
    changed = {"method": method, "interpolate": interpolate, "variables": {"pr": "multiplicative"}}
    rules = coarse_series.RAIN | {"least_wet_days": least, "ceiling_mm_day": 1e4}
    for one in (run, future):
        got = mapped(one, run, reference, "run", rain=rules, **changed).pr.values
        assert got[one.pr.values < 0.1].max() <= 2.0 * 21.6 + 1e-3
        assert got.max() <= 3.0 * 21.6 + 1e-3  # 20 mm on a day that the fit never saw the like of
        if least:  # too few wet days: raw rain, untouched
            np.testing.assert_array_equal(got, one.pr.values)


@pytest.mark.parametrize("blocks", [None, 4])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("wet_share", [0.25, 0.85], ids=["too dry", "drizzle"])
def test_wet_days_become_those_of_the_reference(truth, wet_share, method, blocks) -> None:
    """Trap T13: in both directions, whether or not the fit saw the years."""
    at = coarse_series.time(1981, YEARS)
    rain = coarse_series.rain(at, 6, wet_share)
    if wet_share > 0.5:
        rng = np.random.default_rng(7)
        drizzle = rng.uniform(size=rain.shape) < 0.4
        rain = np.where(drizzle & (rain > 0), 0.1 + rng.exponential(0.3, rain.shape), rain)
    run = coarse_series.series(at, pr=rain)
    changed = {"variables": {"pr": "multiplicative"}, "cross_fit_blocks": blocks}
    got = mapped(run, run, truth, "model", method=method, **changed).pr
    for threshold in (0.1, 1.0):
        shares = [float((rain >= threshold).mean()) for rain in (got, truth.pr)]
        assert shares[0] == pytest.approx(shares[1], abs=0.03)
    assert float(got.mean()) == pytest.approx(float(truth.pr.mean()), rel=0.05)


def test_no_block_of_years_is_mapped_by_a_fit_that_saw_it(model, truth) -> None:
    """Trap T11."""
    mapping = coarse_series.mapping(cross_fit_blocks=5)
    own = slice("1985", "1988")
    other = truth.copy(deep=True)
    other["tas"].loc[{"time": own}] += 10.0
    other["pr"].loc[{"time": own}] *= 3.0
    before, after = (
        mapping_apply.apply(model, mapping_fit.fit(model, reference, mapping, 1), mapping, "model")
        for reference in (truth, other)
    )
    for name in ("tas", "pr"):
        same = (before[name] == after[name]).all(("Y", "X"))
        assert same.sel(time=own).all()
        assert not same.sel(time=slice("1989", None)).all()


def test_the_full_fit_maps_the_future_and_other_members(model, truth) -> None:
    mapping = coarse_series.mapping(cross_fit_blocks=5)
    fitted = mapping_fit.fit(model, truth, mapping, 1)
    full = mapping_fit.fit(model, truth, coarse_series.mapping(), 1)
    run = later(model)
    xr.testing.assert_identical(
        mapping_apply.apply(run, fitted, mapping, "future").tas,
        mapping_apply.apply(run, full, coarse_series.mapping(), "future").tas,
    )


def test_years_of_the_fit_cannot_be_scored_unless_cross_fitted(model, truth) -> None:
    """Trap T11."""
    whole = mapped(model, model, truth, "model")
    with pytest.raises(UserError, match="fitted on 1981"):
        refuse_fit_years(whole, truth)
    refuse_fit_years(whole, later(truth))
    refuse_fit_years(mapped(model, model, truth, "model", cross_fit_blocks=5), truth)
    other_member = mapped(model, model, truth, "another run", cross_fit_blocks=5)
    with pytest.raises(UserError, match="fitted on 1981"):
        refuse_fit_years(other_member, truth)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("calendar", ["standard", "noleap", "360_day"])
def test_calendars_of_models_meet_that_of_the_truth(truth, calendar, window) -> None:
    """Trap T17: a bias of each day of the year is removed, and no day is lost."""
    at = coarse_series.time(1981, YEARS, calendar)
    day = day_numbers(at, seasonal=True)[:, None, None]
    cycle = 285.0 + 8.0 * np.cos(2 * np.pi * (day - 200) / 366)
    weather = 4.0 * np.random.default_rng(8).normal(size=(at.size, 2, 2))
    run = coarse_series.series(at, tas=cycle + weather + 3.0 + 2.0 * np.sin(2 * np.pi * day / 366))
    got = mapped(run, run, truth, "run", variables={"tas": "additive"}, **window).tas
    assert np.isfinite(got.values).all() and got.sizes["time"] == at.size
    for month in range(1, 13):
        wanted = truth.tas[truth.time.dt.month.values == month].mean()
        assert float(got[at.dt.month.values == month].mean() - wanted) == pytest.approx(0, abs=0.3)


def test_missing_values_stay_missing_and_spoil_nothing_else(model, truth) -> None:
    """Trap T35."""
    holed, masked = model.copy(deep=True), truth.copy(deep=True)
    holed["pr"][::7, 0, 0] = np.nan
    holed["tas"][100:130] = np.nan
    masked["tas"][:, 1, 1] = np.nan
    masked["pr"][:, 1, 1] = np.nan
    for method in METHODS:
        got = mapped(holed, holed, masked, "run", method=method)
        for name in ("pr", "tas"):
            missing = np.isnan(holed[name].values)
            missing[:, 1, 1] = True
            np.testing.assert_array_equal(np.isnan(got[name].values), missing)


def test_the_ratio_beyond_the_quantiles_is_capped(truth) -> None:
    at = coarse_series.time(1981, YEARS)
    weak = coarse_series.series(at, pr=coarse_series.rain(at, 9) ** 0.3)
    got = mapped(weak, weak, truth, "run", variables={"pr": "multiplicative"}, tail_cap=2.0).pr
    top = weak.pr.values > np.quantile(weak.pr.values, 0.999)
    assert (got.values[top] / weak.pr.values[top]).max() == pytest.approx(2.0, rel=1e-4)


def test_an_impossible_value_stops_the_run_by_name(model, truth) -> None:
    """Trap T13."""
    flood = model.copy(deep=True)
    flood["pr"][1234, 1, 0] = 5000.0
    with pytest.raises(UserError) as error:
        mapped(flood, model, truth, "future run")
    for word in ("future run", "pr = ", "mm day-1", "45.000° N", "8.000° E", "1984-05-19", "5000"):
        assert word in str(error.value)
    with pytest.raises(UserError, match="mapped tas"):
        mapped(model, model, truth, "run", temperature_limits_k=(200.0, 300.0))
