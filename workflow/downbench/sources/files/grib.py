"""GRIB files: opened by cfgrib, with the interval that a sum belongs to as bounds of time."""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.sources.files.recognition import AGAIN

SIGNATURE = b"GRIB"
KEYS = ["startStep", "endStep"]
HOURS, SECONDS_PER_HOUR = 1, 3600.0
"""Code of GRIB for steps in hours."""

INTERVALS = ("accum", "avg", "max", "min")
"""Types of steps whose values stand for an interval, not for an instant."""

BOUNDS = "time_bnds"


def is_grib(file: Path) -> bool:
    """Return whether a path is a file that begins like GRIB."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(SIGNATURE)) == SIGNATURE


def opened(file: Path, label: str) -> xr.Dataset:
    """Open a GRIB file lazily; nothing is written beside it.

    Returns
    -------
    xr.Dataset
        Times are numbers; sums, means and extremes of one step have bounds of time.

    Raises
    ------
    UserError
        When cfgrib is not installed, the file is damaged, or it holds fields of several levels or
        types, or sums at several steps of one run.
    """
    try:
        import cfgrib
    except (ImportError, RuntimeError):  # of ecCodes, which cfgrib needs
        raise UserError(
            f"{label} is a GRIB file, which needs cfgrib: pip install 'downbench[grib]', or "
            "convert it to NetCDF with `cdo -f nc4 copy IN OUT.nc`"
        ) from None
    reading = {"indexpath": "", "read_keys": KEYS, "errors": "raise"}
    try:
        dataset = xr.open_dataset(
            file, engine="cfgrib", decode_times=False, backend_kwargs=reading
        )
    except cfgrib.DatasetBuildError as error:
        fix = "split it with `grib_copy IN [shortName]_[typeOfLevel].grib`, one file for each kind"
        raise UserError(f"{label} holds several kinds of fields ({error}): {fix}") from None
    except (EOFError, cfgrib.messages.eccodes.CodesInternalError) as error:
        raise UserError(f"{label} is GRIB, damaged or incomplete ({error}): {AGAIN}") from None
    return with_intervals(dataset, label)


def with_intervals(dataset: xr.Dataset, label: str) -> xr.Dataset:
    """Return a file with bounds of time, if its values stand for intervals."""
    types = {str(v.attrs.get("GRIB_stepType")) for v in dataset.data_vars.values()}
    if "step" not in dataset.coords or not types & set(INTERVALS):
        return dataset
    steps = dataset["step"]
    if steps.size > 1:
        raise UserError(
            f"{label} holds sums or means at {steps.size} steps of a run "
            f"(GRIB_stepType {', '.join(sorted(types))}), which count from the start of the run "
            "or from the step before: make values of days first, differences of sums since the "
            "start (`cdo -f nc4 deltat IN OUT.nc`), or take one step of each run"
        )
    intervals = {
        tuple(v.attrs.get(f"GRIB_{key}") for key in ("stepType", *KEYS))
        for v in dataset.data_vars.values()
    }
    if len(intervals) > 1:
        raise UserError(
            f"{label} holds values of several intervals or of instants beside them (GRIB_stepType "
            f"{', '.join(sorted(types))}): split it with `grib_copy IN [shortName].grib`"
        )
    first = next(iter(dataset.data_vars.values())).attrs
    if first.get("GRIB_stepUnits") != HOURS:
        raise UserError(f"{label}: its steps are not counted in hours: convert it to NetCDF")
    ends = np.atleast_1d(dataset["valid_time"].values).astype(np.float64).ravel()
    hours = float(first["GRIB_endStep"]) - float(first["GRIB_startStep"])
    bounds = np.stack([ends - SECONDS_PER_HOUR * hours, ends], axis=1)
    attributes = dataset["valid_time"].attrs
    return dataset.assign({BOUNDS: (("valid_times", "bound"), bounds, attributes)})
