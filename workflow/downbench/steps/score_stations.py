"""Rule score_stations: an ensemble, and the gridded truth, against measurements at stations."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.core.calendar import splits
from downbench.core.cli import run
from downbench.core.config.region.region import Region
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.core.variables import RAIN
from downbench.scores.settings import evaluation_settings
from downbench.scores.stations import lapse_rate
from downbench.scores.stations.lapse_rate import LapseRate
from downbench.scores.stations.station_scores import score

ATTRIBUTES = ("model", "driver", "split", "driver_type", "fit_years")


def main(argv: Sequence[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    region = Region.model_validate_json(arguments.region)
    target = stores.read(arguments.target, "target")
    ensemble = stores.read(arguments.ensemble, "ensemble")
    stations = xr.load_dataset(arguments.stations)
    rates = _rates(target, stations, region)
    settings = evaluation_settings(arguments.evaluation)
    table, per_station = score(ensemble, stations, target, rates, settings)
    per_station.attrs = {n: ensemble.attrs[n] for n in ATTRIBUTES if n in ensemble.attrs}
    per_station.attrs |= stations.attrs | {"members": ensemble.sizes["member"]}
    with replacing(arguments.table) as beside:
        table.to_csv(beside, index=False, float_format="%.9g")
    with replacing(arguments.places) as beside:
        per_station.drop_encoding().to_netcdf(beside, engine="netcdf4")


def _rates(target: xr.Dataset, stations: xr.Dataset, region: Region) -> dict[str, LapseRate]:
    """Lapse rates of the measured temperatures, fitted on the truth of the training years."""
    measured = [name for name in stations.data_vars if name != RAIN and name in target.data_vars]
    if not measured:
        return {}
    training = splits.select(target, region.splits, "train", region.year_start_month)
    return {str(name): lapse_rate.of_truth(training, str(name)) for name in measured}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", required=True, help="the region's section as JSON")
    parser.add_argument("--ensemble", required=True, type=Path, help="Zarr of the ensemble")
    parser.add_argument("--stations", required=True, type=Path, help="NetCDF of prepare_stations")
    parser.add_argument("--target", required=True, type=Path, help="Zarr of the gridded truth")
    parser.add_argument("--evaluation", help="section 'evaluation' as JSON; else default.yaml's")
    parser.add_argument("--table", required=True, type=Path, help="CSV to write")
    parser.add_argument("--places", required=True, type=Path, help="NetCDF to write")
    return parser


if __name__ == "__main__":
    run(main)
