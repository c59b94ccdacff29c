"""Physical ↔ normalised space (traps T9, T19, T21)."""

import numpy as np
import pytest
import torch

from downbench.core.spatial import grids
from downbench.core.transforms import Statistics, Transforms
from downbench.nets.target_space import (
    TargetSpace,
    Upsample,
    expected_physical,
    normalise,
    physical,
)


def statistics(kind: str, units: str = "mm day-1", **given) -> Statistics:
    return Statistics(
        **{"units": units, "kind": kind, "scale": 1.0, "mean": 0.2, "std": 1.7} | given
    )


@pytest.mark.parametrize("kind", ["linear", "log1p", "cbrt"])
def test_there_and_back(kind):
    values = torch.tensor([0.0, 0.3, 5.0, 200.0])
    by = statistics(kind)
    torch.testing.assert_close(physical(normalise(values, by), by), values, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("std", [0.01, 0.2, 1.0])
@pytest.mark.parametrize("kind", ["linear", "log1p", "cbrt"])
def test_expected_values_and_slopes_are_means_over_the_uncertainty(kind, std):
    """Against a sum over N(value, std²); the mean of rain is more than the rain of the mean."""
    by = statistics(kind, scale=2.0)
    values = torch.linspace(-1.5, 2.5, 41, dtype=torch.float64, requires_grad=True)
    draws = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    weights = torch.exp(-0.5 * draws**2)
    around = physical(values[:, None] + std * draws, by)
    wanted = (around * weights).sum(1) / weights.sum()
    (slope,) = torch.autograd.grad(wanted.sum(), values)
    mean, rising = expected_physical(values, torch.full_like(values, std), by)
    torch.testing.assert_close(mean, wanted, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(rising, slope, rtol=1e-3, atol=1e-3)
    if kind != "linear":
        assert (mean >= physical(values, by) - 1e-6).all()


@pytest.mark.parametrize("kind", ["log1p", "cbrt"])
def test_expected_rain_has_a_slope_where_it_is_dry(kind):
    """A loss or a pull can bring rain back to a cell that has none."""
    by = statistics(kind, mean=0.0)
    values = torch.tensor([-0.5, 0.0, 0.1], requires_grad=True)
    mean, rising = expected_physical(values, torch.full((3,), 0.3), by)
    (gradient,) = torch.autograd.grad(mean.sum(), values)
    assert gradient.min() > 0 and rising.min() > 0
    torch.testing.assert_close(gradient, rising, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["linear", "log1p", "cbrt"])
def test_certain_values_are_physical_ones_with_finite_gradients(kind):
    by = statistics(kind)
    values = torch.linspace(-2, 3, 50, requires_grad=True)
    mean, _ = expected_physical(values, torch.zeros(50), by)
    torch.testing.assert_close(mean, physical(values, by), rtol=1e-4, atol=1e-4)
    (gradient,) = torch.autograd.grad(mean.sum(), values)
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("kind", ["log1p", "cbrt"])
def test_rain_never_comes_back_negative(kind):
    assert (physical(torch.linspace(-5, 5, 50), statistics(kind)) >= 0).all()


def test_temperature_is_what_the_model_adds_to_its_driver():
    space = TargetSpace(
        Transforms(
            region="r",
            factor=4,
            calendar="standard",
            fit_years=(2000,),
            predictors={},
            targets={
                "pr": statistics("cbrt", mean=0.0),
                "tas": statistics("linear", "K", mean=0.0),
            },
        )
    )
    base = torch.stack([torch.full((1, 4, 4), 3.0), torch.full((1, 4, 4), 280.0)], dim=1)
    target = torch.stack([torch.full((1, 4, 4), 8.0), torch.full((1, 4, 4), 283.4)], dim=1)
    normal = space.normalise(target, base)
    torch.testing.assert_close(normal[:, 1], torch.full((1, 4, 4), 2.0), rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(space.physical(normal, base), target, rtol=1e-4, atol=1e-3)


def test_drizzle_is_dry():
    space = TargetSpace(
        Transforms(
            region="r",
            factor=4,
            calendar="standard",
            fit_years=(2000,),
            predictors={},
            targets={"pr": statistics("linear", mean=0.0, std=1.0)},
        )
    )
    rain = torch.tensor([[[[0.09, 0.11]]]])
    assert space.physical(rain, torch.zeros(1, 1, 1, 2)).flatten().tolist() == pytest.approx(
        [0.0, 0.11]
    )


def test_torch_and_numpy_interpolate_alike():
    coarse = np.random.default_rng(0).random((2, 3, 5, 7)).astype(np.float32)
    ours = Upsample((5, 7), 8)(torch.from_numpy(coarse))
    np.testing.assert_allclose(ours, grids.upsample_bilinear(coarse, 8), atol=1e-5)
