"""Maps and yearly values of a climate, small enough to keep when the ensemble is deleted."""

from collections.abc import Collection

import xarray as xr

from downbench.core.histogram import edges
from downbench.scores.climate.climate_comparison import (
    ClimateComparison,
    distributions_by_year,
    indices,
)
from downbench.scores.climate.yearly_indices import percentile

PERCENTILES = (95, 99)
STORED_INDICES = ("mean", "wet_day_frequency", "sdii", "rx1day", "cdd", "cwd", "txx", "txn")
YEARLY = ("year", "member", "y", "x")


def climate_fields(comparison: ClimateComparison) -> dict[str, tuple]:
    """Return the stored fields of one variable `<v>` as (dims, values), for `xr.Dataset`.

    `<v>_<index>` (year, member, y, x) and `<v>_<index>_reference` (year_reference, y, x);
    `<v>_p95`, `<v>_p99` (member, y, x) of all days and their `_reference` (y, x);
    `<v>_distribution` (year, member, <v>_bin), area by bin of the pooled distribution [m2], and
    `<v>_distribution_reference`; `<v>_edge` (<v>_edge), the bin edges.
    """
    ensemble, reference = (sample.series for sample in comparison.samples)
    name, area = ensemble.variable, comparison.area
    fields: dict[str, tuple] = {}
    for index, field in indices(comparison, ensemble).items():
        if index in STORED_INDICES:
            fields[f"{name}_{index}"] = (YEARLY, field)
    for index, field in indices(comparison, reference).items():
        if index in STORED_INDICES:
            fields[f"{name}_{index}_reference"] = (("year_reference", "y", "x"), field[:, 0])
    for percent in PERCENTILES:
        values = percentile(ensemble.values, percent)
        fields[f"{name}_p{percent}"] = (("member", "y", "x"), values)
        values = percentile(reference.values[:, 0], percent)
        fields[f"{name}_p{percent}_reference"] = (("y", "x"), values)
    values = distributions_by_year(ensemble, area)
    fields[f"{name}_distribution"] = (("year", "member", f"{name}_bin"), values)
    values = distributions_by_year(reference, area)[:, 0]
    fields[f"{name}_distribution_reference"] = (("year_reference", f"{name}_bin"), values)
    fields[f"{name}_edge"] = ((f"{name}_edge",), edges(name))
    return fields


def fields_dataset(comparisons: Collection[ClimateComparison], static: xr.Dataset) -> xr.Dataset:
    """Return the fields of all variables with their years and the grid of `static`."""
    fields: dict[str, tuple] = {}
    for comparison in comparisons:
        fields |= climate_fields(comparison)
    ensemble, reference = (sample.series for sample in next(iter(comparisons)).samples)
    return xr.Dataset(
        fields,
        coords={
            "year": ensemble.years,
            "year_reference": reference.years,
            **{n: static[n].variable for n in ("lat", "lon") if n in static.variables},
        },
    ).assign({n: static[n].variable for n in ("orog", "land", "cell_area") if n in static})
