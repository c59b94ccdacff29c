"""Measure time and peak memory of the bias correction, and the ratio to xsdba.

Run `python bench/quantile_mapping.py` from the project's root. The two steps correct rain and
temperature of 30 × 30 cells and 100 years by quantile delta mapping: once with the settings of
config/regions/synthetic.yaml (windows of 31 days every 5 days, 5 blocks of years), once with a
window around every single day and no blocks. Then ours and xsdba (where it is installed) correct
a small part of the grid with a window around every day, 100 quantiles and adapted wet-day
frequency. Each contender runs in a separate process, so that peak memory is measured separately;
times include reading and writing.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr
import yaml

REGION = Path("config/regions/synthetic.yaml")
GIB = 2**20  # of kilobytes
RUNS = {"model": 1, "reference": 2}
FULL, PART = "full", "part"
DAILY = {"window_step_days": 1, "cross_fit_blocks": None}
"""As xsdba: a window around every day of the year, and no blocks of years."""


def main() -> None:
    """Write the data, run each contender in a separate process, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=100)
    parser.add_argument("--side", type=int, default=30, help="cells along a side")
    parser.add_argument("--part", type=int, default=2, help="the same, where xsdba takes part")
    parser.add_argument("--contender", choices=[*CONTENDERS, "data"], help="run one, on --folder")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.contender == "data":
        make_stores(
            arguments.folder, arguments.years, {FULL: arguments.side, PART: arguments.part}
        )
    elif arguments.contender:
        print(json.dumps(_timed(CONTENDERS[arguments.contender], arguments.folder)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            sizes = [f"--{name}={getattr(arguments, name)}" for name in ("years", "side", "part")]
            subprocess.run([*_command("data", folder), *sizes], check=True)
            report({name: _in_process(name, folder) for name in CONTENDERS}, arguments)


def make_stores(folder: Path, years: int, sides: dict[str, int]) -> None:
    """Write model and reference, on the full grid and on a part: independent seasonal days."""
    from downbench.core.io import stores

    last = f"{1950 + years}-12-31"
    stamps = np.arange("1951-01-01", f"{1951 + years}-01-01", dtype="datetime64[D]")
    assert str(stamps[-1]) == last
    dates = xr.DataArray(stamps.astype("datetime64[ns]"), dims="time")
    season = np.cos(2 * np.pi * (dates.dt.dayofyear.values - 200) / 365.25)[:, None, None]
    for part, side in sides.items():
        for run, seed in RUNS.items():
            rng = np.random.default_rng(seed)
            shape = (dates.size, side, side)
            rain = 0.1 + (1.2 + 0.5 * season) * rng.gamma(0.7, 6.0, shape)
            wet = rng.uniform(size=shape) < (0.6 if run == "model" else 0.45)
            fields = {
                "pr": (np.where(wet, rain, 0.0), "mm day-1"),
                "tasmax": (285 + 8 * season + 4 * rng.standard_normal(shape), "K"),
            }
            data = {
                name: (("time", "Y", "X"), values.astype(np.float32), {"units": units})
                for name, (values, units) in fields.items()
            }
            lat, lon = np.meshgrid(40 + np.arange(side) / 4, np.arange(side) / 4, indexing="ij")
            coordinates = {"time": dates, "lat": (("Y", "X"), lat), "lon": (("Y", "X"), lon)}
            attributes = {"driver_type": "gcm", "frequency": "day"}
            stores.write(xr.Dataset(data, coordinates, attributes), folder / f"{part}-{run}.zarr")


def ours(part: str, options: dict) -> Callable[[Path], None]:
    """Return a call of both steps, as the workflow runs them."""

    def run_steps(folder: Path) -> None:
        from downbench.core.config.region.quantile_mapping import QuantileMapping
        from downbench.steps import correct_driver, fit_correction

        section = yaml.safe_load(REGION.read_text())["corrections"]["qdm"]
        section |= {"variables": {"pr": "multiplicative", "tasmax": "additive"}, **options}
        mapping = QuantileMapping.model_validate(section | {"period_years": 1000})
        model, reference = (str(folder / f"{part}-{run}.zarr") for run in RUNS)
        common = ["--correction", mapping.model_dump_json(), "--fitted", str(folder / "fit.nc")]
        series = ["--source", model, "--reference", reference]
        fit_correction.main([*common, *series, "--year-start-month", "1"])
        run = ["--driver", model, "--driver-name", mapping.fitted_on]
        correct_driver.main([*common, *run, "--output", str(folder / "corrected.zarr")])

    return run_steps


def xsdba_call(folder: Path) -> None:
    """Correct both variables with xsdba, read from and written to Zarr."""
    import xsdba

    model, reference = (xr.open_zarr(folder / f"{PART}-{run}.zarr").load() for run in RUNS)
    group = xsdba.Grouper("time.dayofyear", window=31)
    for name, kind in (("pr", "*"), ("tasmax", "+")):
        adapted = {"adapt_freq_thresh": "0.1 mm/d"} if name == "pr" else {}
        fitted = xsdba.QuantileDeltaMapping.train(
            reference[name], model[name], nquantiles=100, kind=kind, group=group, **adapted
        )
        corrected = fitted.adjust(
            model[name], interp="nearest", extrapolation="constant", rank_window=True
        )
        corrected.drop_attrs().to_dataset(name=name).to_zarr(
            folder / f"xsdba-{name}.zarr", mode="w"
        )


CONTENDERS = {
    "ours, as configured": ours(FULL, {}),
    "ours, every day": ours(FULL, DAILY),
    "ours, part of the grid": ours(PART, DAILY),
    "xsdba, part of the grid": xsdba_call,
}


def _timed(contender: Callable[[Path], None], folder: Path) -> dict[str, float]:
    start, used = time.perf_counter(), time.process_time()
    contender(folder)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    return {"seconds": seconds, "processor": processor, "gib": peak}


def _command(name: str, folder: str) -> list[str]:
    return [sys.executable, __file__, "--contender", name, "--folder", folder]


def _in_process(name: str, folder: str) -> dict[str, float] | None:
    done = subprocess.run(_command(name, folder), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def report(results: dict[str, dict[str, float] | None], arguments: argparse.Namespace) -> None:
    """Print times, memory and the ratio."""
    print(
        f"quantile delta mapping of rain and temperature, {arguments.years} years daily, "
        f"{arguments.side} × {arguments.side} cells (part: {arguments.part} × {arguments.part})"
    )
    for name, result in results.items():
        if result is None:
            print(f"  {name:24} did not run")
            continue
        print(
            f"  {name:24} {result['seconds']:8.1f} s  processor {result['processor']:8.1f} s  "
            f"peak {result['gib']:5.2f} GiB"
        )
    project, xsdba = (results[f"{name}, part of the grid"] for name in ("ours", "xsdba"))
    if project and xsdba:
        print(
            f"ratio: {xsdba['seconds'] / project['seconds']:.1f} × faster, "
            f"{xsdba['processor'] / project['processor']:.1f} × less processor time"
        )


if __name__ == "__main__":
    main()
