"""The synthetic GCM twin: set biases are found, gone within sampling error, and its change kept.

The twin's runs are free weather with set faults, so the unbiased run of the very same weather is
known too. Sampling errors come from the spread of statistics over years, which are independent but
for the region's trend; that is taken off.
"""

from functools import cache

import numpy as np
import pytest
import xarray as xr

import synthetic_region as made
from downbench.bias import mapping_apply, mapping_fit
from downbench.sources.synthetic import source, terrain

UNITS = {"pr": "mm day-1", "tasmax": "K"}
HISTORICAL, FUTURE = "gcm-historical", "gcm-future"
ERRORS = 3.5
"""Standard errors: one in two thousand comparisons is farther off by chance."""


@cache
def static() -> xr.Dataset:
    return terrain.static(made.whole_region())


def dressed(weather: xr.Dataset) -> xr.Dataset:
    coarse = terrain.coarse_static(static(), made.whole_region().factor)
    fields = weather[list(UNITS)].astype(np.float32)
    fields = fields.assign_coords(lat=coarse.lat, lon=coarse.lon)
    return fields.assign({n: fields[n].assign_attrs(units=u) for n, u in UNITS.items()})


@cache
def truth() -> xr.Dataset:
    return dressed(made.long_truth())


@cache
def raw(name: str) -> xr.Dataset:
    return source.driver(made.whole_region(), name, static())[list(UNITS)]


@cache
def unbiased(name: str) -> xr.Dataset:
    """The same weather without faults."""
    return dressed(source.free_run(made.whole_region(), name, static()))


def mapping(method: str):
    whole = made.whole_region().corrections["qdm"]
    variables = {name: whole.variables[name] for name in UNITS}
    coarser = {"window_step_days": 15, "variables": variables}
    return whole.model_copy(update={"method": method, **coarser})


@cache
def fitted() -> xr.Dataset:
    return mapping_fit.fit(raw(HISTORICAL), truth(), mapping("qdm"), 1)


@cache
def mapped(name: str, method: str = "qdm") -> xr.Dataset:
    return mapping_apply.apply(raw(name), fitted(), mapping(method), name)


STATISTICS = {
    "mean": lambda field: field.mean(),
    "P95": lambda field: np.quantile(field, 0.95),
    "P99": lambda field: np.quantile(field, 0.99),
    "wet 1 mm": lambda field: (field >= 1.0).mean(),
    "wet": lambda field: (field >= 0.1).mean(),
}


def of_years(field: xr.DataArray, statistic: str) -> np.ndarray:
    """The statistic of all cells and days of each year, (years,)."""
    years = field.groupby("time.year")
    return np.array([STATISTICS[statistic](of_year.values) for _, of_year in years])


def bias(one: xr.Dataset, other: xr.Dataset, name: str, statistic: str) -> tuple[float, float]:
    """Mean difference over the years and its standard error, the trend taken off."""
    mine, theirs = (of_years(run[name], statistic) for run in (one, other))
    years = np.arange(len(mine))
    spread = [
        series - np.polyval(np.polyfit(years, series, 1), years) for series in (mine, theirs)
    ]
    error = np.sqrt(sum(s.var(ddof=2) for s in spread) / len(years))
    return float(mine.mean() - theirs.mean()), float(error)


def test_the_fit_finds_the_set_bias_of_temperature() -> None:
    """Same weather, so no sampling error but that of the quantiles: 1.5 K, and 1.2 in spread."""
    fit = mapping_fit.fit(raw(HISTORICAL), unbiased(HISTORICAL), mapping("qdm"), 1).isel(fit=0)
    faults = made.whole_region().drivers[HISTORICAL].simulation
    found, wanted = fit.tasmax_source, fit.tasmax_reference
    assert float((found - wanted).mean()) == pytest.approx(faults.temperature_bias_k, abs=0.05)
    widths = [q.isel(quantile=-5) - q.isel(quantile=4) for q in (found, wanted)]
    assert 1.1 < float((widths[0] / widths[1]).mean()) < faults.temperature_spread


def test_the_fit_finds_the_set_bend_of_rain() -> None:
    """1.15 · 3.6 · (p / 3.6)^0.9 at the upper quantiles; drizzle on 30 % of dry days below."""
    fit = mapping_fit.fit(raw(HISTORICAL), unbiased(HISTORICAL), mapping("qdm"), 1).isel(fit=0)
    options = made.whole_region().target
    faults, scale = (
        made.whole_region().drivers[HISTORICAL].simulation,
        options.weather.rain_scale_mm_day,
    )
    true = fit.pr_reference.isel(quantile=slice(70, None))
    bent = faults.rain_factor * scale * (true / scale) ** faults.rain_exponent
    ratio = fit.pr_source.isel(quantile=slice(70, None)) / bent
    np.testing.assert_allclose(ratio.mean(), 1.0, atol=0.005)
    dry = [float((run.pr < 0.1).mean()) for run in (raw(HISTORICAL), unbiased(HISTORICAL))]
    drizzled = faults.drizzle_share * np.exp(-0.1 / faults.drizzle_mm_day)
    assert dry[0] == pytest.approx(dry[1] * (1 - drizzled), abs=0.01)


@pytest.mark.parametrize("method", ["eqm", "dqm", "qdm"])
@pytest.mark.parametrize(
    ("name", "statistic", "is_planted"),
    [
        ("tasmax", "mean", True),
        ("tasmax", "P99", True),
        ("pr", "mean", True),
        ("pr", "P99", True),
        ("pr", "P95", False),
        ("pr", "wet 1 mm", True),
    ],
)
def test_biases_are_gone_in_years_that_the_fit_has_not_seen(
    method, name, statistic, is_planted
) -> None:
    before, error = bias(raw(HISTORICAL), truth(), name, statistic)
    assert (abs(before) > ERRORS * error) == is_planted
    after, error = bias(mapped(HISTORICAL, method), truth(), name, statistic)
    assert abs(after) < ERRORS * error


@pytest.mark.parametrize("method", ["eqm", "dqm", "qdm"])
def test_the_twins_drizzle_is_gone(method) -> None:
    before, _ = bias(raw(HISTORICAL), truth(), "pr", "wet")
    after, _ = bias(mapped(HISTORICAL, method), truth(), "pr", "wet")
    assert before > 0.09 and abs(after) < 0.02


def change(runs: list[xr.Dataset], level: float) -> float:
    """Change of a quantile of temperature, mean over cells [K]."""
    quantiles = [run.tasmax.quantile(level, "time").mean() for run in runs]
    return float(quantiles[1] - quantiles[0])


def test_qdm_keeps_the_twins_warming_in_every_quantile_and_eqm_does_not() -> None:
    """Trap T12. The raw change of a quantile holds the weather's spread of 1.2 in both runs."""
    both = (HISTORICAL, FUTURE)
    for level in (0.05, 0.5, 0.95, 0.99):
        raw_k = change([raw(name) for name in both], level)
        kept_k = change([mapped(name) for name in both], level)
        assert kept_k == pytest.approx(raw_k, abs=0.15)
    middle = [change([of(name) for name in both], 0.5) for of in (raw, unbiased)]
    assert middle[0] == pytest.approx(middle[1], abs=0.2)
    eqm_k = change([mapped(name, "eqm") for name in both], 0.5)
    assert eqm_k < middle[0] - 0.4


def test_the_mapped_future_has_the_unbiased_futures_rain() -> None:
    for statistic in ("mean", "P99", "wet 1 mm"):
        before, error = bias(raw(FUTURE), unbiased(FUTURE), "pr", statistic)
        assert abs(before) > ERRORS * error
        after, error = bias(mapped(FUTURE), unbiased(FUTURE), "pr", statistic)
        assert abs(after) < ERRORS * error
