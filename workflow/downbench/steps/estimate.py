"""What a run would take, told before anything runs: `make estimate REGION=… BUDGET=…`."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from downbench.core.cli import run
from downbench.core.config import costs
from downbench.core.config.loading import Project, load
from downbench.steps.plan import estimate, jobs, sizes
from downbench.steps.plan.estimate import Estimate


def main(argv: Sequence[str] | None = None) -> None:
    """Print hours, disk and jobs by rule, and what the figures rest on."""
    given = _parser().parse_args(argv)
    choices = [f"region={given.region}", f"budget={given.budget}", *given.config]
    project = load(dict(map(_setting, choices)), Path())
    known = costs.read(Path())
    planned = jobs.planned([*given.targets, "--config", *choices])
    found = estimate.estimate(planned, project, known)
    table = estimate.by_rule(found)
    print(f"{' '.join(given.targets)}, region {given.region}, budget {given.budget}\n")
    print(table.to_string(float_format=lambda value: f"{value:.3g}"))
    print(
        "\ncore-hours: with processors alone. GPU-hours: of networks on the accelerators that "
        "they ask for; core-hours beside: of all other jobs then.\n"
        f"An accelerator is taken to do {known.accelerator_gflop_s:g} GFLOP/s with these networks"
        f" ({'measured' if known.accelerator_measured else 'assumed, not measured'}).\n"
        "Rules of seconds stay on the host that submits; jobs of a group are submitted as one, "
        "counted with its first. Clusters bill what is allocated: some 10 to 30 s more for each "
        "job submitted."
    )
    _tell_substitutes(found, project)


def _tell_substitutes(found: list[Estimate], project: Project) -> None:
    """Which kinds of jobs were never measured, and what was taken for them."""
    like = {sizes.kind(one.job, project): one.like for one in found}
    alone = [kind for kind, known in like.items() if known is None]
    taken = [f"{kind} as {known}" for kind, known in like.items() if known not in (None, kind)]
    if taken:
        print(f"Never measured, taken for what comes next: {', '.join(taken)}.")
    if alone:
        print(f"Never measured, so counted as jobs alone (see `make costs`): {', '.join(alone)}.")


def _setting(text: str) -> tuple[str, Any]:
    """KEY=VALUE with the value as YAML, as Snakemake reads it."""
    key, _, value = text.partition("=")
    return key, yaml.safe_load(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", required=True, help="file of config/regions/")
    parser.add_argument("--budget", required=True, help="budget of config/default.yaml")
    parser.add_argument(
        "--config", nargs="+", default=[], metavar="KEY=VALUE", help="as of snakemake --config"
    )
    parser.add_argument("--targets", nargs="+", default=["exp1"], help="targets of the workflow")
    return parser


if __name__ == "__main__":
    run(main)
