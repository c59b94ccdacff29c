"""An ensemble has a value wherever its reference has one: nobody chooses the cells of a score."""

import sys

import numpy as np

from downbench.core.errors import UserError
from downbench.scores.context import Context
from downbench.scores.geometry import SMALLEST_WINDOW
from downbench.scores.paired_fields import PairedFields


def require_complete(fields: PairedFields, variable: str, what: str) -> None:
    """Refuse a day on which a member lacks a cell that the reference has.

    A day without any value is a day that the ensemble does not have: it is left out.

    Parameters
    ----------
    fields
        Some days.
    what
        Names the ensemble in the message.

    Raises
    ------
    UserError
        Naming variable, day, member and the number of cells.
    """
    lacking = np.isfinite(fields.reference) & (fields.weight == 0)
    if not lacking.any():
        return
    lacking &= np.isfinite(fields.members).any(axis=(1, 2, 3))[:, None, None]
    days = np.flatnonzero(lacking.any(axis=(1, 2)))
    if not days.size:
        return
    day = days[0]
    missing = ~np.isfinite(fields.members[day]) & np.isfinite(fields.reference[day])
    count = missing.sum(axis=(1, 2))
    first, further = int(np.argmax(count > 0)), int((count > 0).sum()) - 1
    also = f" (and {further} more members some)" if further else ""
    raise UserError(
        f"{what}: {variable}, {fields.stamps[day]}: member {first}, counted from 0, lacks "
        f"{count[first]} cells that the reference has{also}: give it a value in each of them, or "
        "leave the day out of the ensemble"
    )


def require_days(counted: np.ndarray, least: int, variable: str, what: str) -> None:
    """Refuse too few days with values in both; a warning on stderr says how many there are not.

    Parameters
    ----------
    counted : (day,) bool
        Days on which both have values.
    least
        Fewest such days.

    Raises
    ------
    UserError
        With the number of days and what to do.
    """
    days, total = int(counted.sum()), counted.size
    if days < least:
        raise UserError(
            f"{what}: {variable} has values together with the reference on {days} of {total} "
            f"times, at least {least} needed (key evaluation.least_common_days): give it more days"
        )
    if days < total:
        print(
            f"warning: {what}: {variable}: {total - days} of {total} times have no value in the "
            f"ensemble or in the reference: scored on {days}",
            file=sys.stderr,
        )


def warn_without_spectra(context: Context, what: str) -> None:
    """Report on stderr that no day has a complete rectangle to take spectra of."""
    if context.window is None:
        print(
            f"warning: {what}: {context.variable} has no spectra: no rectangle of "
            f"{SMALLEST_WINDOW} × {SMALLEST_WINDOW} cells is complete in the reference on any day",
            file=sys.stderr,
        )
