"""Sample the ensemble of one model for one driver and split."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import xarray as xr
from tqdm import tqdm

from downbench.core import cli
from downbench.core.config.region.region import Region
from downbench.core.constants import SPLITS
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.exchange import bundle, region_match
from downbench.labs import block_mean_constraint, sampling_parts
from downbench.labs.base import static_fields
from downbench.labs.sampled_days import CLIMATE, run_years, select_days
from downbench.labs.sampled_ensemble import annotated, existing_samples, masks, with_sampler

DAYS_AT_ONCE = 20
SEED_POLICY = "one generator per (seed, model, date, member)"


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("sample", __doc__)
    cli.add_sections(
        parser, region="section of the region", sampling="section 'sampling' of the budget"
    )
    parser.add_argument(
        "--sampler",
        metavar="JSON",
        help="solver and steps of a generative model; default: those of its calibration",
    )
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
    parser.add_argument(
        "--drawn",
        type=Path,
        metavar="PATH",
        help="ensemble of the model that shares its weights: constrained, not sampled again",
    )
    parser.add_argument(
        "--days-at-once", type=int, default=DAYS_AT_ONCE, help="changes memory, not numbers"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Sample the split's days in parts and append them to a store that appears when complete."""
    arguments = parse(argv)
    region = Region.model_validate_json(arguments.region)
    target = stores.read(arguments.target, "target")
    driver = stores.read(arguments.driver, "driver")
    days, members = select_days(
        target, driver, arguments.driver_name, region, arguments.split, arguments.sampling
    )
    manifest, trained = bundle.read(arguments.bundle)
    trained = with_sampler(trained, manifest.model, arguments.sampler)
    region_match.refuse_other_region(arguments.bundle, region, target)
    block_mean_constraint.check_driver_type(manifest.model, driver.attrs["driver_type"])
    static = static_fields(target)
    attributes = {
        "model": manifest.model.name,
        "driver": arguments.driver_name,
        "driver_type": driver.attrs["driver_type"],
        "split": arguments.split,
        "fit_years": json.dumps(list(manifest.fit_years)),
        "seed_policy": SEED_POLICY,
        "seed": arguments.seed,
        "region": region.name,
        "frequency": target.attrs["frequency"],
        "run_years": json.dumps(run_years(driver, region)),
        "driver_fit_years": driver.attrs.get("fit_years", "[]"),
    }
    source = stores.read(arguments.drawn, "ensemble") if arguments.drawn else None
    mask = masks(target)
    context = sampling_parts.context_days(trained)
    parts = [*sampling_parts.parts(days, driver, context, arguments.days_at_once)]
    with replacing(arguments.ensemble) as path:
        for number, (part, time) in enumerate(
            tqdm(parts, desc=f"sampling {manifest.model.name}", unit="batch")
        ):
            if source is None:
                samples = trained.sample(part.load(), static, members, arguments.seed)
                samples = samples.sel(time=time)
            else:
                samples = existing_samples(source, time, arguments.drawn)
            samples = annotated(samples, mask, static, attributes)
            constrained = block_mean_constraint.constrain(
                samples, part.sel(time=time), static, manifest.model
            )
            _append(constrained, path, first=number == 0)


def _append(part: xr.Dataset, path: Path, *, first: bool) -> None:
    if first:
        stores.start(part, path)
    else:
        stores.append(part, path)


if __name__ == "__main__":
    cli.run(main)
