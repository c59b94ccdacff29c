"""The cascade of rain: conservation, zeros, and a density that is one."""

from itertools import product

import numpy as np
import pytest

import small_synthetic as small
from downbench.sources.synthetic import cascade_density
from downbench.sources.synthetic.cascade import fine_rain
from downbench.sources.synthetic.cascade_grid import TURNS, child_grid, kernels
from downbench.sources.synthetic.cascade_levels import day_kernels, levels_of
from downbench.sources.synthetic.cascade_node import Split, children_of, log_density
from downbench.sources.synthetic.fine_distribution import conditions

CELLS, FACTOR = 8, 4
OPTIONS = small.region(CELLS, FACTOR).target
RAIN = OPTIONS.regimes.rain
STATES = range(3)


@pytest.fixture(scope="module")
def rainy():
    day = conditions(small.coarse(CELLS, FACTOR, 0.5), small.surface(CELLS, FACTOR), OPTIONS)
    return {name: values[:40] for name, values in day.items()}


def sample(day, state=1, key="rain"):
    count = len(day["pr"])
    white = small.noise(OPTIONS, FACTOR, count, key)
    return fine_rain(day, small.surface(CELLS, FACTOR), OPTIONS, np.full(count, state), white)


@pytest.mark.parametrize("state", STATES)
def test_block_means_are_the_coarse_rain_and_dry_blocks_stay_dry(rainy, state):
    fine = sample(rainy, state)
    area = small.surface(CELLS, FACTOR).blocks
    np.testing.assert_allclose(area.mean(fine.astype(np.float64)), rainy["pr"], rtol=1e-6)
    dry = (rainy["pr"] == 0).repeat(FACTOR, axis=1).repeat(FACTOR, axis=2)
    assert np.all(fine[dry] == 0) and fine.min() == 0


def test_convective_rain_is_more_intermittent_than_stratiform_rain(rainy):
    spread = {state: np.log(sample(rainy, state) + 0.1).std() for state in (0, 2)}
    assert spread[2] > 1.03 * spread[0]


def test_the_average_over_repeated_parents_is_bilinear():
    parents = np.random.default_rng(1).random((2, 4, 4)).astype(np.float32)
    grid = child_grid(parents, kernels(np.ones(2), np.ones(2), np.zeros(2)))
    expected = grid.expected((1, 1))[0, 0, 0, 0]
    own, west, south, corner = (parents[0, i, j] for i, j in ((1, 1), (1, 0), (0, 1), (0, 0)))
    assert expected == pytest.approx((9 * own + 3 * west + 3 * south + corner) / 16)


def test_every_node_has_its_turn():
    grid = child_grid(np.zeros((1, 5, 5), np.float32), np.ones((1, 3, 3), np.float32))
    for turn in TURNS:
        grid.insert(turn, np.ones_like(grid.expected(turn)))
    assert np.all(grid.children() == 1)


def node(log_sd):
    """A split with four children of unequal chances, and its area shares."""
    mean = np.array([0.3, -0.5, 0.1, 0.0])[:, None]
    wet = np.array([0.2, 0.6, 0.3, 0.1])[:, None]
    share = np.array([0.24, 0.24, 0.26, 0.26])
    return Split(mean, wet, np.array([log_sd])), share


def shares_on_a_grid(wet, share, log_sd):
    """Children of mean rain 1 on a grid of isometric log-ratio coordinates, and its cell size."""
    count = len(wet)
    if count == 1:
        return np.eye(4)[:, wet] / share[wet], 1.0
    basis = np.linalg.qr(np.column_stack([np.ones(count), np.eye(count)[:, 1:]]))[0][:, 1:]
    line = np.linspace(-6 * log_sd - 1, 6 * log_sd + 1, 25)
    points = np.array(list(product(line, repeat=count - 1))).reshape(-1, count - 1)
    weight = np.exp(points @ basis.T)
    children = np.zeros((4, len(points)))
    children[wet] = (weight / weight.sum(axis=1, keepdims=True)).T / share[wet, None]
    return children, (line[1] - line[0]) ** (count - 1)


def test_the_density_of_a_split_integrates_to_one():
    given, share = node(0.4)
    total = 0.0
    for is_wet in product((False, True), repeat=4):
        wet = np.flatnonzero(is_wet)
        if wet.size:
            children, cell = shares_on_a_grid(wet, share, 0.4)
            total += np.exp(log_density(children, given)).sum() * cell
    assert total == pytest.approx(1, abs=1e-6)


def test_children_are_wet_as_often_as_the_density_says(rainy):
    given, share = node(0.4)
    count = 40_000
    white = np.random.default_rng(2).standard_normal((8, count)).astype(np.float32)
    many = Split(*(np.repeat(v, count, axis=-1) for v in (given.mean, given.wet, given.log_sd)))

    class One:
        rain, share = np.ones(count), np.repeat(node(0.4)[1][:, None], count, axis=1)

    children = children_of(One, many, white)
    np.testing.assert_allclose((One.share * children).sum(axis=0), 1, rtol=1e-5)
    some = 1 - np.prod(1 - given.wet)
    np.testing.assert_allclose(
        (children > 0).mean(axis=1), given.wet[:, 0] / some, atol=4 * 0.5 / np.sqrt(count)
    )


def test_the_recursion_is_the_sum_over_all_hidden_states(rainy):
    fine, surface = sample(rainy), small.surface(CELLS, FACTOR)
    found = cascade_density.rain_log_density(fine, rainy, surface, OPTIONS)
    blocks, quarters = levels_of(rainy, surface, RAIN)
    kernel, day = day_kernels(rainy, RAIN), 3
    means = (quarters.share * cascade_density.by_node(fine.astype(np.float64))).sum(axis=0)
    of_quarters = cascade_density._of_splits(means, fine, quarters, kernel, RAIN)[:, day]
    of_blocks = cascade_density._of_splits(
        (blocks.share * cascade_density.by_node(means)).sum(axis=0), means, blocks, kernel, RAIN
    )[:, day]
    by_state = np.zeros(3)
    for state, (i, j) in product(STATES, np.ndindex(2, 2)):
        terms = [
            RAIN.block_states[state][z[0]]
            * np.exp(of_blocks[z[0], i, j])
            * np.prod([RAIN.node_states[z[0]][c] for c in z[1:]])
            * np.exp(
                sum(of_quarters[c, 2 * i + k // 2, 2 * j + k % 2] for k, c in enumerate(z[1:]))
            )
            for z in product(STATES, repeat=5)
        ]
        by_state[state] += np.log(sum(terms))
    np.testing.assert_allclose(found[:, day], by_state, rtol=1e-6)


def test_dry_days_have_density_one(rainy):
    dry = rainy | {"pr": np.zeros_like(rainy["pr"])}
    fine = np.zeros((len(dry["pr"]), CELLS, CELLS), np.float32)
    found = cascade_density.rain_log_density(fine, dry, small.surface(CELLS, FACTOR), OPTIONS)
    assert np.allclose(found, 0)
