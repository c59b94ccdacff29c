"""Enter an ensemble that was made elsewhere: check it, and write the scored days as a store."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli, contract
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.config.region.region import Region
from downbench.core.constants import CLIMATE, SPLITS
from downbench.core.io import stores
from downbench.core.io.atomic import vacate
from downbench.labs.external_ensemble import checked
from downbench.labs.sampled_days import SamplingInputs, select_days
from downbench.sources.files import external_ensemble


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("enter_ensemble", __doc__)
    cli.add_sections(
        parser,
        region="section of the region",
        options="what the entry says about its files: fit_years, variables",
        sampling="section 'sampling' of the budget: the days that are scored",
    )
    files = "NetCDF files or Zarr stores, which stay as they are"
    parser.add_argument("--source", nargs="+", required=True, metavar="PATH", help=files)
    parser.add_argument("--model-name", required=True, help="name of the entry")
    parser.add_argument("--trained-on", required=True, help="driver of its training")
    parser.add_argument("--driver-name", required=True, help="driver that was downscaled")
    parser.add_argument("--split", required=True, choices=(*SPLITS, CLIMATE))
    parser.add_argument("--seed", required=True, type=int, help="seed of the run, as a label")
    cli.add_paths(
        parser,
        target="Zarr store of the target",
        driver="Zarr store of that driver",
        ensemble="Zarr store to write",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the scored days on the target's grid, refuse what does not fit, write them."""
    arguments = parse(argv)
    vacate(arguments.ensemble)
    region = Region.model_validate_json(arguments.region)
    options = ExternalEnsemble.model_validate_json(arguments.options)
    target = stores.read(arguments.target, "target")
    driver = stores.read(arguments.driver, "driver")
    name, split, seed = arguments.driver_name, arguments.split, arguments.seed
    inputs = SamplingInputs(region, target, driver, name, split, seed)
    days, _ = select_days(inputs, arguments.sampling)
    source: list[str] = arguments.source
    label = ", ".join(source)
    samples = external_ensemble.read(region, source, options, target, days["time"].values)
    ensemble, lines = checked(samples, inputs, options, arguments.model_name, label)
    ensemble = ensemble.assign_attrs(trained_on=arguments.trained_on)
    contract.check(ensemble, "ensemble", label=label)
    print("\n".join(lines))
    stores.write(ensemble, Path(arguments.ensemble))


if __name__ == "__main__":
    cli.run(main)
