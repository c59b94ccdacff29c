"""The synthetic region on few cells, for exact checks of its distribution."""

from functools import cache

import numpy as np

import synthetic_region
from downbench.core.config.region.region import Region
from downbench.core.config.section import Section
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.core.rng import generator
from downbench.sources.synthetic import source, terrain
from downbench.sources.synthetic.fine_noise import Noise, stacked, white_noise
from downbench.sources.synthetic.ground import Ground, ground


@cache
def region(cells: int, factor: int, first_year: int = 1983, last_year: int = 1983) -> Region:
    """A square of so many cells, on a periodic square twice as large."""
    configured = synthetic_region.region(first_year, last_year)
    noise = configured.target.noise.model_copy(update={"size": 2 * cells})
    update = {"rows": cells, "columns": cells, "noise": noise}
    return configured.model_copy(
        update={"factor": factor, "target": configured.target.model_copy(update=update)}
    )


@cache
def surface(cells: int, factor: int) -> Ground:
    small = region(cells, factor)
    return ground(terrain.static(small), factor, small.resolution_km)


@cache
def coarse(cells: int, factor: int, wet_share: float = 0.0) -> dict[str, np.ndarray]:
    """Coarse days of a year of which at least this share is wet."""
    small = region(cells, factor)
    weather = source.coarse_weather(small, terrain.static(small))
    days = (weather.pr.values > 0).mean(axis=(1, 2)) >= wet_share
    return {name: weather[name].values[days] for name in ("pr", "tasmax", "uas", "vas")}


def noise(options: SyntheticTarget, factor: int, count: int, key: str = "noise") -> Noise:
    return stacked(white_noise(generator(key, i), options, factor) for i in range(count))


def with_regimes(options: SyntheticTarget, **parts: dict) -> SyntheticTarget:
    """Options with other values in parts of the regimes, such as rain={"gradient": 1.0}."""
    regimes: Section = options.regimes
    changed = {name: getattr(regimes, name).model_copy(update=v) for name, v in parts.items()}
    return options.model_copy(update={"regimes": regimes.model_copy(update=changed)})
