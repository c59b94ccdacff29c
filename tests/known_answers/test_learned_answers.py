"""What learned models must find in a region whose noise is known (`tiny_pairs`)."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import tiny_learned
from downbench.labs.base import Pairs

NOISE_K = 1.0
"""Standard deviation of the temperature that no driver tells [K]."""


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return tiny_learned.pairs()


def sample(name: str, pairs: Pairs, state: Path, members: int) -> tuple[xr.Dataset, xr.Dataset]:
    """Every fourth training day as a freshly trained model draws it, and as it was."""
    days = {"time": slice(None, None, 4)}
    model = tiny_learned.trained(name, pairs, state)
    drawn = model.sample(pairs.train_driver.isel(days), pairs.static, members, seed=1)
    return drawn, pairs.train_target.isel(days)


def test_the_mean_of_rain_is_no_back_transformed_mean(pairs, tmp_path) -> None:
    """Trap T21: the cube of the mean cube root of skewed rain is a small part of its mean."""
    drawn, truth = sample("unet", pairs, tmp_path, 1)
    rain = float(truth["pr"].mean())
    assert float(np.cbrt(truth["pr"]).mean()) ** 3 < 0.2 * rain
    assert float(drawn["pr"].mean()) == pytest.approx(rain, rel=0.1)


def test_dropout_comes_with_the_noise_that_no_driver_tells(pairs, tmp_path) -> None:
    """Trap T26: masks alone would give a small part of this spread."""
    drawn, truth = sample("bnn-dropout", pairs, tmp_path, 8)
    spread = np.sqrt(float(drawn["tas"].var("member", ddof=1).mean()))
    error = float(((drawn["tas"].mean("member") - truth["tas"]) ** 2).mean())
    assert spread == pytest.approx(NOISE_K, rel=0.2)
    assert spread == pytest.approx(np.sqrt(error * 8 / 9), rel=0.1)
