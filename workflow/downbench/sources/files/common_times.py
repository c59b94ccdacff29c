"""Variables of several files on the times that all of them have."""

from collections.abc import Mapping

import xarray as xr

from downbench.core.errors import UserError
from downbench.sources.files import members

Series = xr.DataArray | xr.Dataset


def merged(series: Mapping[str, Series], label: str) -> xr.Dataset:
    """Return all variables on their common times; times that are left out are reported.

    Parameters
    ----------
    series
        Variables by name, on time and their grid.
    label
        Region and what the variables belong to, for messages.

    Raises
    ------
    UserError
        When two variables have no time in common, are on two calendars, or have other members,
        naming them.
    """
    first_name, first = next(iter(series.items()))
    for name, field in series.items():
        _require_shared_times(field, first, f"{label} {first_name} and {name}")
        _require_same_members(field, first, f"{label} {first_name} and {name}")
    dataset = xr.merge(series.values(), join="inner", compat="no_conflicts")
    if not dataset.sizes["time"]:
        raise UserError(f"{label} {', '.join(series)} have no time that all have: get the same")
    lost = {name: field.sizes["time"] - dataset.sizes["time"] for name, field in series.items()}
    if any(lost.values()):
        listing = ", ".join(f"{count} of {name}" for name, count in lost.items() if count)
        print(f"{label}: times that not all variables have are left out: {listing}")
    return dataset


def _require_same_members(field: Series, first: Series, label: str) -> None:
    difference = members.difference(first, field)
    if difference:
        raise UserError(f"{label} cannot be joined, {difference}: give both the same members")


def _require_shared_times(field: Series, first: Series, label: str) -> None:
    calendars = [series["time"].dt.calendar for series in (first, field)]
    if calendars[0] != calendars[1]:
        raise UserError(
            f"{label} have the calendars {calendars[0]} and {calendars[1]}: convert one file to "
            "the calendar of the other, or take both from one product"
        )
    if not field.indexes["time"].isin(first.indexes["time"]).any():  # hashed, as no array is
        periods = [
            " to ".join(str(series["time"].values[i])[:19] for i in (0, -1))
            for series in (first, field)
        ]
        raise UserError(
            f"{label} have no time in common ({periods[0]}; {periods[1]}): get both for the same "
            "period"
        )
