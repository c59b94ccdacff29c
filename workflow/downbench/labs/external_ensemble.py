"""Checks of an ensemble that was made elsewhere, and the attributes that it gets here."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.calendar.splits import assert_disjoint, labels
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.consistency import report
from downbench.core.consistency.series_pair import coarse_run
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.core.member_halves import ATTRIBUTE
from downbench.core.spatial.grids import valid_cells
from downbench.labs.sampled_days import SamplingInputs
from downbench.labs.sampled_ensemble import attributes
from downbench.scores.alignment import fit_years

SEED_POLICY = "unknown: made elsewhere"
LISTED = 3
CLEARLY_OF_MEMBERS = 0.5
"""As `lag.CLEARLY`, of members beyond the first: chance has a try with each of them."""


def checked(
    samples: xr.Dataset,
    inputs: SamplingInputs,
    options: ExternalEnsemble,
    model: str,
    label: str,
) -> tuple[xr.Dataset, list[str]]:
    """Return the samples with the attributes of an ensemble, and lines about their weather.

    Parameters
    ----------
    samples : (time, member, y, x)
        On the scored days and the target's cells, with the attributes of their file.
    inputs
        Region, target, driver, split and seed that they are entered for.
    options
        What the entry says about the files.
    model
        Name of the entry.
    label
        The files, for messages.

    Raises
    ------
    UserError
        When a cell is missing that the target has, years of the training are scored or not
        stated, or size, day or orientation are not those of the target.
    """
    shares_days = inputs.driver.attrs["driver_type"] != GCM
    target = inputs.target.sel(time=samples["time"]) if shares_days else inputs.target
    _require_complete(samples, target, shares_days, label)
    years = _fit_years(samples, inputs, options, label)
    if shares_days:
        start = inputs.region.year_start_month
        assert_disjoint(years, labels(target, inputs.region.splits.by, start), label)
    weather = _weather(samples, target, inputs.region.factor, shares_days, label)
    lines = [*weather, *_repeated(samples)]
    described = attributes(inputs, model, years, samples.sizes["member"])
    samples.attrs = described | {"seed_policy": SEED_POLICY, ATTRIBUTE: "unknown"}
    return samples, lines


def _weather(
    samples: xr.Dataset, target: xr.Dataset, factor: int, shares_days: bool, label: str
) -> list[str]:
    """Compare each member with the target; return the lines about the first.

    A run of a climate model has none of the target's days, and is compared by its climatology.
    """
    first, *_ = [
        report.check(
            coarse_run(samples, target, factor, member),
            target,
            factor,
            f"{label}: member {member}, counted from 0,",
            shares_days=shares_days,
            clearly=CLEARLY_OF_MEMBERS if member else lag.CLEARLY,
        )
        for member in range(samples.sizes["member"])
    ]
    return first


def _require_complete(
    samples: xr.Dataset, target: xr.Dataset, shares_days: bool, label: str
) -> None:
    for name, field in samples.data_vars.items():
        cells = xr.DataArray(valid_cells(target[name]), dims=("y", "x"))
        expected = target[name].notnull() if shares_days else cells
        lacking = (field.isnull() & expected).transpose(*field.dims).values
        if lacking.any():
            day, member = np.argwhere(lacking.any(axis=(2, 3)))[0]
            raise UserError(
                f"{label}: {name}: {int(lacking.sum())} values are missing where the target has "
                f"one, first {str(field['time'].values[day])[:10]}, member {member} counted from "
                f"0, {int(lacking[day, member].sum())} cells: give it a value in each cell"
            )


def _fit_years(
    samples: xr.Dataset, inputs: SamplingInputs, options: ExternalEnsemble, label: str
) -> list[int | str]:
    by_event = "event" in inputs.target.coords
    of_file = samples.attrs.get("fit_years")
    if of_file is None and options.fit_years is None:
        raise UserError(
            f"{label}: nothing says on which years its model was trained, and scores on such "
            "years are no skill: add `fit_years: [1981-2003]` to the entry, or [] for none"
        )
    years, entered = (
        None if stated is None else fit_years(samples.assign_attrs(fit_years=stated), by_event)
        for stated in (of_file, options.fit_years)
    )
    if None not in (years, entered):
        _require_stated(years, entered, label)
    years = years if entered is None else entered
    if by_event:
        _require_events(years, inputs.target["event"].values, label)
    return years


def _require_stated(
    of_file: Sequence[int | str], entered: Sequence[int | str], label: str
) -> None:
    lacking = sorted({*map(str, of_file)} - {*map(str, entered)})
    if lacking:
        raise UserError(
            f"{label}: the file says that its model has learned from {', '.join(lacking)}, too "
            "(attribute fit_years): add them to `fit_years:` of the entry, or correct the file"
        )


def _require_events(names: Sequence[int | str], events: np.ndarray, label: str) -> None:
    listed = np.unique(events.astype(str)).tolist()
    strange = [str(name) for name in names if str(name) not in listed]
    if strange:
        raise UserError(
            f"{label}: fit_years names {', '.join(strange)}, which are no events of the region: "
            f"name those of its training, of {', '.join(listed)}, or [] for none"
        )


def _repeated(samples: xr.Dataset) -> Iterator[str]:
    """Report members that are the same on all days."""
    for name, field in samples.data_vars.items():
        contents = [hash(field[:, i].values.tobytes()) for i in range(field.sizes["member"])]
        repeated = [i for i, content in enumerate(contents) if content in contents[:i]]
        if repeated:
            listing = ", ".join(map(str, repeated[:LISTED]))
            yield f"  {name}: {len(repeated)} members repeat another one, first {listing}"
