"""Log densities of the days of an ensemble: in parts, with context, where there are any."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import tiny_learned
import tiny_pairs
from downbench.core.config.loading import load
from downbench.core.errors import UserError
from downbench.labs.base import family
from downbench.labs.log_densities import log_densities, require_density
from downbench.labs.sampled_days import SamplingInputs

PROJECT = load({"region": "synthetic"}, Path(__file__).parents[3])
SAMPLING = '{"members": 2, "test_spells": 3, "spell_days": 4}'


@dataclass(frozen=True)
class DayBefore:
    """The "density" of a day is the target of the day before: it shows which days there are."""

    context_days: int = 1

    def log_density(self, static: xr.Dataset, members: int, seed: int):
        def of_days(driver: xr.Dataset, target: xr.Dataset) -> xr.Dataset:
            assert (driver.time == target.time).all()
            return xr.Dataset({"log_density_tas": target.tas.shift(time=self.context_days)})

        return of_days


def of_days(context: int, days_at_once: int) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the target and the "density" of its test days."""
    pairs = tiny_pairs.pairs()
    inputs = SamplingInputs(pairs.region, pairs.target, pairs.driver, "perfect", "test", 1)
    model = tiny_learned.MODELS["bnn-dropout"]
    logs = log_densities(inputs, model, DayBefore(context), SAMPLING, days_at_once)
    return pairs.target, logs


def test_days_in_memory_change_no_number() -> None:
    target, together = of_days(0, 100)
    _, apart = of_days(0, 5)
    assert together.sizes["time"] == 12
    xr.testing.assert_identical(together, apart)
    xr.testing.assert_equal(together.log_density_tas, target.tas.sel(time=together.time))
    assert together.attrs == {"model": "bnn-dropout", "driver": "perfect", "split": "test"}


def test_days_of_the_context_are_used_and_not_returned() -> None:
    target, logs = of_days(1, 100)
    before = target.tas.sel(time=logs.time - np.timedelta64(1, "D"))
    np.testing.assert_array_equal(logs.log_density_tas, before)


@pytest.mark.parametrize("name", ["bnn-dropout-hard", "corrdiff", "climatology"])
def test_models_without_a_density_are_refused(name: str) -> None:
    with pytest.raises(UserError, match=f"{name}: .* no exact density"):
        require_density(PROJECT.models[name])


def test_an_oracle_without_regimes_has_none() -> None:
    target = PROJECT.region.target.model_copy(update={"regimes": "none"})
    region = PROJECT.region.model_copy(update={"target": target})
    pairs = tiny_pairs.pairs()
    pairs = type(pairs)(region, pairs.target, pairs.driver, None)
    oracle = family(PROJECT.models["oracle"]).fit(pairs, PROJECT.models["oracle"], None, 1, Path())
    with pytest.raises(UserError, match="`regimes: none`, and so no closed density"):
        oracle.log_density(pairs.static, 2, 1)
