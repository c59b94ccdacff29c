"""The oracle of the synthetic region: it samples from the distribution that made the target.

Its ensembles are the best that any model can reach: it knows p(fine day | coarse day), because the
target was sampled with the same function, `fine_distribution.fine_given_coarse`. It learns
nothing, and it needs the perfect driver, whose block means the distribution conserves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.core.constants import LOG_DENSITY
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.rng import generator
from downbench.labs.base import LogDensity, Pairs, date_key
from downbench.labs.baselines.tools import dataset_arrays
from downbench.sources.synthetic.fine_density import FineDensity
from downbench.sources.synthetic.fine_distribution import (
    CONDITIONS,
    fine_given_coarse,
)
from downbench.sources.synthetic.fine_noise import Noise, stacked, white_noise
from downbench.sources.synthetic.ground import ground
from downbench.sources.synthetic.memory import in_sequence

NAME = "oracle.json"
FILES = frozenset({NAME})
VARIABLES = ("pr", "tasmax")
TEMPERATURE = "tasmax"
ONE_DAY = timedelta(days=1)

# Keys of `options` in bundles of format 1, which held the errors of drivers too.
FIRST_FORMAT = {
    "rain_law": "rain_distribution",
    "temperature_law": "temperature_distribution",
}
NOT_OF_THE_TARGET = ("reanalysis", "simulations")


class OracleDistribution(BaseModel):
    """Parameters of the distribution, as `oracle.json` holds them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    factor: Annotated[int, Field(ge=1, le=256)]
    resolution_km: Annotated[float, Field(ge=0.1, le=1000)]
    options: SyntheticTarget

    @field_validator("options", mode="before")
    @classmethod
    def _of_first_format(cls, options: Any) -> Any:
        if not isinstance(options, dict) or "source" in options:
            return options
        parameters = {k: v for k, v in options.items() if k not in NOT_OF_THE_TARGET}
        renamed = {FIRST_FORMAT.get(key, key): value for key, value in parameters.items()}
        return {"source": "synthetic", **renamed}


@dataclass(frozen=True)
class Oracle:
    """The conditional distribution of one synthetic region."""

    model: Model
    distribution: OracleDistribution

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Sample `members` fine days for each of the driver's times; see `labs.base`.

        Raises
        ------
        UserError
            When the driver is not the perfect one, or lacks a condition of the distribution.
        """
        coarse = _conditions(driver)
        on = ground(static, self.distribution.factor, self.distribution.resolution_km)
        shape = (len(driver["time"]), members, *static["orog"].shape)
        samples = {name: np.empty(shape, np.float32) for name in VARIABLES}
        for day, noise in enumerate(self._noise(driver, coarse, members, seed)):
            same = {n: np.repeat(v[day : day + 1], members, axis=0) for n, v in coarse.items()}
            fine = fine_given_coarse(same, on, self.distribution.options, noise)
            for name in VARIABLES:
                samples[name][day] = fine[name]
        return dataset_arrays.ensemble(samples, driver, static)

    def log_density(self, static: xr.Dataset, members: int, seed: int) -> LogDensity:
        """Return the log density of temperature in single cells; see `labs.base.CellDensity`.

        Raises
        ------
        UserError
            When the region has no regimes: it has no closed density of single cells.
        """
        options = self.distribution.options
        if not options.known_cell_density:
            raise UserError(
                f"{self.model.name}: the region has `regimes: none`, and so no closed density of "
                "single cells: remove --log-density from its evaluation"
            )
        on = ground(static, self.distribution.factor, self.distribution.resolution_km)
        density = FineDensity(on, options)

        def of_days(driver: xr.Dataset, target: xr.Dataset) -> xr.Dataset:
            values = density.temperature_log_density(
                target[TEMPERATURE].transpose("time", "y", "x").values, _conditions(driver)
            )
            field = (("time", "y", "x"), values.astype(np.float32))
            return xr.Dataset({f"{LOG_DENSITY}{TEMPERATURE}": field}, {"time": driver["time"]})

        return of_days

    @property
    def context_days(self) -> int:
        """Trajectories need whole spells, which a model with context gets."""
        return int(self.model.options.memory)

    def _noise(
        self, driver: xr.Dataset, coarse: Mapping[str, np.ndarray], members: int, seed: int
    ) -> Iterator[Noise]:
        """Yield the noise of all members for each day, each member's from its own generator."""
        dates = [date_key(stamp) for stamp in driver["time"].values]
        for days in _runs(driver["time"].to_index(), self.model.options.memory):
            part = {name: values[days] for name, values in coarse.items()}
            trajectories = [
                self._trajectory(dates[days], part, member, seed) for member in range(members)
            ]
            yield from map(stacked, zip(*trajectories, strict=True))

    def _trajectory(
        self, dates: Sequence[str], coarse: Mapping[str, np.ndarray], member: int, seed: int
    ) -> Iterator[Noise]:
        options, name = self.distribution.options, self.model.name
        fresh = (
            white_noise(generator(seed, name, date, member), options, self.distribution.factor)
            for date in dates
        )
        return in_sequence(fresh, coarse, options, self.distribution.resolution_km)

    def save(self, folder: Path) -> None:
        """Write the parameters of the distribution."""
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / NAME) as path:
            path.write_text(self.distribution.model_dump_json(indent=1))


def _runs(times: pd.Index, memory: bool) -> Iterator[slice]:
    """Yield days that remember each other: consecutive ones, or each day alone."""
    follows = [memory and step == ONE_DAY for step in times[1:] - times[:-1]]
    starts = [0, *(i + 1 for i, is_next in enumerate(follows) if not is_next), len(times)]
    yield from map(slice, starts[:-1], starts[1:])


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Oracle:
    """Take the distribution from the region's options; nothing is fitted.

    Raises
    ------
    UserError
        When the region is not synthetic, or the driver is not the perfect one.
    """
    region = pairs.region
    if not region.target.known_distribution:
        raise UserError(
            f"model {model.name}: the target of region {region.name} has source "
            f"'{region.target.source}', whose distribution given the coarse day is unknown: run "
            "the oracle on a region with source 'synthetic'"
        )
    _check_driver_type(pairs.driver)
    distribution = OracleDistribution(
        factor=region.factor, resolution_km=region.resolution_km, options=region.target
    )
    return Oracle(model, distribution)


def load(model: Model, bundle: Path) -> Oracle:
    """Read a saved distribution.

    Raises
    ------
    UserError
        When the file is absent or holds something else.
    """
    path = Path(bundle) / NAME
    if not path.is_file():
        raise UserError(f"{path}: no such file: train model {model.name} again")
    try:
        return Oracle(model, OracleDistribution.model_validate_json(path.read_text()))
    except ValidationError as error:
        message = f"{path}: {error.errors()[0]['msg']}: train model {model.name} again"
        raise UserError(message) from None


def _conditions(driver: xr.Dataset) -> dict[str, np.ndarray]:
    _check_driver_type(driver)
    return {name: dataset_arrays.array(driver, name) for name in CONDITIONS}


def _check_driver_type(driver: xr.Dataset) -> None:
    driver_type = driver.attrs.get("driver_type")
    if driver_type != "perfect":
        raise UserError(
            "the oracle knows the distribution given the block means of the target, but the "
            f"driver's type is '{driver_type}': use the driver 'perfect'"
        )
