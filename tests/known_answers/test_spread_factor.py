"""The factor that matches spread and error, where the answer is known."""

import pytest
import torch

from downbench.labs.generative.tools.spread import error_over_spread

WEIGHTS = torch.ones(40, 40)


def ensemble(members: int, deviation: float) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    centre = torch.randn(20, 2, 40, 40, generator=generator)
    truth = centre + torch.randn(20, 2, 40, 40, generator=generator)
    noise = torch.randn(members, 20, 2, 40, 40, generator=generator)
    return centre + deviation * noise, truth


@pytest.mark.parametrize("members", [2, 4, 16])
@pytest.mark.parametrize("deviation", [0.5, 1.0, 2.0])
def test_narrow_and_wide_gaussians_are_distinguished_at_any_size(members: int, deviation: float):
    drawn, truth = ensemble(members, deviation)
    # The truth's variance about the centre is 1: error 1 + d² / M over spread d² (1 + 1 / M).
    share = 1 / members
    expected = ((1 + deviation**2 * share) / (deviation**2 * (1 + share))) ** 0.5
    torch.testing.assert_close(
        error_over_spread(drawn, truth, WEIGHTS), torch.full((2,), expected), rtol=0.02, atol=0
    )


def test_missing_cells_count_nothing():
    drawn, truth = ensemble(4, 1.0)
    whole = error_over_spread(drawn, truth, WEIGHTS)
    drawn[..., :10] = 1e6
    truth[..., :5] = torch.nan
    weights = WEIGHTS.clone()
    weights[:, 5:10] = 0
    torch.testing.assert_close(error_over_spread(drawn, truth, weights), whole, rtol=0.02, atol=0)


def test_no_spread_is_left_alone():
    truth = torch.randn(3, 1, 4, 4)
    same = torch.zeros(2, 3, 1, 4, 4)
    assert error_over_spread(same, truth, torch.ones(4, 4)).tolist() == [1.0]
