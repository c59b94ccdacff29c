"""Physical ↔ normalised space (traps T9, T19, T21)."""

import numpy as np
import pytest
import torch

from downbench.core import grids
from downbench.core.transforms import Statistics, Transforms
from downbench.nets.space import TargetSpace, Upsample, normalise, physical


def statistics(kind: str, units: str = "mm day-1", **given) -> Statistics:
    return Statistics(
        **{"units": units, "kind": kind, "scale": 1.0, "mean": 0.2, "std": 1.7} | given
    )


@pytest.mark.parametrize("kind", ["linear", "log1p", "cbrt"])
def test_there_and_back(kind):
    values = torch.tensor([0.0, 0.3, 5.0, 200.0])
    by = statistics(kind)
    torch.testing.assert_close(physical(normalise(values, by), by), values, rtol=1e-4, atol=1e-4)


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
