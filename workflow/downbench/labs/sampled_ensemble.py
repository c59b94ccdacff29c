"""The ensemble of one model for one driver and split, in parts that follow each other in time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr
from tqdm import tqdm

from downbench.core.calendar import splits
from downbench.core.config.model.model import Model
from downbench.core.config.model.options import GenerativeOptions, Sampler
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError
from downbench.core.member_halves import ALTERNATE, ATTRIBUTE, can_be_halved
from downbench.core.spatial.grids import valid_cells
from downbench.labs import block_mean_constraint, sampling_parts
from downbench.labs.base import Trained, static_fields
from downbench.labs.sampled_days import SamplingInputs, select_days
from downbench.labs.separate_halves import SeparateHalves

SEED_POLICY = "one generator per (seed of the half, model, date, member of the half)"


@dataclass(frozen=True)
class ReusedSamples:
    """The members of another model's ensemble in place of new samples; see `labs.base.Trained`.

    `path` is that of the store, for messages.
    """

    ensemble: xr.Dataset
    path: Path

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Return the members that the ensemble has on the driver's times.

        Raises
        ------
        UserError
            When the ensemble lacks a time.
        """
        try:
            return self.ensemble.sel(time=driver["time"]).load()
        except KeyError as error:
            raise UserError(
                f"{self.path}: not all times of this split are in it ({error}): sample it with "
                "the same budget, or leave --reused out"
            ) from None


def with_sampler(trained: Trained, model: Model, sampler: str | None) -> Trained:
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


def ensemble_parts(
    inputs: SamplingInputs,
    model: Model,
    trained: Trained | ReusedSamples,
    fit_years: Sequence[int | str],
    sampling: str,
    days_at_once: int,
) -> Iterator[xr.Dataset]:
    """Return the parts of an ensemble, each sampled when it is asked for.

    Parameters
    ----------
    model, trained, fit_years
        Entry of `config/models.yaml`, the fitted model, and the years that it was fitted on.
    sampling
        Section `sampling` or `climate` of the budget as JSON.
    days_at_once
        Size of a part [days]: it changes memory, not numbers.

    Yields
    ------
    (time, member, y, x)
        Physical units, with coordinates and the attributes of the data contract; missing where
        the target has no value at any time.

    Raises
    ------
    UserError
        When the split has no day to sample.
    """
    days, members = select_days(inputs, sampling)
    static, mask = static_fields(inputs.target), masks(inputs.target)
    context = sampling_parts.context_days(trained)
    parts = [*sampling_parts.parts(days, inputs.driver, context, days_at_once)]
    sampler = trained if isinstance(trained, ReusedSamples) else SeparateHalves(trained)
    described = attributes(inputs, model.name, fit_years, members)

    def finished(part: xr.Dataset, time: xr.DataArray) -> xr.Dataset:
        samples = sampler.sample(part.load(), static, members, inputs.seed).sel(time=time)
        samples = annotated(samples, mask, static, described)
        return block_mean_constraint.constrain(samples, part.sel(time=time), static, model)

    progress = tqdm(parts, desc=f"sampling {model.name}", unit="batch")
    return (finished(part, time) for part, time in progress)


def masks(target: xr.Dataset) -> dict[str, np.ndarray]:
    """Return, per variable, the cells that have a value at any time, (y, x) bool."""
    return {
        str(name): valid_cells(field)
        for name, field in target.data_vars.items()
        if field.dims == ("time", "y", "x")
    }


def annotated(
    samples: xr.Dataset,
    mask: Mapping[str, np.ndarray],
    static: xr.Dataset,
    attributes: Mapping[str, object],
) -> xr.Dataset:
    """Return samples with coordinates and attributes, missing where the target has no value."""
    masked = {
        name: field.where(xr.DataArray(mask[str(name)], dims=("y", "x")))
        for name, field in samples.data_vars.items()
    }
    return (
        samples.assign(masked)
        .assign_coords(lat=static["lat"], lon=static["lon"])
        .assign_attrs(attributes)
    )


def attributes(
    inputs: SamplingInputs, model: str, fit_years: Sequence[int | str], members: int
) -> dict[str, object]:
    """Return the attributes of a model's ensemble of so many members, lists as JSON."""
    return {
        "model": model,
        "driver": inputs.driver_name,
        "driver_type": inputs.driver.attrs["driver_type"],
        "split": inputs.split,
        "fit_years": json.dumps(list(fit_years)),
        "seed_policy": SEED_POLICY,
        ATTRIBUTE: ALTERNATE if can_be_halved(members) else "none",
        "seed": inputs.seed,
        "region": inputs.region.name,
        "frequency": inputs.target.attrs["frequency"],
        "run_years": json.dumps(run_years(inputs.driver, inputs.region)),
        "driver_fit_years": inputs.driver.attrs.get("fit_years", "[]"),
    }


def run_years(driver: xr.Dataset, region: Region) -> list[int]:
    """Return the season-years of the complete run, of which an ensemble may hold a few."""
    if region.splits.by != "year":
        return []
    return np.unique(splits.year_labels(driver["time"], region.year_start_month)).tolist()
