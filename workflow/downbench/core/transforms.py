"""Statistics between physical and normalised space, fitted on training years only (trap T9)."""

import json
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, ValidationError

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.spatial import grids
from downbench.core.variables import TARGETS, VARIABLES, variable

Kind = Literal["linear", "log1p", "cbrt"]
Label = Annotated[int, Field(ge=0, le=9999)] | Annotated[str, Field(max_length=100)]
FitYears = Annotated[tuple[Label, ...], Field(max_length=2000)]
"""Years, or names of events."""


class Statistics(BaseModel):
    """One variable: physical value v → (g(v) − mean) / std.

    g is v for `linear`, ln(1 + v / scale) for `log1p` and the cube root of v / scale for `cbrt`;
    mean and std are those of g(v), `scale` has the unit of v.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    units: str
    kind: Kind
    scale: PositiveFloat
    mean: float
    std: PositiveFloat


class Transforms(BaseModel):
    """All statistics of one region and training driver, as `transforms.json` holds them.

    `targets` describe rain itself, and of temperature its difference from the bilinearly
    interpolated driver, which is what a model learns.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: str
    factor: Annotated[int, Field(ge=1, le=256)]
    calendar: str
    fit_years: FitYears
    predictors: dict[str, Statistics]
    targets: dict[str, Statistics]


def compress(values: np.ndarray, kind: Kind, scale: float) -> np.ndarray:
    """Return g of `Statistics`: any shape, physical unit → compressed, before centring."""
    if kind == "log1p":
        return np.log1p(values / scale)
    if kind == "cbrt":
        return np.cbrt(values / scale)
    return values


def fit(
    target: xr.Dataset,
    driver: xr.Dataset,
    *,
    region: str,
    factor: int,
    fit_years: tuple[int | str, ...],
    names: tuple[str, ...],
    rain_kind: Kind,
    rain_scale_mm_day: float,
) -> Transforms:
    """Fit means and standard deviations over the training times.

    Parameters
    ----------
    target : (time, y, x)
        Training times only; `pr` in mm day-1, temperature in K.
    driver : (time, Y, X)
        The same times.
    names
        Predictors: variables of the driver that models use.
    rain_kind, rain_scale_mm_day
        Compression of rain, in driver and target alike.

    Raises
    ------
    UserError
        When the driver lacks a predictor, or one does not vary and cannot be standardised.
    """

    def statistics(name: str, values: np.ndarray, units: str, centred: bool = True) -> Statistics:
        is_compressed = name in VARIABLES and VARIABLES[name].transform == "compressed"
        kind, scale = (rain_kind, rain_scale_mm_day) if is_compressed else ("linear", 1.0)
        shaped = compress(values[np.isfinite(values)], kind, scale)
        std = float(shaped.std())
        if not std > 0:
            raise UserError(f"{region}: {name} does not vary over the training years: check it")
        mean = float(shaped.mean()) if centred else 0.0
        return Statistics(units=units, kind=kind, scale=scale, mean=mean, std=std)

    absent = [name for name in names if name not in driver]
    if absent:
        raise UserError(
            f"{region}: the driver lacks the predictors {', '.join(absent)}; it has "
            f"{', '.join(map(str, driver.data_vars))}: fix the region's key 'predictors'"
        )
    predictors = {
        name: statistics(name, driver[name].values, driver[name].attrs.get("units", ""))
        for name in names
    }
    targets = {
        name: statistics(
            name, _learned_field(target, driver, name, factor), target[name].attrs["units"], False
        )
        for name in TARGETS
        if name in target.data_vars
    }
    return Transforms(
        region=region,
        factor=factor,
        calendar=str(target["time"].dt.calendar),
        fit_years=fit_years,
        predictors=predictors,
        targets=targets,
    )


def _learned_field(target: xr.Dataset, driver: xr.Dataset, name: str, factor: int) -> np.ndarray:
    if variable(name).is_intermittent:
        return target[name].values
    return target[name].values - grids.upsample_bilinear(driver[name].values, factor)


def write(transforms: Transforms, path: Path) -> None:
    """Write `transforms.json`."""
    with replacing(path) as partial:
        partial.write_text(json.dumps(transforms.model_dump(mode="json"), indent=1) + "\n")


def read(path: Path) -> Transforms:
    """Read `transforms.json`; a `UserError` names the file and what is wrong with it."""
    try:
        return Transforms.model_validate_json(Path(path).read_bytes())
    except (OSError, ValidationError) as error:
        raise UserError(
            f"{path}: not usable statistics: {error}; run fit_transforms again"
        ) from error
