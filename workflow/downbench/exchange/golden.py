"""golden.nc: a few inputs and the outputs that a bundle must reproduce."""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.core.variables import variable
from downbench.exchange import bundle_formats, golden_file, golden_form, untrusted
from downbench.exchange.golden_form import DAYS, INPUT, MEMBERS, STATIC
from downbench.labs.base import Trained

# Between machines convolutions differ in the last bits, and a sampler carries them on; where a
# sample is on the edge between dry and wet, a single cell may even change sides. Such cells are
# few, so that the mean deviation stays small, and have values that the model gives elsewhere.
RELATIVE = 0.01
"""Of rain, or of the departure of another variable from its mean: 1 % of a temperature is 3 K."""
CELLS_WITHIN = 0.99


def inputs(driver: xr.Dataset) -> xr.Dataset:
    """Return a few days of a driver (time, Y, X), evenly spaced from the first to the last."""
    index = np.linspace(0, driver.sizes["time"] - 1, DAYS).astype(int)
    return driver.isel(time=index).load()


def write(trained: Trained, driver: xr.Dataset, static: xr.Dataset, seed: int, path: Path) -> None:
    """Sample `driver` (time, Y, X) and store inputs and outputs, by name, together."""
    outputs = trained.sample(driver, static, MEMBERS, seed)
    stored = xr.merge(
        [
            outputs.reset_coords(drop=True),
            _renamed(driver, INPUT),
            _renamed(static, STATIC),
        ],
        combine_attrs="drop",
    )
    by_name = {name: _plain(stored[name].variable) for name in sorted(map(str, stored.variables))}
    attributes = {"driver_type": driver.attrs.get("driver_type", "")}
    golden_file.write(xr.Dataset(by_name, attrs=attributes), path)


def read(path: Path, fitted: Transforms) -> xr.Dataset:
    """Return the content of the file, which fits the statistics of the bundle.

    Raises
    ------
    UserError
        When the file is not usable.
    """
    with untrusted.refusing(path, "not usable golden outputs"):
        stored = golden_file.read(path)
        golden_form.refuse_other_form(path, stored, fitted)
        return stored


def verify(trained: Trained, seed: int, path: Path, stored: xr.Dataset) -> float:
    """Sample the outputs again; return their deviation, in the tolerances of the variables.

    Parameters
    ----------
    path, stored
        The file, for messages, and its content.

    Raises
    ------
    UserError
        When the model has other variables or none of its values, or when the outputs are not
        reproduced: more than 1 % of the values leave their tolerance, or the mean deviation does,
        or a single one deviates by more than the range of the model's values.
    """
    with untrusted.refusing(path, "not usable golden outputs"):
        worst = _worst(trained, seed, stored)
    if not worst <= 1:
        raise UserError(
            f"{path}: the golden outputs are not reproduced ({worst:.3g} × the tolerance): the "
            "weights, the code or the numerical libraries differ from those that wrote it"
        )
    return worst


def static(path: Path, fitted: Transforms) -> xr.Dataset:
    """Read the static fields (y, x) of the region of the golden outputs."""
    return _part(read(path, fitted), STATIC)


def _worst(trained: Trained, seed: int, stored: xr.Dataset) -> float:
    """Return the largest deviation of any variable, in tolerances."""
    again = trained.sample(
        _part(stored, INPUT).assign_attrs(driver_type=bundle_formats.driver_type(stored.attrs)),
        _part(stored, STATIC),
        MEMBERS,
        seed,
    )
    outputs = {n for n in map(str, stored.data_vars) if not n.startswith((INPUT, STATIC))}
    if outputs != set(again.data_vars):
        raise UserError(f"they have {sorted(outputs)}, the model {sorted(map(str, again))}")
    return max(_deviation(again[name], stored[name]) for name in outputs)


def _deviation(again: xr.DataArray, stored: xr.DataArray) -> float:
    """Return the larger of the 99th percentile, the mean and the maximum, each over its limit."""
    valid = np.isfinite(stored.values)
    if not valid.any():
        raise UserError(f"{stored.name}: no golden output has a value, so that nothing is proved")
    if not np.array_equal(np.isfinite(again.values), valid):
        return np.inf
    values, golden = (array.values[valid].astype(np.float64) for array in (again, stored))
    # A file that is to be proved cannot say how well.
    row = variable(str(stored.name))
    tolerance = row.require("golden_tolerance")
    origin = 0.0 if row.is_intermittent else values.mean()
    absolute = np.abs(values - golden)
    deviation = absolute / (tolerance + RELATIVE * np.abs(values - origin))
    spread = np.ptp(values) + tolerance
    quantile = np.quantile(deviation, CELLS_WITHIN)
    return float(max(quantile, deviation.mean(), absolute.max() / spread))


def _plain(field: xr.Variable) -> xr.Variable:
    """Drop attributes that depend on where the driver comes from, and that no model reads."""
    attributes = {"units": field.attrs["units"]} if "units" in field.attrs else {}
    return xr.Variable(field.dims, field.values, attributes)


def _renamed(dataset: xr.Dataset, prefix: str) -> xr.Dataset:
    """Prefix all variables but the time, so that inputs and outputs fit into one file."""
    flat = dataset.reset_coords([n for n in dataset.coords if n != "time"])
    return flat.rename({name: f"{prefix}{name}" for name in flat.data_vars})


def _part(stored: xr.Dataset, prefix: str) -> xr.Dataset:
    names = [n for n in map(str, stored.variables) if n.startswith(prefix)]
    part = stored[names].rename({n: n.removeprefix(prefix) for n in names})
    return part.set_coords([n for n in ("lat", "lon", "event") if n in part])
