"""Usual names of target variables in files, where the configuration names none."""

from collections.abc import Iterable

from downbench.core.errors import UserError

USUAL = {
    "pr": ("precip", "precipitation", "rain", "rainfall", "tp", "rr", "prcp"),
    "tasmax": ("tx", "tmax", "mx2t", "t2m_max", "max_temperature", "maximum_temperature"),
    "tasmin": ("tn", "tmin", "mn2t", "t2m_min", "min_temperature", "minimum_temperature"),
    "tas": ("tg", "t2m", "2t", "tmean", "t2m_mean", "mean_temperature"),
}


def in_file(name: str, variables: Iterable[str], label: str) -> str:
    """Return what a file calls a variable.

    Parameters
    ----------
    name
        Name in this project.
    variables
        Names in the file.
    label
        File, for messages.

    Raises
    ------
    UserError
        When no variable, or more than one, has a usual name.
    """
    present = [str(variable) for variable in variables]
    if name in present:
        return name
    usual = (name, *USUAL.get(name, ()))
    candidates = [variable for variable in present if variable.lower() in usual]
    if len(candidates) != 1:
        what = f"holds {' and '.join(candidates)}" if candidates else f"holds no {name}"
        raise UserError(
            f"{label} {what} among {', '.join(present) or 'no variables at all'}: name it in "
            f"config/models.yaml, `variables: {{{name}: {{variable: NAME}}}}`"
        )
    return candidates[0]
