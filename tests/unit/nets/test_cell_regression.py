"""The regression of every cell finds the map of the target, from training days alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import tiny_learned
import tiny_pairs
from downbench.nets.conditioning import Conditioning
from downbench.nets.fields import NetworkFields

ROWS, COLUMNS = tiny_pairs.ROWS, tiny_pairs.COLUMNS
COARSE = (ROWS // tiny_pairs.FACTOR, COLUMNS // tiny_pairs.FACTOR)
DAYS = 400


@pytest.fixture
def conditioning() -> Conditioning:
    static = np.zeros((0, ROWS, COLUMNS), np.float32)
    transforms = tiny_learned.pairs().transforms
    return Conditioning(transforms, static, seasonal=True, position_channels=0, regressed=True)


def weather(conditioning: Conditioning) -> NetworkFields:
    """Days whose rain is a map times interpolated rain; a map and a season make temperature."""
    generator = torch.Generator().manual_seed(1)
    rain = torch.rand(DAYS, *COARSE, generator=generator) * 8
    temperature = 280 + 5 * torch.randn(DAYS, *COARSE, generator=generator)
    angle = torch.arange(DAYS) * 2 * torch.pi / 365
    days = NetworkFields(
        coarse=torch.stack([rain, temperature], dim=1),
        valid=torch.ones(DAYS, 1, *COARSE),
        season=torch.stack([angle.sin(), angle.cos()], dim=1),
        target=None,
    )
    base = conditioning(days).base
    map_of_cells = torch.linspace(-2, 2, ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    rain = base[:, 0] * (1 + 0.2 * map_of_cells)
    warmth = base[:, 1] + map_of_cells * (1 + angle.sin()[:, None, None])
    return replace(days, target=torch.stack([rain, warmth], dim=1))


def test_maps_of_cells_are_found(conditioning: Conditioning) -> None:
    days = weather(conditioning)
    days.target[:, :, 0, 0] = torch.nan
    days.target[:365:3, :, 1, 1] = torch.nan
    before = conditioning(days).base
    conditioning.fit_regression(days.pick(slice(0, 365)))
    condition, new = conditioning(days), slice(365, DAYS)
    error = (condition.base - days.target)[new, :, 1:]
    assert error[:, 0].abs().max() < 0.05 and error[:, 1].abs().max() < 0.05
    # A cell without data keeps the interpolated driver.
    torch.testing.assert_close(condition.base[..., 0, 0], before[..., 0, 0])
    assert (condition.origin[:, 1] == 0).all() and condition.origin[:, 0].abs().max() > 0


def test_it_is_not_extrapolated(conditioning: Conditioning) -> None:
    """Twice as far beyond the weather of the fit, the map is the same."""
    days = weather(conditioning)
    conditioning.fit_regression(days)
    detail = []
    for kelvin in (60, 120):
        coarse = days.coarse.clone()
        coarse[:, 1] += kelvin
        hot = replace(days, coarse=coarse)
        detail.append(conditioning(hot).base[:, 1] - conditioning.up(coarse[:, 1]))
    torch.testing.assert_close(detail[0], detail[1], rtol=0, atol=1e-3)
