"""Every learned family keeps the model protocol (traps T20, T26)."""

import numpy as np
import pytest
import xarray as xr

import tiny_learned
from downbench.core.errors import UserError
from downbench.exchange import bundle, bundle_files
from downbench.labs.base import Pairs

STOCHASTIC = ("unet-dressed", "bnn-dropout", "corrdiff")


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return tiny_learned.pairs()


@pytest.fixture(scope="module")
def folder(pairs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles")
    for name in tiny_learned.MODELS:
        tiny_learned.make_bundle(name, pairs, folder)
    return folder


@pytest.fixture(scope="module", params=tiny_learned.MODELS)
def loaded(request, folder):
    return bundle.read(folder / request.param)


def days(pairs: Pairs, *index: int):
    return pairs.validation_driver.isel(time=list(index))


def test_samples_are_physical(loaded, pairs):
    manifest, model = loaded
    drawn = model.sample(days(pairs, 0, 1, 2), pairs.static, 4, seed=1)
    members = 4 if manifest.model.name in STOCHASTIC else 1
    assert drawn.pr.dims == ("time", "member", "y", "x")
    assert drawn.pr.shape == (3, members, 8, 12)
    assert drawn.pr.dtype == np.float32
    assert float(drawn.pr.min()) >= 0
    assert np.isfinite(drawn.tas).all() and 230 < float(drawn.tas.mean()) < 330


def test_the_spread_of_every_ensemble_is_fitted(loaded):
    manifest, model = loaded
    if getattr(manifest.model.options, "spread_days", None) is not None:
        assert (model.network.spread != 1).any()


def test_numbers_do_not_depend_on_batch_or_order(loaded, pairs):
    _, model = loaded
    together = model.sample(days(pairs, 3, 7, 11), pairs.static, 3, seed=1)
    alone = model.sample(days(pairs, 7), pairs.static, 3, seed=1)
    backwards = model.sample(days(pairs, 11, 7, 3), pairs.static, 3, seed=1)
    for name in ("pr", "tas"):
        wanted = together[name].values[1]
        np.testing.assert_allclose(alone[name].values[0], wanted, rtol=1e-3, atol=1e-3)
        np.testing.assert_allclose(backwards[name].values[1], wanted, rtol=1e-3, atol=1e-3)


def test_days_members_and_seeds_have_their_own_noise(loaded, pairs):
    manifest, model = loaded
    if manifest.model.name not in STOCHASTIC:
        pytest.skip("deterministic")
    twice = days(pairs, 5, 6)
    twice = twice.assign({n: (f.dims, np.stack([f.values[0]] * 2)) for n, f in twice.items()})
    drawn = model.sample(twice, pairs.static, 2, seed=1).tas.values
    other = model.sample(twice, pairs.static, 2, seed=2).tas.values
    assert not np.allclose(drawn[0, 0], drawn[0, 1], atol=1e-2)
    assert not np.allclose(drawn[0, 0] - drawn[1, 0], 0, atol=1e-2)
    assert not np.allclose(drawn, other, atol=1e-2)


def test_missing_driver_cells_reach_no_other_cell_as_zero(loaded, pairs):
    _, model = loaded
    day = days(pairs, 5).load()
    day["tas"][:, 0, 0] = np.nan
    drawn = model.sample(day, pairs.static, 2, seed=1).tas.values
    assert np.isfinite(drawn).all() and drawn.min() > 200


def test_a_driver_without_a_predictor_is_refused(loaded, pairs):
    _, model = loaded
    with pytest.raises(Exception, match="lacks tas"):
        model.sample(days(pairs, 5).drop_vars("tas"), pairs.static, 2, seed=1)


def test_training_curve_travels_in_the_bundle(folder):
    header = (folder / "unet" / bundle_files.CURVE).read_text().splitlines()[0]
    assert "validation_loss" in header and "train_loss" in header


def test_the_dressed_mean_is_the_base_models(folder, pairs):
    """Trap T26's cousin: dressing must not move the mean."""
    _, base = bundle.read(folder / "unet")
    _, dressed = bundle.read(folder / "unet-dressed")
    some = days(pairs, *range(0, 60, 3))
    mean = dressed.sample(some, pairs.static, 400, seed=1).mean("member")
    centre = base.sample(some, pairs.static, 1, seed=1).isel(member=0)
    assert abs(float((mean.tas - centre.tas).mean())) < 0.02
    assert float(mean.pr.mean()) == pytest.approx(float(centre.pr.mean()), rel=0.03)


def density_of(model, pairs: Pairs, driver: xr.Dataset, tas: np.ndarray) -> np.ndarray:
    """Return the density (time, y, x) that each temperature (time,) has in every cell."""
    fine = pairs.validation_target.isel(time=slice(0, len(tas))).load()
    values = np.broadcast_to(tas[:, None, None], fine.tas.shape).astype(np.float32)
    target = fine.assign(tas=(fine.tas.dims, values)).assign_coords(time=driver.time)
    return np.exp(model.log_density(pairs.static, 3, 1)(driver, target).log_density_tas.values)


@pytest.mark.parametrize("name, members", [("unet-dressed", 200), ("bnn-dropout", 3)])
def test_density_of_cells_is_that_of_the_samples(name, members, folder, pairs):
    """One day again and again, with one temperature after the other: moments are the samples'."""
    _, model = bundle.read(folder / name)
    tas = np.linspace(240, 330, 301)
    column, driver = tas[:, None, None], pairs.validation_driver.isel(time=[5] * tas.size).load()
    for factor in (1.0, 1.5):
        model.network.spread = model.network.spread * factor
        density = density_of(model, pairs, driver, tas)
        assert np.trapezoid(density, tas, axis=0) == pytest.approx(1, rel=1e-3)
        mean = np.trapezoid(density * column, tas, axis=0)
        variance = np.trapezoid(density * (column - mean) ** 2, tas, axis=0)
        samples = model.sample(days(pairs, 5), pairs.static, members, 1).tas.values[0]
        assert abs((samples.mean(axis=0) - mean).mean()) < 0.2
        assert ((samples - mean) ** 2).mean() == pytest.approx(variance.mean(), rel=0.2)


def test_density_depends_on_no_division_into_parts(folder, pairs):
    _, model = bundle.read(folder / "bnn-dropout")
    both = pairs.validation_driver, pairs.validation_target
    series = [dataset.isel(time=[3, 7, 11]).load() for dataset in both]
    density = model.log_density(pairs.static, 3, 1)
    together, alone = density(*series), density(*(part.isel(time=[1]) for part in series))
    for name, variable in together.data_vars.items():
        np.testing.assert_allclose(alone[name][0], variable[1], rtol=1e-3, atol=1e-3)
        missing = np.isnan(series[1][name.removeprefix("log_density_")])
        assert (np.isnan(variable) == missing).all() and missing.any()


@pytest.mark.parametrize("name", ["unet", "corrdiff"])
def test_models_without_a_density_are_named(name, folder, pairs):
    _, model = bundle.read(folder / name)
    with pytest.raises(UserError, match=f"{name}: its family has no density of cells"):
        model.log_density(pairs.static, 3, 1)
