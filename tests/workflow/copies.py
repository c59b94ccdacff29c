"""Copies of the project with a region, a budget and an experiment that run in seconds."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from downbench.core.source_summaries import KEPT

ROOT = Path(__file__).parents[2]
SKIPPED = {
    ".git", ".venv", ".venv-lint", ".snakemake", ".pytest_cache", ".ruff_cache", "logs",
    "benchmarks",
}  # fmt: skip
MODELS = ["climatology", "unet", "unet-dressed", "corrdiff", "bnn-dropout"]
RUNS_NO_JOB = {"-n", "--lint", "--rulegraph"}
FIGURES = ["crps-skill", "rank-histograms"]
TRANSFERRED = ["climatology", "bilinear", "bcsd", "unet", "oracle"]
LAWFUL = ["unet-hard", "corrdiff-phy", "corrdiff-guided"]


def copy_project(to: Path) -> Path:
    """What a clone holds, without results and environments."""
    shutil.copytree(ROOT, to, symlinks=True, ignore=_skipped)
    return to


def _skipped(folder: str, names: list[str]) -> set[str]:
    made = [name for name in names if name.startswith(("results", "data"))]
    results = set(made) if Path(folder) == ROOT else set()
    bytecode = set(names) - {KEPT.name} if Path(folder).name == KEPT.parent.name else set()
    return results | (SKIPPED & set(names)) | bytecode


def shrink(project: Path) -> None:
    """Region and budget `tiny`, few models and figures as the project's defaults."""
    edit(
        project / "config/regions/synthetic.yaml",
        _tiny_region,
        project / "config/regions/tiny.yaml",
    )
    edit(project / "config/default.yaml", _tiny_budget)
    edit(project / "config/experiments.yaml", _tiny_experiment)


def edit(path: Path, change: Any, to: Path | None = None) -> None:
    """Change the content of a YAML file in place, or into another file."""
    content = yaml.safe_load(path.read_text())
    change(content)
    (to or path).write_text(yaml.safe_dump(content, sort_keys=False))


def _tiny_region(region: dict[str, Any]) -> None:
    region["name"] = "tiny"
    region["target"] |= {"rows": 32, "columns": 32, "first_year": 1981, "last_year": 1984}
    region["target"]["noise"]["size"] = 48
    region["drivers"] = {
        name: region["drivers"][name] | {"predictors": ["pr", "tasmax"]}
        for name in ("perfect", "reanalysis")
    }
    region["corrections"] = {}
    del region["climate"]
    region["splits"] = {
        "by": "year",
        "train": [1981, 1982],
        "validation": [1983],
        "test": [1984],
        "buffer_days": 10,
    }


def _tiny_budget(defaults: dict[str, Any]) -> None:
    defaults["region"] = defaults["budget"] = "tiny"
    defaults["budgets"] = {"tiny": defaults["budgets"]["tiny"]}
    defaults["evaluation"]["bootstrap"] |= {"replicates": 20, "block_days": 5}


def _tiny_experiment(experiments: dict[str, Any]) -> None:
    """Experiment 1 alone: most tests have no use for the models of the others."""
    whole = experiments["exp1"] | {"models": MODELS, "figures": FIGURES}
    experiments.clear()
    experiments["exp1"] = whole


def add_physics(project: Path) -> None:
    """Experiment 2 with few of its models, all its figures and all its claims."""
    whole = yaml.safe_load((ROOT / "config/experiments.yaml").read_text())["exp2"]
    shown = [name for name in MODELS if name != "bnn-dropout"] + LAWFUL
    pairs = [pair for pair in whole["constrained_models"] if pair["model"] in LAWFUL]
    small = whole | {"models": shown, "constrained_models": pairs}
    edit(project / "config/experiments.yaml", lambda experiments: experiments.update(exp2=small))


def environment() -> dict[str, str]:
    """This interpreter's programs first; the package is for the Snakefile of the copy to find."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    left_out = ("SNAKEMAKE", "PYTHONPATH")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    return clean | {"PATH": path, "OMP_NUM_THREADS": "1"}


def snakemake(project: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess:
    """Run `snakemake` with these arguments in a copy of the project."""
    if RUNS_NO_JOB & set(arguments) and not options:
        return _forked(project, arguments)
    settings = {"env": environment(), "capture_output": True, "text": True} | options
    return subprocess.run(["snakemake", *arguments], cwd=project, **settings)


def _forked(project: Path, arguments: tuple[str, ...]) -> subprocess.CompletedProcess:
    """The same in a fork of a process that has imported Snakemake, which is half of a dry run."""
    parent = _imported_snakemake()
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder, name) for name in ("stdout", "stderr")]
        call = {
            "folder": str(project),
            "environment": environment(),
            "words": arguments,
            "outputs": [str(path) for path in outputs],
        }
        print(json.dumps(call), file=parent.stdin, flush=True)
        code = int(parent.stdout.readline())
        texts = [path.read_text(encoding="utf-8") for path in outputs]
    return subprocess.CompletedProcess(["snakemake", *arguments], code, *texts)


@cache
def _imported_snakemake() -> subprocess.Popen:
    """It ends with this process, which closes its input."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "imported/snakemake")],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def planned(project: Path, *arguments: str) -> dict[str, int]:
    """Jobs by rule that a call would run, without the target itself."""
    done = snakemake(project, "--profile", "profiles/local", *arguments, "-n")
    assert done.returncode == 0, done.stderr
    table = re.findall(r"^([a-z0-9_]+) +([0-9]+)$", done.stdout + done.stderr, re.MULTILINE)
    jobs = {rule: int(count) for rule, count in table}
    return {rule: n for rule, n in jobs.items() if rule not in ("total", *arguments)}


def scores(project: Path) -> dict[str, bytes]:
    """Every score table of region `tiny`, by its path below the results."""
    tables = (project / "results/tiny").glob("*/scores/**/*.csv")
    return {str(path.relative_to(project)): path.read_bytes() for path in sorted(tables)}


def without(project: Path, to: Path, *models: str) -> Path:
    """A copy of a finished project in which these models were never trained or scored."""
    shutil.copytree(project, to, symlinks=True)
    for model in models:
        for folder in ("models", "ensembles", "densities", "scores"):
            path = to / "results/tiny/perfect" / folder / model
            shutil.rmtree(path, ignore_errors=folder == "densities")
    if models:  # else they count as intermediate, and nobody misses them
        shutil.rmtree(to / "results/tiny/perfect/comparison")
    return to


def add_transfer(project: Path) -> None:
    """Experiment 3 with few models, on a region with a climate model's runs and a warm year."""
    edit(project / "config/regions/tiny.yaml", _with_runs)
    whole = yaml.safe_load((ROOT / "config/experiments.yaml").read_text())["exp3"]
    small = whole | {"models": TRANSFERRED, "transferred": ["bilinear", "unet"]}
    edit(project / "config/experiments.yaml", lambda experiments: experiments.update(exp3=small))


def _with_runs(region: dict[str, Any]) -> None:
    whole = yaml.safe_load((ROOT / "config/regions/synthetic.yaml").read_text())
    region["target"]["last_year"] = 1985
    region["splits"]["warm"] = [1985]
    years = {"gcm-historical": (1981, 1985), "gcm-future": (2051, 2055)}
    predictors = ["pr", "tasmax", "uas", "vas"]
    region["drivers"] |= {
        name: driver | {"predictors": predictors}
        for name, driver in whole["drivers"].items()
        if driver["type"] == "gcm"
    }
    for name, (first, last) in years.items():
        region["drivers"][name]["simulation"] |= {"first_year": first, "last_year": last}
    for name in ("perfect", "reanalysis"):
        region["drivers"][name]["predictors"] = predictors
    coarser = {"window_step_days": 15, "quantiles": 20, "cross_fit_blocks": 2}
    region["corrections"] = {"qdm": whole["corrections"]["qdm"] | coarser}
    region["climate"] = whole["climate"]
