import numpy as np

import synthetic_region as made
from downbench.core.calendar.splits import select
from downbench.sources.synthetic import source, terrain
from downbench.sources.synthetic.column_moisture import divergence, saturation_pressure_hpa

REGION = made.whole_region()
OPTIONS = REGION.target
RUNS = {name: driver.simulation for name, driver in REGION.drivers.items() if driver.years()}


def daily(truth, name):
    """Domain mean (days,) without its season and trend."""
    series = truth[name].mean(("Y", "X")).values.astype(np.float64)
    days = np.arange(series.size)
    angle = 2 * np.pi * days / 365.2425
    waves = [np.cos(angle), np.sin(angle), np.ones_like(angle), days / days.size]
    basis = np.stack(waves, axis=1)
    return series - basis @ np.linalg.lstsq(basis, series, rcond=None)[0]


def lag1(series):
    return np.corrcoef(series[1:], series[:-1])[0, 1]


def test_moisture_budget_closes():
    driver = made.perfect()
    faces = driver.face_length_east.values, driver.face_length_north.values
    area = terrain.coarse_static(made.target(), 8).cell_area.values
    outflow = divergence(driver.flux_east.values, driver.flux_north.values, faces, area)
    rain = driver.pr.values.astype(np.float64) / 86400
    terms = [driver.prw_tendency.values, outflow, driver.evspsbl.values, rain]
    residual = terms[0] + terms[1] - terms[2] + terms[3]
    scale = sum(np.abs(term) for term in terms)
    assert np.all(np.abs(residual) <= 1e-6 * scale)
    assert scale.min() > 0


def test_tendency_is_the_change_of_precipitable_water():
    driver = made.perfect()
    step = np.diff(driver.prw.values, axis=0) / 86400
    np.testing.assert_allclose(driver.prw_tendency.values[:-1], step, atol=1e-15)
    assert driver.prw.values.min() > 0 and driver.evspsbl.values.min() >= 0


def test_divergence_of_a_linear_flux_is_its_slope():
    faces = np.full((3, 5), 2.0), np.full((4, 4), 5.0)
    east = np.broadcast_to(3.0 * np.arange(5), (1, 3, 5))
    found = divergence(east, np.ones((1, 4, 4)), faces, np.full((3, 4), 10.0))
    np.testing.assert_allclose(found, 3.0 * 2.0 / 10.0)


def test_saturation_pressure_at_twenty_degrees():
    assert 23.3 < saturation_pressure_hpa(np.array(293.15)) < 23.4


def test_warm_split_is_the_warmest_by_the_set_trend():
    truth = made.long_truth()
    means = {
        name: float(select(truth, REGION.splits, name, 1).tasmax.mean())
        for name in ("train", "validation", "test", "warm")
    }
    assert means["warm"] == max(means.values())
    years = [np.mean(getattr(REGION.splits, name)) for name in ("train", "warm")]
    expected = OPTIONS.weather.warming_k_per_decade * (years[1] - years[0]) / 10
    assert abs(means["warm"] - means["train"] - expected) < 0.4


def test_weather_persists_and_fades():
    truth = made.long_truth()
    assert 0.6 < lag1(daily(truth, "tasmax")) < OPTIONS.weather.temperature_persistence
    assert 0.15 < lag1(daily(truth, "pr")) < OPTIONS.weather.persistence


def test_weather_moves_with_the_wind():
    truth = made.long_truth()
    east = truth.uas.mean(("Y", "X")).values[1:]
    rain = np.log1p(truth.pr.values.astype(np.float64))
    strong = east > 5
    before, after = rain[:-1][strong], rain[1:][strong]
    downwind = np.corrcoef(before[:, :, :3].ravel(), after[:, :, 4:7].ravel())[0, 1]
    upwind = np.corrcoef(before[:, :, 4:7].ravel(), after[:, :, :3].ravel())[0, 1]
    assert downwind > upwind + 0.1


def test_reanalysis_has_the_set_faults_and_the_right_days():
    truth = made.perfect()
    seen = source.driver(made.region(), "reanalysis", made.target())
    faults = REGION.drivers["reanalysis"].errors
    assert abs(float(seen.pr.mean() / truth.pr.mean()) / faults.rain_factor - 1) < 0.05
    error = (seen.tasmax - truth.tasmax).values
    assert abs(error.mean() - faults.temperature_bias_k) < 0.15
    assert faults.temperature_sd_k < error.std() < 3 * faults.temperature_sd_k
    paired = np.corrcoef(seen.pr.values.ravel(), truth.pr.values.ravel())[0, 1]
    assert 0.7 < paired < 0.99


def test_free_run_has_the_set_biases_and_other_days():
    truth = made.long_truth()
    decade = truth.sel(time=slice("1981", "1990"))
    static = terrain.static(REGION)
    run = source.driver(made.region(1981, 1981), "gcm-historical", static)
    faults = RUNS["gcm-historical"]
    assert run.sizes["time"] == decade.sizes["time"]
    assert abs(float(run.tasmax.mean() - decade.tasmax.mean()) - faults.temperature_bias_k) < 0.5
    spread = daily(run, "tasmax").std() / daily(decade, "tasmax").std()
    assert abs(spread / faults.temperature_spread - 1) < 0.1
    dry = float((decade.pr == 0).mean())
    wetter = float((run.pr > 0).mean()) - (1 - dry)
    assert abs(wetter - faults.drizzle_share * dry) < 0.03
    assert abs(np.corrcoef(daily(run, "pr"), daily(decade, "pr"))[0, 1]) < 0.1


def test_quantiles_of_a_free_run_are_bent_as_set():
    static = terrain.static(REGION)
    run = source.driver(made.region(1981, 1981), "gcm-historical", static)
    faults, scale = RUNS["gcm-historical"], OPTIONS.weather.rain_scale_mm_day
    free = made.long_truth().pr.sel(time=slice("1981", "1990")).values
    for percentile in (80, 95, 99):
        true = np.percentile(free, percentile)
        bent = faults.rain_factor * scale * (true / scale) ** faults.rain_exponent
        assert abs(np.percentile(run.pr.values, percentile) / bent - 1) < 0.12


def test_future_is_warmer_by_the_trend():
    static = terrain.static(REGION)
    past, future = (
        source.driver(made.region(1981, 1981), f"gcm-{when}", static)
        for when in ("historical", "future")
    )
    runs = RUNS
    decades = (runs["gcm-future"].first_year - runs["gcm-historical"].first_year) / 10
    expected = decades * OPTIONS.weather.warming_k_per_decade + runs["gcm-future"].warming_k
    assert abs(float(future.tasmax.mean() - past.tasmax.mean()) - expected) < 0.6
