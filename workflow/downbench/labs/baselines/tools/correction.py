"""The first step of BCSD: the driver, bias-corrected against the coarsened target.

It is empirical quantile mapping, as for the drivers of a region (`bias.mapping_fit`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from downbench.bias import mapping_apply, mapping_fit
from downbench.bias.day_of_year import DAYS
from downbench.core.config.model.families.bcsd import BcsdOptions
from downbench.core.config.region.quantile_mapping import QuantileMapping, RainCorrection
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import RAIN, TEMPERATURES, variable
from downbench.labs.base import Pairs
from downbench.labs.baselines.tools import dataset_arrays

PREFIX = "correction."
FIRST_FORMAT = PREFIX + "source."
SOURCE, REFERENCE = "driver", "target"
NO_YEARS = 10_000
"""Longer than any run: ranks are not used, so a run need not be cut into stretches [years]."""


@dataclass(frozen=True)
class Correction:
    """A fitted quantile mapping; without one the correction is the identity.

    `fitted` is what `mapping_fit.fit` returns.
    """

    section: QuantileMapping | None = None
    fitted: xr.Dataset | None = None

    def apply(self, driver: xr.Dataset) -> xr.Dataset:
        """Return the driver (time, Y, X) with its corrected variables, in physical units."""
        if self.section is None:
            return driver
        return mapping_apply.apply(driver, self.fitted, self.section, SOURCE)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return named arrays to write to a bundle."""
        if self.fitted is None:
            return {}
        return {f"{PREFIX}{name}": self.fitted[name].values for name in self.fitted.variables}

    def settings(self) -> dict[str, str]:
        """Return the section, and names of dimensions and attributes, to write to a bundle."""
        if self.section is None:
            return {}
        dims = {name: self.fitted[name].dims for name in self.fitted.variables}
        return {
            "correction": self.section.model_dump_json(),
            "dimensions": json.dumps(dims),
            "attributes": json.dumps(self.fitted.attrs),
        }


def fit(pairs: Pairs, options: BcsdOptions, is_seasonal: bool, seed: int) -> Correction:
    """Fit the mapping on the training years; none with a perfect driver, whose is the identity."""
    if pairs.driver.attrs["driver_type"] == "perfect":
        return Correction()
    names = dataset_arrays.variables(pairs.train_target)
    section, driver = _section(options, names, is_seasonal, seed), pairs.train_driver
    reference = _coarse_target(pairs, names).assign_coords(lat=driver["lat"], lon=driver["lon"])
    start = pairs.region.year_start_month
    return Correction(section, mapping_fit.fit(driver[names], reference, section, start))


def from_saved(arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> Correction:
    """Return the correction that `arrays` and `settings` have named.

    Raises
    ------
    UserError
        For the quantiles of a bundle of format 1, which had a mapping of its own.
    """
    if any(name.startswith(FIRST_FORMAT) for name in arrays):
        raise UserError(
            "the bundle holds the quantile mapping of format 1, which this version does not "
            "apply: train the model again"
        )
    if "correction" not in settings:
        return Correction()
    dims = json.loads(settings["dimensions"])
    fitted = xr.Dataset(
        {name: (dims[name], arrays[f"{PREFIX}{name}"]) for name in dims},
        attrs=json.loads(settings["attributes"]),
    ).set_coords(["lat", "lon"])
    return Correction(QuantileMapping.model_validate_json(settings["correction"]), fitted)


def _section(
    options: BcsdOptions, names: list[str], is_seasonal: bool, seed: int
) -> QuantileMapping:
    """Return the section of the mapping: a region without seasons has one window for all days."""
    has_rain = RAIN in names
    temperatures = [variable(name) for name in names if name in TEMPERATURES]
    return QuantileMapping(
        fitted_on=SOURCE,
        reference=REFERENCE,
        method="eqm",
        variables={name: "multiplicative" if name == RAIN else "additive" for name in names},
        window_days=options.window_days if is_seasonal else DAYS,
        window_step_days=1 if is_seasonal else DAYS,
        quantiles=options.quantiles,
        least_days=1,
        interpolate="quantiles",
        tail_cap=options.ratio_cap,
        cross_fit_blocks=None,
        period_years=NO_YEARS,
        rain=_rain(options) if has_rain else None,
        temperature_limits_k=(temperatures[0].low, temperatures[0].high) if temperatures else None,
        seed=seed,
    )


def _rain(options: BcsdOptions) -> RainCorrection:
    return RainCorrection(
        trace_mm_day=options.trace_mm_day,
        least_wet_days=0,
        small_mm_day=options.trace_mm_day,
        small_cap=options.ratio_cap,
        ceiling_mm_day=variable(RAIN).high,
    )


def _coarse_target(pairs: Pairs, names: list[str]) -> xr.Dataset:
    """Return the block means (time, Y, X) of the training target."""
    target, area = pairs.train_target, pairs.static["cell_area"].values
    return xr.Dataset(
        {
            name: (
                ("time", "Y", "X"),
                block_mean(dataset_arrays.array(target, name), pairs.region.factor, area),
                {"units": pairs.driver[name].attrs.get("units", "")},
            )
            for name in names
        },
        coords={"time": target["time"]},
    )
