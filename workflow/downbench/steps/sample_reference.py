"""Sample other outcomes of the scored days from the known distribution of the reference."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.config.model.model import Model
from downbench.core.config.region.region import Region
from downbench.core.constants import PERFECT, SPLITS
from downbench.core.io import stores
from downbench.labs.base import Pairs, family
from downbench.labs.sampled_days import SamplingInputs
from downbench.labs.sampled_ensemble import ensemble_parts

DAYS_AT_ONCE = 20
NAME = "reference"
"""Seeds the noise: no ensemble of the oracle shares it."""


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("sample_reference", __doc__)
    cli.add_sections(
        parser,
        region="section of the region",
        model="section of the oracle",
        sampling="keys of section 'sampling' that say which days; members: outcomes of each day",
    )
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--split", required=True, choices=SPLITS)
    cli.add_paths(
        parser,
        target="Zarr store of the target",
        driver="Zarr store of the perfect driver",
        redraws="Zarr store to write",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Sample the split's days from the oracle's distribution, with noise of their own.

    Outcomes are trajectories where the distribution has a memory: each day alone is distributed as
    the oracle's, and windows of days as the target's.
    """
    arguments = parse(argv)
    region = Region.model_validate_json(arguments.region)
    target = stores.read(arguments.target, "target")
    driver = stores.read(arguments.driver, "driver")
    model = _trajectories(Model.model_validate_json(arguments.model), region)
    # Nothing is fitted: the oracle takes its distribution from the region.
    oracle = family(model).fit(Pairs(region, target, driver, None), model, None, 0, Path())
    inputs = SamplingInputs(region, target, driver, PERFECT, arguments.split, arguments.seed)
    parts = ensemble_parts(inputs, model, oracle, (), arguments.sampling, DAYS_AT_ONCE)
    stores.write_parts(parts, arguments.redraws)


def _trajectories(model: Model, region: Region) -> Model:
    """Return the oracle under the name of the reference, with the memory of the region."""
    memory = region.target.regimes != "none"
    options = model.options.model_copy(update={"memory": memory})
    return model.model_copy(update={"name": NAME, "options": options})


if __name__ == "__main__":
    cli.run(main)
