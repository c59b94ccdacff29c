"""All that is wrong with the files of an ensemble: no check stops another.

`external_ensemble.samples` makes the same checks and stops at the first that fails.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from downbench.core.breaches import Breach, Breaches
from downbench.core.config.sources.file_variable import EnsembleFileVariable
from downbench.core.errors import UserError
from downbench.sources.files import external_ensemble, opening
from downbench.sources.files.containers import DAMAGE, reading
from downbench.sources.files.days_nearby import AbsentDaysError, days_nearby
from downbench.sources.files.ensemble_files import (
    DIMS,
    TARGET,
    EnsembleFiles,
    on_days,
    opened,
    require_bounded,
    require_present,
)
from downbench.sources.files.joining import require_one_series
from downbench.sources.files.placing import placed
from downbench.sources.files.reading import on_days as stamped
from downbench.sources.files.reading import require_time
from downbench.sources.files.times import decoded
from downbench.sources.files.units import conversion
from downbench.sources.files.value_breaches import UNITS, in_unit

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
    samples, fields = Samples(), {}
    for name in files.names:
        entry = breaches.attempt(VARIABLES, name, files.entry, name, datasets[0])
        if entry is None:
            continue
        variable = _Reading(files, name, entry, breaches)
        series = variable.series(datasets)
        samples.comparable += [name] * variable.is_comparable
        samples.sized += [name] * variable.is_sized
        if series is not None:
            fields[name] = series
    samples.on_target = files.target is not None
    if fields:
        samples.dataset = breaches.attempt(MEMBERS, "", external_ensemble.merged, fields, files)
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
    is_placed: bool = True
    has_dates: bool = True
    is_foreign: bool = False
    absent: AbsentDaysError | None = None

    def series(self, datasets: Sequence[xr.Dataset]) -> xr.DataArray | None:
        """Return the variable as far as it can be read; None where its place is unknown."""
        files, name, breaches = self.files, self.name, self.breaches
        # Labels without the variable, so that what is wrong with both is said once.
        parts = {p: self._part(d, p) for d, p in zip(datasets, files.paths, strict=True)}
        parts = {p: part for p, part in parts.items() if part is not None}
        if not parts and self.absent is not None:
            breaches.add(Breach(PERIOD, str(self.absent), (name,)))
        if not self.has_dates:  # what cannot be joined is known by its first file
            parts = dict(list(parts.items())[:1])
        label = ", ".join(parts)
        if not parts or not self._are_one_series(list(parts.values()), list(parts), label):
            return None
        fields = [part.transpose(*next(iter(parts.values())).dims) for part in parts.values()]
        series = self._in_unit(fields, list(parts), label)
        if not self.is_placed:
            return None
        daily = breaches.attempt(TIME, name, stamped, series, name, files.daily, label)
        if daily is None:
            return None
        scored = breaches.attempt(PERIOD, name, on_days, daily, files.days, label)
        if scored is None:
            scored = daily.isel(time=np.isin(daily["time"].values, files.days))
        return scored.transpose(*DIMS).rename(name) if scored.sizes["time"] else None

    def _are_one_series(self, parts: list[xr.DataArray], names: list[str], label: str) -> bool:
        return self.breaches.passes(FILE, self.name, require_one_series, parts, names, label)

    def _part(self, dataset: xr.Dataset, label: str) -> xr.DataArray | None:
        """Return the variable of one file, placed as far as possible; None where it has no day."""
        name, entry, breaches = self.name, self.entry, self.breaches
        for require in (require_present, require_bounded):
            if not breaches.passes(VARIABLES, name, require, dataset, entry, label):
                self.is_placed = False
                return None
        located = self._guarded(AXES, label, opening.on_axes, dataset, entry, name, label)
        if located is None or not breaches.passes(AXES, name, require_time, located, label):
            self.is_placed, self.is_foreign, self.has_dates = False, True, False
            return dataset[entry.variable]
        dated = self._guarded(TIME, label, decoded, located, dataset, label)
        self.is_placed &= dated is not None
        self.has_dates &= dated is not None
        return self._placed(located if dated is None else dated, dated is not None, label)

    def _guarded(self, check: str, label: str, function: Callable, *arguments: object) -> Any:
        with self.breaches.of(check, self.name), reading(label, DAMAGE):
            return function(*arguments)
        return None

    def _placed(self, field: xr.DataArray, has_dates: bool, label: str) -> xr.DataArray | None:
        """Return the field near its days at the target's cells, or else at its own."""
        files, name, breaches = self.files, self.name, self.breaches
        if has_dates and files.days is not None:
            try:
                field = days_nearby(field, files.days, label)
            except AbsentDaysError as error:
                self.absent = self.absent or error
                return None
            except UserError as error:
                breaches.add(Breach(PERIOD, str(error), (name,)))
                self.is_placed = False
        cells = self._guarded(GRID, label, self._at_cells, field, label)
        self.is_placed &= cells is not None
        self.is_foreign |= cells is None
        return field if cells is None else cells

    def _at_cells(self, field: xr.DataArray, label: str) -> xr.DataArray:
        return placed(field, label, self.files.target, None, TARGET)

    def _in_unit(self, fields: list[xr.DataArray], names: list[str], label: str) -> xr.DataArray:
        """Return the series in its unit; values on cells that are not the target's stay unread."""
        entry, breaches, daily = self.entry, self.breaches, self.files.daily
        if self.is_foreign:
            of_file = fields[0].attrs.get("units")
            breaches.attempt(
                UNITS, self.name, conversion, of_file, self.name, entry.units, daily, label
            )
            return fields[0]
        series = in_unit(fields, names, self.name, entry.units, daily, breaches)
        self.is_comparable &= series.is_comparable
        self.is_sized &= series.is_sized
        return series.values
