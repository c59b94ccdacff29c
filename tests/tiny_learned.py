"""Learned families at the smallest size, on the tiny region of `tiny_pairs`."""

from dataclasses import replace
from pathlib import Path

import tiny_pairs
from downbench.core import transforms
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.exchange import bundle
from downbench.exchange.bundle import Manifest
from downbench.labs.base import Pairs, Trained, family

TRAINING = Training(
    channels=(8, 16),
    blocks_per_level=1,
    position_channels=2,
    batch_size=16,
    train_samples=320,
    validation_samples=32,
    validate_every_samples=80,
    patience_validations=5,
    learning_rate=3e-3,
    ema_halflife_samples=64,
)
EDM = {
    "process": "edm",
    "calibration_sampler": "dpmpp_2m",
    "calibration_steps": 4,
    "sigma_min": 0.01,
    "sigma_max": 20.0,
    "rho": 7.0,
    "P_mean": -0.5,
    "P_std": 1.2,
    "spread_days": 8,
    "spread_members": 3,
}
MODELS = {
    "unet": Model(name="unet", lab="baselines", family="unet", options={"dropout": 0.1}),
    "unet-dressed": Model(
        name="unet-dressed",
        lab="baselines",
        family="unet_dressed",
        bases={"mean": "unet"},
        options={},
    ),
    "bnn-dropout": Model(
        name="bnn-dropout", lab="bayesian", family="mc_dropout", options={"dropout": 0.2}
    ),
    "corrdiff": Model(
        name="corrdiff", lab="generative", family="corrdiff", bases={"mean": "unet"}, options=EDM
    ),
}


def pairs() -> Pairs:
    """The tiny region with its statistics."""
    tiny = tiny_pairs.pairs()
    fitted = transforms.fit(
        tiny.train_target,
        tiny.train_driver,
        region="tiny",
        factor=tiny_pairs.FACTOR,
        fit_years=tiny.region.splits.train,
        names=("pr", "tas"),
        rain_kind="cbrt",
        rain_scale_mm_day=1.0,
    )
    return replace(tiny, transforms=fitted)


def trained(name: str, pairs: Pairs, state: Path) -> Trained:
    """Fit a model with the tiny budget."""
    model = MODELS[name]
    return family(model).fit(pairs, model, TRAINING, 1, state)


def manifest(model: Model, pairs: Pairs) -> Manifest:
    """Return the manifest of a bundle of the tiny region."""
    return Manifest(
        format=bundle.FORMAT,
        model=model,
        training=TRAINING,
        region="tiny",
        trained_on="perfect",
        fit_years=pairs.fit_years,
        seed=1,
        code_version="test",
        licence=bundle.LICENCE,
    )


def make_bundle(name: str, pairs: Pairs, folder: Path) -> Path:
    """Train a model, after its base, and write its bundle into `folder`."""
    model = MODELS[name]
    for base in model.bases.values():
        if not (folder / base).exists():
            make_bundle(base, pairs, folder)
    pairs = replace(pairs, bases={role: folder / base for role, base in model.bases.items()})
    state = folder / f"state-{name}"
    bundle.write(
        folder / name,
        trained(name, pairs, state),
        manifest(model, pairs),
        pairs,
        state,
    )
    return folder / name


def make_baseline(folder: Path) -> Path:
    """Write the bundle of a family without a network, which takes no time."""
    days = pairs()
    options = {"window_days": 31, "library_days": None}
    model = Model(name="climatology", lab="baselines", family="climatology", options=options)
    fitted = tiny_pairs.fitted("climatology", days)
    bundle.write(folder, fitted, manifest(model, days), days)
    return folder
