"""Lapse rate of temperature by calendar month, to adjust a cell's value to a station's altitude.

For each month of the year the mean temperature of the cells is regressed on altitude, latitude and
longitude together (ordinary least squares over the cells): without the coordinates, a highland in
the north of a region would confound latitude with altitude. Rain gets no such correction: its
increase with altitude depends on the wind of the day (trap T34).
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import continuous

FEWEST_CELLS = 30
LEAST_RELIEF_M = 50.0


@dataclass(frozen=True)
class LapseRate:
    """Change of temperature with altitude by month of the year.

    k_per_km : (12,)
        [K km-1], negative where it is colder above; NaN in months that were not fitted.
    """

    k_per_km: np.ndarray

    def shift(self, months: np.ndarray, rise_m: np.ndarray) -> np.ndarray:
        """Return the correction [K], (time, location), for a rise (location,) from the cell [m].

        Raises
        ------
        UserError
            For a month without a fit.
        """
        rate = self.k_per_km[np.asarray(months) - 1]
        if np.isnan(rate).any():
            missing = sorted({int(m) for m in np.asarray(months)[np.isnan(rate)]})
            raise UserError(
                f"no lapse rate for the months {', '.join(map(str, missing))}: the training years "
                "have no days in them; train on the seasons that are scored"
            )
        return rate[:, None] * (np.asarray(rise_m) / 1000.0)


def fit(
    temperature: np.ndarray,
    months: np.ndarray,
    orog: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
) -> LapseRate:
    """Fit the lapse rate of each month that has days.

    Parameters
    ----------
    temperature : (time, …)
        Of the training years only, at cells or stations [K]; NaN where missing.
    months : (time,)
        Month of the year, 1 … 12.
    orog, lat, lon : (…)
        Altitude [m], coordinates [degrees]; a location that lacks one is left out.

    Raises
    ------
    UserError
        When fewer than 30 locations are valid, or all have about the same altitude.
    """
    position = lat.ravel(), continuous(lon).ravel()
    regressors = np.stack([np.ones(orog.size), orog.ravel() / 1000.0, *position], axis=1)
    rates = np.full(12, np.nan)
    for month in np.unique(months):
        values = temperature[np.asarray(months) == month].reshape(-1, orog.size)
        finite = np.isfinite(values)
        with np.errstate(invalid="ignore"):
            mean = np.where(finite, values, 0.0).sum(axis=0) / finite.sum(axis=0)
        valid = np.isfinite(mean) & np.isfinite(regressors).all(axis=1)
        _refuse_flat(regressors[valid, 1] * 1000.0)
        rates[int(month) - 1] = np.linalg.lstsq(regressors[valid], mean[valid], rcond=None)[0][1]

    return LapseRate(rates)


def fit_grid(training: xr.Dataset, variable: str) -> LapseRate:
    """Fit the lapse rate to the land cells of the target.

    Parameters
    ----------
    training : (time, y, x)
        Target in the training years.
    variable
        Temperature [K].
    """
    land = training["land"].values
    orog = np.where(land < 0.5, np.nan, training["orog"].values)
    months = training["time"].dt.month.values
    grid = (training["lat"].values, training["lon"].values)
    return fit(training[variable].values, months, orog, *grid)


def _refuse_flat(altitude: np.ndarray) -> None:
    if altitude.size < FEWEST_CELLS or altitude.std() < LEAST_RELIEF_M:
        relief = f", standard deviation {altitude.std():.0f} m" if altitude.size else ""
        raise UserError(
            f"no lapse rate can be fitted: {altitude.size} locations{relief} (needed: at least "
            f"{FEWEST_CELLS} with a standard deviation of {LEAST_RELIEF_M:.0f} m): give the "
            "region its orography"
        )
