"""The synthetic region as configured, cut to few years, for its tests."""

from functools import cache
from pathlib import Path

import numpy as np
import xarray as xr
import yaml

from downbench.core.config.evaluation import Evaluation
from downbench.core.config.region.region import Region
from downbench.core.config.region.source import Driver
from downbench.sources.synthetic import source, terrain

FILE = Path(__file__).parents[1] / "config" / "regions" / "synthetic.yaml"


@cache
def region(first_year: int = 1983, last_year: int = 1984, seed: int | None = None) -> Region:
    """The configured region with other years, and another seed if one is given."""
    configured = whole_region()
    update = {"first_year": first_year, "last_year": last_year}
    if seed is not None:
        update["seed"] = seed
    return configured.model_copy(
        update={
            "target": configured.target.model_copy(update=update),
            "drivers": {name: _ten_years(d) for name, d in configured.drivers.items()},
        }
    )


def _ten_years(driver: Driver) -> Driver:
    """The driver with a simulation of ten years, if it is one."""
    run = driver.years() and driver.simulation
    if not run:
        return driver
    shorter = run.model_copy(update={"last_year": run.first_year + 9})
    return driver.model_copy(update={"simulation": shorter})


@cache
def whole_region() -> Region:
    return Region.model_validate(yaml.safe_load(FILE.read_text()))


@cache
def target() -> xr.Dataset:
    """Two years on the fine grid."""
    return source.target(region())


@cache
def perfect() -> xr.Dataset:
    return source.driver(region(), "perfect", target())


@cache
def long_truth() -> xr.Dataset:
    """The coarse process of all configured years."""
    return source.coarse_weather(whole_region(), terrain.static(whole_region()))


@cache
def laws() -> Evaluation:
    """Section `evaluation` as configured."""
    defaults = yaml.safe_load((FILE.parents[1] / "default.yaml").read_text())
    return Evaluation.model_validate(defaults["evaluation"])


def ring_spectrum(fields: np.ndarray) -> np.ndarray:
    """Ring-mean power of Hann-windowed square fields (days, n, n) at waves 1 … n / 2."""
    size = fields.shape[-1]
    window = np.hanning(size)[:, None] * np.hanning(size)
    centred = fields - fields.mean(axis=(1, 2), keepdims=True)
    power = (np.abs(np.fft.fft2(centred * window)) ** 2).mean(axis=0)
    waves = np.fft.fftfreq(size) * size
    ring = np.hypot(waves[:, None], waves[None, :]).round().astype(int)
    return np.array([power[ring == k].mean() for k in range(1, size // 2 + 1)])
