"""The oracle is the best that a model can be: calibrated, and beaten by none.

Scores are computed here from their definitions, apart from downbench.scores.
"""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import synthetic_region as made
from downbench.core.config.model.families.oracle import OracleOptions
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.labs.base import static_fields
from downbench.labs.baselines import oracle

MEMBERS, SEED, STRIDE = 10, 7, 4
MODEL = SimpleNamespace(name="oracle", family="oracle", options=OracleOptions())
VARIABLES = ["pr", "tasmax"]


def law():
    region = made.region()
    pairs = SimpleNamespace(region=region, driver=made.perfect(), target=made.target())
    return oracle.fit(pairs, MODEL, None, SEED, None)


@cache
def ensemble():
    driver = made.perfect().isel(time=slice(None, None, STRIDE))
    return law().sample(driver, static_fields(made.target()), MEMBERS, SEED)


def truth(name):
    return made.target()[name].values[::STRIDE].astype(np.float64)


def members(name):
    return ensemble()[name].values.astype(np.float64)


def ranks_far_apart(drawn, observed):
    """Ranks with random ties (T4) of cells 64 km apart, whose noise is all but independent."""
    drawn, observed = drawn[:, :, 4::16, 4::16], observed[:, 4::16, 4::16]
    below, equal = ((op(drawn, observed[:, None])).sum(axis=1) for op in (np.less, np.equal))
    return below + np.random.default_rng(1).integers(0, equal + 1)


def flatness_p(drawn, observed):
    counts = np.bincount(ranks_far_apart(drawn, observed).ravel(), minlength=MEMBERS + 1)
    return stats.chisquare(counts).pvalue


def spread_skill(drawn, observed):
    """Unbiased ratio (T3): averages first, then the root, members counted; resampled days too."""
    variance = drawn.var(axis=1, ddof=1).mean(axis=(1, 2))
    error = ((drawn.mean(axis=1) - observed) ** 2).mean(axis=(1, 2))
    days = np.random.default_rng(2).integers(0, len(error), (500, len(error)))
    days[0] = np.arange(len(error))
    ratios = (MEMBERS + 1) / MEMBERS * variance[days].mean(axis=1) / error[days].mean(axis=1)
    return np.sqrt(ratios)


def fair_crps_of_days(drawn, observed):
    """Fair CRPS (days,), mean over cells."""
    weights = 2 * np.arange(1, MEMBERS + 1) - MEMBERS - 1
    gini = np.einsum("m,tmyx->tyx", weights, np.sort(drawn, axis=1))
    distance = np.abs(drawn - observed[:, None]).mean(axis=1)
    return (distance - gini / (MEMBERS * (MEMBERS - 1))).mean(axis=(1, 2))


@cache
def independent_mean(name):
    """Mean of the law from other members.

    Widening members about their own mean would make them depend on each other, and the fair
    CRPS, which is fair to independent members alone, would reward that at ten members.
    """
    driver = made.perfect().isel(time=slice(None, None, STRIDE))
    other = law().sample(driver, static_fields(made.target()), 2 * MEMBERS, SEED + 1)
    return other[name].values.mean(axis=1, keepdims=True, dtype=np.float64)


def about_the_mean(drawn, factor, name):
    centre = independent_mean(name)
    changed = centre + factor * (drawn - centre)
    return np.maximum(changed, 0) if name == "pr" else changed


def climatology(name):
    rng = np.random.default_rng(3)
    days = made.target()[name].values
    chosen = rng.integers(0, len(days), (len(truth(name)), MEMBERS))
    return days[chosen].astype(np.float64)


COMPETITORS = {
    "climatology": lambda name: climatology(name),
    "deflated": lambda name: about_the_mean(members(name), 0.75, name),
    "inflated": lambda name: about_the_mean(members(name), 1.3, name),
    "biased": lambda name: members(name) * (1.1 if name == "pr" else 1.001),
    "upside down": lambda name: members(name)[:, :, ::-1],
}


@pytest.mark.parametrize("name", VARIABLES)
def test_rank_histogram_is_flat(name):
    assert flatness_p(members(name), truth(name)) > 0.01


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_rank_histogram_shows_wrong_spread(name, factor):
    assert flatness_p(about_the_mean(members(name), factor, name), truth(name)) < 1e-4


@pytest.mark.parametrize("name", VARIABLES)
def test_spread_matches_skill(name):
    ratios = spread_skill(members(name), truth(name))
    assert abs(ratios[0] - 1) < 2.5 * ratios.std()
    assert ratios.std() < 0.03


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("competitor", COMPETITORS)
def test_no_competitor_is_better_beyond_noise(name, competitor):
    best = fair_crps_of_days(members(name), truth(name))
    other = fair_crps_of_days(COMPETITORS[competitor](name), truth(name))
    gain = other - best
    assert gain.mean() > 2 * gain.std(ddof=1) / np.sqrt(gain.size)


@pytest.mark.parametrize("name", VARIABLES)
def test_block_means_of_every_member_are_the_driver(name):
    area = made.target().cell_area.values.astype(np.float64)
    found = block_mean(members(name), 8, area)
    wanted = made.perfect()[name].values[::STRIDE, None].astype(np.float64)
    np.testing.assert_allclose(found, np.broadcast_to(wanted, found.shape), rtol=1e-6, atol=0)


def test_members_differ_from_each_other_and_from_the_truth():
    for name in VARIABLES:
        drawn, observed = members(name), truth(name)
        assert not np.array_equal(drawn[:, 0], drawn[:, 1])
        assert not any(np.array_equal(drawn[:, m], observed) for m in range(MEMBERS))


def test_a_sample_depends_on_neither_batch_nor_order():
    few = made.perfect().isel(time=[12 * STRIDE, 5 * STRIDE])
    again = law().sample(few, static_fields(made.target()), 3, SEED)
    for name in VARIABLES:
        assert np.array_equal(again[name].values, ensemble()[name].values[[12, 5], :3])


def test_a_saved_oracle_draws_the_same(tmp_path):
    law().save(tmp_path)
    day = made.perfect().isel(time=[0])
    loaded = oracle.load(MODEL, tmp_path)
    again = loaded.sample(day, static_fields(made.target()), 2, SEED)
    assert np.array_equal(again.pr.values, ensemble().pr.values[:1, :2])


def test_a_broken_bundle_is_named(tmp_path):
    with pytest.raises(UserError, match="oracle.json"):
        oracle.load(MODEL, tmp_path)
    (tmp_path / "oracle.json").write_text("{}")
    with pytest.raises(UserError, match="train model oracle again"):
        oracle.load(MODEL, tmp_path)


def test_other_drivers_and_sources_are_refused():
    seen = made.perfect().assign_attrs(driver_type="reanalysis")
    with pytest.raises(UserError, match="type is .reanalysis."):
        law().sample(seen, static_fields(made.target()), 2, SEED)
    region = SimpleNamespace(
        name="iberia", target=SimpleNamespace(source="files", known_distribution=False)
    )
    with pytest.raises(UserError, match="iberia"):
        oracle.fit(SimpleNamespace(region=region), MODEL, None, SEED, None)
