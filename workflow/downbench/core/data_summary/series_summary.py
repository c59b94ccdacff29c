"""What the page of a region's data shows of one series: grid, days, variables."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import calendar_of, day_numbers
from downbench.core.contract import DAILY
from downbench.core.data_summary.variable_summary import VariableSummary, summarise
from downbench.core.variables import VARIABLES

TARGET = "target"
LONGEST_STEP_DAYS = 1.5


@dataclass(frozen=True)
class SeriesSummary:
    """A target or a driver.

    name, kind : `target` twice, or the driver and its type
    grid : lat, lon (y, x) [degrees]; a coarse grid has these dims, too
    year, day_of_year : (time,) int, in the calendar of the series
    calendar : its name
    frequency : `day`, or for example `5min`
    has_events : does it consist of patches at many places instead of one grid?
    span, gaps : first and last date, and number of places where days between them are absent
    variables : by name, in the order of the table of variables
    attributes : of the store, and of its variables by name
    """

    name: str
    kind: str
    grid: xr.Dataset
    year: np.ndarray
    day_of_year: np.ndarray
    calendar: str
    frequency: str
    has_events: bool
    span: tuple[str, str]
    gaps: int
    variables: Mapping[str, VariableSummary]
    attributes: Mapping[str, Mapping[str, object]]

    @property
    def is_daily(self) -> bool:
        """Has it one value for each day of a calendar?"""
        return self.frequency == DAILY and not self.has_events

    def field(self, values: np.ndarray) -> xr.DataArray:
        """Return values (y, x) with their places."""
        return xr.DataArray(values, dims=("y", "x"), coords=dict(self.grid.coords))


def summary_of(
    dataset: xr.Dataset, name: str, kind: str, area: np.ndarray | None = None
) -> SeriesSummary:
    """Summarise a store that keeps the data contract; its fields are read in parts.

    Parameters
    ----------
    dataset : (time, y, x) or (time, Y, X)
        Target or driver, which may lack `cell_area`.
    name, kind
        As in `SeriesSummary`.
    area : (y, x)
        Weights of the cells; by default their areas.
    """
    dataset = dataset.rename({a: b for a, b in (("Y", "y"), ("X", "x")) if a in dataset.dims})
    area = _area(dataset) if area is None or area.shape != dataset["lat"].shape else area
    fields = [n for n in VARIABLES if n in dataset and dataset[n].dims == ("time", "y", "x")]
    time = dataset["time"]
    return SeriesSummary(
        name,
        kind,
        _grid(dataset),
        time.dt.year.values,
        time.dt.dayofyear.values,
        calendar_of(time),
        str(dataset.attrs.get("frequency", DAILY)),
        "event" in dataset.coords,
        tuple(str(stamp)[:10] for stamp in time.values[[0, -1]]),
        int((np.diff(day_numbers(time)) > LONGEST_STEP_DAYS).sum()),
        {n: summarise(dataset[n], area) for n in fields},
        {"": dataset.attrs} | {n: dataset[n].attrs for n in fields},
    )


def _area(dataset: xr.Dataset) -> np.ndarray:
    """Return cell areas (y, x), or their shape by latitude."""
    if "cell_area" in dataset.variables:
        return dataset["cell_area"].values
    return np.cos(np.deg2rad(dataset["lat"].values))


def _grid(dataset: xr.Dataset) -> xr.Dataset:
    places = {n: (("y", "x"), dataset[n].values) for n in ("lat", "lon")}
    if "land" in dataset.variables:
        places["land"] = (("y", "x"), dataset["land"].values)
    return xr.Dataset(coords=places)
