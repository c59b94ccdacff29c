"""What the weight of the physics loss buys and costs, on the validation years.

Trains one model per pair of weights MASS:BUDGET and scores it on the validation split, which no
verdict rests on; weights are chosen by this table. It needs the synthetic region's data,
transforms and UNet of experiment 1 (`make exp1`).
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
    given = parser.parse_args()
    project = load({}, ROOT)
    print("| weight of mass : budget |", " | ".join(column[0] for column in COLUMNS), "|")
    print("|---" * (len(COLUMNS) + 1) + "|")
    # Two at a time on one thread each are faster than one after the other on two.
    with ThreadPoolExecutor(2) as pool:
        rows = pool.map(lambda pair: scored(project, given, pair), given.weights)
        for pair, row in zip(given.weights, tqdm(rows, total=len(given.weights)), strict=True):
            print(f"| {pair} |", " | ".join(row), "|", flush=True)


def scored(project: Project, given: argparse.Namespace, pair: str) -> list[str]:
    """Cells of one row of the table."""
    folder = given.work / given.of / pair.replace(":", "-")
    make(project, weighted(project.models[given.of], pair), given.members, folder)
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("scores", "laws")}
    return [
        cell(tables[file], variable, metric, scale, threshold)
        for _, variable, file, metric, scale, threshold in COLUMNS
    ]


def weighted(model: Model, pair: str) -> Model:
    """The model with a loss of these weights."""
    mass, budget = map(float, pair.split(":"))
    if mass == budget == 0:
        return model
    loss = {"mass_weight": mass, "budget_weight": budget, "warm_up_share": 0.2}
    return model.model_copy(update={"physics": Physics(loss=loss)})


def make(project: Project, model: Model, members: int, folder: Path) -> None:
    """Run the steps of the DAG for one model on the validation split; what is there stays."""
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
        folder = RESULTS / "perfect/models"
        training["base"] = [f"{role}={folder / name}" for role, name in model.parents.items()]
    step("train", bundle, **data, **training, bundle=bundle)
    drawing = {"bundle": bundle, "driver_name": "perfect", "split": "validation"}
    drawing["sampling"] = canonical(sampling, exclude={"sampler", "sampler_steps"})
    step("sample", ensemble, **data, **drawing, ensemble=ensemble)
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


def step(name: str, made: Path, **options: object) -> None:
    """One step on one thread, as a rule would call it, unless it has been made."""
    if made.exists():
        return
    command = [sys.executable, "-m", f"downbench.steps.{name}"]
    for key, value in options.items():
        command += [f"--{key.replace('_', '-')}", str(value)]
    limits = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=limits, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)


def cell(
    table: pd.DataFrame, variable: str, metric: str, scale: float | None, threshold: float | None
) -> str:
    """value [lower, upper] of one metric; shares in percent."""
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
