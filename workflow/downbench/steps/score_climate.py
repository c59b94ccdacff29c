"""Score the climate of an ensemble against that of the target."""

import argparse
import json
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from tqdm import tqdm

from downbench.core import cli
from downbench.core.calendar import splits
from downbench.core.config.evaluation import Evaluation
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores.alignment import common_variables, refuse_fit_years, refuse_other_grid
from downbench.scores.climate import climate_comparison, climate_fields
from downbench.scores.climate.climate_comparison import ClimateComparison
from downbench.scores.climate.daily_series import daily_series
from downbench.scores.context import RAIN
from downbench.scores.settings import evaluation_settings
from downbench.scores.table import Row, Sample, table

ATTRIBUTES = ("model", "driver", "driver_type", "fit_years", "run_years")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("score_climate", __doc__)
    cli.add_paths(
        parser,
        ensemble="Zarr store of the ensemble",
        reference="Zarr store of the target",
        scores="CSV to write: the tidy table",
        fields="NetCDF to write: climate maps and yearly values",
    )
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read an ensemble and the truth; write the tidy table, and maps and yearly values."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    ensemble = stores.read(arguments.ensemble, "ensemble")
    reference = stores.read(arguments.reference, "target")
    refuse_other_grid(ensemble, reference)
    truth = reference_days(ensemble, reference)
    found = _comparisons(ensemble, truth, settings)
    factor = int(reference.attrs.get("factor", 1))
    judged = _of_one_time(ensemble, truth)
    write_table(_table(found, factor, judged), arguments.scores)
    parts = {k: v for one in found.values() for k, v in climate_fields.climate_fields(one).items()}
    made = climate_fields.dataset(parts, next(iter(found.values())), reference)
    attributes = {name: ensemble.attrs[name] for name in ATTRIBUTES if name in ensemble.attrs}
    write_netcdf(made.assign_attrs(attributes), arguments.fields)


def reference_days(ensemble: xr.Dataset, reference: xr.Dataset) -> xr.Dataset:
    """The truth's days that an ensemble's climate is laid beside.

    Where the driver has the truth's own days, those; the model must not have been fitted on them.
    For a free-running driver, the same calendar months of all the truth's years that its run
    covers, or of all years where the run is of another time, such as the future.

    Raises
    ------
    UserError
        When nothing is left, or the map of the driver has seen the years that were drawn.
    """
    start = int(reference.attrs.get("year_start_month", 1))
    if not _is_free(ensemble):
        chosen = reference["time"].isin(ensemble["time"]).values
        refuse_fit_years(ensemble, reference.isel(time=np.flatnonzero(chosen)))
    else:
        _refuse_map_years(ensemble, start)
        shared = _in_run_years(ensemble, reference)
        months = np.unique(ensemble["time"].dt.month.values)
        chosen = np.isin(reference["time"].dt.month.values, months)
        chosen &= shared if shared.any() else True
    if not chosen.any():
        raise UserError(
            f"ensemble of driver '{ensemble.attrs['driver']}': the reference has none of its "
            "days, or of its months: nothing can be compared"
        )
    return reference.isel(time=np.flatnonzero(chosen))


def _is_free(ensemble: xr.Dataset) -> bool:
    """Has its driver a weather of its own, of which no day is the truth's?"""
    return ensemble.attrs.get("driver_type") == "gcm"


def _refuse_map_years(ensemble: xr.Dataset, start: int) -> None:
    """Stop where the driver's quantile map was fitted on the very years drawn (trap T11)."""
    fitted = json.loads(ensemble.attrs.get("driver_fit_years", "[]"))
    drawn = splits.year_labels(ensemble["time"], start)
    splits.assert_disjoint(fitted, drawn, f"the quantile map of '{ensemble.attrs['driver']}'")


def _comparisons(
    ensemble: xr.Dataset, truth: xr.Dataset, settings: Evaluation
) -> dict[str, ClimateComparison]:
    start = int(truth.attrs.get("year_start_month", 1))
    area = truth["cell_area"].values
    paired = not _is_free(ensemble)
    return {
        name: climate_comparison.compare(
            daily_series(ensemble[name], start),
            daily_series(truth[name], start),
            area,
            settings,
            paired=paired,
        )
        for name in common_variables(ensemble, truth)
    }


def _of_one_time(ensemble: xr.Dataset, truth: xr.Dataset) -> bool:
    """Has the ensemble's run years of the truth? What a future has of its own is no error."""
    free = _is_free(ensemble) and bool(_run_years(ensemble))
    return not free or bool(_in_run_years(ensemble, truth).any())


def _in_run_years(ensemble: xr.Dataset, truth: xr.Dataset) -> np.ndarray:
    """Of each day of the truth: is it in a year that the ensemble's run covers?"""
    years = splits.year_labels(truth["time"], int(truth.attrs.get("year_start_month", 1)))
    return np.isin(years, _run_years(ensemble))


def _run_years(ensemble: xr.Dataset) -> list[int]:
    """Season-years of the whole run; none where time has no years, as with events."""
    return json.loads(ensemble.attrs.get("run_years", "[]"))


def _table(found: dict[str, ClimateComparison], factor: int, judged: bool) -> pd.DataFrame:
    """All rows of all variables; laws and indices alone where the truth is of another time."""
    tables = []
    for name, both in tqdm(found.items(), desc="climate", unit="variable"):
        if not judged:
            rows = [
                *climate_comparison.distribution_rows(both, 1),
                *climate_comparison.index_rows(both),
            ]
            tables.append(table(rows, _sample(both, "all")))
            continue
        rows = [*_rows(both, factor)]
        others = [one for one in found.values() if one is not both]
        if name == RAIN and others:
            rows += climate_comparison.rank_correlation_rows(both, others[0])
        tables.append(table(rows, _sample(both, "all")))
        seasons = np.unique(both.ensemble.series.season)
        for season in seasons if len(seasons) > 1 else ():
            part = _of_season(both, str(season))
            rows = [
                *climate_comparison.distribution_rows(part, 1),
                *climate_comparison.index_rows(part),
            ]
            tables.append(table(rows, _sample(part, str(season))))
    joined = pd.concat(tables, ignore_index=True)
    below = joined["metric"].isin(climate_comparison.DISTANCES) & (joined["lower"] < 0)
    joined.loc[below, "lower"] = 0.0
    return joined


def _rows(both: ClimateComparison, factor: int) -> Iterator[Row]:
    yield from climate_comparison.distribution_rows(both)
    yield from climate_comparison.index_rows(both)
    yield from climate_comparison.seasonal_cycle_rows(both)
    yield from climate_comparison.dependence_rows(both, factor)


def _of_season(both: ClimateComparison, season: str) -> ClimateComparison:
    sides = (both.ensemble.series, both.reference.series)
    mine, truth = (one.select(one.season == season) for one in sides)
    return climate_comparison.compare(mine, truth, both.area, both.settings, paired=both.paired)


def _sample(both: ClimateComparison, season: str) -> Sample:
    one = both.ensemble.series
    return Sample(
        one.variable,
        season,
        one.values.shape[1],
        len(one.values),
        min(len(one.years), len(both.reference.series.years)),
        both.settings.bootstrap.confidence,
    )


if __name__ == "__main__":
    cli.run(main)
