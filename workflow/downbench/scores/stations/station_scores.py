"""Scores of an ensemble, and of the gridded target, against stations: a table and a dataset."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.constants import GCM
from downbench.core.variables import VARIABLES
from downbench.scores.stations import paired_scores, station_climate
from downbench.scores.stations.density_weights import density_weights
from downbench.scores.stations.extraction import Extraction, extract, extractions
from downbench.scores.stations.lapse_rate import LapseRate
from downbench.scores.stations.paired_scores import StationPairs
from downbench.scores.stations.station_periods import TARGET, StationPeriod, station_periods

PERCENTILES = (5, 95, 99)
DIMS = ("forecast", "extraction", "station")


@dataclass(frozen=True)
class ExtractedForecast:
    """One variable of a forecast at the stations, extracted in one way.

    paired : are the days of the ensemble those of the measurements?
    """

    period: StationPeriod
    extraction: Extraction
    pairs: StationPairs
    settings: Evaluation
    paired: bool


def score(
    ensemble: xr.Dataset,
    stations: xr.Dataset,
    target: xr.Dataset,
    rates: dict[str, LapseRate],
    settings: Evaluation,
) -> tuple[pd.DataFrame, xr.Dataset]:
    """Score every variable that ensemble, stations and target share.

    Parameters
    ----------
    ensemble : (time, member, y, x)
    stations
        Dataset of `prepare_stations`: (time, station).
    target : (time, y, x)
        With its orography [m].
    rates
        Lapse rate of each temperature variable.
    settings
        Section `evaluation` of the configuration.

    Returns
    -------
    DataFrame
        The tidy table with five further columns: `forecast` (ensemble, or target for the gridded
        target taken as a forecast), `extraction`, `lapse_k_per_km` (mean rate applied, 0 = none),
        `stations` (fed, independent or, where there are both, all) and their `count`.
    Dataset
        Per station: climate of grid and measurements on (forecast, extraction, station), daily
        scores where days pair, weights, altitudes. Temperature is that at the station's altitude.
    """
    weight = density_weights(
        stations["lat"].values, stations["lon"].values, stations.attrs["density_length_km"]
    )
    paired = ensemble.attrs.get("driver_type") != GCM
    tables, parts = [], []
    for period in station_periods(ensemble, stations, target):
        for variable in _shared_variables(period, target):
            ways = list(extractions(variable, stations, target, rates.get(variable)))
            values = extract(period.grid[variable], ways)
            for extraction, members in zip(ways, values, strict=True):
                pairs = _station_pairs(period, variable, members, weight)
                forecast = ExtractedForecast(period, extraction, pairs, settings, paired)
                tables += _tables(forecast)
                if extraction.rate is not None or variable not in rates:
                    parts.append(_per_station(forecast))
    per_station = xr.merge(parts, join="outer", compat="no_conflicts")
    static = [name for name in stations.coords if name != "time"]
    per_station = per_station.assign_coords({name: stations[name] for name in static})
    return pd.concat(tables, ignore_index=True), per_station.assign(weight=("station", weight))


def _shared_variables(period: StationPeriod, target: xr.Dataset) -> list[str]:
    """Return variables of grid, stations and target, in the order of the table of variables."""
    shared = set(period.grid.data_vars) & set(period.stations.data_vars) & set(target.data_vars)
    return sorted(map(str, shared), key=list(VARIABLES).index)


def _station_pairs(
    period: StationPeriod, variable: str, members: np.ndarray, weight: np.ndarray
) -> StationPairs:
    if members.ndim == 2:
        members = members[:, None]
    observed = period.stations[variable].transpose("time", "station").values
    return StationPairs(variable, members, observed, period.grid["time"], weight)


def _tables(forecast: ExtractedForecast) -> Iterator[pd.DataFrame]:
    pairs, extraction = forecast.pairs, forecast.extraction
    fed = forecast.period.stations["fed_product"].values == 1
    groups = {"all": fed | ~fed, "fed": fed, "independent": ~fed}
    if fed.all() or not fed.any():
        del groups["all"]
    for name, mask in groups.items():
        if not mask.any():
            continue
        rows = _rows(replace(forecast, pairs=pairs.select(mask)))
        columns = {
            "forecast": forecast.period.forecast,
            "extraction": extraction.method,
            "lapse_k_per_km": extraction.lapse_k_per_km(pairs.time.dt.month.values),
            "stations": name,
            "count": int(mask.sum()),
        }
        yield rows.assign(**columns)[[*columns, *rows.columns]]


def _rows(forecast: ExtractedForecast) -> pd.DataFrame:
    """Return scores of paired days, or of the climate of a free-running GCM."""
    if forecast.paired:
        return paired_scores.score(forecast.pairs, forecast.settings)
    pairs, period = forecast.pairs, forecast.period
    grid = xr.DataArray(pairs.members, {"time": pairs.time}, ("time", "member", "station"))
    observed = xr.DataArray(pairs.observed, {"time": period.stations["time"]}, ("time", "station"))
    # With a free-running GCM only the gridded target has the days of the stations.
    return station_climate.score(
        pairs.variable, grid, observed, pairs.weight, forecast.settings, period.start_month,
        paired=period.forecast == TARGET,
    )  # fmt: skip


def _per_station(forecast: ExtractedForecast) -> xr.Dataset:
    """Return climate of grid and measurements, and daily scores, on `DIMS`."""
    pairs, extraction = forecast.pairs, forecast.extraction
    wet = forecast.settings.wet_day_mm_day
    values = _summary(pairs.members, pairs.variable, wet)
    observed = _summary(pairs.observed[:, None], pairs.variable, wet)
    values |= {f"{name}_observed": value for name, value in observed.items()}
    values |= paired_scores.station_means(pairs) if forecast.paired else {}
    if extraction.rate is not None:
        months = pairs.time.dt.month.values
        shift = extraction.rate.shift(months, extraction.rise_m).mean(axis=0)
        values["altitude_correction"] = np.asarray(shift)
    variables = {
        f"{pairs.variable}_{name}": (DIMS, value[None, None]) for name, value in values.items()
    }
    variables["rise_m"] = (DIMS[1:], extraction.rise_m[None])
    coordinates = {"forecast": [forecast.period.forecast], "extraction": [extraction.method]}
    return xr.Dataset(variables, coords=coordinates)


def _summary(values: np.ndarray, variable: str, wet: float) -> dict[str, np.ndarray]:
    """Return mean, percentiles and wet-day frequency (station,) over (time, member)."""
    flat = values.reshape(-1, values.shape[-1]).astype(np.float64)
    valid = np.isfinite(flat)
    mean = np.where(valid, flat, 0.0).sum(axis=0) / np.maximum(valid.sum(axis=0), 1)
    observed = valid.any(axis=0)
    summary = {"mean": np.where(observed, mean, np.nan)}
    for percent in PERCENTILES:
        values_at = np.full(flat.shape[1], np.nan)
        values_at[observed] = np.nanpercentile(flat[:, observed], percent, axis=0)
        summary[f"p{percent:02d}"] = values_at
    if VARIABLES[variable].is_intermittent:
        count = np.where(observed, valid.sum(axis=0), np.nan)
        summary["wet_day_frequency"] = (valid & (flat >= wet)).sum(axis=0) / count
    return summary
