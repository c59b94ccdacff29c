"""Write config/costs.yaml from the benchmark files of a finished run: `make costs`."""

import argparse
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import yaml

from downbench.core.cli import run
from downbench.core.config import costs
from downbench.core.config.costs import Cost, Costs
from downbench.core.config.loading import Project, load
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.steps.plan import jobs, measured, sizes
from downbench.steps.plan.measured import Used

HEADING = """\
# What jobs cost: written by `make costs` from the benchmark files of a finished run, read by
# `make estimate`. start_s is the time that a step takes to say --help; the rest of what a job took
# is divided by its work: by GFLOP where networks train or draw, else by 1e6 values or by 1.
"""
# Not measured: a data-centre card's peak in float32 is some ten times this, but convolutions of
# 64 x 64 cells fill it badly.
ASSUMED_GFLOP_S = 2500.0
STARTS = 3
STEPS = Path(__file__).parent


def main(argv: Sequence[str] | None = None) -> None:
    """Take the run of these targets; kinds of jobs that it had not, stay as they were."""
    given = _arguments(argv)
    chosen = dict(choice.split("=", 1) for choice in given.config)
    project = load(chosen, Path())
    call = [*given.targets, *(["--config", *given.config] if given.config else [])]
    found = measured.used(jobs.planned(call))
    if not found:
        raise UserError(f"no benchmark files of {' '.join(call)}: run it first")
    kinds = defaultdict(list)
    for one in found:
        kinds[sizes.kind(one.job, project)].append(one)
    starts = {rule: _start_s(rule) for rule in {_step(one.job.rule) for one in found}}
    made = {name: _cost(them, project, starts) for name, them in kinds.items()}
    old = costs.read(Path()) if costs.FILE.exists() else None
    whole = Costs(
        accelerator_gflop_s=old.accelerator_gflop_s if old else ASSUMED_GFLOP_S,
        accelerator_measured=old.accelerator_measured if old else False,
        kinds=dict(sorted(((old.kinds if old else {}) | made).items())),
    )
    text = yaml.safe_dump(whole.model_dump(), sort_keys=False)
    with replacing(costs.FILE) as beside:
        beside.write_text(HEADING + text)


def _cost(them: list[Used], project: Project, starts: dict[str, float]) -> Cost:
    """Totals over all jobs of a kind: large ones count more, as they will in an estimate."""
    start = starts[_step(them[0].job.rule)]
    parts = [sizes.size(one.job, project) for one in them]
    working = sum(max(one.cpu_s - start, 0) for one in them)
    return Cost(
        start_s=round(start, 2),
        unit_s=float(f"{working / sum(part.work for part in parts):.3g}"),
        stored_mb=float(f"{sum(u.stored_mb for u in them) / sum(p.stored for p in parts):.3g}"),
    )


def _step(rule: str) -> str:
    """The module that a rule calls: of its name, or of that which a longer name begins with."""
    verb = rule.partition("_")[0]
    name = verb if verb in ("train", "sample") else rule
    while name and not (STEPS / f"{name}.py").is_file():
        name = name.rpartition("_")[0]
    return name


def _start_s(step: str) -> float:
    """Time of a processor core that a step needs to start [s]; the least of a few, undisturbed."""
    return min(_help_s(step) for _ in range(STARTS))


def _help_s(step: str) -> float:
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", f"downbench.steps.{step}", "--help"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", nargs="+", default=["exp1"], help="what was run")
    parser.add_argument("--config", nargs="*", default=[], help="as given to snakemake, key=value")
    return parser.parse_args(argv)


if __name__ == "__main__":
    run(main)
