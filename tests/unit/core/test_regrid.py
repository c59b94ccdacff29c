"""Conservative regridding: area integrals, missing cells, longitudes (T18, T19)."""

import importlib.util
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.cell_corners import CORNERS
from downbench.core.spatial.grids import block_mean
from downbench.core.spatial.rectilinear import cell_area, edges
from downbench.core.spatial.regrid import normalise, regrid
from rotated_grids import flat

needs_xesmf = pytest.mark.skipif(
    importlib.util.find_spec("xesmf") is None, reason="xESMF (with ESMF) is not installed"
)


def grid(south: float, north: float, west: float, east: float, step: float) -> xr.Dataset:
    lat = np.arange(south + step / 2, north, step)
    lon = np.arange(west + step / 2, east, step)
    return xr.Dataset(coords={"lat": ("lat", lat), "lon": ("lon", lon)})


def field(on: xr.Dataset, seed: int = 0) -> xr.Dataset:
    shape = (3, on.sizes["lat"], on.sizes["lon"])
    values = np.random.default_rng(seed).gamma(1.0, 5.0, shape)
    return on.assign(pr=(("time", "lat", "lon"), values))


def integral(dataset: xr.Dataset) -> np.ndarray:
    return (dataset["pr"].values * cell_area(dataset["lat"], dataset["lon"])).sum(axis=(-2, -1))


@pytest.mark.parametrize("step", [0.25, 0.9, 2.0, 3.0])
def test_the_area_integral_is_kept_between_grids_that_do_not_nest(step) -> None:
    source = field(grid(30, 48, -12, 6, 1.5))
    got = regrid(source, grid(30, 48, -12, 6, step), "conservative", 1.0)
    np.testing.assert_allclose(integral(got), integral(source), rtol=1e-6)


def test_on_nested_grids_it_is_the_block_mean() -> None:
    source = field(grid(30, 46, -12, 4, 0.5))
    got = regrid(source, grid(30, 46, -12, 4, 4.0), "conservative", 1.0)
    wanted = block_mean(source["pr"].values, 8, cell_area(source["lat"], source["lon"]))
    np.testing.assert_allclose(got["pr"].values, wanted, rtol=1e-12)


def test_a_constant_stays_constant_also_on_a_gaussian_grid() -> None:
    lat = [35.2375, 37.1422, 39.047, 40.9517, 42.8564, 44.7611]
    source = xr.Dataset(
        {"pr": (("lat", "lon"), np.full((6, 4), 3.0))}, coords={"lat": lat, "lon": [-6, -4, -2, 0]}
    )
    got = regrid(source, grid(36, 44, -6, 0, 2.0), "conservative", 0.99)
    np.testing.assert_allclose(got["pr"].values, 3.0, rtol=1e-12)


def test_missing_cells_are_left_out_and_never_count_as_zero() -> None:
    """T35: a mean over the valid part, or missing below the threshold."""
    source = field(grid(30, 34, 0, 4, 1.0))
    source["pr"][:] = 5.0
    source["pr"][:, :2, :2] = np.nan
    source["pr"][:, 0, 2] = np.nan
    half = regrid(source, grid(30, 34, 0, 4, 2.0), "conservative", 0.5)["pr"].values[0]
    np.testing.assert_allclose(half, [[np.nan, 5.0], [5.0, 5.0]])
    full = regrid(source, grid(30, 34, 0, 4, 2.0), "conservative", 1.0)["pr"].values[0]
    np.testing.assert_allclose(full, [[np.nan, np.nan], [5.0, 5.0]])


def test_cells_beyond_the_source_are_missing() -> None:
    source = field(grid(30, 34, 0, 4, 1.0))
    got = regrid(source, grid(30, 34, 0, 8, 2.0), "conservative", 0.9)["pr"].values
    assert np.isfinite(got[..., :2]).all() and np.isnan(got[..., 2:]).all()


def test_a_cell_that_reaches_over_the_edge_follows_the_threshold() -> None:
    source = field(grid(30, 34, 0, 4, 1.0))
    over = xr.Dataset(coords={"lat": [31.0, 33.0], "lon": [1.0, 3.2]})
    assert np.isfinite(regrid(source, over, "conservative", 0.8)["pr"]).all()
    kept = np.isfinite(regrid(source, over, "conservative", 0.9)["pr"].values)
    np.testing.assert_array_equal(kept[0], [[True, False], [True, False]])


def test_longitudes_from_0_to_360_and_descending_latitudes_come_out_the_same() -> None:
    source = field(grid(30, 48, -12, 6, 1.5))
    turned = source.isel(lat=slice(None, None, -1)).assign_coords(lon=source["lon"] % 360)
    turned = turned.sortby("lon")
    wanted = grid(30, 48, -12, 6, 2.0)
    np.testing.assert_allclose(
        regrid(turned, wanted, "conservative", 1.0)["pr"],
        regrid(source, wanted, "conservative", 1.0)["pr"],
    )


def test_longitudes_are_normalised_and_ascend() -> None:
    turned = xr.Dataset(coords={"lat": [1.0, 2.0], "lon": [0.0, 90.0, 180.0, 270.0, 359.0]})
    got = normalise(turned)["lon"].values
    np.testing.assert_allclose(got, [-180, -90, -1, 0, 90])


def test_linear_is_exact_for_a_plane() -> None:
    on = grid(30, 48, -12, 6, 1.5)
    plane = (2 * on["lat"] + 3 * on["lon"]).expand_dims(time=3)
    wanted = grid(32, 46, -10, 4, 2.0)
    got = regrid(on.assign(pr=plane), wanted, "linear", 1.0)["pr"]
    np.testing.assert_allclose(got[0], 2 * wanted["lat"] + 3 * wanted["lon"], rtol=1e-10)


def test_the_whole_sphere_has_its_area() -> None:
    whole = grid(-90, 90, -180, 180, 5.0)
    total = cell_area(whole["lat"], whole["lon"]).sum()
    assert total == pytest.approx(4 * np.pi * 6_371_000.0**2, rel=1e-12)


def test_edges_lie_half_way() -> None:
    np.testing.assert_allclose(edges(np.array([1.0, 2.0, 4.0])), [0.5, 1.5, 3.0, 5.0])


@pytest.mark.skipif(importlib.util.find_spec("xesmf") is not None, reason="xESMF is installed")
def test_xesmf_is_asked_for_by_name_and_reported_where_it_is_absent() -> None:
    source = flat(field(grid(30, 40, 0, 10, 1.0)))
    with pytest.raises(UserError, match="xESMF"):
        regrid(source, grid(32, 38, 2, 8, 2.0), "linear", 1.0, "xesmf")


class StandIn:
    """The rules of xesmf.Regridder 0.9 that `regrid` leans on, for grids that are rectilinear.

    Conservative weights need corners and add up to the covered share of a cell; cells without any
    are zero unless `unmapped_to_nan`; `skipna` divides by the share of valid weight and leaves out
    what lies below 1 − `na_thres`.
    """

    def __init__(self, source, wanted, method, unmapped_to_nan=False) -> None:
        bounds = [np.asarray(one[name]) for one in (source, wanted) for name in ("lat_b", "lon_b")]
        assert method == "conservative" and not unmapped_to_nan
        y, x, to_y, to_x = (b if b.ndim == 1 else b[:, 0] if i % 2 == 0 else b[0]
                            for i, b in enumerate(bounds))  # fmt: skip
        self.rows = self.share(*(np.sin(np.deg2rad(lat)) for lat in (y, to_y)))
        self.columns, self.wanted = self.share(x, to_x), wanted

    @staticmethod
    def share(source: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        upper = np.minimum(source[None, 1:], wanted[1:, None])
        lower = np.maximum(source[None, :-1], wanted[:-1, None])
        return np.maximum(upper - lower, 0) / np.diff(wanted)[:, None]

    def __call__(self, dataset, keep_attrs, skipna, na_thres) -> xr.Dataset:
        values = dataset["pr"].values
        total, valid = (
            np.einsum("Yy,tyx,Xx->tYX", self.rows, part, self.columns)
            for part in (np.nan_to_num(values), np.isfinite(values).astype(float))
        )
        kept = valid >= np.clip(1 - na_thres, 1e-6, 1 - 1e-6)
        mean = np.where(kept, total / np.where(kept, valid, 1), np.nan)
        coords = {name: self.wanted[name] for name in ("lat", "lon")}
        return xr.Dataset({"pr": (("time", "lat", "lon"), mean)}, coords)


@pytest.mark.parametrize("least_covered", [0.5, 0.9, 1.0])
def test_a_curvilinear_grid_gives_what_the_rectilinear_one_does(
    least_covered: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing cells, and cells that reach over the edge of the source, obey one threshold."""
    monkeypatch.setitem(sys.modules, "xesmf", SimpleNamespace(Regridder=StandIn))
    source = field(grid(30, 42, -6, 6, 1.5))
    source["pr"][:, 2:4, 3] = np.nan
    wanted = grid(29, 43, -7, 7, 2.0)
    corners = np.meshgrid(edges(source["lat"]), edges(source["lon"]), indexing="ij")
    stated = {n: (("i", "j"), c) for n, c in zip(CORNERS, corners, strict=True)}
    turned = flat(source).assign_coords(stated)
    got = regrid(turned, wanted, "conservative", least_covered, "xesmf")
    straight = regrid(source, wanted, "conservative", least_covered)
    assert np.isnan(straight["pr"]).any() and np.isfinite(straight["pr"]).any()
    np.testing.assert_allclose(got["pr"], straight["pr"], rtol=1e-9)


@needs_xesmf
@pytest.mark.parametrize("method", ["linear", "conservative"])
def test_xesmf_keeps_a_constant_and_leaves_out_what_it_does_not_cover(method) -> None:
    source = field(grid(30, 40, 0, 10, 1.0))
    source["pr"][:] = 2.0
    got = regrid(flat(source), grid(32, 44, 2, 8, 2.0), method, 0.9, "xesmf")["pr"]
    np.testing.assert_allclose(got.sel(lat=slice(None, 39)), 2.0, rtol=1e-6)
    assert np.isnan(got.sel(lat=slice(41, None))).all()


@needs_xesmf
def test_xesmf_agrees_with_both_paths_of_this_project() -> None:
    """ESMF's cells are bounded by great circles, hence the tolerance."""
    source, wanted = field(grid(30, 42, -6, 6, 1.5)), grid(32, 40, -4, 4, 2.0)
    source["pr"][:, 2:4, 3] = np.nan
    got = regrid(flat(source), wanted, "conservative", 0.5, "xesmf")
    np.testing.assert_allclose(
        got["pr"], regrid(source, wanted, "conservative", 0.5)["pr"], rtol=0.01
    )
    overlap = regrid(flat(source), wanted, "conservative", 0.5)
    np.testing.assert_allclose(got["pr"], overlap["pr"], rtol=1e-3)
