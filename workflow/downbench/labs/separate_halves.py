"""Two halves of an ensemble, sampled apart with seeds of their own, whatever the model does."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.member_halves import can_be_halved
from downbench.core.rng import seed_of
from downbench.labs.base import CellDensity, LogDensity, Trained

SEED_LIMIT = 2**31


@dataclass(frozen=True)
class SeparateHalves:
    """A fitted model whose even members cannot know its odd ones; see `core.member_halves`.

    A model that chooses its members together does so within a half.
    """

    trained: Trained

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Return even members of one seed and odd members of another; see `labs.base.Trained`.

        A single field, and an ensemble that is too small or of odd size, come in one piece.
        """
        if not can_be_halved(members):
            return self.trained.sample(driver, static, members, seed)
        even, odd = seeds(seed)
        first = self.trained.sample(driver, static, members // 2, even)
        if first.sizes["member"] == 1:
            return first
        second = self.trained.sample(driver, static, members // 2, odd)
        alternate = np.arange(members).reshape(2, -1).T.ravel()
        ensemble = xr.concat([first, second], "member").isel(member=alternate)
        if "member" not in first.coords:
            return ensemble

        return ensemble.assign_coords(member=np.arange(members))


@dataclass(frozen=True)
class DensityOfHalves:
    """The density of single cells of such an ensemble."""

    trained: CellDensity

    def log_density(self, static: xr.Dataset, members: int, seed: int) -> LogDensity:
        """Return the log density of the mixture of both halves; see `labs.base.CellDensity`."""
        if not can_be_halved(members):
            return self.trained.log_density(static, members, seed)
        of_even, of_odd = (
            self.trained.log_density(static, members // 2, half) for half in seeds(seed)
        )

        def of_days(driver: xr.Dataset, target: xr.Dataset) -> xr.Dataset:
            total = np.logaddexp(of_even(driver, target), of_odd(driver, target))
            return (total - np.log(2)).astype(np.float32)

        return of_days


def seeds(seed: int) -> tuple[int, int]:
    """Return the seeds of even and of odd members."""
    return seed, seed_of(seed, "odd members") % SEED_LIMIT
