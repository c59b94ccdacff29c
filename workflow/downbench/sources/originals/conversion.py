"""Makes a NetCDF file of ours from public files."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import dask
import xarray as xr

from downbench.core.config.originals import Original
from downbench.core.io.atomic import replacing

MISSING = -(2**31)


def write(
    originals: Sequence[Original], folder: Path, output: Path, attributes: Mapping[str, str]
) -> None:
    """Convert the public files of one file of ours, which is written complete or not at all.

    Parameters
    ----------
    originals
        Its rows, those of one variable in sequence.
    folder
        Where the public files are, by path.
    output
        File to write; values are rounded to the precision of their rows.
    attributes
        Global attributes.
    """
    fields, encoding = {}, {}
    for name, group in groupby(originals, key=attrgetter("variable")):
        rows = list(group)
        form = import_module(f"downbench.sources.originals.forms.{rows[0].form}")
        paths = [folder / row.path for row in rows]
        fields[name] = form.read(paths, name, rows[0].units)
        encoding[name] = _packed(fields[name], rows[0].precision)
    dataset = xr.Dataset(fields).assign_attrs(Conventions="CF-1.8", **attributes)
    with replacing(output) as partial, dask.config.set(scheduler="synchronous"):
        dataset.to_netcdf(partial, encoding=encoding)


def _packed(field: xr.DataArray, precision: float) -> dict[str, object]:
    chunks = {"chunksizes": tuple(c[0] for c in field.chunks)} if field.chunks else {}
    packing = {"dtype": "int32", "scale_factor": precision, "_FillValue": MISSING}
    return {**packing, "zlib": True, "shuffle": True, "complevel": 4, **chunks}
