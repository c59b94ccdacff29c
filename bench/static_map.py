"""Error of a network's conditional mean on validation years, and the part constant in time.

Trains one model (after its bases) on the synthetic region, whose distribution is known, and
compares the mean of its members with that of the oracle's, on validation days that no verdict
uses. Needs the region's data and transforms (`make exp1`, or the rules up to `fit_transforms`).

    python bench/static_map.py RESULTS/synthetic unet bnn-dropout
"""

import argparse
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core import transforms
from downbench.core.config.loading import Project, load
from downbench.core.io import stores
from downbench.exchange import bundle
from downbench.labs.base import Pairs, Trained, common_times, family

ROOT = Path(__file__).parents[1]
SEED, DAYS, MEMBERS, ORACLE_MEMBERS, DAYS_AT_ONCE = 1, 360, 16, 64, 10


def main() -> None:
    """Print one line per model and variable."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="results folder of the synthetic region")
    parser.add_argument("models", nargs="+", help="models of config/models.yaml")
    parser.add_argument("--budget", default="demo")
    parser.add_argument("--work", type=Path, default=ROOT / "results-static-map")
    arguments = parser.parse_args()
    project = load({"region": "synthetic", "budget": arguments.budget}, ROOT)
    pairs = read(project, arguments.results)
    exact = means(fitted(project, pairs, "oracle", arguments.work), pairs, ORACLE_MEMBERS)
    for name in arguments.models:
        estimate = means(fitted(project, pairs, name, arguments.work), pairs, MEMBERS)
        for variable in exact:
            print(name, variable, error(estimate[variable], exact[variable]), flush=True)


def read(project: Project, results: Path) -> Pairs:
    """Return target and perfect driver, in memory."""
    target = stores.read(results / "target.zarr", "target").load()
    driver = stores.read(results / "drivers/perfect.zarr", "driver").load()
    statistics = transforms.read(results / "perfect/transforms.json")
    return Pairs(project.region, *common_times(target, driver), statistics)


def fitted(project: Project, pairs: Pairs, name: str, work: Path) -> Trained:
    """Return the trained model; bundles of earlier calls are read again."""
    model, folder = project.models[name], work / name
    for base in model.bases.values():
        fitted(project, pairs, base, work)
    if folder.exists():
        return bundle.read(folder)[1]
    bases = {role: work / base for role, base in model.bases.items()}
    pairs = Pairs(pairs.region, pairs.target, pairs.driver, pairs.transforms, bases)
    training, state = project.budget.training, work / f"state-{name}"
    trained = family(model).fit(pairs, model, training, SEED, state)
    manifest = bundle.new_manifest(model, training, pairs, "perfect", SEED)
    bundle.write(folder, trained, manifest, pairs, state)
    return trained


def means(trained: Trained, pairs: Pairs, members: int) -> dict[str, tuple[np.ndarray, float]]:
    """Return, per variable, means over members (time, y, x) and their mean sampling variance."""
    days = pairs.validation_driver
    index = np.linspace(0, days.sizes["time"] - 1, DAYS).round().astype(int)
    starts = range(0, DAYS, DAYS_AT_ONCE)
    parts = [days.isel(time=index[i : i + DAYS_AT_ONCE]) for i in starts]
    samples = [trained.sample(part, pairs.static, members, SEED) for part in parts]
    return {
        str(name): (
            np.concatenate([_mean(part[name]) for part in samples]),
            float(np.mean([sampling_variance(part[name]) for part in samples])),
        )
        for name in samples[0]
    }


def _mean(field: xr.DataArray) -> np.ndarray:
    return field.values.astype(float).mean(axis=1)


def sampling_variance(field: xr.DataArray) -> float:
    """Return the variance of the mean of the members (time, member, y, x)."""
    count = field.sizes["member"]
    return float(field.values.var(axis=1, ddof=1).mean()) / count if count > 1 else 0.0


def error(estimate: tuple[np.ndarray, float], exact: tuple[np.ndarray, float]) -> str:
    """Return rms error and its constant part, less what sampling adds to them.

    To the first members add their noise; to a mean over days whatever varies from day to day.
    """
    difference, noise = estimate[0] - exact[0], estimate[1] + exact[1]
    varying = difference.var(axis=0, ddof=1).mean() / len(difference)
    sizes = {
        "rms": (difference**2).mean() - noise,
        "constant": (difference.mean(axis=0) ** 2).mean() - varying,
    }
    level = exact[0].mean()
    return ", ".join(
        f"{name} {np.sqrt(max(size, 0)):.4f} ({np.sqrt(max(size, 0)) / level:.2%} of the level)"
        for name, size in sizes.items()
    )


if __name__ == "__main__":
    main()
