"""Checks of an ensemble that was made elsewhere, and the attributes that it gets here."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import assert_disjoint, labels
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.consistency import report
from downbench.core.consistency.series_pair import coarse_run
from downbench.core.errors import UserError
from downbench.core.member_halves import ATTRIBUTE
from downbench.labs.sampled_days import SamplingInputs
from downbench.labs.sampled_ensemble import attributes
from downbench.scores.alignment import fit_years

SEED_POLICY = "unknown: made elsewhere"
LISTED = 3


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
    target = inputs.target.sel(time=samples["time"])
    _require_complete(samples, target, label)
    years = _fit_years(samples, options, label)
    start = inputs.region.year_start_month
    assert_disjoint(years, labels(target, inputs.region.splits.by, start), label)
    factor = inputs.region.factor
    lines = report.check(
        coarse_run(samples, target, factor), target, factor, label, shares_days=True
    )
    lines += _repeated(samples)
    described = attributes(inputs, model, years, samples.sizes["member"])
    samples.attrs = described | {"seed_policy": SEED_POLICY, ATTRIBUTE: "unknown"}
    return samples, lines


def _require_complete(samples: xr.Dataset, target: xr.Dataset, label: str) -> None:
    for name, field in samples.data_vars.items():
        lacking = (field.isnull() & target[name].notnull()).values
        if lacking.any():
            day, member = np.argwhere(lacking.any(axis=(2, 3)))[0]
            raise UserError(
                f"{label}: {name}: {int(lacking.sum())} values are missing where the target has "
                f"one, first {str(field['time'].values[day])[:10]}, member {member} counted from "
                f"0, {int(lacking[day, member].sum())} cells: give it a value in each cell"
            )


def _fit_years(samples: xr.Dataset, options: ExternalEnsemble, label: str) -> list[int | str]:
    stated = samples.attrs.get("fit_years") if options.fit_years is None else options.fit_years
    if stated is None:
        raise UserError(
            f"{label}: nothing says on which years its model was trained, and scores on such "
            "years are no skill: add `fit_years: [1981-2003]` to the entry, or [] for none"
        )
    return fit_years(samples.assign_attrs(fit_years=stated), "event" in samples.coords)


def _repeated(samples: xr.Dataset) -> Iterator[str]:
    """Report members that are the same on all days."""
    for name, field in samples.data_vars.items():
        contents = [hash(field[:, i].values.tobytes()) for i in range(field.sizes["member"])]
        repeated = [i for i, content in enumerate(contents) if content in contents[:i]]
        if repeated:
            listing = ", ".join(map(str, repeated[:LISTED]))
            yield f"  {name}: {len(repeated)} members repeat another one, first {listing}"
