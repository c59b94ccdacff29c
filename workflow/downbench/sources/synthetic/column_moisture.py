"""Moisture on the coarse grid whose budget closes: dW/dt + div Q = E - P.

W is precipitable water [kg m-2], Q the vertically integrated moisture flux [kg m-1 s-1], E
evaporation and P rain [kg m-2 s-1], both positive as written. Fluxes are given on cell faces,
positive to the east and to the north, so that the divergence of a cell is exact:

    div Q = (Q_east l_east - Q_west l_west + Q_north l_north - Q_south l_south) / area
"""

import numpy as np
import xarray as xr

from downbench.core.config.region.generator import Moisture
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.constants import EARTH_RADIUS_M, SECONDS_PER_DAY
from downbench.sources.synthetic.terrain import spacing


def moisture(region: RegionInputs, coarse: xr.Dataset, ground: xr.Dataset) -> xr.Dataset:
    """Return precipitable water, evaporation and face fluxes of every day.

    Parameters
    ----------
    coarse
        `pr` [mm day-1], `tasmax` [K], `uas`, `vas` [m s-1] on (time, Y, X), with one day more
        than the result, whose state closes the last tendency.
    ground
        Coarse `land` [1] and `cell_area` [m2] on (Y, X).

    Returns
    -------
    xr.Dataset
        float64: prw at the start of the day, its tendency over the day, evspsbl, the fluxes on
        (time, Y, X_face) and (time, Y_face, X), and the faces' lengths [m].
    """
    options = region.target.moisture
    day = {name: coarse[name].values.astype(np.float64) for name in ("pr", "tasmax", "uas", "vas")}
    saturation = saturation_pressure_hpa(day["tasmax"])
    humidity = _humidity(options, day["pr"])
    water = _at_start_of_day(options.column_kg_m2_per_hpa * saturation * humidity)
    tendency = np.diff(water, axis=0) / SECONDS_PER_DAY
    evaporation = _evaporation(options, day, saturation * (1 - humidity), ground.land.values)[:-1]
    source = evaporation - day["pr"][:-1] / SECONDS_PER_DAY - tendency
    faces = face_lengths_m(region)
    area = ground.cell_area.values
    east, north = _advective(options, 0.5 * (water[1:] + water[:-1]), day)
    missing = source - divergence(east, north, faces, area)
    more_east, more_north = _potential_flux(missing * area, faces)

    return _dataset(
        coarse, water[:-1], tendency, evaporation, east + more_east, north + more_north, faces
    )


def saturation_pressure_hpa(temperature_k: np.ndarray) -> np.ndarray:
    """Return the saturation vapour pressure over water [hPa] after Tetens (1930)."""
    return 6.1078 * np.exp(17.269388 * (temperature_k - 273.16) / (temperature_k - 35.86))


def face_lengths_m(region: RegionInputs) -> tuple[np.ndarray, np.ndarray]:
    """Return lengths of the faces crossed eastward (Y, X + 1) and northward (Y + 1, X) [m]."""
    options, factor = region.target, region.factor
    dlat, dlon = (factor * s for s in spacing(options.terrain, region.resolution_km))
    rows, columns = options.rows // factor, options.columns // factor
    edges = options.terrain.centre_lat_degrees + dlat * (np.arange(rows + 1) - rows / 2)
    east = np.full((rows, columns + 1), EARTH_RADIUS_M * np.radians(dlat))
    north = EARTH_RADIUS_M * np.radians(dlon) * np.cos(np.radians(edges))
    return east, np.repeat(north[:, None], columns, axis=1)


def divergence(
    east: np.ndarray,
    north: np.ndarray,
    faces: tuple[np.ndarray, np.ndarray],
    area: np.ndarray,
) -> np.ndarray:
    """Return the divergence (…, Y, X) of face fluxes (…, Y, X + 1) and (…, Y + 1, X), per area."""
    outflow = np.diff(east * faces[0], axis=-1) + np.diff(north * faces[1], axis=-2)
    return outflow / area


def _humidity(options: Moisture, rain: np.ndarray) -> np.ndarray:
    """Column relative humidity [1], rising with the rain of the day [mm day-1]."""
    wet = 1 - np.exp(-rain / options.humidity_rain_mm_day)
    return options.humidity_dry + (options.humidity_wet - options.humidity_dry) * wet


def _at_start_of_day(daily: np.ndarray) -> np.ndarray:
    """States between consecutive daily values; the first day repeats itself."""
    return 0.5 * (daily + np.concatenate([daily[:1], daily[:-1]]))


def _evaporation(
    options: Moisture, day: dict[str, np.ndarray], deficit_hpa: np.ndarray, land: np.ndarray
) -> np.ndarray:
    """Dalton-type bulk evaporation (days, Y, X) [kg m-2 s-1]."""
    wind = np.hypot(day["uas"], day["vas"]) + options.gust_m_s
    share = options.land_evaporation * land + 1 - land
    daily = options.exchange_mm_day_per_hpa_m_s * wind * deficit_hpa * share
    return daily / SECONDS_PER_DAY


def _advective(
    options: Moisture, water: np.ndarray, day: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Flux carried by the wind, averaged onto the faces; outer faces repeat their cell's."""
    east, north = (options.transport_factor * water * day[n][:-1] for n in ("uas", "vas"))
    east = np.pad(east, ((0, 0), (0, 0), (1, 1)), mode="edge")
    north = np.pad(north, ((0, 0), (1, 1), (0, 0)), mode="edge")
    return 0.5 * (east[..., 1:] + east[..., :-1]), 0.5 * (north[:, 1:] + north[:, :-1])


def _potential_flux(
    outflow: np.ndarray, faces: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Smallest flux through the faces, open at the rim, with this outflow (days, Y, X) [kg s-1].

    It is the gradient of a potential that is zero just outside of the domain; its discrete
    Poisson equation is solved exactly.
    """
    rows, columns = outflow.shape[-2:]
    cells = np.eye(rows * columns).reshape(-1, rows, columns)
    operator = _outflow_of_potential(cells, faces).reshape(rows * columns, -1).T
    potential = np.linalg.solve(operator, outflow.reshape(len(outflow), -1).T).T
    return _minus_gradient(potential.reshape(outflow.shape))


def _outflow_of_potential(
    potential: np.ndarray, faces: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    return divergence(*_minus_gradient(potential), faces, np.float64(1))


def _minus_gradient(potential: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rim = np.pad(potential, ((0, 0), (1, 1), (1, 1)))
    return -np.diff(rim, axis=2)[:, 1:-1], -np.diff(rim, axis=1)[:, :, 1:-1]


def _dataset(
    coarse: xr.Dataset,
    water: np.ndarray,
    tendency: np.ndarray,
    evaporation: np.ndarray,
    east: np.ndarray,
    north: np.ndarray,
    faces: tuple[np.ndarray, np.ndarray],
) -> xr.Dataset:
    cell, rate, flux = ("time", "Y", "X"), "kg m-2 s-1", "kg m-1 s-1"
    fields = {
        "prw": (cell, water, "kg m-2", "precipitable water at the start of the day"),
        "prw_tendency": (cell, tendency, rate, "change of prw over the day"),
        "evspsbl": (cell, evaporation, rate, "evaporation, positive upward"),
        "flux_east": (("time", "Y", "X_face"), east, flux, "moisture flux, positive eastward"),
        "flux_north": (("time", "Y_face", "X"), north, flux, "moisture flux, positive northward"),
        "face_length_east": (("Y", "X_face"), faces[0], "m", "length of faces of flux_east"),
        "face_length_north": (("Y_face", "X"), faces[1], "m", "length of faces of flux_north"),
    }
    return xr.Dataset(
        {n: (d, v, {"units": u, "long_name": t}) for n, (d, v, u, t) in fields.items()},
        coords={"time": coarse.time.values[:-1]},
    )
