"""Target and drivers of a region, summarised and held against each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core import contract
from downbench.core.completion import completed
from downbench.core.consistency import report, static_fields
from downbench.core.consistency.check_result import CheckResult, not_compared
from downbench.core.consistency.series_pair import coarse_target
from downbench.core.constants import GCM, PERFECT
from downbench.core.data_summary.attempts import attempt, results_of
from downbench.core.data_summary.series_summary import TARGET, SeriesSummary, summary_of
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.spatial.grids import block_mean, to_blocks

STORE, CONTRACT = "readable", "data contract"
BLOCK_MEANS = "target, block means"
STATIC = ("orog", "land")


@dataclass(frozen=True)
class RegionSummary:
    """What the page of a region's data shows.

    target : None where it cannot be read
    block_means : the target on the coarse grid
    drivers : by name, those that can be read
    static : altitude [m] and share of land [1] of the target (y, x), with lat and lon
    checks : by series, what each check shows
    """

    target: SeriesSummary | None
    block_means: SeriesSummary | None
    drivers: Mapping[str, SeriesSummary]
    static: xr.Dataset | None
    checks: Mapping[str, list[CheckResult]]

    @property
    def series(self) -> list[SeriesSummary]:
        """The target, and the drivers."""
        return [*([self.target] if self.target else ()), *self.drivers.values()]

    @property
    def imperfect_drivers(self) -> list[SeriesSummary]:
        """Drivers that are more than the target's own block means."""
        return [driver for driver in self.drivers.values() if driver.kind != PERFECT]


def summarise(target: Path, drivers: Mapping[str, Path], factor: int) -> RegionSummary:
    """Read the stores of a region; one that cannot be read is a result, not an error.

    Parameters
    ----------
    target, drivers
        Zarr stores.
    factor
        Fine cells along one side of a coarse one.
    """
    checks: dict[str, list[CheckResult]] = {name: [] for name in (TARGET, *drivers)}
    fine = _read(target, TARGET, checks[TARGET])
    coarse = block_means = area = None
    if fine is not None:
        checks[TARGET] += results_of(static_fields.results, fine)
        coarse = attempt(checks[TARGET], _coarsened, fine, factor)
    if coarse is not None:
        block_means = attempt(checks[TARGET], summary_of, coarse, BLOCK_MEANS, TARGET)
        area = attempt(checks[TARGET], _covered_area, block_means)
    summaries = {}
    for name, path in drivers.items():
        driver = _read(path, "driver", checks[name])
        if driver is None:
            continue
        kind = str(driver.attrs.get("driver_type", "unknown"))
        checks[name] += _comparison(driver, coarse, kind)
        summaries[name] = attempt(checks[name], summary_of, driver, name, kind, area)
    readable = {name: summary for name, summary in summaries.items() if summary is not None}
    if fine is None:
        return RegionSummary(None, None, readable, None, checks)
    static = fine[[n for n in STATIC if n in fine]]
    summary = attempt(checks[TARGET], summary_of, fine, TARGET, TARGET)
    return RegionSummary(summary, block_means, readable, static, checks)


def _covered_area(block_means: SeriesSummary) -> np.ndarray:
    """Return the areas of coarse cells, zero where the target never has a value."""
    variables = block_means.variables.values()
    covered = np.logical_or.reduce([variable.count.any(axis=0) for variable in variables])
    return np.where(covered, next(iter(variables)).area, 0.0)


def _read(path: Path, kind: str, checks: list[CheckResult]) -> xr.Dataset | None:
    """Open a store; what is wrong with it is added to its checks."""
    try:
        dataset = completed(stores.read(path), kind)
    except UserError as error:
        reason = str(error).replace(str(path), path.name)
        checks.append(CheckResult(STORE, "", "no", "whole and undamaged", reason))
        return None
    problem = ""
    try:
        contract.check(dataset, kind, label=kind)
    except Exception as error:  # a breach, or a chunk that cannot be read
        problem = str(error)
    value = "broken" if problem else "kept"
    checks.append(CheckResult(CONTRACT, "", value, "every value and attribute", problem))
    return dataset


def _comparison(driver: xr.Dataset, coarse: xr.Dataset | None, kind: str) -> list[CheckResult]:
    if coarse is None:
        return [not_compared("target", "", "the target cannot be read")]
    is_daily = coarse.attrs.get("frequency") == contract.DAILY and "event" not in coarse.coords
    reason = "" if is_daily else "the series is not daily"
    if kind == GCM:
        reason = "a free-running model has weather of its own: climates are compared"
    options = {"shares_days": not reason}
    results = results_of(report.results, driver, coarse, 1, **options)
    return [*([not_compared(report.DAY, "", reason)] if reason else ()), *results]


def _coarsened(target: xr.Dataset, factor: int) -> xr.Dataset:
    """Return the block means of a target, as a target on the coarse grid."""
    area = target["cell_area"].values
    grid = ("y", "x")
    names = [n for n, v in target.data_vars.items() if v.dims == ("time", *grid)]
    fields = {
        name: coarse_target(target, name, factor).rename({"Y": "y", "X": "x"}) for name in names
    }
    areas = to_blocks(area, factor).sum(axis=(-3, -1))
    places = {n: (grid, block_mean(target[n].values, factor)) for n in ("lat", "lon")}
    static = {"orog": (grid, block_mean(target["orog"].values, factor, area))}
    return xr.Dataset(
        fields | static | {"cell_area": (grid, areas.astype(np.float64))},
        coords={n: c for n, c in target.coords.items() if c.dims == ("time",)} | places,
        attrs=target.attrs,
    )
