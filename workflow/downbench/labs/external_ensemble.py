"""Checks of an ensemble that was made elsewhere, and the attributes that it gets here."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from downbench.core.breaches import Breaches
from downbench.core.calendar.splits import assert_disjoint, labels
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.core.member_halves import ATTRIBUTE
from downbench.labs import ensemble_comparison
from downbench.labs.sampled_days import SamplingInputs
from downbench.labs.sampled_ensemble import attributes
from downbench.scores.alignment import fit_years
from downbench.sources.files.ensemble_breaches import FIT_YEARS, Samples

SEED_POLICY = "unknown: made elsewhere"


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
        With everything that is wrong: a cell is missing that the target has, members are repeated
        or frozen, years of the training are scored or not stated, or size, day, orientation or wet
        days are not those of the target.
    """
    shares_days = inputs.driver.attrs["driver_type"] != GCM
    target = inputs.target.sel(time=samples["time"]) if shares_days else inputs.target
    breaches, names = Breaches(), list(map(str, samples.data_vars))
    complete = Samples(samples, names, names, True)
    factor = inputs.region.factor
    lines = ensemble_comparison.compare(complete, target, factor, shares_days, breaches)
    years = breaches.attempt(FIT_YEARS, "", scorable_years, samples, inputs, options, label)
    breaches.refuse(label)
    described = attributes(inputs, model, years, samples.sizes["member"])
    samples.attrs = described | {"seed_policy": SEED_POLICY, ATTRIBUTE: "unknown"}
    return samples, [f"{label}: {lines[0]}", *lines[1:]]


def scorable_years(
    samples: xr.Dataset, inputs: SamplingInputs, options: ExternalEnsemble, label: str
) -> list[int | str]:
    """Return the years or events that the model was trained on, of which none is scored.

    Parameters
    ----------
    samples
        With its days, and the attribute `fit_years` of its file.
    inputs, options, label
        As in `checked`.

    Raises
    ------
    UserError
        When years of the training are scored, not stated, or others than the file's.
    """
    years = _fit_years(samples, inputs, options, label)
    if inputs.driver.attrs["driver_type"] != GCM:
        target = inputs.target.sel(time=samples["time"])
        start = inputs.region.year_start_month
        assert_disjoint(years, labels(target, inputs.region.splits.by, start), label)
    return years


def _fit_years(
    samples: xr.Dataset, inputs: SamplingInputs, options: ExternalEnsemble, label: str
) -> list[int | str]:
    by_event = "event" in inputs.target.coords
    of_file = samples.attrs.get("fit_years")
    if of_file is None and options.fit_years is None:
        raise UserError(
            f"{label}: nothing says on which years its model was trained, and scores on such "
            "years are no skill: state them as `fit_years: [1981-2003]` of the entry, as "
            "`--fit-years 1981-2003` or as attribute fit_years of the file; [] for none"
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
