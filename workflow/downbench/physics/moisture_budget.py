"""Moisture budget of the coarse cells: rain is what is left of evaporation and convergence.

    dW/dt + div Q = E − P    so    P = E − div Q − dW/dt

W is precipitable water [kg m-2], Q the vertically integrated moisture flux [kg m-1 s-1], E
evaporation and P rain [kg m-2 s-1]; 1 kg m-2 of water is 1 mm. Signs: evaporation upward, flux
eastward and northward, divergence out of the cell. A driver may bring

- storage as `prw_tendency` over the day, or as `prw` at the start of each day;
- transport as `flux_east` and `flux_north` through the faces of the cells, with the faces'
  lengths, or as the archived `moisture_divergence` of each cell, which is the more exact one for a
  reanalysis (Seager and Henderson 2013).

The budget of a reanalysis does not close: its residual with its own rain is the floor of any other
(trap T24).
"""

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.constants import EARTH_RADIUS_M, SECONDS_PER_DAY
from downbench.core.errors import UserError

CELL = ("time", "Y", "X")
FLUXES = ("flux_east", "flux_north", "face_length_east", "face_length_north")
TERMS = {
    "evspsbl": (CELL, "kg m-2 s-1"),
    "prw": (CELL, "kg m-2"),
    "prw_tendency": (CELL, "kg m-2 s-1"),
    "moisture_divergence": (CELL, "kg m-2 s-1"),
    "flux_east": (("time", "Y", "X_face"), "kg m-1 s-1"),
    "flux_north": (("time", "Y_face", "X"), "kg m-1 s-1"),
    "face_length_east": (("Y", "X_face"), "m"),
    "face_length_north": (("Y_face", "X"), "m"),
}
"""Dims and unit of each term."""
SAME_TENDENCY = 0.01
CLEARLY_BETTER = 0.5


def available(driver: xr.Dataset) -> bool:
    """Does the driver bring every term, in one of the accepted forms?"""
    return not missing_terms(driver)


def missing_terms(driver: xr.Dataset) -> tuple[str, ...]:
    """Names of the terms that the driver lacks."""
    missing = [] if "evspsbl" in driver else ["evspsbl"]
    if not {"prw", "prw_tendency"} & set(driver.data_vars):
        missing.append("prw_tendency")
    if "moisture_divergence" not in driver:
        missing += [name for name in FLUXES if name not in driver]

    return tuple(missing)


def begun(driver: xr.Dataset) -> bool:
    """Does the driver bring a term that is good for nothing but this budget?"""
    return bool({*FLUXES, "moisture_divergence", "prw_tendency"} & set(driver.data_vars))


def budget_rain(driver: xr.Dataset) -> xr.DataArray:
    """The rain that closes the budget, E − div Q − dW/dt.

    Parameters
    ----------
    driver : (time, Y, X)
        With the terms of `TERMS` in their units; `pr` [mm day-1], where it is there, tells a
        wrong sign.

    Returns
    -------
    (time, Y, X)
        mm day-1, float64; below zero where the terms do not fit; NaN on days without dW/dt.

    Raises
    ------
    UserError
        For a term that is missing, on another grid, in another unit or of the other sign, and for
        a time axis that does not give dW/dt.
    """
    _check(driver)
    parts = _contributions(driver)
    _refuse_other_signs(driver, parts)
    return _named(sum(parts.values()), "rain that closes the moisture budget")


def supply(driver: xr.Dataset) -> xr.DataArray:
    """E − div Q (time, Y, X) [mm day-1]: what evaporates and converges, storage left out.

    Raises the same errors as `budget_rain`.
    """
    _check(driver)
    parts = _contributions(driver)
    _refuse_other_signs(driver, parts)
    fed = sum(part for name, part in parts.items() if name != "prw_tendency")

    return _named(fed, "evaporation plus convergence of moisture")


def residual(driver: xr.Dataset, rain_mm_day: xr.DataArray) -> xr.DataArray:
    """Rain that closes the budget minus block-mean rain (…, Y, X), both in mm day-1."""
    return (budget_rain(driver) - rain_mm_day).transpose(*rain_mm_day.dims)


def divergence_per_area(
    flux: xr.DataArray, length: xr.DataArray, area: np.ndarray, face: str
) -> xr.DataArray:
    """Outflow through the two faces along dim `face` over the area [m2]: kg m-2 s-1."""
    outflow = (flux * length).transpose(*flux.dims).diff(face).rename({face: face[0]})
    return outflow / xr.DataArray(area, dims=("Y", "X"))


def cell_area_m2(face_length_east: np.ndarray, face_length_north: np.ndarray) -> np.ndarray:
    """Areas (Y, X) [m2] from the lengths of the faces (Y, X + 1) and (Y + 1, X) [m].

    Trapezoids on a plane; the last factor makes it exact for cells between parallels and
    meridians of a sphere, where it differs from 1 by (size / radius)² / 12.
    """
    height = 0.5 * (face_length_east[:, 1:] + face_length_east[:, :-1])
    width = 0.5 * (face_length_north[1:] + face_length_north[:-1])
    half_angle = 0.5 * height / EARTH_RADIUS_M

    return height * width * np.tan(half_angle) / half_angle


def _contributions(driver: xr.Dataset) -> dict[str, xr.DataArray]:
    """What each term adds to rain [mm day-1]."""
    parts = {"evspsbl": driver["evspsbl"], "prw_tendency": -_tendency(driver)}
    if "moisture_divergence" in driver:
        parts["moisture_divergence"] = -driver["moisture_divergence"]
    else:
        lengths = {axis: driver[f"face_length_{axis}"] for axis in ("east", "north")}
        area = cell_area_m2(*(field.values.astype(np.float64) for field in lengths.values()))
        for axis, face in (("east", "X_face"), ("north", "Y_face")):
            flux = driver[f"flux_{axis}"].astype(np.float64)
            parts[f"flux_{axis}"] = -divergence_per_area(flux, lengths[axis], area, face)

    return {name: SECONDS_PER_DAY * part.astype(np.float64) for name, part in parts.items()}


def _tendency(driver: xr.Dataset) -> xr.DataArray:
    """dW/dt [kg m-2 s-1], as given or from the starts of consecutive days."""
    if "prw_tendency" not in driver:
        return _difference(driver["prw"])
    tendency = driver["prw_tendency"]
    if "prw" in driver:
        differed = _difference(driver["prw"], needed=False)
        miss, size = (
            float(np.sqrt((field**2).mean())) for field in (differed - tendency, differed)
        )
        if miss > SAME_TENDENCY * size:
            raise UserError(
                f"prw_tendency: differs from the steps of prw by {miss:.3g} kg m-2 s-1 (rms), and "
                f"these are {size:.3g}: give prw at the start of each day, and the tendency from "
                "there to the start of the next, rising moisture positive"
            )

    return tendency


def _difference(water: xr.DataArray, needed: bool = True) -> xr.DataArray:
    step = np.diff(day_numbers(water["time"]))
    next_day = np.abs(step - 1) < 1e-6
    if needed and not next_day.any():
        raise UserError(
            f"prw: the time axis of {water.sizes['time']} stamps has no two consecutive days and "
            "does not give dW/dt: give prw at the start of every day, or prw_tendency"
        )
    change = np.full(water.shape, np.nan)
    values = water.transpose("time", ...).values.astype(np.float64)
    change[:-1][next_day] = np.diff(values, axis=0)[next_day] / SECONDS_PER_DAY

    return xr.DataArray(change, coords={"time": water["time"]}, dims=CELL)


def _check(driver: xr.Dataset) -> None:
    missing = missing_terms(driver)
    if missing:
        raise UserError(
            f"moisture budget: the driver lacks {', '.join(missing)}: add them with their units "
            "(see docs/methods/physics.md)"
        )
    sides = {"Y": driver.sizes["Y"], "X": driver.sizes["X"]}
    sides |= {"Y_face": sides["Y"] + 1, "X_face": sides["X"] + 1}
    for name in (name for name in TERMS if name in driver):
        _check_term(driver[name], sides)


def _check_term(term: xr.DataArray, sides: dict[str, int]) -> None:
    dims, units = TERMS[str(term.name)]
    stated = term.attrs.get("units")
    if stated != units:
        raise UserError(f"{term.name}: units are {stated!r}: convert it to '{units}' and say so")
    expected = {dim: sides[dim] for dim in dims if dim != "time"}
    if term.dims != dims or any(term.sizes[dim] != size for dim, size in expected.items()):
        raise UserError(
            f"{term.name}: is on {dict(term.sizes)}, expected {dims} with {expected}: bring it to "
            "the driver's own grid (a face more than cells along the direction of a flux)"
        )


def _refuse_other_signs(driver: xr.Dataset, parts: dict[str, xr.DataArray]) -> None:
    """A term of the other sign closes the budget far better once it is turned around."""
    evaporation = float(parts["evspsbl"].mean())
    if evaporation < 0:
        raise UserError(
            f"evspsbl: its mean is {evaporation:.3g} mm day-1; it counts positive upward, where "
            "ECMWF's is positive downward: multiply it by -1"
        )
    if "pr" not in driver:
        return
    error = sum(parts.values()) - driver["pr"].astype(np.float64)
    size, fluxes = _rms(error), [name for name in parts if name.startswith("flux")]
    turned = {
        ", ".join(names): _rms(error - 2 * sum(parts[name] for name in names))
        for names in (*([name] for name in parts), fluxes)
        if names
    }
    best = min(turned, key=turned.get)
    if turned[best] < CLEARLY_BETTER * size:
        raise UserError(
            f"{best}: the budget misses rain by {size:.3g} mm day-1 (rms), but by "
            f"{turned[best]:.3g} with the other sign: count fluxes positive eastward and "
            "northward, divergence outward, evaporation upward and rising moisture positive"
        )


def _rms(field: xr.DataArray) -> float:
    return float(np.sqrt((field**2).mean()))


def _named(field: xr.DataArray, long_name: str) -> xr.DataArray:
    return field.transpose(*CELL).assign_attrs(units="mm day-1", long_name=long_name)
