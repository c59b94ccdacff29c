"""Bias that a raw run adds to the climate of a model, and bias that its correction removes.

Raw and corrected ensembles are sampled on the same days of the run with the same noise. Both are
compared with the same years of the reference, which include the test years of the training
driver. Their distances are therefore correlated, with either sign: warm years of the run increase
a warm bias and reduce a cold one. Hence years are resampled once – those of the run for raw and
corrected, those of the reference for all three –, differences are formed within each replicate,
and intervals are those of the differences.

Each distance is widened for its own number of years before the differences are formed, because
the training driver may have fewer than the run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.errors import UserError
from downbench.core.stages import CORRECTED, RAW
from downbench.scores.bootstrap import widened
from downbench.scores.climate import pooled_distributions
from downbench.scores.climate.climate_comparison import (
    ENSEMBLE_STREAM,
    REFERENCE_STREAM,
    year_counts,
)
from downbench.scores.climate.driver_chain import (
    ADDED_BIAS,
    BASELINE,
    REMOVED_BIAS,
    RESIDUAL_BIAS,
)
from downbench.scores.climate.pooled_distributions import shares
from downbench.scores.table import Row, Sample, table


@dataclass(frozen=True)
class DriverClimates:
    """Climate fields (see `climate_fields`) of one model under three drivers.

    training : of the training driver
    raw : of the historical run of a climate model
    corrected : of the bias-corrected run; None where there is no correction
    """

    training: xr.Dataset
    raw: xr.Dataset
    corrected: xr.Dataset | None = None

    @property
    def present(self) -> list[xr.Dataset]:
        """The climates that exist: training, raw, corrected."""
        climates = (self.training, self.raw, self.corrected)
        return [climate for climate in climates if climate is not None]


def variables(climates: DriverClimates) -> list[str]:
    """Return the variables whose distribution all climates hold."""
    suffix = "_distribution"
    names = [
        {str(name) for name in climate if str(name).endswith(suffix)}
        for climate in climates.present
    ]
    return sorted(name.removesuffix(suffix) for name in set.intersection(*names))


def rows(
    climates: DriverClimates, variable: str, percent: float, settings: Evaluation
) -> Iterator[tuple[str, Row]]:
    """Yield the rows of one variable [mm day-1 or K], each with its stage of the chain.

    Of the raw run `…_baseline`, the distance expected without any bias of the run: the larger of
    that under the training driver and the noise floor; and `…_added_bias`, raw − baseline.
    Of the corrected run `…_removed_bias`, raw − corrected; and `…_residual_bias` (threshold:
    percent), its distance above the one allowed if that share of the added bias is removed: below
    zero where more is removed.

    Raises
    ------
    UserError
        When raw and corrected ensembles were sampled for different years.
    """
    _refuse_different_years(climates)
    baseline, raw, corrected = distances(climates, variable, settings)
    yield RAW, Row(BASELINE, baseline)
    yield RAW, Row(ADDED_BIAS, raw - baseline)
    if corrected is not None:
        share = percent / 100
        yield CORRECTED, Row(REMOVED_BIAS, raw - corrected)
        residual = corrected - (1 - share) * raw - share * baseline
        yield CORRECTED, Row(RESIDUAL_BIAS, residual, threshold=percent)


def contribution_tables(
    climates: DriverClimates,
    model: str,
    drivers: Mapping[str, str],
    percent: float,
    settings: Evaluation,
) -> Iterator[pd.DataFrame]:
    """Yield the rows of all variables as tables, with the names of model and driver.

    Parameters
    ----------
    climates
        Climates of one model under the training driver and one run.
    model
        Name of the model.
    drivers
        Name of the driver by stage of the chain, `RAW` and `CORRECTED`.
    percent
        Share of the added bias that the correction should remove.
    settings
        Section `evaluation`.
    """
    sizes, confidence = climates.raw.sizes, settings.bootstrap.confidence
    for name in variables(climates):
        # Replicates include the sampling uncertainty of few years already: no factor for blocks.
        sample = Sample(name, "all", sizes["member"], sizes["year"], np.inf, confidence)
        for stage, row in rows(climates, name, percent, settings):
            yield table([row], sample).assign(model=model, driver=drivers[stage])


def distances(
    climates: DriverClimates, variable: str, settings: Evaluation
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return baseline, raw and corrected distance, each (1 + replicates,), of the same years."""
    confidence = settings.bootstrap.confidence
    reference_counts = reference_year_counts(climates, settings)
    values = []
    for climate in climates.present:
        reference = reference_counts.sel(year=climate["year_reference"].values).values
        # Days of the training driver are those of the reference.
        free = year_counts(climate.sizes["year"], settings, ENSEMBLE_STREAM)
        is_training = climate is climates.training
        counts = reference_counts.sel(year=climate["year"].values).values if is_training else free
        blocks = min(climate.sizes["year"], climate.sizes["year_reference"])
        distance = _distance(climate, variable, counts, reference)
        values.append(widened(distance, blocks, confidence))
    training, raw, *corrected = values
    floor = _noise_floor(climates.raw, variable, settings.seed)
    return _baseline(training, floor), raw, next(iter(corrected), None)


def reference_year_counts(climates: DriverClimates, settings: Evaluation) -> xr.DataArray:
    """Return how often each reference year is sampled, (replicate, year); row 0 is all ones."""
    years = np.union1d(climates.raw["year_reference"], climates.training["year_reference"])
    counts = year_counts(len(years), settings, REFERENCE_STREAM)
    return xr.DataArray(counts, {"year": years}, ("replicate", "year"))


def _distance(
    fields: xr.Dataset, variable: str, counts: np.ndarray, reference_counts: np.ndarray
) -> np.ndarray:
    name = f"{variable}_distribution"
    ensemble = fields[name].mean("member").transpose("year", ...).values
    reference = fields[f"{name}_reference"].transpose("year_reference", ...).values
    pair = shares(counts, ensemble), shares(reference_counts, reference)
    return pooled_distributions.wasserstein(*pair, variable)


def _noise_floor(raw: xr.Dataset, variable: str, seed: int) -> float:
    """Return the noise floor; zero where the reference has no more years. It has no interval."""
    name = f"{variable}_distribution_reference"
    reference = raw[name].transpose("year_reference", ...).values
    years = raw.sizes["year"]
    floor = pooled_distributions.noise_floor(reference, years, variable, seed)
    return floor if np.isfinite(floor) else 0.0


def _baseline(training: np.ndarray, floor: float) -> np.ndarray:
    """Return the larger of both; for a replicate without a test year only the floor, if larger."""
    missing = floor if training[0] < floor else np.nan
    return np.where(np.isfinite(training), np.maximum(training, floor), missing)


def _refuse_different_years(climates: DriverClimates) -> None:
    if climates.corrected is None:
        return
    for name in ("year", "year_reference"):
        if not np.array_equal(climates.raw[name], climates.corrected[name]):
            raw, corrected = (
                climate.attrs.get("driver") for climate in (climates.raw, climates.corrected)
            )
            raise UserError(
                f"climates of '{raw}' and '{corrected}': {name} differs, so their years cannot be "
                "resampled together; sample both ensembles with one budget and score them again"
            )
