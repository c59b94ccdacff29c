"""Evaluate the exact log density of the target under one model that has one."""

import argparse
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.config.region.region import Region
from downbench.core.constants import SPLITS
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.exchange import bundle, region_match
from downbench.labs.log_densities import log_densities, require_density
from downbench.labs.sampled_days import SamplingInputs

DAYS_AT_ONCE = 20


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("score_density", __doc__)
    cli.add_sections(
        parser, region="section of the region", sampling="section 'sampling' of the budget"
    )
    cli.add_expected(parser, "keys of the bundle's model.json with their values")
    parser.add_argument("--model-name", help="name to note in the file; default: the bundle's")
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--driver-name", required=True, help="name of the driver")
    parser.add_argument("--split", required=True, choices=SPLITS)
    cli.add_paths(
        parser,
        bundle="bundle of the model",
        target="Zarr store of the target",
        driver="Zarr store of the driver",
        log_density="NetCDF to write: log density of each cell and day [nat]",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read a model, its driver and the target; write the log density of the ensemble's days."""
    arguments = parse(argv)
    region = Region.model_validate_json(arguments.region)
    target = stores.read(arguments.target, "target")
    planned = {"region": region.name, "driver": arguments.driver_name}
    driver = stores.read(arguments.driver, "driver", planned if arguments.expected else {})
    manifest, trained = bundle.read_proved(arguments.bundle, arguments.expected)
    model = manifest.model_called(arguments.model_name)
    require_density(model)
    region_match.refuse_other_region(arguments.bundle, region, target)
    name, split, seed = arguments.driver_name, arguments.split, arguments.seed
    inputs = SamplingInputs(region, target, driver, name, split, seed)
    densities = log_densities(inputs, model, trained, arguments.sampling, DAYS_AT_ONCE)
    origin = {"trained_on": manifest.trained_on, "seed": seed, "region": region.name}
    write_netcdf(densities.assign_attrs(origin), arguments.log_density)


if __name__ == "__main__":
    cli.run(main)
