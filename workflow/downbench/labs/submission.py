"""All that is wrong with an ensemble that somebody submits, by itself or against a region."""

from collections.abc import Sequence
from dataclasses import replace

import xarray as xr

from downbench.core import contract
from downbench.core.breaches import Breach, Breaches
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.constants import GCM
from downbench.core.variables import TARGETS
from downbench.labs import ensemble_comparison
from downbench.labs.external_ensemble import scorable_years
from downbench.labs.sampled_days import SamplingInputs, select_days
from downbench.scores.alignment import fit_years
from downbench.sources.files import conventions, ensemble_files, variable_names
from downbench.sources.files.ensemble_breaches import FILE, FIT_YEARS, VARIABLES, Samples, examined
from downbench.sources.files.ensemble_files import EnsembleFiles, opened
from downbench.sources.files.scored_pair import UNKNOWN

CONTRACT = "data contract"
SUB_DAILY = "values stand for less than a day: name the region, whose target says whether they may"


def examine_alone(
    paths: Sequence[str], options: ExternalEnsemble, breaches: Breaches
) -> list[str]:
    """Check what needs no target: axes, calendar, units, values and members.

    Parameters
    ----------
    paths
        NetCDF files or Zarr stores that follow each other in time.
    options
        Names and units of variables that the files do not state.
    breaches
        Takes what is wrong.

    Returns
    -------
    list of str
        What was understood.
    """
    first = breaches.attempt(FILE, "", opened, paths[0])
    if first is None:
        return []
    names = [name for name in TARGETS if variable_names.usual(name, first.data_vars)]
    if not names:
        present = ", ".join(map(str, first.data_vars)) or "no variable"
        words = f"{paths[0]}: it holds none of {', '.join(TARGETS)} but {present}: rename them"
        breaches.add(Breach(VARIABLES, words))
        return []
    files, lines = EnsembleFiles(paths, names, options), []
    if ensemble_files.is_sub_daily(files):
        files, lines = replace(files, daily=False), [SUB_DAILY]
    samples = examined(files, breaches)
    breaches.attempt(FIT_YEARS, "", fit_years, first, by_event=not files.daily)
    return [*lines, *conventions.notes(files), *_of_samples(samples, None, 1, True, breaches)]


def examine_split(
    paths: Sequence[str],
    inputs: SamplingInputs,
    sampling: str,
    options: ExternalEnsemble,
    breaches: Breaches,
) -> list[str]:
    """Check an ensemble of one split against the target: grid, calendar, days and weather, too.

    Parameters
    ----------
    paths, options, breaches
        As in `examine_alone`.
    inputs
        Region, target, driver, split and seed of the ensemble.
    sampling
        Section `sampling` of the budget as JSON, which chooses the days.

    Returns
    -------
    list of str
        What was understood, and how the first member compares with the target.
    """
    region, target = inputs.region, inputs.target
    days, _ = select_days(inputs, sampling)
    files = _at_days(paths, days, inputs, options)
    samples = examined(files, breaches)
    lines = [*conventions.notes(files)]
    shares_days = inputs.driver.attrs["driver_type"] != GCM
    lines += _of_samples(samples, target, region.factor, shares_days, breaches)
    stated = breaches.attempt(FILE, "", opened, paths[0])
    if stated is not None:
        dated = xr.Dataset(coords={"time": days["time"]}, attrs=stated.attrs)
        breaches.attempt(FIT_YEARS, "", scorable_years, dated, inputs, options, paths[0])
    return lines


def has_days(
    paths: Sequence[str], inputs: SamplingInputs, sampling: str, options: ExternalEnsemble
) -> bool:
    """Return whether the files hold a day of the split, with parameters of `examine_split`."""
    days, _ = select_days(inputs, sampling)
    return ensemble_files.has_days(_at_days(paths, days, inputs, options))


def _at_days(
    paths: Sequence[str], days: xr.Dataset, inputs: SamplingInputs, options: ExternalEnsemble
) -> EnsembleFiles:
    region, target = inputs.region, inputs.target
    times = days["time"].values
    return EnsembleFiles(paths, region.targets, options, target, times, region.target.daily)


def _of_samples(
    samples: Samples,
    target: xr.Dataset | None,
    factor: int,
    shares_days: bool,
    breaches: Breaches,
) -> list[str]:
    if samples.dataset is None:
        return []
    if samples.on_target and shares_days:
        target = target.sel(time=samples.dataset["time"])
    lines = ensemble_comparison.compare(samples, target, factor, shares_days, breaches)
    faulty = {name for breach in breaches.items for name in breach.variables}
    kept = samples.dataset[[n for n in samples.sized if n not in faulty and n in samples.dataset]]
    if kept.data_vars:
        described = kept.assign_attrs({"model": "submission", **UNKNOWN})
        for message in contract.breaches(described, "ensemble"):
            name = message.partition(":")[0]
            breaches.add(Breach(CONTRACT, message, (name,) if name in kept else ()))
    sizes = samples.dataset.sizes
    grid = f"{sizes['y']} × {sizes['x']} cells"
    return [f"{sizes['time']} times, {sizes['member']} members, {grid}", *lines]
