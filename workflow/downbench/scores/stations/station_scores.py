"""Scores of an ensemble, and of the gridded truth, against stations: one table, one data set."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.constants import GCM
from downbench.core.variables import VARIABLES
from downbench.scores.stations import paired_scores, station_climate
from downbench.scores.stations.density_weights import density_weights
from downbench.scores.stations.extraction import Reading, read, readings
from downbench.scores.stations.lapse_rate import LapseRate
from downbench.scores.stations.paired_scores import AtStations
from downbench.scores.stations.station_periods import TRUTH, Case, cases

PERCENTILES = (5, 95, 99)


def score(
    ensemble: xr.Dataset,
    stations: xr.Dataset,
    target: xr.Dataset,
    rates: dict[str, LapseRate],
    settings: Evaluation,
) -> tuple[pd.DataFrame, xr.Dataset]:
    """Score every variable that all three share.

    Parameters
    ----------
    ensemble : (time, member, y, x)
    stations
        What `prepare_stations` wrote: (time, station).
    target : (time, y, x)
        The gridded truth with its orography.
    rates
        Lapse rate of each temperature variable.
    settings
        Section `evaluation` of the configuration.

    Returns
    -------
    DataFrame
        The tidy table with five further columns: `forecast` (ensemble, or truth for the gridded
        truth taken for one), `extraction`, `lapse_k_per_km` (mean rate applied, 0 = none),
        `stations` (fed, independent or, where there are both, all) and their `count`.
    Dataset
        Per station: climate of grid and measurements on (forecast, extraction, station), daily
        scores where days pair, weights, altitudes. Temperature is that at the station's altitude.
    """
    weight = density_weights(
        stations["lat"].values, stations["lon"].values, stations.attrs["density_length_km"]
    )
    daily = ensemble.attrs.get("driver_type") != GCM
    tables, parts = [], []
    for case in cases(ensemble, stations, target):
        for variable in _shared(case, target):
            ways = list(readings(variable, stations, target, rates.get(variable)))
            values = read(case.grid[variable], ways)
            for reading, members in zip(ways, values, strict=True):
                found = _at_stations(case, variable, members, weight)
                tables += _tables(case, found, reading, settings, daily)
                if reading.rate is not None or variable not in rates:
                    parts.append(_per_station(case, found, reading, settings, daily))
    whole = xr.merge(parts, join="outer", compat="no_conflicts")
    own = [name for name in stations.coords if name != "time"]
    whole = whole.assign_coords({name: stations[name] for name in own})
    return pd.concat(tables, ignore_index=True), whole.assign(weight=("station", weight))


def _shared(case: Case, target: xr.Dataset) -> list[str]:
    """Variables of grid, stations and truth, rain first."""
    shared = set(case.grid.data_vars) & set(case.stations.data_vars) & set(target.data_vars)
    return sorted(map(str, shared), key=list(VARIABLES).index)


def _at_stations(case: Case, variable: str, members: np.ndarray, weight: np.ndarray) -> AtStations:
    if members.ndim == 2:
        members = members[:, None]
    observed = case.stations[variable].transpose("time", "station").values
    return AtStations(variable, members, observed, case.grid["time"], weight)


def _tables(
    case: Case, found: AtStations, reading: Reading, settings: Evaluation, daily: bool
) -> Iterator[pd.DataFrame]:
    fed = case.stations["fed_product"].values == 1
    groups = {"all": fed | ~fed, "fed": fed, "independent": ~fed}
    if fed.all() or not fed.any():
        del groups["all"]
    for name, chosen in groups.items():
        if not chosen.any():
            continue
        some = AtStations(
            found.variable,
            found.members[..., chosen],
            found.observed[:, chosen],
            found.time,
            found.weight[chosen],
        )
        made = paired_scores.score(some, settings) if daily else _climate(case, some, settings)
        rate = reading.lapse_k_per_km(found.time.dt.month.values)
        first = {"forecast": case.forecast, "extraction": reading.extraction}
        first |= {"lapse_k_per_km": rate, "stations": name, "count": int(chosen.sum())}
        yield made.assign(**first)[[*first, *made.columns]]


def _climate(case: Case, found: AtStations, settings: Evaluation) -> pd.DataFrame:
    """The climate of the grid against that of the measurements."""
    grid = xr.DataArray(found.members, {"time": found.time}, ("time", "member", "station"))
    observed = xr.DataArray(found.observed, {"time": case.stations["time"]}, ("time", "station"))
    # Beside a free run the gridded truth stands alone, which has the stations' own days.
    return station_climate.score(
        found.variable, grid, observed, found.weight, settings, case.start_month,
        paired=case.forecast == TRUTH,
    )  # fmt: skip


def _per_station(
    case: Case, found: AtStations, reading: Reading, settings: Evaluation, daily: bool
) -> xr.Dataset:
    """Climate of grid and measurements, and daily scores, on (forecast, extraction, station)."""
    wet = settings.wet_day_mm_day
    values = _summary(found.members, found.variable, wet)
    observed = _summary(found.observed[:, None], found.variable, wet)
    values |= {f"{name}_observed": one for name, one in observed.items()}
    values |= paired_scores.station_means(found) if daily else {}
    dims = ("forecast", "extraction", "station")
    made = {f"{found.variable}_{name}": (dims, one[None, None]) for name, one in values.items()}
    shift = 0.0
    if reading.rate is not None:
        months = found.time.dt.month.values
        shift = reading.rate.shift(months, reading.rise_m).mean(axis=0)
        made[f"{found.variable}_altitude_correction"] = (dims, np.asarray(shift)[None, None])
    made["rise_m"] = (dims[1:], reading.rise_m[None])
    where = {"forecast": [case.forecast], "extraction": [reading.extraction]}
    return xr.Dataset(made, coords=where)


def _summary(values: np.ndarray, variable: str, wet: float) -> dict[str, np.ndarray]:
    """Mean, percentiles and wet-day frequency of each station (station,) over (time, member)."""
    flat = values.reshape(-1, values.shape[-1]).astype(np.float64)
    there = np.isfinite(flat)
    made = {"mean": np.where(there, flat, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)}
    some = there.any(axis=0)
    made["mean"] = np.where(some, made["mean"], np.nan)
    for percent in PERCENTILES:
        made[f"p{percent:02d}"] = np.full(flat.shape[1], np.nan)
        made[f"p{percent:02d}"][some] = np.nanpercentile(flat[:, some], percent, axis=0)
    if VARIABLES[variable].is_intermittent:
        count = np.where(some, there.sum(axis=0), np.nan)
        made["wet_day_frequency"] = (there & (flat >= wet)).sum(axis=0) / count
    return made
