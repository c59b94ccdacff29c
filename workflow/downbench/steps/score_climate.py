"""Score the climate of an ensemble against that of the target."""

import argparse
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import write_table
from downbench.scores.alignment import refuse_other_grid
from downbench.scores.climate.climate_fields import fields_dataset
from downbench.scores.climate.climate_table import climate_table, compare_variables
from downbench.scores.climate.reference_days import is_contemporary, reference_days
from downbench.scores.evaluation_settings import evaluation_settings

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
    cli.add_expected(parser, "attributes of the ensemble, and its variables")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read an ensemble and its reference; write the tidy table, and maps and yearly values."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    ensemble = stores.read(arguments.ensemble, "ensemble", arguments.expected)
    target = stores.read(arguments.reference, "target", arguments.expected)
    refuse_other_grid(ensemble, target)
    reference = reference_days(ensemble, target)
    comparisons = compare_variables(ensemble, reference, settings)
    factor = int(target.attrs.get("factor", 1))
    contemporary = is_contemporary(ensemble, reference)
    scores = climate_table(comparisons, factor, contemporary=contemporary)
    write_table(scores, arguments.scores)
    attributes = {name: ensemble.attrs[name] for name in ATTRIBUTES if name in ensemble.attrs}
    fields = fields_dataset(comparisons.values(), target)
    write_netcdf(fields.assign_attrs(attributes), arguments.fields)


if __name__ == "__main__":
    cli.run(main)
