"""Target, drivers and regional models of a region, summarised and held against each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import xarray as xr

from downbench.core.consistency import static_fields
from downbench.core.consistency.check_result import CheckResult
from downbench.core.consistency.series_pair import coarse_run, coarsened
from downbench.core.constants import GCM, PERFECT
from downbench.core.data_summary import store_checks
from downbench.core.data_summary.attempts import attempt, results_of
from downbench.core.data_summary.series_summary import TARGET, SeriesSummary, summary_of
from downbench.core.data_summary.station_summary import StationSummary

BLOCK_MEANS = "target, block means"
STATIC = ("orog", "land")
REGIONAL = "regional model"


@dataclass(frozen=True)
class RegionSummary:
    """What the page of a region's data shows.

    target : None where it cannot be read
    block_means : the target on the coarse grid
    drivers : by name, those that can be read
    regional_models : block means of their runs by name, those that can be read
    stations : None where there are none, or they cannot be read
    static : altitude [m] and share of land [1] of the target (y, x), with lat and lon
    checks : by series, what each check shows
    """

    target: SeriesSummary | None
    block_means: SeriesSummary | None
    drivers: Mapping[str, SeriesSummary]
    static: xr.Dataset | None
    checks: Mapping[str, list[CheckResult]]
    regional_models: Mapping[str, SeriesSummary] = field(default_factory=dict)
    stations: StationSummary | None = None

    @property
    def series(self) -> list[SeriesSummary]:
        """The target, the drivers, and the regional models."""
        others = *self.drivers.values(), *self.regional_models.values()
        return [*([self.target] if self.target else ()), *others]

    @property
    def imperfect(self) -> list[SeriesSummary]:
        """Drivers that are more than the target's own block means, and the regional models."""
        drivers = [driver for driver in self.drivers.values() if driver.kind != PERFECT]
        return [*drivers, *self.regional_models.values()]


def summarise(
    target: Path,
    drivers: Mapping[str, Path],
    factor: int,
    regional_models: Mapping[str, Path] = MappingProxyType({}),
) -> RegionSummary:
    """Read the stores of a region; one that cannot be read is a result, not an error.

    Parameters
    ----------
    target, drivers, regional_models
        Zarr stores.
    factor
        Fine cells along one side of a coarse one.
    """
    names = (TARGET, *drivers, *regional_models)
    checks: dict[str, list[CheckResult]] = {name: [] for name in names}
    fine = store_checks.read(target, TARGET, checks[TARGET])
    coarse = block_means = area = None
    if fine is not None:
        checks[TARGET] += results_of(static_fields.results, fine)
        coarse = attempt(checks[TARGET], coarsened, fine, factor)
    if coarse is not None:
        block_means = attempt(checks[TARGET], summary_of, coarse, BLOCK_MEANS, TARGET)
        area = attempt(checks[TARGET], _covered_area, block_means)
    summaries = {}
    for name, path in drivers.items():
        driver = store_checks.read(path, "driver", checks[name])
        if driver is None:
            continue
        kind = str(driver.attrs.get("driver_type", "unknown"))
        checks[name] += store_checks.comparison(driver, coarse, kind)
        summaries[name] = attempt(checks[name], summary_of, driver, name, kind, area)
    runs = {
        name: _regional_model(path, name, (fine, coarse, area), factor, checks[name])
        for name, path in regional_models.items()
    }
    readable, readable_runs = (
        {name: summary for name, summary in series.items() if summary is not None}
        for series in (summaries, runs)
    )
    if fine is None:
        return RegionSummary(None, None, readable, None, checks)
    static = fine[[n for n in STATIC if n in fine]]
    summary = attempt(checks[TARGET], summary_of, fine, TARGET, TARGET)
    return RegionSummary(summary, block_means, readable, static, checks, readable_runs)


def _regional_model(
    path: Path,
    name: str,
    target: tuple[xr.Dataset | None, xr.Dataset | None, np.ndarray | None],
    factor: int,
    checks: list[CheckResult],
) -> SeriesSummary | None:
    """Summarise the block means of a run, which are held against those of the target.

    Parameters
    ----------
    target
        On the fine grid, on the coarse one, and the areas of coarse cells.
    """
    run = store_checks.read(path, "ensemble", checks)
    fine, coarse, area = target
    if run is None:
        return None
    if fine is None:
        checks += store_checks.comparison(run, None, GCM)
        return None
    series = attempt(checks, coarse_run, run, fine, factor)
    if series is None:
        return None
    checks += store_checks.comparison(series, coarse, GCM)
    stated = {"": run.attrs} | {str(n): v.attrs for n, v in run.data_vars.items()}
    summary = attempt(checks, summary_of, series, name, REGIONAL, area)
    return summary and replace(summary, attributes=stated)


def _covered_area(block_means: SeriesSummary) -> np.ndarray:
    """Return the areas of coarse cells, zero where the target never has a value."""
    variables = block_means.variables.values()
    covered = np.logical_or.reduce([variable.count.any(axis=0) for variable in variables])
    return np.where(covered, next(iter(variables)).area, 0.0)
