"""Steps prepare_stations and score_stations, on stations whose right scores are known."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

import synthetic_region
from downbench.core.config.region.region import Region
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.netcdf import read_netcdf
from downbench.core.provenance import canonical
from downbench.steps import prepare_stations, score_stations

BEYOND = dict.fromkeys(Region.model_fields.keys() - RegionInputs.model_fields.keys(), True)
ROOT = Path(__file__).parents[3]
BOOTSTRAP = {"replicates": 30, "block_days": 5, "confidence": 0.95}
YEARS = {"train": [1983], "validation": [2050], "test": [1984], "warm": [], "by": "year"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Target and stations of the made-up region, two years."""
    folder = tmp_path_factory.mktemp("stations")
    target = synthetic_region.target().assign_attrs(factor=8, year_start_month=1)
    stores.write(target, folder / "target.zarr")
    prepared(folder, folder / "stations.nc")
    return folder


def prepared(folder: Path, output: Path, **section) -> xr.Dataset:
    region = synthetic_region.region()
    stations = json.loads(canonical(region.stations)) | section
    prepare_stations.main([
        *("--region", canonical(region, exclude=BEYOND), "--stations", json.dumps(stations)),
        *("--target", str(folder / "target.zarr"), "--output", str(output)),
        *("--left-out", str(output.with_suffix(".csv"))),
    ])  # fmt: skip
    return xr.load_dataset(output)


def scored(folder: Path, to: Path, ensemble: xr.Dataset, stations: Path | None = None):
    """Table and values per station of an ensemble."""
    to.mkdir(exist_ok=True)
    stores.write(ensemble, to / "ensemble.zarr")
    region = json.loads(canonical(synthetic_region.region()))
    region["splits"] |= YEARS
    defaults = yaml.safe_load((ROOT / "config/default.yaml").read_text())
    settings = defaults["evaluation"] | {"bootstrap": BOOTSTRAP}
    score_stations.main([
        *("--region", json.dumps(region), "--ensemble", str(to / "ensemble.zarr")),
        *("--stations", str(stations or folder / "stations.nc")),
        *("--target", str(folder / "target.zarr"), "--evaluation", json.dumps(settings)),
        *("--table", str(to / "t.csv"), "--places", str(to / "p.nc")),
    ])  # fmt: skip
    return pd.read_csv(to / "t.csv"), xr.load_dataset(to / "p.nc")


def ensemble(members: int = 1, driver_type: str = "perfect", shift: float = 0.0) -> xr.Dataset:
    """The truth of 1984 as every member, warmer by `shift` [K]."""
    truth = synthetic_region.target().sel(time="1984")
    fields = truth[["pr", "tasmax"]].expand_dims(member=np.arange(members))
    fields = fields.transpose("time", "member", "y", "x").copy(deep=True)
    fields["tasmax"] = (fields["tasmax"] + np.float32(shift)).assign_attrs(units="K")
    fields["pr"].attrs["units"] = "mm day-1"
    fields.attrs = {
        "model": "made",
        "driver": "made",
        "split": "test",
        "driver_type": driver_type,
        "fit_years": "[1983]",
        "seed_policy": "none",
        "frequency": "day",
        "run_years": "[1983, 1984]",
    }
    return fields


def value(table: pd.DataFrame, **wanted) -> float:
    rows = table[table["season"] == "all"]
    for column, one in wanted.items():
        rows = rows[rows[column] == one]
    assert len(rows) == 1, rows
    return float(rows["value"].iloc[0])


def test_the_truth_has_no_error_in_rain_and_little_in_corrected_temperature(folder, tmp_path):
    """Trap T34: temperature is brought to the station's altitude, rain is not."""
    table, _ = scored(folder, tmp_path, ensemble(members=2))
    for forecast in ("ensemble", "target"):
        own = table[(table["forecast"] == forecast) & (table["extraction"] == "nearest")]
        assert value(own, variable="pr", metric="mae_mean") == 0
        corrected = own["lapse_k_per_km"] < 0
        raw = value(own[~corrected], variable="tasmax", metric="mae_mean")
        corrected = value(own[corrected], variable="tasmax", metric="mae_mean")
        assert raw > 0.8 and corrected < 0.5 * raw
    assert (table.loc[table["variable"] == "pr", "lapse_k_per_km"] == 0).all()
    assert (table["stations"] == "fed").all()


def test_a_planted_bias_is_found_against_the_truth_taken_for_a_forecast(folder, tmp_path):
    table, places = scored(folder, tmp_path, ensemble(members=2, shift=1.5))
    own = table[(table["extraction"] == "bilinear") & (table["lapse_k_per_km"] < 0)]
    both = [value(own, metric="bias", forecast=name) for name in ("ensemble", "target")]
    assert both[0] - both[1] == pytest.approx(1.5, abs=1e-3)
    shown = places["tasmax_bias"].sel(extraction="bilinear")
    gap = shown.sel(forecast="ensemble") - shown.sel(forecast="target")
    np.testing.assert_allclose(gap, 1.5, atol=1e-3)


def test_a_station_without_measurements_counts_nothing(folder, tmp_path):
    stations = xr.load_dataset(folder / "stations.nc")
    stations["tasmax"][:, 3] = np.nan
    stations.to_netcdf(tmp_path / "holed.nc")
    table, places = scored(folder, tmp_path, ensemble(), tmp_path / "holed.nc")
    assert np.isfinite(table.loc[table["metric"] == "crps", "value"]).all()
    missing = np.isnan(places["tasmax_bias"].values)
    assert missing[..., 3].all() and not np.delete(missing, 3, axis=-1).any()


def test_a_free_run_is_judged_by_its_climate_alone(folder, tmp_path):
    """The days of the truth in another order are the same climate, and no forecast at all."""
    run = ensemble(driver_type="gcm", shift=2.0)
    order = np.random.default_rng(0).permutation(run.sizes["time"])
    months = run["time"].dt.month.values
    order = order[np.argsort(months[order], kind="stable")]
    run["tasmax"].values[:] = run["tasmax"].values[order]
    run["pr"].values[:] = run["pr"].values[order]
    run.attrs["run_years"] = "[1984]"
    table, _ = scored(folder, tmp_path, run)
    assert not {"crps", "mae_mean", "rank_chi2_p"} & set(table["metric"])
    own = table[(table["extraction"] == "nearest") & (table["forecast"] == "ensemble")]
    assert value(own, variable="pr", metric="wasserstein") == pytest.approx(0, abs=1e-6)
    assert value(own, variable="pr", metric="rx1day_bias") == pytest.approx(0, abs=1e-4)
    warm = own[own["lapse_k_per_km"] < 0]
    truth = table[(table["forecast"] == "target") & (table["lapse_k_per_km"] < 0)]
    truth = truth[truth["extraction"] == "nearest"]
    assert value(warm, metric="mean_bias") > 1.5 + value(truth, metric="mean_bias")


def test_a_run_without_leap_days_is_scored_like_any_other(folder, tmp_path):
    run = ensemble(driver_type="gcm")
    known, _ = scored(folder, tmp_path / "known", run)
    bare, _ = scored(folder, tmp_path / "bare", run.convert_calendar("noleap"))
    rain = {"variable": "pr", "metric": "mean", "extraction": "nearest", "forecast": "ensemble"}
    assert value(bare, **rain) == pytest.approx(value(known, **rain), rel=0.02)
    assert value(bare, **rain | {"metric": "mean_reference"}) == pytest.approx(
        value(known, **rain | {"metric": "mean_reference"})
    )


def test_quantiles_of_the_pooled_law_agree_with_numpy(folder, tmp_path):
    run = ensemble(driver_type="gcm")
    table, places = scored(folder, tmp_path, run)
    own = table[(table["extraction"] == "nearest") & (table["forecast"] == "ensemble")]
    rain = xr.load_dataset(folder / "stations.nc")["pr"]
    weight = np.broadcast_to(places["weight"].values, rain.shape).ravel()
    for percent in (75.0, 95.0, 99.0):
        found = value(own, variable="pr", metric="quantile_reference", threshold=percent)
        pooled = {"weights": weight, "method": "inverted_cdf"}
        assert found == pytest.approx(
            np.quantile(rain.values.ravel(), percent / 100, **pooled), rel=0.01
        )


def test_a_run_of_other_years_has_nothing_to_be_judged_by(folder, tmp_path):
    run = ensemble(driver_type="gcm")
    run.attrs["run_years"] = "[2071, 2072]"
    with pytest.raises(UserError, match="2071–2072"):
        scored(folder, tmp_path, run)


def test_years_of_the_fit_are_refused_where_days_are_paired(folder, tmp_path):
    wrong = ensemble().assign_attrs(fit_years="[1984]")
    with pytest.raises(UserError, match="1984"):
        scored(folder, tmp_path, wrong)


def test_years_of_the_drivers_map_are_refused(folder, tmp_path):
    wrong = ensemble(driver_type="gcm").assign_attrs(driver_fit_years="[1984]")
    with pytest.raises(UserError, match="quantile map"):
        scored(folder, tmp_path, wrong)


def test_stations_without_a_cell_are_named_or_left_out(folder, tmp_path, monkeypatch):
    sample = prepare_stations.pseudo_stations.sample

    def moved(target, options):
        found = sample(target, options)
        lat = found["lat"].values.copy()
        lat[2] += 10
        return found.assign_coords(lat=("station", lat))

    monkeypatch.setattr(prepare_stations.pseudo_stations, "sample", moved)
    with pytest.raises(UserError, match=r"point 3 \(5.*leave-out"):
        prepared(folder, tmp_path / "s.nc")
    kept = prepared(folder, tmp_path / "s.nc", outside="leave-out")
    assert "point 3" not in kept["name"].values and kept.sizes["station"] == 23
    left_out = pd.read_csv(tmp_path / "s.csv")
    assert left_out["name"].tolist() == ["point 3"]
    assert left_out["reason"].item().startswith("no cell with values within")


def test_the_day_of_a_download_changes_no_digest_of_stations(folder, tmp_path, monkeypatch):
    """The same measurements fetched on another day score nothing anew."""
    sample, digests = prepare_stations.pseudo_stations.sample, []
    for day, warmer in (("2026-11-01", 0), ("2026-11-28", 0), ("2026-11-28", 1)):

        def retrieved(target, options, day=day, warmer=warmer):
            found = sample(target, options)
            found["tasmax"] = (found["tasmax"] + np.float32(warmer)).assign_attrs(units="K")
            found["pr"].attrs["retrieved"] = day
            return found

        monkeypatch.setattr(prepare_stations.pseudo_stations, "sample", retrieved)
        written = prepared(folder, tmp_path / "s.nc")
        assert written["pr"].attrs["retrieved"] == day
        digests.append((tmp_path / "s.nc.digest").read_text())
    assert digests[0] == digests[1] != digests[2]
    assert read_netcdf(tmp_path / "s.nc", rule="prepare_stations").identical(written)
    written.assign(pr=2 * written["pr"]).to_netcdf(tmp_path / "s.nc")
    with pytest.raises(UserError, match=r"s.nc: differs from s.nc.digest, as it was changed"):
        read_netcdf(tmp_path / "s.nc", rule="prepare_stations")
