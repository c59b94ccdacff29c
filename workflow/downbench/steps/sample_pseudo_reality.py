"""Sample the known truth of a synthetic climate run: the pseudo-reality."""

import argparse
import json
from collections.abc import Sequence

import numpy as np

from downbench.core import cli
from downbench.core.calendar.splits import year_labels
from downbench.core.calendar.whole_months import whole_months
from downbench.core.config.model.budget import ClimateSampling
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.constants import GCM
from downbench.core.io import stores
from downbench.core.io.atomic import vacate
from downbench.exchange import bundle, region_match
from downbench.labs.base import static_fields
from downbench.sources.synthetic.unbiased_run import unbiased_run

MODEL = "pseudo_reality"
POLICY = "one generator per (seed, model, date, member)"


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("sample_pseudo_reality", __doc__)
    cli.add_sections(
        parser,
        region="section of the region, the part that data depend on",
        sampling="section 'climate' of the budget",
    )
    cli.add_expected(parser, "keys of the bundle's model.json with their values")
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--driver", required=True, help="simulation whose weather is used")
    parser.add_argument("--name", required=True, help="name of the driver to note in the store")
    cli.add_paths(
        parser,
        bundle="bundle of the oracle",
        target="Zarr store of the target",
        ensemble="Zarr store to write",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Sample fine days of a run's weather, without its biases, from the known distribution."""
    arguments = parse(argv)
    vacate(arguments.ensemble)
    region = RegionInputs.model_validate_json(arguments.region)
    budget = ClimateSampling.model_validate_json(arguments.sampling)
    target = stores.read(arguments.target, "target")
    static = static_fields(target)
    weather = unbiased_run(region, arguments.driver, static)
    start = region.year_start_month
    days = whole_months(weather["time"], start, budget.years, budget.months)
    _, oracle = bundle.read_proved(arguments.bundle, arguments.expected)
    region_match.refuse_other_region(arguments.bundle, region, target)
    ensemble = oracle.sample(weather.isel(time=days), static, budget.members, arguments.seed)
    attributes = {
        "model": MODEL,
        "driver": arguments.name,
        "driver_type": GCM,
        "split": "climate",
        "fit_years": "[]",
        "seed_policy": POLICY,
        "region": region.name,
        "frequency": target.attrs["frequency"],
        "run_years": json.dumps(np.unique(year_labels(weather["time"], start)).tolist()),
    }
    stores.write(ensemble.assign_attrs(attributes), arguments.ensemble)


if __name__ == "__main__":
    cli.run(main)
