"""What a raw run adds to a model's distance from the truth's climate, and what mapping takes away.

Raw and corrected ensembles are drawn on the same days of the run and with the same noise. Both are
laid beside the same years of the truth, and the test years of the training driver are among these.
So their distances are correlated, with either sign: warm years of the run add to a warm bias and
take from a cold one. Therefore years are drawn once for all – the run's for raw and corrected, the
truth's for all three –, differences are formed inside each replicate, and intervals are theirs.

The noise of few years is widened part by part, as the training driver may have fewer than the run.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.errors import UserError
from downbench.core.stages import CORRECTED, RAW
from downbench.core.variables import RAIN
from downbench.scores.bootstrap import widened
from downbench.scores.climate import pooled_distributions
from downbench.scores.climate.climate_comparison import draws
from downbench.scores.climate.driver_chain import BASE, EXCESS, LEFT, REMOVED
from downbench.scores.climate.pooled_distributions import shares
from downbench.scores.table import Row


@dataclass(frozen=True)
class Chain:
    """Climate fields (see `climate_fields`) of one model: of its training driver, and of the past.

    corrected : None where no map belongs to the training driver
    """

    training: xr.Dataset
    raw: xr.Dataset
    corrected: xr.Dataset | None = None

    @property
    def links(self) -> list[xr.Dataset]:
        """All that there are."""
        return [one for one in (self.training, self.raw, self.corrected) if one is not None]


def variables(chain: Chain) -> list[str]:
    """Variables whose laws all links hold."""
    held = [{str(name) for name in one if str(name).endswith("_law")} for one in chain.links]
    return sorted(name.removesuffix("_law") for name in set.intersection(*held))


def rows(
    chain: Chain, variable: str, percent: float, settings: Evaluation
) -> Iterator[tuple[str, Row]]:
    """Rows of one variable [mm day-1 or K], each with the stage that it tells of.

    Of the raw run `…_base`, the distance that is no fault of it: the larger of the model's own on
    the training driver and the floor of few years; and `…_excess`, raw − base.
    Of the corrected one `…_removed`, raw − corrected; and `…_left` (threshold: percent), its distance
    beyond what it may have if so much of the excess is to be gone: below zero where more is.

    Raises
    ------
    UserError
        When raw and corrected ensembles were drawn for different years.
    """
    _refuse_other_years(chain)
    base, raw, corrected = distances(chain, variable, settings)
    yield RAW, Row(BASE, base)
    yield RAW, Row(EXCESS, raw - base)
    if corrected is not None:
        share = percent / 100
        yield CORRECTED, Row(REMOVED, raw - corrected)
        left = corrected - (1 - share) * raw - share * base
        yield CORRECTED, Row(LEFT, left, threshold=percent)


def distances(
    chain: Chain, variable: str, settings: Evaluation
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Base, raw and corrected distance, each (1 + replicates,), of years drawn once for all."""
    confidence = settings.bootstrap.confidence
    truth = truth_draws(chain, settings)
    found = []
    for one in chain.links:
        theirs = truth.sel(year=one["year_reference"].values).values
        # Days of the training driver are the truth's own.
        free = draws(one.sizes["year"], settings, "ensemble")
        mine = truth.sel(year=one["year"].values).values if one is chain.training else free
        blocks = min(one.sizes["year"], one.sizes["year_reference"])
        found.append(widened(_distance(one, variable, mine, theirs), blocks, confidence))
    own, raw, *corrected = found
    return _base(own, _floor(chain.raw, variable, settings.seed)), raw, next(iter(corrected), None)


def truth_draws(chain: Chain, settings: Evaluation) -> xr.DataArray:
    """How often each year of the truth is drawn, (replicate, year); the first is the sample."""
    years = np.union1d(chain.raw["year_reference"], chain.training["year_reference"])
    drawn = draws(len(years), settings, "truth")
    return xr.DataArray(drawn, {"year": years}, ("replicate", "year"))


def _distance(
    fields: xr.Dataset, variable: str, mine: np.ndarray, theirs: np.ndarray
) -> np.ndarray:
    law = fields[f"{variable}_law"].mean("member").transpose("year", ...).values
    reference = fields[f"{variable}_law_reference"].transpose("year_reference", ...).values
    return pooled_distributions.apart(
        shares(mine, law), shares(theirs, reference), variable == RAIN
    )


def _floor(raw: xr.Dataset, variable: str, seed: int) -> float:
    """What so few years give; zero where the truth has no more years. It is held to be known."""
    reference = raw[f"{variable}_law_reference"].transpose("year_reference", ...).values
    found = pooled_distributions.floor(reference, raw.sizes["year"], variable == RAIN, seed)
    return found if np.isfinite(found) else 0.0


def _base(own: np.ndarray, floor: float) -> np.ndarray:
    """The larger of both; of a replicate without any test year the floor, if it is that at all."""
    unknown = floor if own[0] < floor else np.nan
    return np.where(np.isfinite(own), np.maximum(own, floor), unknown)


def _refuse_other_years(chain: Chain) -> None:
    if chain.corrected is None:
        return
    for name in ("year", "year_reference"):
        if not np.array_equal(chain.raw[name], chain.corrected[name]):
            driver, other = (one.attrs.get("driver") for one in (chain.raw, chain.corrected))
            raise UserError(
                f"climates of '{driver}' and '{other}': {name} differs, so their years cannot be "
                "drawn together; draw both ensembles with one budget and score them again"
            )
