"""Stations of a region, summarised and held against the target, for the page of its data."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.consistency.check_result import CheckResult
from downbench.core.data_summary.attempts import attempt, results_of
from downbench.core.data_summary.series_summary import SeriesSummary, summary_of
from downbench.core.data_summary.station_summary import STATIONS, StationSpan, StationSummary
from downbench.core.data_summary.store_checks import STORE
from downbench.core.io import stores
from downbench.core.io.netcdf import read_netcdf
from downbench.core.io.tables import read_table
from downbench.core.variables import TARGETS
from downbench.scores.stations import station_consistency, stations_left_out
from downbench.scores.stations.station_pairs import StationPair, station_pairs

RULE = "prepare_stations"
PLACES = ("name", "lat", "lon", "altitude", "nearest_km", "fed_product")
GRID = ("time", "y", "x")


def summarise(
    stations: Path, left_out: Path, target: Path
) -> tuple[StationSummary | None, list[CheckResult]]:
    """Read the stations; what cannot be read or computed is a result, not an error.

    Parameters
    ----------
    stations, left_out
        Files that `prepare_stations` wrote.
    target
        Zarr store.

    Returns
    -------
    summary : None where there is none
    checks : as for a driver
    """
    checks: list[CheckResult] = []
    measured = attempt(checks, _read, stations, what=STORE)
    fine = attempt(checks, stores.read, target, what="target")
    if measured is None or fine is None:
        return None, checks
    outside = attempt(checks, _left_out, left_out, what="stations left out")
    checks += _contents(measured, outside)
    pairs = attempt(checks, _pairs, measured, fine)
    if pairs is None:
        return None, checks
    checks += results_of(station_consistency.results, pairs)
    return attempt(checks, _summary, measured, pairs, outside), checks


def _pairs(stations: xr.Dataset, target: xr.Dataset) -> list[StationPair]:
    return list(station_pairs(stations, target))


def _read(path: Path) -> xr.Dataset:
    return read_netcdf(path, rule=RULE)


def _left_out(path: Path) -> pd.DataFrame:
    return read_table(path, stations_left_out.COLUMNS, rule=RULE, texts=("name",))


def _contents(stations: xr.Dataset, left_out: pd.DataFrame | None) -> Iterator[CheckResult]:
    """Yield what was read, what is missing, and who is left out."""
    first, last = (str(stamp)[:10] for stamp in stations["time"].values[[0, -1]])
    days = stations.sizes["time"]
    steps = np.diff(stations["time"].values) > np.timedelta64(1, "D")
    value = f"{stations.sizes['station']} stations, {days} days from {first} to {last}"
    count = "a gap" if steps.sum() == 1 else f"{steps.sum()} gaps"
    gaps = f", {count} between seasons or parts" if steps.any() else ""
    yield CheckResult("read", "", f"{value}{gaps}")
    if left_out is not None:
        reasons = left_out["reason"].value_counts().items()
        words = "; ".join(f"{count}: {reason}" for reason, count in reasons)
        yield CheckResult("stations left out", "", words or "none")
    for name, span in _spans(stations).items():
        share = 1 - span.days.sum() / (days * span.days.size)
        longest = int(span.longest_gap.argmax())
        words = f"{share:.2%} of the values missing"
        if gap := int(span.longest_gap[longest]):
            unit = "day" if gap == 1 else "days"
            words += f", longest gap {gap} {unit} at {stations['name'].values[longest]}"
        yield CheckResult("missing days", name, words)


def _summary(
    stations: xr.Dataset, pairs: list[StationPair], left_out: pd.DataFrame | None
) -> StationSummary:
    places = pd.DataFrame({n: stations[n].values for n in PLACES if n in stations.variables})
    common = stations.sel(time=pairs[0].time.values)
    outside = pd.DataFrame(columns=stations_left_out.COLUMNS) if left_out is None else left_out
    return StationSummary(
        places.assign(rise=pairs[0].rise_m),
        _series(stations, STATIONS),
        _series(_with(common, pairs, "measured"), "stations, common days"),
        _series(_with(common, pairs, "target"), "target at stations"),
        _spans(stations),
        outside,
    )


def _with(common: xr.Dataset, pairs: list[StationPair], which: str) -> xr.Dataset:
    """Return stations on the common days with one side of each pair, where both have a value."""
    fields = {
        pair.variable: common[pair.variable].copy(
            data=np.where(pair.valid, getattr(pair, which), np.nan)
        )
        for pair in pairs
    }
    return common[list(fields)].assign(fields)


def _series(stations: xr.Dataset, name: str) -> SeriesSummary:
    """Summarise stations as a row of cells of equal area."""
    row = stations.rename(station="x").expand_dims(y=1)
    fields = {n: row[n].transpose(*GRID) for n in TARGETS if n in row.data_vars}
    coordinates = {n: (GRID[1:], stations[n].values[None]) for n in ("lat", "lon")}
    plain = xr.Dataset(fields, attrs=stations.attrs).drop_vars(("lat", "lon"), errors="ignore")
    area = np.ones((1, stations.sizes["station"]))
    return summary_of(plain.assign_coords(coordinates), name, STATIONS, area)


def _spans(stations: xr.Dataset) -> Mapping[str, StationSpan]:
    dates = stations["time"].values.astype("M8[D]")
    names = [name for name in TARGETS if name in stations.data_vars]
    return {n: _span(np.isfinite(stations[n].transpose("time", ...).values), dates) for n in names}


def _span(valid: np.ndarray, dates: np.ndarray) -> StationSpan:
    """Return the span of each station from where it has values, (time, station)."""
    present = [dates[column] for column in valid.T]
    return StationSpan(
        np.array([str(days[0]) if days.size else "" for days in present]),
        np.array([str(days[-1]) if days.size else "" for days in present]),
        np.array([days.size for days in present]),
        np.array([int(np.diff(d).astype(int).max()) - 1 if d.size > 1 else 0 for d in present]),
    )
