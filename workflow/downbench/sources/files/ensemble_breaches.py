"""All that is wrong with the files of an ensemble: no check stops another.

`external_ensemble.samples` makes the same checks and stops at the first that fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr

from downbench.core.breaches import Breaches
from downbench.core.config.sources.file_variable import EnsembleFileVariable
from downbench.sources.files import curvilinear, external_ensemble, opening
from downbench.sources.files.days_nearby import days_nearby
from downbench.sources.files.ensemble_files import (
    DIMS,
    TARGET,
    EnsembleFiles,
    on_days,
    opened,
    require_present,
)
from downbench.sources.files.joining import joined, require_one_series
from downbench.sources.files.reading import on_days as stamped
from downbench.sources.files.reading import require_time
from downbench.sources.files.times import decoded
from downbench.sources.files.value_breaches import in_unit

FILE, VARIABLES, AXES, TIME, PERIOD, GRID = "file", "variables", "axes", "time", "period", "grid"
MEMBERS, FIT_YEARS = "members", "fit years"


@dataclass
class Samples:
    """What can be compared further, however many breaches there are.

    dataset : (time, member, y, x), of the variables that can be read; None without any
    comparable : variables that hold no code of missing values
    sized : those of them in the unit of the data contract
    on_target : are cells and days those of the target?
    """

    dataset: xr.Dataset | None = None
    comparable: list[str] = field(default_factory=list)
    sized: list[str] = field(default_factory=list)
    on_target: bool = False


def examined(files: EnsembleFiles, breaches: Breaches) -> Samples:
    """Return what can be read of an ensemble, and keep everything that is wrong with its files.

    Parameters
    ----------
    files
        The files, and where they are read.
    breaches
        Takes what is wrong.
    """
    first = Breaches()
    dataset = first.attempt(FILE, "", external_ensemble.samples, files)
    if dataset is not None:
        names = list(files.names)
        return Samples(dataset, names, names, files.target is not None)
    before = len(breaches.items)
    samples = _by_check(files, breaches)
    if len(breaches.items) == before:
        breaches.add(first.items[0])
    return samples


def _by_check(files: EnsembleFiles, breaches: Breaches) -> Samples:
    datasets = [breaches.attempt(FILE, "", opened, path) for path in files.paths]
    if any(dataset is None for dataset in datasets):
        return Samples()
    breaches.attempt(FIT_YEARS, "", external_ensemble.require_same_years, files.paths)
    samples, fields, on_target = Samples(), {}, []
    for name in files.names:
        entry = breaches.attempt(VARIABLES, name, files.entry, name, datasets[0])
        if entry is None:
            continue
        reading = _Reading(files, name, entry, breaches)
        series = reading.series(datasets)
        samples.comparable += [name] * reading.is_comparable
        samples.sized += [name] * reading.is_sized
        if series is not None:
            fields[name] = series
            on_target.append(reading.is_on_target)
    samples.on_target = files.target is not None and all(on_target)
    place = files if samples.on_target else replace(files, target=None)
    if fields:
        samples.dataset = breaches.attempt(MEMBERS, "", external_ensemble.merged, fields, place)
    return samples


@dataclass
class _Reading:
    """One variable, and what is not as it has to be."""

    files: EnsembleFiles
    name: str
    entry: EnsembleFileVariable
    breaches: Breaches
    is_comparable: bool = True
    is_sized: bool = True
    is_on_target: bool = True

    def series(self, datasets: Sequence[xr.Dataset]) -> xr.DataArray | None:
        """Return the variable as far as it can be read; None where its place is unknown."""
        files, name, breaches = self.files, self.name, self.breaches
        # Labels without the variable, so that what is wrong with both is said once.
        parts = [self._part(d, path) for d, path in zip(datasets, files.paths, strict=True)]
        if any(part is None for part in parts):
            return None
        label = ", ".join(files.paths)
        if not breaches.passes(FILE, name, require_one_series, parts, files.paths, label):
            return None
        series = joined([part.transpose(*parts[0].dims) for part in parts])
        daily = breaches.attempt(TIME, name, stamped, series, name, files.daily, label)
        if daily is None:
            return None
        days = files.days if self.is_on_target else None
        scored = breaches.attempt(PERIOD, name, on_days, daily, days, label)
        if scored is None:
            scored = daily.isel(time=np.isin(daily["time"].values, days))
        return scored.transpose(*DIMS).rename(name)

    def _part(self, dataset: xr.Dataset, label: str) -> xr.DataArray | None:
        """Return the variable of one file, placed and in its unit as far as possible."""
        name, breaches = self.name, self.breaches
        if not breaches.passes(VARIABLES, name, require_present, dataset, self.entry, label):
            return None
        field = breaches.attempt(AXES, name, opening.on_axes, dataset, self.entry, name, label)
        if field is None or not breaches.passes(AXES, name, require_time, field, label):
            self._in_unit(dataset[self.entry.variable], label)
            return None
        dated = breaches.attempt(TIME, name, decoded, field, dataset, label)
        placed = self._placed(field if dated is None else dated, dated is not None, label)
        values = self._in_unit(field if placed is None else placed, label)
        return None if dated is None or placed is None else values

    def _placed(self, field: xr.DataArray, has_dates: bool, label: str) -> xr.DataArray | None:
        """Return the field near its days at the target's cells, or else at its own."""
        files, name, breaches = self.files, self.name, self.breaches
        if has_dates and files.days is not None:
            near = breaches.attempt(PERIOD, name, days_nearby, field, files.days, label)
            self.is_on_target &= near is not None
            field = field if near is None else near
        gridded = breaches.attempt(GRID, name, curvilinear.on_two_axes, field, label)
        if gridded is not None:
            gridded = breaches.attempt(GRID, name, curvilinear.oriented, gridded, label)
        if gridded is None or files.target is None:
            return gridded
        cells = breaches.attempt(
            GRID, name, curvilinear.at_cells_of, gridded, files.target, label, TARGET
        )
        self.is_on_target &= cells is not None
        return gridded if cells is None else cells

    def _in_unit(self, field: xr.DataArray, label: str) -> xr.DataArray:
        entry, breaches = self.entry, self.breaches
        series = in_unit(field, self.name, entry.units, self.files.daily, label, breaches)
        self.is_comparable &= series.is_comparable
        self.is_sized &= series.is_sized
        return series.values
