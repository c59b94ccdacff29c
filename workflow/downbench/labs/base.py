"""The model protocol of all labs: nothing inherits, a module keeps it by its functions.

A family is a module `downbench.labs.<lab>.<family>` with two functions::

    fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Trained
    load(model: Model, bundle: Path) -> Trained

`state` is a folder that survives a kill, for whatever a family needs to resume.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Protocol

import numpy as np
import xarray as xr

from downbench.core.calendar import splits
from downbench.core.config.model.model import Model
from downbench.core.config.region.region import Region
from downbench.core.contract import STATIC
from downbench.core.errors import UserError
from downbench.core.transforms import Transforms

STATIC_NAMES = (*STATIC, "lat", "lon")
FILES = frozenset({"weights.safetensors", "architecture.json", "physics.json"})
"""What `Trained.save` writes, some or all, unless the family's module has its own `FILES`."""


@dataclass(frozen=True)
class Pairs:
    """The driver and the target of one region on their common times.

    `target` is (time, y, x), `driver` (time, Y, X), both of all years; the split properties are
    what a model may learn from. `bases` are bundles of `model.parents`, by role.
    """

    region: Region
    target: xr.Dataset
    driver: xr.Dataset
    transforms: Transforms
    bases: Mapping[str, Path] = field(default_factory=dict)

    @property
    def static(self) -> xr.Dataset:
        """Static fields (y, x): orog [m], land [1], cell_area [m2], lat, lon [degrees]."""
        return static_fields(self.target)

    @cached_property
    def train_target(self) -> xr.Dataset:
        """Return the target in the training years."""
        return self._split(self.target, "train")

    @cached_property
    def train_driver(self) -> xr.Dataset:
        """Return the driver in the training years."""
        return self._split(self.driver, "train")

    @cached_property
    def validation_target(self) -> xr.Dataset:
        """Return the target in the validation years."""
        return self._split(self.target, "validation")

    @cached_property
    def validation_driver(self) -> xr.Dataset:
        """Return the driver in the validation years."""
        return self._split(self.driver, "validation")

    @property
    def fit_years(self) -> tuple[int | str, ...]:
        """Years or events that a fit may look at: training and validation."""
        return (*self.region.splits.train, *self.region.splits.validation)

    def _split(self, dataset: xr.Dataset, name: str) -> xr.Dataset:
        region = self.region
        return splits.select(dataset, region.splits, name, region.year_start_month)


class Trained(Protocol):
    """A fitted model.

    A model that needs neighbouring days has an attribute `context_days`: so many days before and
    after each day. It gets whole spells with that context; days that the series does not have are
    absent from the driver's `time`, and the model has to do without.
    """

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Sample an ensemble of the driver's times.

        Parameters
        ----------
        driver : (time, Y, X)
            Coarse input in physical units.
        static : (y, x)
            Static fields of the fine grid.
        members
            Ensemble size; a deterministic model gives one member for any size.
        seed
            With the model's name, the date and the member it determines all noise.

        Returns
        -------
        (time, member, y, x) float32
            The target's variables in physical units; missing cells are NaN.
        """

    def save(self, folder: Path) -> None:
        """Write the family's own files into a bundle: safetensors and JSON, named in `FILES`."""


LogDensity = Callable[[xr.Dataset, xr.Dataset], xr.Dataset]
"""(driver, target) of the same times → `log_density_{variable}` (time, y, x) [nat]."""


class CellDensity(Trained, Protocol):
    """A fitted model whose distribution of single cells has a known density, an optional ability.

    The options of its family set `has_cell_density`.
    """

    def log_density(self, static: xr.Dataset, members: int, seed: int) -> LogDensity:
        """Return the function that evaluates the density of a target.

        Rain has a mass below the threshold of dry and a density per mm day-1 above, any other
        variable a density per unit. Missing cells of the target are NaN, and variables without a
        known density are absent.

        Parameters
        ----------
        static, members, seed
            As in `sample`. Where an ensemble has common random numbers, such as dropout masks,
            the distribution is the mixture over those of its members.

        Raises
        ------
        UserError
            When the model has no such density.
        """


def family(model: Model) -> ModuleType:
    """Return the module that implements a model, by its name: nothing imports them all.

    Raises
    ------
    UserError
        When the lab has no such module.
    """
    name = f"downbench.labs.{model.lab}.{model.family}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # What the module itself imports and does not find is another matter.
        if error.name != name:
            raise
        raise UserError(
            f"model {model.name}: lab '{model.lab}' has no family '{model.family}': fix `lab` "
            f"or `family`, or add the module {name}"
        ) from None


def static_fields(target: xr.Dataset) -> xr.Dataset:
    """Return the static fields of a target store, in memory."""
    return (
        target[[n for n in STATIC_NAMES if n in target.variables]]
        .drop_vars("time", errors="ignore")
        .load()
    )


def common_times(target: xr.Dataset, driver: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """Return both series on the times they share, in order."""
    times = np.intersect1d(target["time"].values, driver["time"].values)
    return target.sel(time=times), driver.sel(time=times)


def date_key(stamp: np.datetime64 | object) -> str:
    """Return a time stamp as text, the part of a seed that names the day."""
    return str(stamp)[:19].replace(" ", "T")
