"""Table of the climate scores of all variables of an ensemble."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr
from tqdm import tqdm

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import RAIN
from downbench.scores.alignment import common_variables
from downbench.scores.climate import climate_comparison, climate_rows
from downbench.scores.climate.climate_comparison import ClimateComparison
from downbench.scores.climate.daily_series import daily_series
from downbench.scores.climate.reference_days import is_free_running
from downbench.scores.table import Row, Sample, table


def compare_variables(
    ensemble: xr.Dataset, reference: xr.Dataset, settings: Evaluation
) -> dict[str, ClimateComparison]:
    """Return the comparison of each variable that both have; `reference` from `reference_days`."""
    start = int(reference.attrs.get("year_start_month", 1))
    area = reference["cell_area"].values
    paired = not is_free_running(ensemble)
    return {
        name: climate_comparison.compare(
            daily_series(ensemble[name], start),
            daily_series(reference[name], start),
            area,
            settings,
            paired=paired,
        )
        for name in common_variables(ensemble, reference)
    }


def climate_table(
    comparisons: Mapping[str, ClimateComparison], factor: int, *, contemporary: bool
) -> pd.DataFrame:
    """Return all rows of all variables.

    Parameters
    ----------
    comparisons
        Ensemble against reference, by variable.
    factor
        Fine cells along one side of a coarse cell.
    contemporary
        Does the run have years of the reference? If not, distributions and indices only.
    """
    tables = []
    for name, comparison in tqdm(comparisons.items(), desc="climate", unit="variable"):
        if not contemporary:
            tables.append(_season_table(comparison, "all"))
            continue
        rows = list(_rows(comparison, factor))
        partners = [c for c in comparisons.values() if c is not comparison]
        if name == RAIN and partners:
            rows += climate_rows.rank_correlation_rows(comparison, partners[0])
        tables.append(table(rows, _sample(comparison, "all")))
        seasons = np.unique(comparison.ensemble.series.season)
        tables += [
            _season_table(_of_season(comparison, str(season)), str(season))
            for season in (seasons if len(seasons) > 1 else ())
        ]
    return _distances_not_negative(pd.concat(tables, ignore_index=True))


def _season_table(comparison: ClimateComparison, season: str) -> pd.DataFrame:
    rows = [
        *climate_rows.distribution_rows(comparison, 1),
        *climate_rows.index_rows(comparison),
    ]
    return table(rows, _sample(comparison, season))


def _rows(comparison: ClimateComparison, factor: int) -> Iterator[Row]:
    yield from climate_rows.distribution_rows(comparison)
    yield from climate_rows.index_rows(comparison)
    yield from climate_rows.seasonal_cycle_rows(comparison)
    yield from climate_rows.dependence_rows(comparison, factor)


def _of_season(comparison: ClimateComparison, season: str) -> ClimateComparison:
    ensemble, reference = (
        sample.series.select(sample.series.season == season) for sample in comparison.samples
    )
    return climate_comparison.compare(
        ensemble, reference, comparison.area, comparison.settings, paired=comparison.paired
    )


def _sample(comparison: ClimateComparison, season: str) -> Sample:
    ensemble, reference = (sample.series for sample in comparison.samples)
    return Sample(
        ensemble.variable,
        season,
        ensemble.values.shape[1],
        len(ensemble.values),
        min(len(ensemble.years), len(reference.years)),
        comparison.settings.bootstrap.confidence,
    )


def _distances_not_negative(rows: pd.DataFrame) -> pd.DataFrame:
    below = rows["metric"].isin(climate_rows.DISTANCES) & (rows["lower"] < 0)
    rows.loc[below, "lower"] = 0.0
    return rows
