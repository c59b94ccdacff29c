"""Memory of the fine noise: AR(1) from day to day, carried by the wind.

Today's noise is rho times yesterday's, moved by whole cells on its periodic square, plus fresh
noise. A shift permutes white noise, so that each day's noise alone stays standard normal, whatever
the wind: the distribution of a single day is that of independent days.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import xarray as xr

from downbench.core.config.region.generator_regimes import Memory
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.sources.synthetic.fine_noise import REGIMES, TEMPERATURE, Noise

SECONDS_PER_HOUR = 3600


def in_sequence(
    fresh: Iterable[Noise],
    coarse: Mapping[str, np.ndarray | xr.DataArray],
    options: SyntheticTarget,
    km: float,
) -> Iterator[Noise]:
    """Yield the noise of consecutive days, stationary from the first.

    Parameters
    ----------
    fresh
        Independent noise of each day; without regimes it stays so.
    coarse
        `uas`, `vas` [m s-1] of these days, (days, Y, X).
    km
        Spacing of the fine grid [km].
    """
    if options.regimes == "none":
        yield from fresh
        return
    wind = np.stack([np.asarray(coarse[n]).mean(axis=(-2, -1)) for n in ("uas", "vas")], axis=-1)
    memory, width = options.regimes.memory, options.noise.size * km
    state: Noise = {}
    for noise, day_wind in zip(fresh, wind, strict=True):
        state = {
            name: _next(name, state[name], values, day_wind, memory, width) if state else values
            for name, values in noise.items()
        }
        yield state


def _next(
    name: str,
    yesterday: np.ndarray,
    fresh: np.ndarray,
    wind: np.ndarray,
    memory: Memory,
    width_km: float,
) -> np.ndarray:
    if name == REGIMES:
        correlation, moved = memory.regimes, yesterday
    elif name == TEMPERATURE:
        correlation = memory.temperature
        moved = carried(yesterday, wind, memory.temperature_hours, width_km)
    else:
        correlation = memory.rain
        moved = carried(yesterday, wind, memory.rain_hours, width_km)
    rest = np.float32(np.sqrt(1 - correlation**2))
    return np.float32(correlation) * moved + rest * fresh


def carried(field: np.ndarray, wind: np.ndarray, hours: float, width_km: float) -> np.ndarray:
    """Return a periodic field (…, n, n), y to the north, moved along the wind by whole cells."""
    cells_per_m_s = hours * SECONDS_PER_HOUR / 1000 * field.shape[-1] / width_km
    east, north = (int(round(float(speed) * cells_per_m_s)) for speed in wind)
    return np.roll(field, (north, east), axis=(-2, -1))
