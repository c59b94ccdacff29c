"""Sample the ensemble of one model for one driver and split."""

import argparse
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.config.region.region import Region
from downbench.core.constants import SPLITS
from downbench.core.io import stores
from downbench.exchange import bundle, region_match
from downbench.labs import block_mean_constraint
from downbench.labs.sampled_days import CLIMATE, SamplingInputs
from downbench.labs.sampled_ensemble import ReusedSamples, ensemble_parts, with_sampler

DAYS_AT_ONCE = 20


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("sample", __doc__)
    cli.add_sections(
        parser, region="section of the region", sampling="section 'sampling' of the budget"
    )
    sampler = "solver and steps of a generative model; default: those of its calibration"
    parser.add_argument("--sampler", metavar="JSON", help=sampler)
    cli.add_expected(parser, "keys of the bundle's model.json with their values")
    parser.add_argument("--model-name", help="name to note in the store; default: the bundle's")
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--driver-name", required=True, help="name of the driver")
    parser.add_argument("--split", required=True, choices=(*SPLITS, CLIMATE))
    cli.add_paths(
        parser,
        bundle="bundle of the model",
        target="Zarr store of the target",
        driver="Zarr store of the driver",
        ensemble="Zarr store to write",
    )
    reused = "ensemble of the model that shares its weights: constrained, not sampled again"
    cli.add_paths(parser, required=False, reused=reused)
    cli.add_expected(parser, "attributes of that ensemble", "--expected-reused")
    memory = "days in memory; changes no number"
    parser.add_argument("--days-at-once", type=int, default=DAYS_AT_ONCE, help=memory)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Sample the split's days in parts into a store that appears when it is complete."""
    arguments = parse(argv)
    region = Region.model_validate_json(arguments.region)
    target = stores.read(arguments.target, "target")
    planned = {"region": region.name, "driver": arguments.driver_name}
    driver = stores.read(arguments.driver, "driver", planned if arguments.expected else {})
    name, split, seed = arguments.driver_name, arguments.split, arguments.seed
    inputs = SamplingInputs(region, target, driver, name, split, seed)
    manifest, trained = bundle.read_proved(arguments.bundle, arguments.expected)
    model = manifest.model_called(arguments.model_name)
    region_match.refuse_other_region(arguments.bundle, region, target)
    block_mean_constraint.check_driver_type(model, driver.attrs["driver_type"])
    trained = with_sampler(trained, model, arguments.sampler)
    if arguments.reused:
        trained = ReusedSamples(
            stores.read(arguments.reused, "ensemble", arguments.expected_reused), arguments.reused
        )
    sampling, days = arguments.sampling, arguments.days_at_once
    parts = ensemble_parts(inputs, model, trained, manifest.fit_years, sampling, days)
    parts = (part.assign_attrs(trained_on=manifest.trained_on) for part in parts)
    stores.write_parts(parts, arguments.ensemble)


if __name__ == "__main__":
    cli.run(main)
