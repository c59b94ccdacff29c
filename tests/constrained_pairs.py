"""Tolerances, and drivers that obey every law, for the tests of the laws' steps."""

import xarray as xr

import scores_fixtures
from downbench.core.spatial.grids import block_mean

FACTOR = 8
CELL = ("time", "Y", "X")
LAWS = {
    "rain_tolerance_mm_day": 0.1,
    "rain_tolerance_percent": [1, 5, 20],
    "temperature_tolerance_k": [0.1, 1.0],
    "headline_percent": 5,
    "headline_k": 0.1,
    "supersaturation_percent": 2,
    "clausius_clapeyron": {
        "percentiles": [95, 99],
        "temperature_bins": 4,
        "wet_mm_day": 1.0,
        "parts_of_year": 12,
        "fewest_beyond": 5,
    },
}
SETTINGS = scores_fixtures.settings(physics=LAWS)


def perfect(reference: xr.Dataset) -> xr.Dataset:
    """Block means of the truth, with a budget that closes by its evaporation."""
    area = reference["cell_area"].values
    fields = {
        name: (CELL, block_mean(reference[name].values, FACTOR, area), reference[name].attrs)
        for name in ("pr", "tasmax")
    }
    rain = fields["pr"][1].astype("f8") / 86400
    budget = {"evspsbl": rain, "prw_tendency": 0 * rain, "moisture_divergence": 0 * rain}
    fields |= {name: (CELL, term, {"units": "kg m-2 s-1"}) for name, term in budget.items()}
    place = {n: (CELL[1:], block_mean(reference[n].values, FACTOR)) for n in ("lat", "lon")}
    time = reference["time"].values
    return xr.Dataset(
        fields, {"time": time, **place}, {"driver_type": "perfect", "frequency": "day"}
    )
