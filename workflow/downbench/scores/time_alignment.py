"""Common times of an ensemble and its reference, with a hint where their stamps are shifted."""

import sys
from datetime import timedelta

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

SHARE_OF_A_SHIFT = 0.5
LONGEST_SHIFT_HOURS = 48


def on_common_times(
    ensemble: xr.Dataset, reference: xr.Dataset, least: int, what: str
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return both datasets on the times they share, in increasing order.

    Times of the ensemble that the reference lacks give a warning on stderr.

    Parameters
    ----------
    least
        Fewest common times.
    what
        Names the ensemble in messages.

    Raises
    ------
    UserError
        For different calendars, or fewer common times: with the first stamp of both, and with
        the shift where the stamps of one are those of the other at another hour or day.
    """
    reference_times, stamps = reference["time"].values, ensemble["time"].values
    try:
        _, in_ensemble, in_reference = np.intersect1d(stamps, reference_times, return_indices=True)
    except TypeError:
        raise UserError(f"{what} and reference use different calendars: convert one") from None
    common = in_ensemble.size
    if common < least:
        raise UserError(
            f"{what}: {_count(common)} of its {stamps.size} times "
            f"{'is' if common == 1 else 'are'} in the reference, at least {least} needed (key "
            f"evaluation.least_common_days): the first stamps are {_text(stamps[0])} and "
            f"{_text(reference_times[0])}: {_fix(stamps, reference_times, least)}"
        )
    if common < stamps.size:
        absent = np.setdiff1d(np.arange(stamps.size), in_ensemble)
        print(
            f"warning: {what}: {absent.size} of its {stamps.size} times are not in the reference, "
            f"the first {_text(stamps[absent[0]])}: scored on {common}",
            file=sys.stderr,
        )

    return ensemble.isel(time=_compact(in_ensemble)), reference.isel(time=_compact(in_reference))


def _count(number: int) -> str:
    return "none" if number == 0 else str(number)


def _text(stamp: object) -> str:
    return str(stamp)[:19]


def _fix(stamps: np.ndarray, reference_times: np.ndarray, least: int) -> str:
    """Name the shift that brings the stamps of one to those of the other, if there is one."""
    if stamps.size < least:
        return "give the ensemble more of them"
    nearest = reference_times[np.argmin(np.abs(reference_times - stamps[0]))]
    shift = nearest - stamps[0]
    hours = float(
        shift / (timedelta(hours=1) if stamps.dtype == object else np.timedelta64(1, "h"))
    )
    matched = np.isin(stamps + shift, reference_times).mean()
    if hours == 0 or abs(hours) > LONGEST_SHIFT_HOURS or matched < SHARE_OF_A_SHIFT:
        return "give both the same days"

    return f"add {hours:+g} h to the stamps of the ensemble, if they are the same days"


def _compact(index: np.ndarray) -> np.ndarray | slice:
    """Return a slice if the indices have no gap: it reads faster."""
    if index.size == index[-1] - index[0] + 1 and (np.diff(index) == 1).all():
        return slice(int(index[0]), int(index[-1]) + 1)

    return index
