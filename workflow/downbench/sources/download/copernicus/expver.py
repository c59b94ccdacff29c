"""ERA5's versions: 0001 is final, 0005 (ERA5T) is preliminary for two to three months."""

from datetime import UTC, datetime
from typing import Literal

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

FINAL, UNKNOWN = "0001", "unknown"
"""Codes of final values, and of files that state none."""
SAFE_AGE = np.timedelta64(120, "D")
"""Values without a code count as final at this age: a month is final three months later."""
PUBLICATION_DELAY = np.timedelta64(10, "D")
"""Preliminary values appear after about five days; twice as long is waited for."""

Preliminary = Literal["refuse", "mark"]


def require_following_day(
    last: np.datetime64, label: str, now: np.datetime64 | None = None
) -> None:
    """Refuse a day with hours of the next one before that is published: it would lack them.

    Parameters
    ----------
    last
        Start of the last day that is asked for.
    label
        Dataset and part, for messages.
    now
        Time of the download; default: that of the clock.

    Raises
    ------
    UserError
        Naming the day from which on all hours are expected.
    """
    complete = last + np.timedelta64(1, "D") + PUBLICATION_DELAY
    if (_clock() if now is None else now) < complete:
        raise UserError(
            f"{label}: {str(last)[:10]} has hours of the next day, 00 UTC or later, which may not "
            f"be published before {str(complete)[:10]}: run again then, or leave out that year"
        )


def _clock() -> np.datetime64:
    return np.datetime64(datetime.now(UTC).replace(tzinfo=None))


def versions(
    field: xr.DataArray,
    preliminary: Preliminary,
    label: str,
    now: np.datetime64 | None = None,
) -> dict[str, str]:
    """Return attributes that name the versions of a field.

    Parameters
    ----------
    field
        With time, and expver(time) where the files state it.
    preliminary
        Whether preliminary days are refused, or marked by the attribute `preliminary_from`.
    label
        Dataset and part, for messages.
    now
        Time of the download; default: that of the clock.

    Raises
    ------
    UserError
        When there are preliminary days and they are to be refused.
    """
    stamps = field["time"].values
    codes = field["expver"].values if "expver" in field.coords else np.full(stamps.size, UNKNOWN)
    now = _clock() if now is None else now
    unfinished = stamps[np.where(codes == UNKNOWN, stamps > now - SAFE_AGE, codes != FINAL)]
    names = ", ".join(sorted(set(codes.tolist())))
    if not unfinished.size:
        return {"expver": names}
    first = str(unfinished.min())[:10]
    if preliminary == "refuse":
        raise UserError(
            f"{label}: from {first} on the data are preliminary (expver {names}) and will change: "
            "leave out that year, or set `preliminary: mark`"
        )
    return {"expver": names, "preliminary_from": first}
