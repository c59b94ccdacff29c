"""Maps and yearly values of a climate, small enough to keep when the ensemble is gone."""

import xarray as xr

from downbench.scores.climate.climate_comparison import Comparison, indices, laws_by_year
from downbench.scores.climate.yearly_indices import percentile
from downbench.scores.metrics.distribution import edges

PERCENTILES = (95, 99)
KEPT = ("mean", "wet_day_frequency", "sdii", "rx1day", "cdd", "cwd", "txx", "txn")
YEARLY = ("year", "member", "y", "x")


def climate_fields(both: Comparison) -> dict[str, tuple]:
    """Variables of one variable of the target, for `xr.Dataset`.

    `<v>_<index>` (year, member, y, x) and `<v>_<index>_reference` (year_reference, y, x);
    `<v>_p95`, `<v>_p99` (member, y, x) of all days and their `_reference` (y, x);
    `<v>_law` (year, member, <v>_bin), area by bin of the pooled law [m2], and `<v>_law_reference`;
    `<v>_edge` (<v>_edge), the bins' ends.
    """
    mine, truth = both.mine.series, both.truth.series
    name = mine.variable
    made: dict[str, tuple] = {}
    for index, field in indices(both, mine).items():
        if index in KEPT:
            made[f"{name}_{index}"] = (YEARLY, field)
    for index, field in indices(both, truth).items():
        if index in KEPT:
            made[f"{name}_{index}_reference"] = (("year_reference", "y", "x"), field[:, 0])
    for percent in PERCENTILES:
        made[f"{name}_p{percent}"] = (("member", "y", "x"), percentile(mine.values, percent))
        reference = percentile(truth.values[:, 0], percent)
        made[f"{name}_p{percent}_reference"] = (("y", "x"), reference)
    law = laws_by_year(mine, both.area)
    made[f"{name}_law"] = (("year", "member", f"{name}_bin"), law)
    reference = laws_by_year(truth, both.area)[:, 0]
    made[f"{name}_law_reference"] = (("year_reference", f"{name}_bin"), reference)
    made[f"{name}_edge"] = ((f"{name}_edge",), edges(mine.is_rain))
    return made


def dataset(parts: dict[str, tuple], both: Comparison, static: xr.Dataset) -> xr.Dataset:
    """The parts of all variables with their years, members and places."""
    return xr.Dataset(
        parts,
        coords={
            "year": both.mine.series.years,
            "year_reference": both.truth.series.years,
            **{n: static[n].variable for n in ("lat", "lon") if n in static.variables},
        },
    ).assign({n: static[n].variable for n in ("orog", "land", "cell_area") if n in static})
