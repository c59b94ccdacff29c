"""Halves of an ensemble do not share random numbers, whatever the model does with its own."""

from dataclasses import dataclass, field

import numpy as np
import pytest
import xarray as xr

from downbench.core.member_halves import halves
from downbench.labs.separate_halves import DensityOfHalves, SeparateHalves

DAYS = 400


@dataclass
class Antithetic:
    """Normal values in pairs of opposite sign, one pair after the other."""

    single: bool = False
    seeds: list[int] = field(default_factory=list)

    def sample(self, driver, static, members, seed):
        self.seeds.append(seed)
        members = 1 if self.single else members
        values = np.random.default_rng(seed).standard_normal((DAYS, members, 1, 1))
        values[:, 1::2] = -values[:, : members - 1 : 2]
        return xr.Dataset({"tasmax": (("time", "member", "y", "x"), values)})

    def log_density(self, static, members, seed):
        self.seeds.append(seed)
        value = np.log(len(self.seeds))
        return lambda driver, target: xr.Dataset({"log_density_tasmax": ("time", [value])})


def sampled(model: Antithetic, members: int) -> np.ndarray:
    return SeparateHalves(model).sample(xr.Dataset(), xr.Dataset(), members, 1)["tasmax"].values


def test_antithetic_members_end_in_the_same_half() -> None:
    even, odd = (half[..., 0, 0] for half in halves(sampled(Antithetic(), 8)))
    for half in (even, odd):
        np.testing.assert_array_equal(half[:, 1::2], -half[:, ::2])
    across = np.corrcoef(np.hstack([even, odd]).T)[:4, 4:]
    assert np.abs(across).max() < 4 / np.sqrt(DAYS)


@pytest.mark.parametrize("members, calls", [(8, 2), (4, 2), (7, 1), (3, 1), (2, 1)])
def test_small_and_odd_ensembles_come_in_one_piece(members: int, calls: int) -> None:
    model = Antithetic()
    assert sampled(model, members).shape[1] == members
    assert len(set(model.seeds)) == len(model.seeds) == calls


def test_a_single_field_stays_single() -> None:
    model = Antithetic(single=True)
    assert sampled(model, 8).shape[1] == 1
    assert model.seeds == [1]


def test_the_density_is_that_of_the_mixture_of_both_halves() -> None:
    density = DensityOfHalves(Antithetic()).log_density(xr.Dataset(), 8, 1)
    value = density(xr.Dataset(), xr.Dataset())["log_density_tasmax"].values
    assert value == pytest.approx(np.log((1 + 2) / 2))
