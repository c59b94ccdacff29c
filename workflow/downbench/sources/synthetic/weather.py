"""The coarse process: temperature, wind and rain on the coarse grid, day after day."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import fft

from downbench.core.config.region.generator import Weather
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.core.constants import SECONDS_PER_DAY
from downbench.core.rng import generator
from downbench.sources.synthetic.random_fields import power_law, wavenumbers
from downbench.sources.synthetic.terrain import slopes_m_per_km

DAYS_PER_YEAR = 365.2425
PADDING = 3


def days(first_year: int, last_year: int) -> np.ndarray:
    """Return every day of these calendar years, leap days included (datetime64[ns])."""
    start, end = f"{first_year:04d}-01-01", f"{last_year + 1:04d}-01-01"
    return np.arange(start, end, dtype="datetime64[D]").astype("datetime64[ns]")


def simulate(
    options: SyntheticTarget, ground: xr.Dataset, km: float, time: np.ndarray, run: str
) -> xr.Dataset:
    """Simulate the free weather of one run.

    Parameters
    ----------
    ground
        Coarse `orog` [m] and `land` [1] on (Y, X).
    km
        Spacing of the coarse grid [km].
    time : (days,)
        Dates; the trend starts on the first day of `options.first_year`.
    run
        Name that seeds the weather: runs of other names are independent.

    Returns
    -------
    xr.Dataset
        pr [mm day-1], tasmax [K], uas, vas [m s-1] and the parts of tasmax [K]: season,
        anomaly from it, and the trend within the anomaly; float64 on (time, Y, X).
    """
    weather = options.weather
    wind = _domain_wind(weather, _rng(options, run, "wind"), len(time))
    drifting = DriftingField(weather, ground.orog.shape, km, wind)
    slope = weather.temperature_slope
    warm = drifting.field(
        weather.temperature_persistence, slope, _rng(options, run, "temperature")
    )
    u, v = (
        wind[:, i, None, None]
        + weather.wind_local_sd_m_s
        * drifting.field(weather.wind_persistence, slope, _rng(options, run, f"wind-{i}"))
        for i in (0, 1)
    )
    wet = drifting.field(weather.persistence, weather.rain_slope, _rng(options, run, "rain"))
    trend = np.broadcast_to(_trend(options, time)[:, None, None], warm.shape)
    anomaly = weather.temperature_sd_k * warm + trend
    season = _season(weather, ground, time)
    fields = {
        "pr": _rain(weather, ground, km, time, wet, u, v, anomaly),
        "tasmax": season + anomaly,
        "uas": u,
        "vas": v,
        "anomaly": anomaly,
        "trend": trend,
        "season": season,
    }
    return xr.Dataset(
        {name: (("time", "Y", "X"), values) for name, values in fields.items()},
        coords={"time": time},
    )


def _rng(options: SyntheticTarget, run: str, name: str) -> np.random.Generator:
    return generator(options.seed, "coarse", run, name)


def _domain_wind(weather: Weather, rng: np.random.Generator, count: int) -> np.ndarray:
    """Return the mean wind of the domain (days, 2) [m s-1]: AR(1) about a mean westerly."""
    noise = rng.standard_normal((count, 2))
    state = np.empty_like(noise)
    state[0] = noise[0]
    kick = np.sqrt(1 - weather.wind_persistence**2)
    for day in range(1, count):
        state[day] = weather.wind_persistence * state[day - 1] + kick * noise[day]
    return state * weather.wind_sd_m_s + np.array([weather.wind_mean_m_s, 0.0])


@dataclass(frozen=True)
class DriftingField:
    """Gaussian fields that persist, decay from the small waves on, and move with the wind."""

    weather: Weather
    shape: tuple[int, int]
    km: float
    wind: np.ndarray

    def field(self, persistence: float, slope: float, rng: np.random.Generator) -> np.ndarray:
        """Return a standard normal field (days, Y, X), stationary in time."""
        size = PADDING * max(self.shape)
        size += size % 2
        outer = self.weather.outer_scale_km / self.km
        amplitude = power_law(size, slope, outer).astype(np.float64)
        keep = persistence ** (1 + self._waves(size) * self.weather.decay_scale_km / self.km)
        state = amplitude * fft.rfft2(rng.standard_normal((size, size)))
        states = fft.rfft2(rng.standard_normal((len(self.wind), size, size)))
        states *= amplitude * np.sqrt(1 - keep**2)
        drifting = keep * self._shift(size)
        for day in range(len(self.wind)):
            state = states[day] = drifting[day] * state + states[day]
        return fft.irfft2(states, s=(size, size))[:, : self.shape[0], : self.shape[1]]

    def _waves(self, size: int) -> np.ndarray:
        ky, kx = wavenumbers(size)
        return np.hypot(ky, kx)

    def _shift(self, size: int) -> np.ndarray:
        """Return phase factors (days, size, size // 2 + 1) of each day's displacement."""
        cells = self.weather.steering * self.wind * SECONDS_PER_DAY / (1000 * self.km)
        (ky, kx), (east, north) = wavenumbers(size), cells.T[:, :, None, None]
        return np.exp(-2j * np.pi * kx * east) * np.exp(-2j * np.pi * ky * north)


def ar1_fields(
    weather: Weather,
    shape: tuple[int, int, int],
    km: float,
    persistence: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return standard normal fields (days, Y, X) that persist but do not move."""
    still = np.zeros((shape[0], 2))
    return DriftingField(weather, shape[1:], km, still).field(persistence, weather.rain_slope, rng)


def _trend(options: SyntheticTarget, time: np.ndarray) -> np.ndarray:
    """Return the warming since the start of the target (days,) [K]."""
    start = np.datetime64(f"{options.first_year:04d}-01-01")
    decades = (time - start) / np.timedelta64(1, "D") / (10 * DAYS_PER_YEAR)
    return options.weather.warming_k_per_decade * decades


def _cycle(weather: Weather, time: np.ndarray) -> np.ndarray:
    """Return the cosine of the year (days,), 1 on the warmest day."""
    year = time.astype("datetime64[Y]")
    start, end = year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]")
    part = (time.astype("datetime64[D]") - start) / (end - start)
    return np.cos(2 * np.pi * (part - (weather.warmest_day - 1) / 365))


def _season(weather: Weather, ground: xr.Dataset, time: np.ndarray) -> np.ndarray:
    """Return the mean temperature of the day of the year (days, Y, X) [K]."""
    land = ground.land.values
    amplitude = weather.season_land_k * land + weather.season_sea_k * (1 - land)
    mean = weather.temperature_mean_k - weather.lapse_k_per_km * ground.orog.values / 1000
    return mean + _cycle(weather, time)[:, None, None] * amplitude


def _rain(
    weather: Weather,
    ground: xr.Dataset,
    km: float,
    time: np.ndarray,
    latent: np.ndarray,
    u: np.ndarray,
    v: np.ndarray,
    anomaly: np.ndarray,
) -> np.ndarray:
    """Return coarse rain (days, Y, X) [mm day-1]: occurrence, orography, then warmth."""
    winter = -_cycle(weather, time)[:, None, None]
    excess = np.maximum(latent + weather.rain_season * winter - weather.rain_threshold, 0)
    north, east = slopes_m_per_km(ground.orog.values, km)
    exposed = np.tanh((u * east + v * north) / weather.exposure_scale_m2_km_s)
    log_lift = weather.exposure * exposed + weather.enhancement_per_km * ground.orog.values / 1000
    rain = weather.rain_scale_mm_day * excess**weather.rain_power * np.exp(log_lift)
    rain[rain < weather.rain_wet_mm_day] = 0.0
    return rain * (1 + weather.cc_rate_percent_per_k / 100) ** anomaly
