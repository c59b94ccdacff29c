"""Measure benefit and cost of the weight of the physics loss on the validation years.

Trains one model per pair of weights MASS:BUDGET and scores it on the validation split, which no
verdict uses; the weights of config/models.yaml follow from this table. Needs the synthetic
region's data, transforms and UNet of experiment 1 (`make exp1`).

    python bench/loss_weight.py --of unet 0:0 0.1:0.1 0.3:0.3 1:1 0.1:1
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import zarr
from tqdm import tqdm

from downbench.core.config.loading import Project, load
from downbench.core.config.model.constraints import Physics
from downbench.core.config.model.model import Model
from downbench.core.provenance import canonical

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results/synthetic"
# (heading, variable, file, metric, scale, threshold)
COLUMNS = (
    ("mass, rain %", "pr", "laws", "mass_violation_rate", None, 5),
    ("mass, tasmax %", "tasmax", "laws", "mass_violation_rate", None, 0.1),
    ("beyond budget %", "pr", "laws", "rain_beyond_budget_cells", None, 5),
    ("CRPS rain", "pr", "scores", "crps", 1, None),
    ("CRPS tasmax", "tasmax", "scores", "crps", 1, None),
    ("LSD rain dB", "pr", "scores", "log_spectral_distance", None, None),
    ("LSD tasmax dB", "tasmax", "scores", "log_spectral_distance", None, None),
    ("seams tasmax", "tasmax", "scores", "seam_index", None, None),
)
SHARES = ("violation_rate", "_cells")


def main() -> None:
    """Print one row per pair of weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", nargs="+", metavar="MASS:BUDGET", help="0:0 for no loss")
    parser.add_argument("--of", default="unet", help="model that gets the loss")
    parser.add_argument("--members", type=int, default=4, help="of an ensemble")
    parser.add_argument("--work", type=Path, default=ROOT / "results-weights")
    arguments = parser.parse_args()
    project = load({}, ROOT)
    print("| weight of mass : budget |", " | ".join(column[0] for column in COLUMNS), "|")
    print("|---" * (len(COLUMNS) + 1) + "|")
    # Two at a time on one thread each are faster than one after the other on two.
    with ThreadPoolExecutor(2) as pool:
        rows = pool.map(lambda pair: scored(project, arguments, pair), arguments.weights)
        for pair, row in zip(
            arguments.weights, tqdm(rows, total=len(arguments.weights)), strict=True
        ):
            print(f"| {pair} |", " | ".join(row), "|", flush=True)


def scored(project: Project, arguments: argparse.Namespace, pair: str) -> list[str]:
    """Return the cells of one row of the table."""
    folder = arguments.work / arguments.of / pair.replace(":", "-")
    run_steps(project, weighted(project.models[arguments.of], pair), arguments.members, folder)
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("scores", "laws")}
    return [
        cell(tables[file], variable, metric, scale, threshold)
        for _, variable, file, metric, scale, threshold in COLUMNS
    ]


def weighted(model: Model, pair: str) -> Model:
    """Return the model with a loss of these weights."""
    mass, budget = map(float, pair.split(":"))
    if mass == budget == 0:
        return model
    loss = {"mass_weight": mass, "budget_weight": budget, "warm_up_share": 0.2}
    return model.model_copy(update={"physics": Physics(loss=loss)})


def run_steps(project: Project, model: Model, members: int, folder: Path) -> None:
    """Run the steps of the DAG for one model on the validation split; existing outputs stay."""
    sampling = project.budget.sampling.model_copy(update={"members": members})
    driver, target = RESULTS / "drivers/perfect.zarr", RESULTS / "target.zarr"
    bundle, ensemble = folder / "bundle", folder / "ensemble.zarr"
    data = {
        "region": canonical(project.region),
        "seed": project.seed,
        "target": target,
        "driver": driver,
    }
    training = {
        "model": canonical(model),
        "training": canonical(project.budget.training),
        "transforms": RESULTS / "perfect/transforms.json",
        "state_dir": folder / "state",
    }
    if model.parents:
        models = RESULTS / "perfect/models"
        training["base"] = [f"{role}={models / name}" for role, name in model.parents.items()]
    step("train", bundle, **data, **training, bundle=bundle)
    sample = {"bundle": bundle, "driver_name": "perfect", "split": "validation"}
    sample["sampling"] = canonical(sampling, exclude={"sampler", "sampler_steps"})
    step("sample", ensemble, **data, **sample, ensemble=ensemble)
    # Validation years decide when training stops, so scoring refuses them; here they decide again.
    zarr.open_group(ensemble, mode="r+").attrs["fit_years"] = "[]"
    fields = {"ensemble": ensemble, "reference": target}
    step(
        "evaluate",
        folder / "scores.csv",
        **fields,
        evaluation=canonical(project.evaluation, exclude={"physics"}),
        scores=folder / "scores.csv",
        daily=folder / "daily.nc",
        maps=folder / "maps.nc",
    )
    step(
        "check_physics",
        folder / "laws.csv",
        **fields,
        driver=driver,
        evaluation=canonical(project.evaluation),
        table=folder / "laws.csv",
        maps=folder / "laws.nc",
    )


def step(name: str, output: Path, **options: object) -> None:
    """Run one step on one thread, as a rule calls it, unless its output exists."""
    if output.exists():
        return
    command = [sys.executable, "-m", f"downbench.steps.{name}"]
    for key, value in options.items():
        values = value if isinstance(value, list) else [value]
        command += [f"--{key.replace('_', '-')}", *map(str, values)]
    limits = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=limits, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)


def cell(
    table: pd.DataFrame, variable: str, metric: str, scale: float | None, threshold: float | None
) -> str:
    """Return value [lower, upper] of one metric; shares in percent."""
    keep = (table["variable"] == variable) & (table["metric"] == metric)
    keep &= table["season"].fillna("all") == "all"
    for name, value in (("scale", scale), ("threshold", threshold)):
        if value is not None:
            keep &= table[name] == value
    numbers = table.loc[keep, ["value", "lower", "upper"]].iloc[0]
    share = metric.endswith(SHARES)
    value, lower, upper = (f"{100 * n:.1f}" if share else f"{n:.3f}" for n in numbers)
    return f"{value} [{lower}, {upper}]"


if __name__ == "__main__":
    main()
