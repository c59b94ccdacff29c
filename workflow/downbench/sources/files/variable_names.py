"""Usual names of target variables in files, where the configuration names none."""

from collections.abc import Iterable

from downbench.core.errors import UserError

USUAL = {
    "pr": ("precip", "precipitation", "rain", "rainfall", "tp", "rr", "prcp"),
    "tasmax": ("tx", "tmax", "mx2t", "t2m_max", "max_temperature", "maximum_temperature"),
    "tasmin": ("tn", "tmin", "mn2t", "t2m_min", "min_temperature", "minimum_temperature"),
    "tas": ("tg", "t2m", "2t", "tmean", "t2m_mean", "mean_temperature"),
}


def usual(name: str, variables: Iterable[str]) -> list[str]:
    """Return the variables of a file that may be one of ours: that of its name, else all usual."""
    present = [str(variable) for variable in variables]
    if name in present:
        return [name]
    return [v for v in present if v.lower() in (name, *USUAL.get(name, ()))]


def in_file(name: str, variables: Iterable[str], label: str, fix: str) -> str:
    """Return what a file calls a variable.

    Parameters
    ----------
    name
        Name in this project.
    variables
        Names in the file.
    label, fix
        File, and how to name the variable, for messages.

    Raises
    ------
    UserError
        When no variable, or more than one, has a usual name.
    """
    present = [str(variable) for variable in variables]
    candidates = usual(name, present)
    if len(candidates) != 1:
        what = f"holds {' and '.join(candidates)}" if candidates else f"holds no {name}"
        among = ", ".join(present) or "no variables at all"
        raise UserError(f"{label} {what} among {among}: {fix}")
    return candidates[0]
