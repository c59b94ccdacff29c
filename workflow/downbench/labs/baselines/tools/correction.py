"""The first step of BCSD: the driver, corrected against the coarsened target."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.bias import bcsd
from downbench.bias.day_of_year import day_numbers
from downbench.bias.wet_days import drop_trace, lift_dry, per_day
from downbench.core.config.model.families.bcsd import BcsdOptions
from downbench.core.rng import generator
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import RAIN
from downbench.labs.base import Pairs
from downbench.labs.baselines.tools import fields


@dataclass(frozen=True)
class Correction:
    """Quantile nodes of driver and coarsened target, by variable.

    `source` and `reference` : (days, nodes, Y, X) for the day numbers in `days`; both empty where
    the driver is the block mean of the target, and the correction the identity.
    """

    options: BcsdOptions
    days: np.ndarray
    source: Mapping[str, np.ndarray]
    reference: Mapping[str, np.ndarray]

    def apply(self, driver: xr.Dataset, name: str, is_seasonal: bool, seed: int) -> np.ndarray:
        """Corrected driver (time, Y, X) of one variable, physical unit."""
        values = fields.array(driver, name)
        if name not in self.source:
            return values
        wanted = day_numbers(driver["time"], is_seasonal)
        row = np.abs(self.days[None, :] - wanted[:, None]).argmin(axis=1)
        source, reference = self.source[name][row], self.reference[name][row]
        cap, trace = self.options.ratio_cap, self.options.trace_mm_day
        if name != RAIN:
            return bcsd.map_quantiles(values, source, reference, "additive", cap)
        lifted = lift_dry(values, trace, per_day(driver["time"], seed)[:, None, None])
        mapped = bcsd.map_quantiles(lifted, source, reference, "multiplicative", cap)
        return drop_trace(mapped, trace)

    def arrays(self) -> dict[str, np.ndarray]:
        """Named arrays to write to a bundle."""
        named = {"correction.days": self.days}
        for name in self.source:
            named[f"correction.source.{name}"] = self.source[name]
            named[f"correction.reference.{name}"] = self.reference[name]
        return named


def fit(pairs: Pairs, options: BcsdOptions, is_seasonal: bool, seed: int) -> Correction:
    """Quantile nodes of the training years; none with a perfect driver."""
    if pairs.driver.attrs["driver_type"] == "perfect":
        return Correction(options, np.zeros(0, int), {}, {})
    target, driver = pairs.train_target, pairs.train_driver
    target_days = day_numbers(target["time"], is_seasonal)
    driver_days = day_numbers(driver["time"], is_seasonal)
    wanted = np.intersect1d(target_days, driver_days)
    half, area = options.window_days // 2, pairs.static["cell_area"].values
    source, reference = {}, {}
    for name in fields.variables(target):
        coarse = block_mean(fields.array(target, name), pairs.region.factor, area)
        own = fields.array(driver, name)
        if name == RAIN:
            coarse = _lifted(coarse, options, ("reference", seed))
            own = _lifted(own, options, ("source", seed))
        nodes = options.quantiles
        reference[name] = bcsd.quantile_nodes(coarse, target_days, wanted, half, nodes)
        source[name] = bcsd.quantile_nodes(own, driver_days, wanted, half, nodes)

    return Correction(options, wanted, source, reference)


def from_arrays(options: BcsdOptions, arrays: Mapping[str, np.ndarray]) -> Correction:
    """The correction that `Correction.arrays` named."""

    def part(prefix: str) -> dict[str, np.ndarray]:
        return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}

    source, reference = part("correction.source."), part("correction.reference.")
    return Correction(options, arrays["correction.days"], source, reference)


def _lifted(rain: np.ndarray, options: BcsdOptions, keys: tuple[str, int]) -> np.ndarray:
    uniform = generator("lift-dry", *keys).uniform(size=rain.shape)
    return lift_dry(rain, options.trace_mm_day, uniform)
