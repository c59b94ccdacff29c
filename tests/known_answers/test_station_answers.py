"""Lapse rates and density weights whose answers are known."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core.config.loading import load
from downbench.core.errors import UserError
from downbench.scores.stations import lapse_rate
from downbench.scores.stations.density_weights import density_weights

ROOT = Path(__file__).parents[2]
rng = np.random.default_rng(1)
LAT, LON = rng.uniform(40, 44, 200), rng.uniform(-8, 2, 200)
# A highland in the north: altitude and latitude go together, as in many regions.
OROG = 400 * (LAT - 40) + rng.uniform(0, 800, 200)
MONTHS = np.repeat([1, 7], 30)


def planted(rates: dict[int, float]) -> np.ndarray:
    """Temperatures (60, 200) that fall with altitude, latitude and longitude, with noise."""
    rate = np.array([rates[month] for month in MONTHS])[:, None]
    mean = 300 + rate * OROG / 1000 - 0.9 * LAT + 0.2 * LON
    return mean + rng.normal(0, 0.5, mean.shape)


def test_a_planted_lapse_rate_is_found_in_each_month():
    found = lapse_rate.fit(planted({1: -4.0, 7: -6.5}), MONTHS, OROG, LAT, LON)
    assert found.k_per_km[[0, 6]] == pytest.approx([-4.0, -6.5], abs=0.1)
    assert np.isnan(np.delete(found.k_per_km, [0, 6])).all()


def test_latitude_does_not_pass_for_altitude():
    """Without it as a regressor, 0.9 K per degree would add to the rate."""
    found = lapse_rate.fit(planted({1: 0.0, 7: 0.0}), MONTHS, OROG, LAT, LON)
    assert found.k_per_km[[0, 6]] == pytest.approx(0.0, abs=0.1)


def test_longitude_across_180_degrees_does_not_pass_for_altitude():
    across = (LON + 180.0 - LON.mean() + 180.0) % 360.0 - 180.0
    temperature = planted({1: -4.0, 7: -6.5})
    rates = [lapse_rate.fit(temperature, MONTHS, OROG, LAT, lon) for lon in (across, LON)]
    np.testing.assert_allclose(rates[0].k_per_km, rates[1].k_per_km, rtol=1e-6)


def test_a_rise_of_a_kilometre_adds_the_rate_of_the_month():
    rate = lapse_rate.LapseRate(np.arange(-12.0, 0.0))
    assert rate.shift(np.array([1, 12]), np.array([1000.0, -500.0])).tolist() == [
        [-12.0, 6.0],
        [-1.0, 0.5],
    ]


def test_a_month_without_training_days_and_a_flat_region_are_named():
    found = lapse_rate.fit(planted({1: -4.0, 7: -6.5}), MONTHS, OROG, LAT, LON)
    with pytest.raises(UserError, match="months 3"):
        found.shift(np.array([1, 3]), np.zeros(1))
    with pytest.raises(UserError, match="no lapse rate can be fitted"):
        lapse_rate.fit(planted({1: -4.0, 7: -6.5}), MONTHS, np.full(200, 80.0), LAT, LON)


def test_missing_days_of_some_cells_change_little():
    holed = planted({1: -4.0, 7: -6.5})
    holed[rng.random(holed.shape) < 0.1] = np.nan
    found = lapse_rate.fit(holed, MONTHS, OROG, LAT, LON)
    assert found.k_per_km[[0, 6]] == pytest.approx([-4.0, -6.5], abs=0.15)


def real(file: str) -> xr.Dataset:
    try:
        folder = load({"region": "iberia"}, ROOT).region.data_dir
    except UserError as absent:
        pytest.skip(f"real data are not here: {str(absent).splitlines()[0]}")
    path = Path(folder) / file
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return xr.open_dataset(path)


def test_german_stations_have_the_lapse_rates_of_textbooks():
    """Inversions flatten winters; summers come near the 6.5 K/km of the standard atmosphere."""
    stations = real("europe/stations_germany53_daily.nc")
    tas = stations["tas"].transpose("time", "station").values
    places = (stations[name].values for name in ("alt", "lat", "lon"))
    found = lapse_rate.fit(tas, stations["time"].dt.month.values, *places).k_per_km
    assert -5.0 < found[[11, 0]].mean() < -3.0
    assert -7.2 < found[4:8].mean() < -6.0


def test_stations_at_one_place_weigh_as_much_as_one():
    lat = np.array([40.0, 40.0, 40.0, 44.0])
    weight = density_weights(lat, np.zeros(4), length_km=50)
    assert weight[:3].sum() == pytest.approx(weight[3])
    assert weight.mean() == pytest.approx(1)


def test_stations_far_apart_weigh_the_same():
    assert density_weights(np.arange(0.0, 50, 10), np.zeros(5), 50) == pytest.approx(1)


def test_german_stations_in_the_crowd_weigh_less():
    stations = real("europe/stations_germany53_daily.nc")
    weight = density_weights(stations["lat"].values, stations["lon"].values, 100)
    apart = np.abs(stations["lat"].values - 51) > 2.5
    assert weight[apart].mean() > weight[~apart].mean()
