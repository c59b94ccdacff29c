"""An entry `ensemble: PATH` of `config/models.yaml`: samples that another program has written."""

import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from downbench.core.config.model.options import FamilyOptions
from downbench.core.config.region.splits import spelled_out
from downbench.core.config.section import Section
from downbench.core.constants import CLIMATE
from downbench.core.errors import UserError

PLACEHOLDERS = ("region", "trained_on", "driver", "split")
IN_BRACES = re.compile(rf"\{{({'|'.join(PLACEHOLDERS)})\}}")


class EnsembleVariable(Section):
    """How the file calls a variable; both keys are for what the file does not state itself."""

    variable: str | None = Field(
        default=None, description="its name in the file; null = the project's, or a usual one"
    )
    units: str | None = Field(
        default=None, description="its unit, such as 'kg m-2 s-1'; null = the file's attribute"
    )


class ExternalEnsemble(FamilyOptions):
    """Options of an entry with `ensemble`: what the files hold, as far as they do not say it."""

    region: str | None = Field(
        default=None, description="region of the samples; null = any, as `{region}` in the path"
    )
    drivers: tuple[str, ...] = Field(
        default=(), description="drivers that were downscaled; none = any, as `{driver}`"
    )
    splits: tuple[str, ...] = Field(
        default=(), description="splits whose days are there; none = any, as `{split}`"
    )
    fit_years: tuple[int | str, ...] | None = Field(
        default=None,
        description="years or events that the model was trained on, such as [1981-2003]; [] for "
        "none; null = the file's attribute `fit_years`",
    )
    variables: dict[str, EnsembleVariable] = Field(
        default={},
        description="names and units in the files, by the names in this project, such as "
        "`{pr: {variable: rain, units: mm}}`",
    )

    @field_validator("fit_years", mode="before")
    @classmethod
    def _ranges(cls, labels: Any) -> Any:
        """Spell out ranges of years; names of events stay as they are."""
        try:
            return list(spelled_out(labels)) if isinstance(labels, list | tuple) else labels
        except ValueError:
            return labels


def require_placeholders(path: str | None) -> str | None:
    """Return the path.

    Raises
    ------
    ValueError
        When anything else than a placeholder stands in braces.
    """
    if re.search(r"[{}]", IN_BRACES.sub("", path or "")):
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise ValueError(f"only {names} may stand in braces")
    return path


def files(path: str, **values: str) -> list[str]:
    """Return the files that a path or pattern stands for; none may exist.

    Parameters
    ----------
    path
        With placeholders in braces, and `*` for files that follow each other in time.
    values
        Region, training driver, driver and split.
    """
    name = filled(path, **values)
    pattern = name.replace("[", "[[]")  # brackets are part of a name
    return [name] if Path(name).exists() else sorted(glob.glob(pattern))


def files_by_split(
    path: str, splits: Iterable[str], required: Iterable[str], **values: str
) -> dict[str, list[str]]:
    """Return the files of each split that has some.

    Parameters
    ----------
    path
        As in `files`.
    splits, required
        Names of splits, and of those that have to be there.
    values
        Region, training driver and driver.

    Raises
    ------
    UserError
        When a required split has no file.
    """
    by_split = {split: files(path, **values, split=split) for split in splits}
    for split in required:
        if not by_split[split]:
            raise UserError(f"{filled(path, **values, split=split)}: no such file")
    return {split: names for split, names in by_split.items() if names}


def filled(path: str, **values: str) -> str:
    """Return a path with values for its placeholders."""
    return os.path.expanduser(IN_BRACES.sub(lambda match: values[match[1]], path))


def absence(
    path: str, options: ExternalEnsemble, splits: Iterable[str], **values: str
) -> str | None:
    """Return why there are no samples of a driver and of some splits; None if there are.

    Parameters
    ----------
    values
        Region, training driver and driver.
    """
    region, driver = values["region"], values["driver"]
    if options.region not in (None, region):
        return f"its samples are of region {options.region}"
    if options.drivers and driver not in options.drivers:
        return f"it has no samples for the driver {driver}"
    for split in splits:
        if options.splits and split not in options.splits:
            return f"it has no samples of the split {split}"
        if split == CLIMATE and not options.splits and "{split}" not in path:
            return f"nothing says that it has samples of the split {split}"
        if not files(path, **values, split=split):
            return f"{filled(path, **values, split=split)} is absent"
    return None
