"""Objects of the R packages climate4R: grids and stations in `.rda` files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.errors import UserError
from downbench.sources.files.units import convert
from downbench.sources.originals.one_file import only


def read(paths: Sequence[Path], name: str, units: str) -> xr.DataArray:
    """Return a daily field on time and a grid, a rotated grid or stations, in our units."""
    path = only(paths)
    content = _content(path)
    dims, coords = _places(content)
    days = pd.DatetimeIndex([text[:10] for text in content["Dates"]["start"]])
    field = xr.DataArray(content["Data"], {"time": days, **coords}, ("time", *dims))
    return convert(field, name, units, True, path.name)


def _content(path: Path) -> dict[str, Any]:
    """Return the one object of a file; `rdata` parses data and runs no code."""
    try:
        import rdata
    except ImportError:
        raise UserError(f"{path.name} is R data, which needs rdata: pip install rdata") from None
    (content,) = rdata.read_rda(path).values()
    return content


def _places(content: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return dims of the places and their coordinates."""
    places = content["xyCoords"]
    if "Metadata" in content:
        return ("station",), _stations(places, content["Metadata"])
    if "lon" not in places:
        return ("lat", "lon"), _on(("lat",), lat=places["y"]) | _on(("lon",), lon=places["x"])
    rotated = _on(("rlat",), rlat=places["y"]) | _on(("rlon",), rlon=places["x"])
    return ("rlat", "rlon"), rotated | _on(("rlat", "rlon"), lat=places["lat"], lon=places["lon"])


UNITS = {"lat": "degrees_north", "lon": "degrees_east", "alt": "m"}


def _on(dims: tuple[str, ...], **values: np.ndarray) -> dict[str, xr.Variable]:
    units = {name: {"units": UNITS.get(name, "degrees")} for name in values}
    return {name: xr.Variable(dims, array, units[name]) for name, array in values.items()}


def _stations(places: Any, metadata: dict[str, np.ndarray]) -> dict[str, Any]:
    altitude = np.asarray(metadata["altitude"], float)
    numbers = _on(("station",), lat=places["y"].values, lon=places["x"].values, alt=altitude)
    names = {"station_id": metadata["station_id"], "station_name": metadata["name"]}
    return numbers | {key: ("station", words.astype(str)) for key, words in names.items()}
