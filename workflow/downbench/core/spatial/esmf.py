"""Regridding of curvilinear grids by xESMF, which needs ESMF: conda installs it, pip does not."""

import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.cell_corners import cell_corners
from downbench.core.spatial.sphere import lat_lon


def regrid(grid: xr.Dataset, method: str, least_covered: float, source: xr.Dataset) -> xr.Dataset:
    """Return the variables of `source` on the cells of `grid`; arguments as for `regrid.regrid`.

    Raises
    ------
    UserError
        When xESMF is not installed.
    """
    try:
        import xesmf
    except ImportError:
        raise UserError(
            "regridder: xesmf needs xESMF: install it with `conda env create -f envs/data.yaml`, "
            "or leave out the key and take the weights of this project"
        ) from None
    if method == "linear":
        regridder = xesmf.Regridder(source, grid, "bilinear", unmapped_to_nan=True)
        return regridder(source, keep_attrs=True)
    # Not conservative_normed: its weights add up to 1 however little of a cell the source covers,
    # which would hide from the threshold what lies beyond the source.
    regridder = xesmf.Regridder(_with_corners(source), _with_corners(grid), "conservative")
    return regridder(source, keep_attrs=True, skipna=True, na_thres=1 - least_covered)


def _with_corners(grid: xr.Dataset) -> xr.Dataset:
    """Return the grid alone, with the corners lat_b, lon_b [degrees] that xESMF needs in 2-D."""
    lat, lon = lat_lon(cell_corners(grid))
    corners = {"lat_b": (("y_b", "x_b"), lat), "lon_b": (("y_b", "x_b"), lon)}
    centres = xr.broadcast(grid["lat"], grid["lon"])
    return xr.Dataset(coords={"lat": centres[0], "lon": centres[1], **corners})
