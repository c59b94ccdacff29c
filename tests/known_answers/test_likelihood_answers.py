"""The estimated laws are laws: they integrate to one, and approach the true density."""

import numpy as np
import pytest

from downbench.scores.metrics.likelihood import continuous, rain


def at(values: np.ndarray) -> np.ndarray:
    return values[None, None, :]


def spread_out(members: np.ndarray, cells: int) -> np.ndarray:
    return np.broadcast_to(members[None, :, None, None], (1, len(members), 1, cells))


@pytest.mark.parametrize("members", [[3.0], [1.2, 1.5, 9.0, 0.0, 0.3], [0.0, 0.0]])
def test_mixed_law_of_rain_integrates_to_one(members: list[float]) -> None:
    y = 1 + np.concatenate([[0], np.geomspace(1e-6, 2000, 400_000)])
    value = rain(spread_out(np.array(members), y.size), at(y), 1.0, 4.0)
    wet = np.trapezoid(np.exp(value[0, 0]), y)
    dry = np.exp(rain(spread_out(np.array(members), 1), at(np.array([0.2])), 1.0, 4.0)).item()
    assert wet + dry == pytest.approx(1, abs=1e-3)


def test_dry_mass_is_the_stated_one() -> None:
    members = np.array([0.0, 0.5, 2.0, 3.0])
    value = rain(spread_out(members, 1), at(np.array([0.0])), 1.0, 4.0).item()
    assert value == pytest.approx(np.log(2.5 / 5))


def test_law_of_temperature_integrates_to_one() -> None:
    members = np.sort(np.array([280.0, 281.0, 284.0]))
    y = np.linspace(200, 360, 200_001)
    ordered = spread_out(members, y.size) - at(y)[:, None]
    assert np.trapezoid(
        np.exp(continuous(ordered, at(y), 283.0, 8.0, 0.05)[0, 0]), y
    ) == pytest.approx(1, abs=1e-4)


def test_many_members_approach_the_normal_density() -> None:
    members = np.sort(np.random.default_rng(0).normal(size=20_000))
    y = np.array([-1.0, 0.0, 0.5])
    ordered = spread_out(members, 3) - at(y)[:, None]
    exact = -0.5 * y**2 - 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(continuous(ordered, at(y), 0.0, 1.0, 0.05)[0, 0], exact, atol=0.06)


def test_no_outcome_is_impossible() -> None:
    outcome = at(np.array([250.0]))
    assert np.isfinite(rain(spread_out(np.zeros(8), 1), outcome, 1.0, 4.0)).all()
    ordered = spread_out(np.full(8, 280.0), 1) - 300.0
    assert np.isfinite(continuous(ordered, at(np.array([300.0])), 285.0, 8.0, 0.05)).all()
