"""ERA5's versions: 0001 is final, 0005 (ERA5T) is preliminary for two to three months."""

from typing import Literal

import xarray as xr

from downbench.core.errors import UserError

FINAL = "0001"
Preliminary = Literal["refuse", "mark"]


def versions(field: xr.DataArray, preliminary: Preliminary, label: str) -> dict[str, str]:
    """Return attributes that name the versions of a field, {} where its files do not say.

    Parameters
    ----------
    field
        With expver(time), if known.
    preliminary
        Whether preliminary days are refused, or marked by the attribute `preliminary_from`.

    Raises
    ------
    UserError
        When there are preliminary days and they are to be refused.
    """
    if "expver" not in field.coords:
        return {}
    codes = field["expver"].values
    unfinished = field["time"].values[codes != FINAL]
    names = {"expver": ", ".join(sorted(set(codes.tolist())))}
    if not unfinished.size:
        return names
    first = str(unfinished.min())[:10]
    if preliminary == "refuse":
        raise UserError(
            f"{label}: from {first} on the data are preliminary (expver {names['expver']}) and "
            "will change: leave out that year, or set `preliminary: mark`"
        )
    return {**names, "preliminary_from": first}
