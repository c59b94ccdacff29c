"""Which laws cannot be run, and for want of what."""

from collections.abc import Iterator

import xarray as xr

from downbench.core.variables import RAIN
from downbench.physics import moisture_budget
from downbench.physics.order import ORDER, ordered_names
from downbench.physics.saturation import HUMIDITY

TEMPERATURES = ("tas", "tasmax")


def temperature(driver: xr.Dataset, variables: list[str]) -> str | None:
    """The variable that rain's scaling is measured against; None without one, or without rain."""
    shared = [n for n in TEMPERATURES if RAIN in variables and {n, RAIN} <= set(driver.data_vars)]
    return next((name for name in shared if name in variables), None)


def laws(ensemble: xr.Dataset, driver: xr.Dataset, variables: list[str]) -> Iterator[str]:
    """One sentence for each law that cannot be run, naming the fields that are absent.

    `variables`: those that ensemble and target share.
    """
    for name in variables:
        if name not in driver:
            yield f"mass conservation of {name}: the driver has no {name}"
    if RAIN not in variables:
        yield f"rain not negative: the ensemble has no {RAIN}"
    if HUMIDITY not in variables:
        yield f"saturation: the ensemble has no {HUMIDITY}"
    if len(ordered_names(variables)) < 2:
        yield f"order of temperatures: the ensemble lacks two of {', '.join(ORDER)}"
    lacking = moisture_budget.missing_terms(driver)
    if lacking or RAIN not in variables:
        yield f"moisture budget: absent are {', '.join(lacking or (RAIN,))}"
    if temperature(driver, variables) is None:
        wanted = " or ".join(TEMPERATURES)
        yield f"Clausius–Clapeyron scaling: {RAIN} and {wanted} must be in ensemble and driver"
