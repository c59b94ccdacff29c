"""Sample the truth of a synthetic climate run."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from downbench.core.calendar.splits import year_labels
from downbench.core.calendar.whole_months import whole_months
from downbench.core.cli import run
from downbench.core.config.model.budget import ClimateSampling
from downbench.core.config.region.region_data import RegionData
from downbench.core.io import stores
from downbench.exchange import bundle, region_match
from downbench.labs.base import static_fields
from downbench.sources.synthetic.unbiased_run import unbiased_run

MODEL = "pseudo_reality"
POLICY = "one generator per (seed, model, date, member)"


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, from the law behind the target, fine days of a run's weather without its faults."""
    given = _parser().parse_args(arguments)
    region = RegionData.model_validate_json(given.region)
    budget = ClimateSampling.model_validate_json(given.sampling)
    target = stores.read(given.target, "target")
    static = static_fields(target)
    weather = unbiased_run(region, given.driver, static)
    start = region.year_start_month
    days = whole_months(weather["time"], start, budget.years, budget.months)
    _, oracle = bundle.read(given.bundle)
    region_match.refuse_other_region(given.bundle, region, target)
    drawn = oracle.sample(weather.isel(time=days), static, budget.members, given.seed)
    attributes = {
        "model": MODEL,
        "driver": given.name,
        "driver_type": "gcm",
        "split": "climate",
        "fit_years": "[]",
        "seed_policy": POLICY,
        "region": region.name,
        "frequency": target.attrs["frequency"],
        "run_years": json.dumps(np.unique(year_labels(weather["time"], start)).tolist()),
    }
    stores.write(drawn.assign_attrs(attributes), given.ensemble)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sample_pseudo_reality", description=__doc__)
    parser.add_argument("--region", required=True, help="the region's section as JSON, a place")
    parser.add_argument("--sampling", required=True, help="the budget's climate section as JSON")
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--bundle", required=True, type=Path, help="bundle of the oracle")
    parser.add_argument("--driver", required=True, help="simulation whose weather is taken")
    parser.add_argument("--name", required=True, help="name of the driver that the store notes")
    parser.add_argument("--target", required=True, type=Path)
    parser.add_argument("--ensemble", required=True, type=Path, help="store to write")
    return parser


if __name__ == "__main__":
    run(main)
