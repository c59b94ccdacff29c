"""Constraint layers: block means kept, rain never negative, dry blocks (traps T19, T25)."""

from functools import partial

import numpy as np
import pytest
import torch
import xarray as xr

from downbench.core.config.model.constraints import Constraint
from downbench.core.spatial import grids
from downbench.nets.blocks import block_mean, spread
from downbench.physics import constraints

FACTOR = 8
TIMES = ("time", "member")
RAIN = {
    "multiplicative": constraints.multiplicative,
    "softmax": constraints.softmax,
    "scaled_additive": partial(constraints.scaled_additive, ceiling=300.0),
}
CASES = [(name, seed) for name in RAIN for seed in range(6)]


def rain(seed: int) -> tuple[torch.Tensor, ...]:
    """Random rain (…, y, x), coarse rain (…, Y, X), areas; some cells, one block missing."""
    generator = np.random.default_rng(seed)
    wetness = generator.uniform(0, 1, (4, 3, 1, 1))
    field = generator.gamma(0.5, 12.0, (4, 3, 16, 24)) * (generator.random((16, 24)) < wetness)
    field[..., generator.random((16, 24)) < 0.2] = np.nan
    field[..., :8, 16:] = np.nan
    coarse = generator.gamma(0.4, 8.0, (4, 3, 2, 3)) * (generator.random((4, 3, 2, 3)) < 0.8)
    area = generator.uniform(0.5, 2.0, (16, 24)) * 1e7
    return tuple(torch.from_numpy(values) for values in (field, coarse, area))


def departure(field: torch.Tensor, coarse: torch.Tensor, area: torch.Tensor) -> float:
    """Largest error of a block mean: relative, or absolute where the coarse value is 0."""
    error = grids.block_mean(field.double().numpy(), FACTOR, area.numpy()) - coarse.numpy()
    scale = np.where(coarse.numpy() == 0, 1.0, np.abs(coarse.numpy()))
    return float(np.nanmax(np.abs(error) / scale))


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_rain_keeps_block_means_and_sign_in_both_precisions(name, seed):
    field, coarse, area = rain(seed)
    for kind in (torch.float64, torch.float32):
        held = RAIN[name](field.to(kind), coarse.to(kind), area.to(kind), FACTOR)
        assert held.dtype == kind
        assert departure(held, coarse, area) < 1e-6
        assert torch.equal(torch.isnan(held), torch.isnan(field))
        assert held.nan_to_num().min() >= 0


@pytest.mark.parametrize("name", RAIN)
def test_dry_cells_of_a_wet_block_stay_dry(name):
    field, coarse, area = rain(0)
    held = RAIN[name](field, coarse, area, FACTOR)
    wet_block = block_mean(field, FACTOR, area) > 0
    dry = (field == 0) & wet_block.repeat_interleave(8, -2).repeat_interleave(8, -1)
    assert dry.any() and not held[dry].any()


@pytest.mark.parametrize("name", RAIN)
def test_a_dry_coarse_cell_dries_its_block(name):
    field, coarse, area = rain(1)
    held = RAIN[name](field, torch.zeros_like(coarse), area, FACTOR)
    assert held.nan_to_num().abs().max() == 0


@pytest.mark.parametrize("name", RAIN)
def test_a_dry_field_gets_the_coarse_value_everywhere(name):
    held = RAIN[name](torch.zeros(8, 16), torch.tensor([[3.0, 0.0]]), torch.ones(8, 16), FACTOR)
    assert torch.equal(held[:, :8], torch.full((8, 8), 3.0)) and not held[:, 8:].any()


@pytest.mark.parametrize("name", RAIN)
@pytest.mark.parametrize("amount", [1e-3, 0.2, 50.0])
def test_a_single_wet_cell_takes_the_rain_of_its_block(name, amount):
    field, area = torch.zeros(8, 8), torch.rand(8, 8) + 0.5
    field[2, 5] = amount
    held = RAIN[name](field, torch.tensor([[4.0]]), area, FACTOR)
    assert held.count_nonzero() == 1
    assert held[2, 5].item() == pytest.approx(4.0 * (area.sum() / area[2, 5]).item(), rel=1e-5)


@pytest.mark.parametrize("name", RAIN)
def test_what_is_missing_constrains_nothing(name):
    field, coarse, area = rain(2)
    coarse[..., 0, 0] = torch.nan
    held = RAIN[name](field, coarse, area, FACTOR)
    torch.testing.assert_close(held[..., :8, :8], field[..., :8, :8], equal_nan=True)
    assert torch.isnan(held[..., :8, 16:]).all()


@pytest.mark.parametrize("name", RAIN)
def test_masked_cells_may_hold_anything(name):
    """In a network the sea is not NaN, it has weight 0."""
    field, coarse, area = rain(3)
    area = area * torch.isfinite(field[0, 0])
    coarse[0, 0, 1, 1] = torch.nan
    wild = torch.where(torch.isfinite(field), field, 1e6).requires_grad_()
    held = RAIN[name](wild, coarse, area, FACTOR)
    masked = torch.where(torch.isfinite(field), held, torch.nan)
    assert departure(masked.detach(), coarse, area) < 1e-6
    (masked.nan_to_num() ** 2).sum().backward()
    assert torch.isfinite(wild.grad).all()


@pytest.mark.parametrize("name", RAIN)
def test_gradients_are_finite_on_dry_and_single_wet_blocks(name):
    field = torch.zeros(8, 24)
    field[1, 9], field[:, 16:] = 5.0, torch.rand(8, 8)
    field.requires_grad_()
    held = RAIN[name](field, torch.tensor([[2.0, 2.0, 0.0]]), torch.ones(8, 24), FACTOR)
    (held**2).sum().backward()
    assert torch.isfinite(field.grad).all()


@pytest.mark.parametrize("seed", range(4))
def test_temperature_is_shifted_and_keeps_its_shape(seed):
    field, coarse, area = rain(seed)
    field, coarse = 285 + field / 10, 280 + coarse
    for kind in (torch.float64, torch.float32):
        held = constraints.additive(field.to(kind), coarse.to(kind), area.to(kind), FACTOR)
        assert departure(held, coarse, area) < 1e-6
    shift = constraints.additive(field, coarse, area, FACTOR) - field
    even = spread(block_mean(shift, FACTOR, area), FACTOR)
    torch.testing.assert_close(shift, even.where(torch.isfinite(field), torch.nan), equal_nan=True)


def test_scaled_additive_keeps_to_its_ceiling_and_adds_nearly_evenly():
    field = torch.rand(8, 8) * 5 + 1
    held = constraints.scaled_additive(field, torch.tensor([[40.0]]), torch.ones(8, 8), 8, 60.0)
    assert held.max() <= 60 and held.mean().item() == pytest.approx(40, rel=1e-5)
    assert (held - field).std() < 0.05 * (held - field).mean()


def dataset(field: np.ndarray, temperature: np.ndarray, dims: tuple[str, ...]) -> xr.Dataset:
    return xr.Dataset({"pr": (dims, field), "tas": (dims, temperature)})


@pytest.mark.parametrize("pr", RAIN)
def test_samples_are_clipped_before_and_never_after(pr):
    """Negative rain and drizzle go first: what the layer scales below 0.1 mm day-1 stays."""
    field, coarse, area = (values.numpy() for values in rain(4))
    field = field - 0.5
    drawn = dataset(field.astype(np.float32), 285 + field.astype(np.float32), (*TIMES, "y", "x"))
    driver = dataset(coarse[:, 0] / 10, 280 + coarse[:, 0], ("time", "Y", "X"))
    section = Constraint(
        pr=pr,
        temperature="additive",
        trained=False,
        rain_ceiling_mm_day=300.0 if pr == "scaled_additive" else None,
    )
    held = constraints.hold(drawn, driver, area, section)
    assert held.pr.dtype == np.float32 and float(held.pr.min()) >= 0
    wet = np.where(np.isnan(field), 0.0, field >= 0.1)
    in_wet_block = grids.upsample_nearest(grids.block_mean(wet, FACTOR) > 0, FACTOR)
    assert not held.pr.values[in_wet_block & (field < 0.1)].any()
    assert ((held.pr > 0) & (held.pr < 0.1)).any()
    for name in ("pr", "tas"):
        wanted = torch.from_numpy(driver[name].values[:, None]).expand(4, 3, 2, 3)
        values = torch.from_numpy(held[name].values)
        assert departure(values, wanted, torch.from_numpy(area)) < 1e-6


def test_a_variable_without_a_layer_is_left_alone():
    field, coarse, area = (values.numpy() for values in rain(5))
    drawn = dataset(field, field + 285, (*TIMES, "y", "x"))
    driver = dataset(coarse[:, 0], coarse[:, 0] + 285, ("time", "Y", "X"))
    held = constraints.hold(drawn, driver, area, Constraint(temperature="additive", trained=False))
    xr.testing.assert_identical(held.pr, drawn.pr)
    assert not held.tas.equals(drawn.tas)
