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

Preliminary = Literal["refuse", "mark"]


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
    now = np.datetime64(datetime.now(UTC).replace(tzinfo=None)) if now is None else now
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
