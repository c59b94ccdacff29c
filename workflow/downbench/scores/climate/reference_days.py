"""The days of the reference that the climate of an ensemble is compared with."""

import json

import numpy as np
import xarray as xr

from downbench.core.calendar import splits
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.scores.alignment import refuse_fit_years


def reference_days(ensemble: xr.Dataset, reference: xr.Dataset) -> xr.Dataset:
    """Select the days of the reference to compare with.

    Where the days of the driver are those of the reference, the same days; the model must not
    have been fitted on them. For a free-running driver, the same calendar months of all years of
    the reference that its run covers, or of all years if it covers none, as in the future.

    Raises
    ------
    UserError
        When no day is left, or the model or the bias correction of its driver was fitted on
        the years that were sampled.
    """
    start = int(reference.attrs.get("year_start_month", 1))
    if not is_free_running(ensemble):
        selected = reference["time"].isin(ensemble["time"]).values
        refuse_fit_years(ensemble, reference.isel(time=np.flatnonzero(selected)))
    else:
        _refuse_correction_years(ensemble, start)
        covered = _in_run_years(ensemble, reference)
        months = np.unique(ensemble["time"].dt.month.values)
        selected = np.isin(reference["time"].dt.month.values, months)
        selected &= covered if covered.any() else True
    if not selected.any():
        raise UserError(
            f"ensemble of driver '{ensemble.attrs['driver']}': the reference has none of its "
            "days, or of its months: nothing can be compared; choose a reference that has them"
        )
    return reference.isel(time=np.flatnonzero(selected))


def is_free_running(ensemble: xr.Dataset) -> bool:
    """Return whether the driver has its own weather, of which no day is the reference's."""
    return ensemble.attrs.get("driver_type") == GCM


def is_contemporary(ensemble: xr.Dataset, reference: xr.Dataset) -> bool:
    """Return whether the run has years of the reference: if not, a difference is no error."""
    if not is_free_running(ensemble) or not _run_years(ensemble):
        return True
    return bool(_in_run_years(ensemble, reference).any())


def _refuse_correction_years(ensemble: xr.Dataset, start: int) -> None:
    """Stop where the driver's bias correction was fitted on the sampled years (trap T11)."""
    fitted = json.loads(ensemble.attrs.get("driver_fit_years", "[]"))
    sampled = splits.year_labels(ensemble["time"], start)
    splits.assert_disjoint(fitted, sampled, f"the quantile map of '{ensemble.attrs['driver']}'")


def _in_run_years(ensemble: xr.Dataset, reference: xr.Dataset) -> np.ndarray:
    """Return, for each day of the reference, whether the run covers its year, (time,) bool."""
    start = int(reference.attrs.get("year_start_month", 1))
    return np.isin(splits.year_labels(reference["time"], start), _run_years(ensemble))


def _run_years(ensemble: xr.Dataset) -> list[int]:
    """Return the season-years of the run; none where time has no years, as with events."""
    return json.loads(ensemble.attrs.get("run_years", "[]"))
