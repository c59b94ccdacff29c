"""Recognises the axis of members in files of ensembles, whatever they call it."""

import re

import numpy as np
import xarray as xr

MEMBER = "member"
NAMES = re.compile(
    r"(member|realization|realisation|number|ensemble|ens|sample)(_?(id|mem|member))?s?"
)
STANDARD_NAME = "realization"
LISTED = 4

Series = xr.DataArray | xr.Dataset


def named(field: xr.DataArray) -> xr.DataArray:
    """Return a field whose axis of members is called `member`; a single member gets one.

    Members that the file labels are in the order of their labels.

    Parameters
    ----------
    field
        Lazy, with its other axes named.
    """
    axes = [str(dim) for dim in field.dims if is_axis(field, str(dim))]
    if len(axes) > 1:
        return field  # two candidates: the further axis is reported by its name
    if not axes:
        return field.expand_dims(MEMBER)
    renamed = field if axes[0] == MEMBER else field.rename({axes[0]: MEMBER})
    return _by_label(renamed)


def difference(field: Series, other: Series) -> str:
    """Return how the members of two fields differ; empty where they are the same, or absent."""
    if MEMBER not in field.dims and MEMBER not in other.dims:
        return ""
    sizes = [part.sizes.get(MEMBER, 1) for part in (field, other)]
    if sizes[0] != sizes[1]:
        return f"they have {sizes[0]} and {sizes[1]} members"
    labels = [part.coords[MEMBER].values for part in (field, other) if MEMBER in part.coords]
    if len(labels) == 1:
        return "only one of them has labels of its members"
    if labels and not np.array_equal(*labels):
        return f"their members are {_listing(labels[0])} and {_listing(labels[1])}"
    return ""


def _by_label(field: xr.DataArray) -> xr.DataArray:
    """Return members in the order of their labels; labels that repeat say nothing."""
    if MEMBER not in field.coords:
        return field
    labels, order = np.unique(field[MEMBER].values, return_index=True)
    if labels.size < field.sizes[MEMBER]:
        return field.drop_vars(MEMBER)
    ordered = field.assign_coords({MEMBER: (MEMBER, field[MEMBER].values)})
    return ordered if (np.diff(order) > 0).all() else ordered.isel({MEMBER: order})


def _listing(labels: np.ndarray) -> str:
    shown = [str(label) for label in labels[:LISTED]]
    return ", ".join([*shown, *(["…"] if labels.size > LISTED else [])])


def is_axis(field: xr.DataArray, dim: str) -> bool:
    """Return whether a dim is an axis of members, by its name or standard name."""
    coordinate = field.coords.get(dim)
    standard = "" if coordinate is None else str(coordinate.attrs.get("standard_name", ""))
    return standard == STANDARD_NAME or NAMES.fullmatch(dim.lower()) is not None
