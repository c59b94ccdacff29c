"""The oracle of the synthetic region: it samples from the distribution that made the target.

Its ensembles are the best that any model can reach: it knows p(fine day | coarse day), because the
target was sampled with the same function, `fine_distribution.fine_given_coarse`. It learns
nothing, and it needs the perfect driver, whose block means the distribution conserves.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.rng import generator
from downbench.labs.base import Pairs, date_key
from downbench.labs.baselines.tools import dataset_arrays
from downbench.sources.synthetic.fine_distribution import (
    CONDITIONS,
    fine_given_coarse,
)
from downbench.sources.synthetic.fine_noise import Noise, stacked, white_noise
from downbench.sources.synthetic.ground import ground

NAME = "oracle.json"
VARIABLES = ("pr", "tasmax")

# Keys of `options` in bundles of format 1, which held the errors of drivers too.
FIRST_FORMAT = {
    "rain_law": "rain_distribution",
    "temperature_law": "temperature_distribution",
}
NOT_OF_THE_TARGET = ("reanalysis", "simulations")


class OracleDistribution(BaseModel):
    """Parameters of the distribution, as `oracle.json` holds them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    factor: int
    resolution_km: float
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
        _check_driver_type(driver)
        coarse = {name: dataset_arrays.array(driver, name) for name in CONDITIONS}
        on = ground(static, self.distribution.factor, self.distribution.resolution_km)
        shape = (len(driver["time"]), members, *static["orog"].shape)
        samples = {name: np.empty(shape, np.float32) for name in VARIABLES}
        for day, stamp in enumerate(driver["time"].values):
            noise = self._noise(date_key(stamp), members, seed)
            same = {n: np.repeat(v[day : day + 1], members, axis=0) for n, v in coarse.items()}
            fine = fine_given_coarse(same, on, self.distribution.options, noise)
            for name in VARIABLES:
                samples[name][day] = fine[name]
        return dataset_arrays.ensemble(samples, driver, static)

    def _noise(self, date: str, members: int, seed: int) -> Noise:
        """Noise of the members of one day, each member's from its own generator."""
        options, factor = self.distribution.options, self.distribution.factor
        return stacked(
            white_noise(generator(seed, self.model.name, date, member), options, factor)
            for member in range(members)
        )

    def save(self, folder: Path) -> None:
        """Write the parameters of the distribution."""
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / NAME) as path:
            path.write_text(self.distribution.model_dump_json(indent=1))


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


def _check_driver_type(driver: xr.Dataset) -> None:
    driver_type = driver.attrs.get("driver_type")
    if driver_type != "perfect":
        raise UserError(
            "the oracle knows the distribution given the block means of the target, but the "
            f"driver's type is '{driver_type}': use the driver 'perfect'"
        )
