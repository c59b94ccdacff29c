"""Daily temperature of a CMIP6 model over Germany mapped towards ERA5, where the data are here.

IPSL-CM6A-LR, historical 1979–2014 and SSP5-8.5 2050–2070, four cells between 48 and 52° N.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import coarse_series
from downbench.bias import mapping_apply, mapping_fit
from downbench.core.config.loading import load
from downbench.core.errors import UserError

ROOT = Path(__file__).parents[2]
MAPPING = coarse_series.mapping(
    variables={"tas": "additive"},
    fitted_on="historical",
    reference="era5",
    window_step_days=5,
    quantiles=100,
    cross_fit_blocks=6,
    period_years=40,
)
LEVELS = [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98]


@cache
def folder() -> Path:
    try:
        section = load({"region": "iberia"}, ROOT).region
    except UserError as absent:
        pytest.skip(f"no real data here: {str(absent).splitlines()[0]}")
    found = Path(section.data_dir) / "europe"
    found = found if found.is_absolute() else ROOT / found
    if not (found / "era5_tas_germany_daily.nc").exists():
        pytest.skip(f"no {found}/era5_tas_germany_daily.nc here")
    return found


def on_cells(field: xr.DataArray) -> xr.Dataset:
    """(time, lat, lon) → (time, Y, X), as drivers are."""
    lat, lon = np.meshgrid(field["lat"], field["lon"], indexing="ij")
    data = (("time", "Y", "X"), field.transpose("time", "lat", "lon").values, {"units": "K"})
    place = {"time": field["time"], "lat": (("Y", "X"), lat), "lon": (("Y", "X"), lon)}
    return xr.Dataset({"tas": data}, place)


@cache
def raw(run: str) -> xr.Dataset:
    with xr.open_dataset(folder() / f"cmip6_ipsl-cm6a-lr_tas_germany_{run}.nc") as found:
        return on_cells(found["tas"].load())


@cache
def era5() -> xr.Dataset:
    with xr.open_dataset(folder() / "era5_tas_germany_daily.nc") as found:
        cells = {"lat": raw("historical").lat[:, 0].values, "lon": raw("historical").lon[0].values}
        return on_cells(found["tas"].load().interp(cells))


def in_calendar(run: xr.Dataset, calendar: str) -> xr.Dataset:
    """The days of a run that another calendar has too."""
    return run.convert_calendar(calendar, align_on="date", use_cftime=True)


@cache
def mapped(run: str, calendar: str = "standard") -> xr.Dataset:
    series = {
        name: raw(name) if calendar == "standard" else in_calendar(raw(name), calendar)
        for name in {"historical", run}
    }
    fitted = mapping_fit.fit(series["historical"], era5(), MAPPING, 1)
    return mapping_apply.apply(series[run], fitted, MAPPING, run)


def monthly_error(run: xr.Dataset) -> float:
    """Largest error of a mean over a month of the year and a cell [K]."""
    truth = era5().sel(time=slice("1979", "2014"))
    means = [one.tas.groupby("time.month").mean() for one in (run, truth)]
    return float(np.abs(means[0] - means[1]).max())


def test_the_bias_is_gone_in_years_that_no_fit_has_seen() -> None:
    assert monthly_error(raw("historical")) > 1.0
    # A mean over 36 months of one name is known to about 0.3 K.
    assert monthly_error(mapped("historical")) < 0.4
    truth = era5().tas.sel(time=slice("1979", "2014")).quantile(LEVELS, "time")
    error = np.abs(mapped("historical").tas.quantile(LEVELS, "time") - truth)
    assert float(error.max()) < 0.4


def test_the_warming_of_every_quantile_of_ssp585_is_kept() -> None:
    """Month by month, as the windows are; the past is cross-fitted, which adds some noise."""

    def warming(of) -> xr.DataArray:
        then, now = (
            of(run).tas.groupby("time.month").quantile(LEVELS, "time")
            for run in ("ssp585", "historical")
        )
        return then - now

    raw_k, changed_k = warming(raw), warming(mapped) - warming(raw)
    assert 3.0 < float(raw_k.mean()) < 5.0
    of_level = np.abs(changed_k.mean(("month", "Y", "X")))
    assert float(of_level.sel(quantile=slice(0.1, 0.9)).max()) < 0.1
    assert float(of_level.max()) < 0.3
    assert float(np.abs(changed_k.mean(("Y", "X")).sel(quantile=0.5)).max()) < 0.2


@pytest.mark.parametrize("calendar", ["noleap", "360_day"])
@pytest.mark.parametrize("run", ["historical", "ssp585"])
def test_calendars_agree(run, calendar) -> None:
    theirs = mapped(run, calendar)
    assert theirs["time"].dt.calendar == calendar and not theirs.tas.isnull().any()
    same = theirs.convert_calendar("standard", align_on="date", use_cftime=False)
    ours = mapped(run).sel(time=same["time"])
    assert float(np.abs(same.tas - ours.tas).mean()) < 0.1
    assert abs(float((same.tas - ours.tas).mean())) < 0.02
