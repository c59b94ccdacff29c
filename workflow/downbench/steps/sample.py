"""Sample the ensemble of one model for one driver and split."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr
from tqdm import tqdm

from downbench.core import cli
from downbench.core.calendar import splits
from downbench.core.calendar.splits import year_labels
from downbench.core.calendar.whole_months import spells, whole_months
from downbench.core.config.model.budget import ClimateSampling, SampledDays
from downbench.core.config.model.model import Model
from downbench.core.config.model.options import GenerativeOptions, Sampler
from downbench.core.config.region.region import Region
from downbench.core.constants import GCM, SPLITS
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.core.spatial.grids import valid_cells
from downbench.exchange import bundle, region_match
from downbench.labs import block_mean_constraint, sampling_parts
from downbench.labs.base import Trained, common_times, static_fields

DAYS_AT_ONCE = 20
CLIMATE = "climate"
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
    days, members = _drawn_days(arguments, region, target, driver)
    manifest, trained = bundle.read(arguments.bundle)
    trained = _with_sampler(trained, manifest.model, arguments.sampler)
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
        "run_years": json.dumps(_years(driver, region)),
        "driver_fit_years": driver.attrs.get("fit_years", "[]"),
    }
    source = stores.read(arguments.drawn, "ensemble") if arguments.drawn else None
    mask = _masks(target)
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
                samples = _of_times(source, time, arguments.drawn)
            samples = _annotated(samples, mask, static, attributes)
            constrained = block_mean_constraint.constrain(
                samples, part.sel(time=time), static, manifest.model
            )
            _append(constrained, path, first=number == 0)


def _drawn_days(
    arguments: argparse.Namespace, region: Region, target: xr.Dataset, driver: xr.Dataset
) -> tuple[xr.Dataset, int]:
    """The driver's days to draw, and how many members.

    `climate` takes whole months of the whole run of a climate model, whose days are none of the
    target's, and of the test years of any other driver.
    """
    is_climate = arguments.split == CLIMATE
    if is_climate and driver.attrs["driver_type"] == GCM:
        chosen = driver
    else:
        split = "test" if is_climate else arguments.split
        _, shared = common_times(target, driver)
        chosen = _of_split(shared, region, arguments.driver_name, split)
    if is_climate:
        budget = ClimateSampling.model_validate_json(arguments.sampling)
        start = region.year_start_month
        index = whole_months(chosen["time"], start, budget.years, budget.months)
        return chosen.isel(time=index), budget.members
    sampling = SampledDays.model_validate_json(arguments.sampling)
    index = spells(chosen.sizes["time"], sampling.test_spells, sampling.spell_days)
    return chosen.isel(time=index), sampling.members


def _with_sampler(trained: Trained, model: Model, sampler: str | None) -> Trained:
    """Return the model with this sampler in place of that of its calibration.

    Raises
    ------
    UserError
        When the model has no generative process, or that has no such solver.
    """
    if sampler is None:
        return trained
    section, options = Sampler.model_validate_json(sampler), model.options
    solvers = options.samplers if isinstance(options, GenerativeOptions) else ()
    if section.solver not in solvers:
        raise UserError(
            f"--sampler: {model.name} has no solver '{section.solver}' (it has "
            f"{', '.join(solvers) or 'none'}): name one of these, or leave --sampler out"
        )
    return replace(trained, sampler=section)


def _years(driver: xr.Dataset, region: Region) -> list[int]:
    """Season-years of the whole run, of which an ensemble may hold a few."""
    if region.splits.by != "year":
        return []
    return np.unique(year_labels(driver["time"], region.year_start_month)).tolist()


def _of_split(driver: xr.Dataset, region: Region, name: str, split: str) -> xr.Dataset:
    """The driver's times in a split.

    Raises
    ------
    UserError
        When the driver (on the times it shares with the target) has none.
    """
    what = f"region {region.name}, driver {name}, split {split}: nothing to sample:"
    if driver.sizes["time"] == 0:
        raise UserError(
            f"{what} the driver has no time in common with the target; a free-running driver "
            "can have none: choose a driver of the same days"
        )
    chosen = splits.select(driver, region.splits, split, region.year_start_month)
    if chosen.sizes["time"] == 0:
        raise UserError(
            f"{what} no time of the driver lies in splits.{split} = "
            f"{list(getattr(region.splits, split))}, less the buffer of "
            f"{region.splits.buffer_days} days: fix splits, or `splits` of the experiment"
        )
    return chosen


def _of_times(source: xr.Dataset, time: xr.DataArray, path: Path) -> xr.Dataset:
    """Members drawn already, at these times.

    Raises
    ------
    UserError
        When the store lacks a time.
    """
    try:
        return source.sel(time=time).load()
    except KeyError as error:
        raise UserError(
            f"{path}: not all times of this split are in it ({error}): draw it with the same "
            "budget, or leave --drawn out"
        ) from None


def _masks(target: xr.Dataset) -> dict[str, np.ndarray]:
    """Per variable, (y, x) bool: has the target ever a value there?"""
    return {
        str(name): valid_cells(field)
        for name, field in target.data_vars.items()
        if field.dims == ("time", "y", "x")
    }


def _annotated(
    samples: xr.Dataset, mask: dict[str, np.ndarray], static: xr.Dataset, attributes: dict
) -> xr.Dataset:
    """Cells that the target never has become missing; coordinates and attributes are set."""
    masked = {
        name: field.where(xr.DataArray(mask[str(name)], dims=("y", "x")))
        for name, field in samples.data_vars.items()
    }
    return (
        samples.assign(masked)
        .assign_coords(lat=static["lat"], lon=static["lon"])
        .assign_attrs(attributes)
    )


def _append(part: xr.Dataset, path: Path, *, first: bool) -> None:
    if first:
        stores.start(part, path)
    else:
        stores.append(part, path)


if __name__ == "__main__":
    cli.run(main)
