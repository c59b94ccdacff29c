"""Recognises the axis of members in files of ensembles, whatever they call it."""

import re

import xarray as xr

MEMBER = "member"
NAMES = re.compile(
    r"(member|realization|realisation|number|ensemble|ens|sample)(_?(id|mem|member))?s?"
)
STANDARD_NAME = "realization"


def named(field: xr.DataArray) -> xr.DataArray:
    """Return a field whose axis of members is called `member`; a single member gets one.

    Parameters
    ----------
    field
        Lazy, with its other axes named.
    """
    axes = [str(dim) for dim in field.dims if _is_members(field, str(dim))]
    if len(axes) > 1:
        return field  # two candidates: the further axis is reported by its name
    if not axes:
        return field.expand_dims(MEMBER)
    bare = field.drop_vars(axes[0], errors="ignore")
    return bare if axes[0] == MEMBER else bare.rename({axes[0]: MEMBER})


def _is_members(field: xr.DataArray, dim: str) -> bool:
    coordinate = field.coords.get(dim)
    standard = "" if coordinate is None else str(coordinate.attrs.get("standard_name", ""))
    return standard == STANDARD_NAME or NAMES.fullmatch(dim.lower()) is not None
