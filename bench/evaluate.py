"""Compare time and peak memory of this project's scores, xskillscore and properscoring.

Run `python bench/evaluate.py` from the project's root. Three contenders score the same calibrated
rain-like ensemble for CRPS, rank histogram and spread–skill, each in a separate process, so that
peak memory is measured separately: `ours` streams a Zarr store; `plain` calls xskillscore (CRPS
through properscoring) on complete arrays; `blocked` calls it on a few days at a time, as someone
short of memory would. Without numba, properscoring holds all pairs of members, and `plain` rarely
fits. A fourth process runs the complete evaluation step, with every metric, on the same store.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import xarray as xr

GIB = 2**30
BLOCK_DAYS = 5
CONTENDERS = ("ours", "blocked", "plain", "complete step")
DATA = "data"


def main() -> None:
    """Write the data, run each contender in a separate process, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--side", type=int, default=128, help="grid cells along a side")
    parser.add_argument("--members", type=int, default=32)
    parser.add_argument("--contender", choices=[*CONTENDERS, DATA], help="run one, on --folder")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--contenders", nargs="+", default=["ours", "blocked", "complete step"])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.contender == DATA:
        make_stores(arguments.folder, arguments.days, arguments.side, arguments.members)
        return
    if arguments.contender:
        print(json.dumps(_timed(arguments.contender, arguments.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        # Separately too: a child's peak memory starts from that of its parent process.
        sizes = [f"--{name}={getattr(arguments, name)}" for name in ("days", "side", "members")]
        subprocess.run([*_command(DATA, folder), *sizes], check=True)
        results = {name: _in_process(name, folder) for name in arguments.contenders}
    report(results, arguments)


def make_stores(folder: Path, days: int, side: int, members: int) -> None:
    """Write target.zarr and ensemble.zarr of calibrated rain, about 70 % dry."""
    from downbench.core.io import stores

    rng = np.random.default_rng(1)
    rain = np.empty((days, members + 1, side, side), np.float32)
    for day in rain:
        normal = 0.6 * rng.normal(size=(1, side, side)) + 0.8 * rng.normal(size=day.shape)
        day[...] = np.where(normal > 0.5, 8 * np.maximum(normal - 0.5, 0) ** 1.5 + 0.2, 0)
    y, x = np.mgrid[:side, :side]
    flat = {"units": "mm day-1"}
    coordinates = {
        "lat": (("y", "x"), 44 + 0.036 * y, {"units": "degrees_north"}),
        "lon": (("y", "x"), 8 + 0.05 * x, {"units": "degrees_east"}),
        "time": np.datetime64("2001-01-01", "ns") + np.arange(days) * np.timedelta64(1, "D"),
    }
    static = {
        "orog": (("y", "x"), np.zeros((side, side)), {"units": "m"}),
        "land": (("y", "x"), np.ones((side, side)), {"units": "1"}),
        "cell_area": (("y", "x"), 16e6 * np.cos(np.radians(44 + 0.036 * y)), {"units": "m2"}),
    }
    target = {"pr": (("time", "y", "x"), rain[:, 0], flat)}
    attributes = {"region": "benchmark", "frequency": "day", "year_start_month": 1}
    stores.write(xr.Dataset(target | static, coordinates, attributes), folder / "target.zarr")
    ensemble = {"pr": (("time", "member", "y", "x"), rain[:, 1:], flat)}
    attributes = dict.fromkeys(("model", "driver", "split", "seed_policy"), "benchmark")
    attributes |= {"fit_years": "[1990]"}
    stores.write(xr.Dataset(ensemble, coordinates, attributes), folder / "ensemble.zarr")


def _in_process(name: str, folder: str) -> dict[str, float] | None:
    done = subprocess.run(_command(name, folder), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def _command(name: str, folder: str) -> list[str]:
    return [sys.executable, __file__, "--contender", name, "--folder", folder]


def _timed(name: str, folder: Path) -> dict[str, float]:
    run = {"ours": ours, "blocked": blocked, "plain": plain, "complete step": complete_step}[name]
    run_imports(name)
    start = time.perf_counter()
    numbers = run(folder)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "gib": peak / GIB, **numbers}


def run_imports(name: str) -> None:
    """Import what the contender needs outside of the measured time."""
    if name in ("blocked", "plain"):
        import xskillscore  # noqa: F401
    else:
        import downbench.steps.evaluate  # noqa: F401


def _open(folder: Path) -> tuple[xr.Dataset, xr.Dataset]:
    return tuple(xr.open_zarr(folder / f"{n}.zarr", chunks=None) for n in ("ensemble", "target"))


def ours(folder: Path) -> dict[str, float]:
    """Return CRPS, rank histogram and spread–skill, streamed."""
    from downbench.scores.evaluation import make_context
    from downbench.scores.evaluation_settings import evaluation_settings
    from downbench.scores.metrics import crps, ranks, spread_skill
    from downbench.scores.slabs import batches
    from downbench.scores.statistics import means, one_after_another

    ensemble, target = _open(folder)
    settings = evaluation_settings(None).model_copy(update={"pooling_factors": (1,)})
    reference, area = target["pr"].values, target["cell_area"].values
    context = make_context(ensemble["pr"], reference, target, settings)
    families = (crps, ranks, spread_skill)
    parts = [
        {name: s for f in families for name, s in f.daily(batch, context).items()}
        for batch in batches(ensemble["pr"], reference, area)
    ]
    averages = means(one_after_another(parts), np.ones((1, len(reference))), 1)
    rows = {row.metric: row.value for family in families for row in family.rows(averages, context)}
    return {
        "crps": float(averages["crps"][0, 0]),
        "last_rank": float(averages["rank"][0, -1]),
        "spread_skill": float(rows["spread_skill"][0]),
    }


def _xskillscore(
    forecast: xr.DataArray, reference: xr.DataArray, area: xr.DataArray
) -> np.ndarray:
    """Return weighted mean CRPS, squared error and variance, last rank's share, ensemble size."""
    import xskillscore

    size = forecast.sizes["member"]
    crps = xskillscore.crps_ensemble(reference, forecast, member_dim="member", dim=[])
    mean = forecast.mean("member")
    error = xskillscore.mse(reference, mean, dim=[])
    variance = forecast.var("member", ddof=1)
    # Its CRPS has no fair form: the known difference is subtracted outside (trap T2).
    ranks = xskillscore.rank_histogram(reference, forecast, dim=["time", "y", "x"])
    fields = [field.weighted(area).mean().item() for field in (crps, error, variance)]
    return np.array([*fields, ranks.values[-1] / ranks.values.sum(), size])


def blocked(folder: Path) -> dict[str, float]:
    """Score with xskillscore and properscoring, a few days at a time."""
    ensemble, target = _open(folder)
    days = target.sizes["time"]
    parts, weights = [], []
    for start in range(0, days, BLOCK_DAYS):
        part = slice(start, start + BLOCK_DAYS)
        forecast = ensemble["pr"].isel(time=part).load()
        parts.append(
            _xskillscore(forecast, target["pr"].isel(time=part).load(), target["cell_area"])
        )
        weights.append(forecast.sizes["time"])
    return _numbers(np.average(parts, axis=0, weights=weights))


def plain(folder: Path) -> dict[str, float]:
    """Score with xskillscore and properscoring, complete arrays."""
    ensemble, target = _open(folder)
    return _numbers(_xskillscore(ensemble["pr"].load(), target["pr"].load(), target["cell_area"]))


def _numbers(means: np.ndarray) -> dict[str, float]:
    crps, error, variance, last_rank, size = means
    ratio = np.sqrt((size + 1) / size * variance / error)
    return {"crps": float(crps), "last_rank": float(last_rank), "spread_skill": float(ratio)}


def complete_step(folder: Path) -> dict[str, float]:
    """Run the step as the workflow calls it, with every metric and all three outputs."""
    from downbench.steps.evaluate import main as evaluate

    options = {"ensemble": "ensemble.zarr", "reference": "target.zarr", "scores": "scores.csv"}
    options |= {"daily": "daily.nc", "maps": "maps.nc"}
    evaluate([part for key, name in options.items() for part in (f"--{key}", str(folder / name))])
    return {}


def report(results: dict[str, dict[str, float] | None], arguments: argparse.Namespace) -> None:
    """Print times, memory, the ratio, and the numbers that should agree."""
    days, side, members = arguments.days, arguments.side, arguments.members
    shape = f"{days} days × {side} × {side} × {members} members"
    print(f"CRPS, rank histogram, spread–skill of {shape}")
    for name, result in results.items():
        if result is None:
            print(f"  {name:12} did not finish")
            continue
        rest = "  ".join(
            f"{key} {result[key]:.5f}"
            for key in ("crps", "last_rank", "spread_skill")
            if key in result
        )
        print(f"  {name:12} {result['seconds']:8.1f} s  peak {result['gib']:5.2f} GiB  {rest}")
    streamed, packages = results.get("ours"), results.get("blocked") or results.get("plain")
    if streamed and packages:
        print(f"ratio: {packages['seconds'] / streamed['seconds']:.1f} × faster")


if __name__ == "__main__":
    main()
