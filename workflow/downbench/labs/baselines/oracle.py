"""The oracle of the synthetic region: draws from the very law that made the target.

Its ensembles are the best that any model can reach there: it knows p(fine day | coarse day)
because the target was drawn through the same function, `synthetic_law.fine_given_coarse`. It
learns nothing, and it needs the perfect driver, whose block means the law conserves.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, ValidationError

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.rng import generator
from downbench.labs.base import Pairs, date_key
from downbench.labs.baselines.tools import fields
from downbench.sources.synthetic.fine_distribution import (
    CONDITIONS,
    fine_given_coarse,
    white_noise,
)
from downbench.sources.synthetic.ground import ground

NAME = "oracle.json"
VARIABLES = ("pr", "tasmax")


class Law(BaseModel):
    """What the law is made of, as `oracle.json` holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    factor: int
    resolution_km: float
    options: SyntheticTarget


@dataclass(frozen=True)
class Oracle:
    """The law of one synthetic region."""

    model: Model
    law: Law

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Draw `members` fine days for each of the driver's times; see `labs.base`.

        Raises
        ------
        UserError
            When the driver is not the perfect one, or lacks a condition of the law.
        """
        _check_driver_type(driver)
        coarse = {name: fields.array(driver, name) for name in CONDITIONS}
        on = ground(static, self.law.factor, self.law.resolution_km)
        shape = (len(driver["time"]), members, *static["orog"].shape)
        drawn = {name: np.empty(shape, np.float32) for name in VARIABLES}
        for day, stamp in enumerate(driver["time"].values):
            white = self._white(date_key(stamp), members, seed)
            same = {n: np.repeat(v[day : day + 1], members, axis=0) for n, v in coarse.items()}
            fine = fine_given_coarse(same, on, self.law.options, white)
            for name in VARIABLES:
                drawn[name][day] = fine[name]
        return fields.ensemble(drawn, driver, static)

    def _white(self, date: str, members: int, seed: int) -> np.ndarray:
        """Noise (members, 2, size, size) of one day, each member's from its own generator."""
        noise = self.law.options.noise
        return np.stack(
            [
                white_noise(generator(seed, self.model.name, date, member), noise)
                for member in range(members)
            ]
        )

    def save(self, folder: Path) -> None:
        """Write the law's constants."""
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / NAME) as beside:
            beside.write_text(self.law.model_dump_json(indent=1))


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Oracle:
    """Take the law from the region's options; nothing is fitted.

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
    law = Law(factor=region.factor, resolution_km=region.resolution_km, options=region.target)
    return Oracle(model, law)


def load(model: Model, bundle: Path) -> Oracle:
    """Read a saved law.

    Raises
    ------
    UserError
        When the file is absent or is not a law.
    """
    path = Path(bundle) / NAME
    if not path.is_file():
        raise UserError(f"{path}: no such file: train model {model.name} again")
    try:
        return Oracle(model, Law.model_validate_json(path.read_text()))
    except ValidationError as error:
        message = f"{path}: {error.errors()[0]['msg']}: train model {model.name} again"
        raise UserError(message) from None


def _check_driver_type(driver: xr.Dataset) -> None:
    driver_type = driver.attrs.get("driver_type")
    if driver_type != "perfect":
        raise UserError(
            f"the oracle knows the law given the block means of the truth, but the driver's driver_type "
            f"is '{driver_type}': use the driver 'perfect'"
        )
