"""Trained models, several seeds each: none has a lower CRPS than the oracle beyond noise.

Three years of the middle of the embedded region, small networks, and days that none of them has
seen. The interval is that of every score table: a paired block bootstrap.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import synthetic_region
from downbench.core import transforms
from downbench.core.config.loading import Project, load
from downbench.core.config.model.budget import Training
from downbench.core.config.region.region import Region
from downbench.labs.base import Pairs, Trained, family
from downbench.scores.bootstrap import block_labels, interval, resample
from downbench.scores.metrics.crps import fair_crps
from downbench.sources.synthetic import source

ROOT = Path(__file__).parents[2]
MEMBERS, STRIDE, SEEDS = 6, 6, (1, 2)
VARIABLES = ("pr", "tasmax")
TRAINED = ("climatology", "bcsd-analog", "bnn-dropout", "corrdiff")
MIDDLE = {"y": slice(16, 48), "x": slice(16, 48), "Y": slice(2, 6), "X": slice(2, 6)}
SMALL = {
    "channels": (12,),
    "batch_size": 16,
    "train_samples": 640,
    "validation_samples": 32,
    "validate_every_samples": 320,
    "learning_rate": 3e-3,
    "ema_halflife_samples": 100,
}


@cache
def project() -> Project:
    return load({"region": "synthetic"}, ROOT)


def training() -> Training:
    return project().budget.training.model_copy(update=SMALL)


def region_of_three_years() -> Region:
    return synthetic_region.region(1983, 1985)


@cache
def simulated() -> tuple[xr.Dataset, xr.Dataset]:
    """Target and driver of the whole region, which the law needs."""
    target = source.target(region_of_three_years())
    return target, source.driver(region_of_three_years(), "perfect", target)


@cache
def pairs() -> Pairs:
    """One year to learn from, one to stop by, one that is scored."""
    region = region_of_three_years()
    years = {"train": (1983,), "validation": (1984,), "test": (1985,), "warm": ()}
    region = region.model_copy(update={"splits": region.splits.model_copy(update=years)})
    target, driver = (one.isel(MIDDLE, missing_dims="ignore").load() for one in simulated())
    whole = Pairs(region, target, driver, None)
    fitted = transforms.fit(
        whole.train_target,
        whole.train_driver,
        region=region.name,
        factor=region.factor,
        fit_years=region.splits.train,
        names=region.drivers["perfect"].predictors,
        rain_kind=region.rain_transform.kind,
        rain_scale_mm_day=region.rain_transform.scale_mm_day,
    )
    return replace(whole, transforms=fitted)


def days(dataset: xr.Dataset) -> xr.Dataset:
    return dataset.sel(time="1985").isel(time=slice(None, None, STRIDE)).load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trained")


def trained(name: str, seed: int, folder: Path) -> Trained:
    """Fit a model, after its base, which is kept for the next one that stands on it."""
    model, whole = project().models[name], pairs()
    if hasattr(model.options, "calibration_steps"):
        options = model.options.model_copy(update={"calibration_steps": 4})
        model = model.model_copy(update={"options": options})
    for role, base in model.bases.items():
        path = folder / f"{base}-{seed}"
        if not path.exists():
            path.mkdir()
            trained(base, seed, folder).save(path)
        whole = replace(whole, bases={**whole.bases, role: path})
    return family(model).fit(whole, model, training(), seed, folder / f"state-{name}-{seed}")


def crps(drawn: xr.Dataset) -> dict[str, np.ndarray]:
    """Mean fair CRPS of each scored day (days,)."""
    truth = days(pairs().target)
    return {
        name: fair_crps(drawn[name].values, truth[name].values).mean(axis=(1, 2))
        for name in VARIABLES
    }


def from_the_law(members: int, seed: int) -> xr.Dataset:
    model, (target, driver) = project().models["oracle"], simulated()
    whole = Pairs(region_of_three_years(), target, driver, None)
    law = family(model).fit(whole, model, None, 1, Path("unused"))
    drawn = law.sample(days(driver), whole.static, members, seed)
    return drawn.isel(MIDDLE, missing_dims="ignore")


@cache
def oracle() -> dict[str, np.ndarray]:
    return crps(from_the_law(4 * MEMBERS, seed=7))


def ratio(mine: np.ndarray, best: np.ndarray) -> tuple[float, float, float]:
    """CRPS over the oracle's with its 95 % interval."""
    labels = block_labels(days(pairs().target)["time"], block_days=10)
    counts = resample(labels, replicates=500, seed=1)
    values = (counts @ mine) / (counts @ best)
    return float(values[0]), *interval(values, int(labels.max()) + 1, confidence=0.95)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", TRAINED)
def test_no_trained_model_on_any_seed_beats_the_oracle(name, seed, folder) -> None:
    model = trained(name, seed, folder)
    found = crps(model.sample(days(pairs().driver), pairs().static, MEMBERS, seed))
    for variable in VARIABLES:
        value, lower, upper = ratio(found[variable], oracle()[variable])
        assert upper >= 1, f"{variable}: {value:.3f} [{lower:.3f}, {upper:.3f}]"


def test_a_model_that_has_seen_the_truth_is_found_out() -> None:
    leaked = 0.9 * from_the_law(MEMBERS, seed=3) + 0.1 * days(pairs().target)[list(VARIABLES)]
    found = crps(leaked)
    for variable in VARIABLES:
        assert ratio(found[variable], oracle()[variable])[2] < 1
