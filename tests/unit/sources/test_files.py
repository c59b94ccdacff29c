"""Regions from files: names, axes, masks, drivers, and what is told when something is wrong."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

from downbench.core import contract
from downbench.core.calendar import splits
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError
from downbench.sources.files import source

FINE = {"lat": 40.25 + 0.5 * np.arange(8), "lon": -3.75 + 0.5 * np.arange(12)}
COARSE = {"lat": 38.0 + 1.5 * np.arange(6), "lon": -6.0 + 1.5 * np.arange(8)}
TIME = xr.date_range("1999-12-01", "2001-02-28", freq="D")


def write(path: Path, values: dict, coords: dict, time=TIME) -> None:
    dims = ("time", "lat", "lon")
    data = {name: (dims, field) for name, field in values.items()}
    xr.Dataset(data, coords={"time": time, **coords}).to_netcdf(path)


def entry(path: str, variable: str, units: str | None, **more) -> dict:
    return {"path": path, "variable": variable, "units": units, **more}


@pytest.fixture
def section(tmp_path) -> dict:
    """Files of a little region in awkward units, axes and longitudes, and their YAML section."""
    rng = np.random.default_rng(0)
    n = len(TIME)
    flux = rng.gamma(0.5, 8.0, (n, 8, 12)) / 86400
    celsius = 10 + rng.normal(size=(n, 8, 12)) * 5
    flux[:, :, :2] = celsius[:, :, :2] = np.nan
    celsius[: n // 2, 3, 5] = np.nan
    turned = {"lat": FINE["lat"][::-1], "lon": FINE["lon"] % 360}
    write(tmp_path / "fine.nc", {"rain": flux[:, ::-1], "t": celsius[:, ::-1]}, turned)
    relief = 0.1 * np.add.outer(FINE["lat"], FINE["lon"])
    xr.Dataset({"z": (("lat", "lon"), relief)}, coords=FINE).to_netcdf(tmp_path / "relief.nc")
    coarse = {
        "pr": rng.gamma(0.5, 8.0, (n, 6, 8)) * 1e-3,
        "slp": np.full((n, 6, 8), 1010.0),
        "t2": np.full((n, 6, 8), 281.0),
    }
    write(tmp_path / "coarse.nc", coarse, COARSE, time=TIME + np.timedelta64(12, "h"))
    return {
        "target": {
            "source": "files",
            "frequency": "day",
            "accumulation_window": "00-24 UTC",
            "fine_shape": [8, 12],
            "least_valid_share": 0.9,
            "variables": {
                "pr": entry("fine.nc", "rain", "kg m-2 s-1"),
                "tas": entry("fine.nc", "t", "degC"),
            },
            "static": {"orog": entry("relief.nc", "z", "km")},
        },
        "drivers": {
            "perfect": {"type": "perfect", "predictors": ["pr", "tas"]},
            "reanalysis": {
                "type": "reanalysis",
                "predictors": ["pr", "tas"],
                "source": "files",
                "least_covered_share": 0.9,
                "variables": {
                    "pr": entry("coarse.nc", "pr", "m", method="conservative"),
                    "tas": entry("coarse.nc", "t2", "K", method="linear"),
                    "psl": entry("coarse.nc", "slp", "hPa", method="linear"),
                },
            },
        },
        "origins": {"fine.nc": "the archive of tests"},
    }


def region(section: dict, folder: Path) -> Region:
    return Region.model_validate(
        {
            "name": "little",
            "targets": ["pr", "tas"],
            "factor": 4,
            "resolution_km": 50.0,
            "year_start_month": 12,
            "splits": {
                "by": "year",
                "train": [2000],
                "validation": [2001],
                "test": [2002],
                "buffer_days": 0,
            },
            "data_dir": str(folder),
            **section,
        }
    )


def test_the_target_keeps_the_contract_whatever_the_files_look_like(section, tmp_path) -> None:
    got = source.target(region(section, tmp_path))
    contract.check(got, "target")
    assert got["pr"].dims == ("time", "y", "x") and got["pr"].shape == (len(TIME), 8, 12)
    assert (np.diff(got["lat"].values[:, 0]) > 0).all()
    np.testing.assert_allclose(got["lon"].values[0], FINE["lon"])
    raw = xr.open_dataset(tmp_path / "fine.nc")["rain"].values[:, ::-1]
    np.testing.assert_allclose(got["pr"].values[:, :, 6:], raw[:, :, 6:] * 86400, rtol=1e-5)
    np.testing.assert_allclose(
        got["orog"].values, 100 * np.add.outer(FINE["lat"], FINE["lon"]), rtol=1e-6
    )


def test_missing_cells_are_masked_in_every_variable_and_never_filled(section, tmp_path) -> None:
    got = source.target(region(section, tmp_path))
    missing = np.zeros((8, 12), bool)
    missing[:, :2] = missing[3, 5] = True
    for name in ("pr", "tas"):
        np.testing.assert_array_equal(np.isnan(got[name].values).all(axis=0), missing)


def test_a_static_field_that_is_not_listed_is_missing_not_zero(section, tmp_path) -> None:
    assert np.isnan(source.target(region(section, tmp_path))["land"].values).all()


def test_the_perfect_driver_is_the_weighted_mean_over_valid_cells(section, tmp_path) -> None:
    little = region(section, tmp_path)
    fine = source.target(little)
    got = source.driver(little, "perfect", fine)
    contract.check(got, "driver")
    area = fine["cell_area"].values[:4, :4]
    block = fine["tas"].values[7, :4, :4]
    valid = np.isfinite(block)
    wanted = (block[valid] * area[valid]).sum() / area[valid].sum()
    assert got["tas"].values[7, 0, 0] == pytest.approx(wanted, rel=1e-6)
    assert got.attrs["driver_type"] == "perfect"


def test_the_reanalysis_comes_to_the_coarse_cells_in_our_units(section, tmp_path) -> None:
    little = region(section, tmp_path)
    got = source.driver(little, "reanalysis", source.target(little))
    contract.check(got, "driver")
    assert got["pr"].shape == (len(TIME), 2, 3)
    np.testing.assert_allclose(got["psl"], 101000.0)
    np.testing.assert_array_equal(got["time"].values, TIME.values)
    assert got.attrs["driver_type"] == "reanalysis"
    assert 0.5 < float(got["pr"].mean()) / 4.0 < 2


def test_coarse_cells_that_the_files_do_not_cover_are_missing(section, tmp_path) -> None:
    whole = xr.open_dataset(tmp_path / "coarse.nc").load()
    whole.close()
    whole.isel(lon=slice(0, 5)).to_netcdf(tmp_path / "part.nc")
    for variable in section["drivers"]["reanalysis"]["variables"].values():
        variable["path"] = "part.nc"
    little = region(section, tmp_path)
    got = source.driver(little, "reanalysis", source.target(little))
    for name in ("pr", "tas"):
        assert np.isnan(got[name].values[:, :, 2]).all()
        assert np.isfinite(got[name].values[:, :, :2]).all()


def test_winters_are_named_by_their_january(section, tmp_path) -> None:
    got = source.target(region(section, tmp_path))
    years = splits.year_labels(got["time"], 12)
    assert years[0] == 2000 and years[-1] == 2001


def broken(section: dict, *keys, value) -> dict:
    *path, last = keys
    place = section
    for key in path:
        place = place[key]
    place[last] = value
    return section


@pytest.mark.parametrize(
    ("keys", "value", "message"),
    [
        (("target", "variables", "pr", "path"), "gone.nc", "gone.nc is absent"),
        (("target", "variables", "pr", "variable"), "precip", "no variable 'precip'.*one of"),
        (
            ("target", "variables", "pr", "units"),
            "furlong",
            "fine.nc: variable 'rain': no conversion of units",
        ),
        (
            ("target", "variables", "pr", "units"),
            "mm day-1",
            "fine.nc: variable 'rain': the median of rain",
        ),
        (("target", "variables", "tas", "units"), "K", "fine.nc: variable 't', read as 'K'"),
        (("target", "fine_shape"), [8, 8], "8 rows and 12 columns"),
        (
            ("target", "crop"),
            {"south": 1, "north": 2, "west": 0, "east": 1},
            "no cell is inside the crop",
        ),
    ],
)
def test_what_is_wrong_is_reported_with_file_variable_and_fix(
    section, tmp_path, keys, value, message
) -> None:
    with pytest.raises(UserError, match=message):
        source.target(region(broken(section, *keys, value=value), tmp_path))


def test_an_absent_file_is_reported_with_its_origin(section, tmp_path) -> None:
    (tmp_path / "fine.nc").unlink()
    with pytest.raises(UserError, match="get it from the archive of tests"):
        source.target(region(section, tmp_path))


def test_a_double_time_stamp_is_reported(section, tmp_path) -> None:
    twice = xr.open_dataset(tmp_path / "fine.nc").load()
    twice.close()
    xr.concat([twice, twice.isel(time=[3])], "time").to_netcdf(tmp_path / "twice.nc")
    for variable in section["target"]["variables"].values():
        variable["path"] = "twice.nc"
    with pytest.raises(UserError, match="1 time stamps occur twice"):
        source.target(region(section, tmp_path))


def test_a_zarr_store_is_read_like_a_netcdf_file(section, tmp_path) -> None:
    from_netcdf = source.target(region(section, tmp_path))
    xr.open_dataset(tmp_path / "fine.nc").load().to_zarr(
        tmp_path / "fine.zarr", consolidated=False
    )
    for variable in section["target"]["variables"].values():
        variable["path"] = "fine.zarr"
    from_zarr = source.target(region(section, tmp_path))
    np.testing.assert_array_equal(from_zarr["pr"].values, from_netcdf["pr"].values)


def test_a_calendar_without_leap_days_is_kept(section, tmp_path) -> None:
    noleap = xr.date_range("1999-12-01", "2001-02-28", calendar="noleap", use_cftime=True)
    whole = xr.open_dataset(tmp_path / "fine.nc").load().isel(time=slice(0, len(noleap)))
    whole.close()
    whole.assign_coords(time=noleap).to_netcdf(tmp_path / "noleap.nc")
    for variable in section["target"]["variables"].values():
        variable["path"] = "noleap.nc"
    got = source.target(region(section, tmp_path))
    assert got["time"].dt.calendar == "noleap"
    contract.check(got, "target")


def test_the_example_of_the_docs_is_a_valid_region() -> None:
    page = Path(__file__).parents[3] / "docs" / "regions" / "own-region.md"
    example = re.search(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert Region.model_validate(yaml.safe_load(example[1])).target.source == "files"


def test_a_day_without_values_names_the_share_that_masks_every_cell(section, tmp_path) -> None:
    fine = xr.load_dataset(tmp_path / "fine.nc")
    fine["rain"][100] = np.nan
    fine.to_netcdf(tmp_path / "lost.nc")
    section["target"]["variables"]["pr"]["path"] = "lost.nc"
    section["target"]["least_valid_share"] = 1.0
    words = "least_valid_share = 1 asks for: 1 of 456 times .* first 2000-03-10; .* reaches 99.78%"
    with pytest.raises(UserError, match=words):
        source.target(region(section, tmp_path))
