"""What jobs claim of a cluster against what they used, from benchmark files: `make resources`."""

import argparse
from collections.abc import Sequence

import pandas as pd

from downbench.core.cli import run
from downbench.core.errors import UserError
from downbench.steps.plan import jobs, measured
from downbench.steps.plan.measured import Used


def main(argv: Sequence[str] | None = None) -> None:
    """Print one row for each rule and claim, with the worst of its jobs."""
    given = _parser().parse_args(argv)
    call = [*given.targets, *(["--config", *given.config] if given.config else [])]
    found = measured.used(jobs.planned(call))
    if not found:
        raise UserError(f"no benchmark files of {' '.join(call)}: run it first")
    print(table(found).to_string(index=False, float_format=lambda value: f"{value:.3g}"))
    print(
        "\nused: the worst job; x: claimed over used. Claims are those of the first attempt, and "
        "every retry adds them once more."
    )


def table(found: Sequence[Used]) -> pd.DataFrame:
    """Rows of jobs of one rule with the same claims: memory [MB], time [min], cores kept busy."""
    claims: dict[tuple, list[Used]] = {}
    for one in found:
        key = (one.job.rule, one.job.mem_mb, one.job.runtime_min, one.job.gpu)
        claims.setdefault(key, []).append(one)
    return pd.DataFrame([_row(*key, them) for key, them in claims.items()])


def _row(rule: str, mem_mb: int, runtime_min: int, gpu: int, them: list[Used]) -> dict:
    memory, minutes = max(u.memory_mb for u in them), max(u.wall_s for u in them) / 60
    return {
        "rule": rule,
        "jobs": len(them),
        "GPUs": gpu,
        "MB claimed": mem_mb,
        "used": round(memory),
        "x": mem_mb / memory,
        "min claimed": runtime_min,
        "used ": minutes,
        "x ": runtime_min / minutes,
        "cores busy": max(u.cpu_s / u.wall_s for u in them),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", nargs="+", default=["exp1"], help="targets of the workflow")
    parser.add_argument("--config", nargs="*", default=[], help="as given to snakemake, key=value")
    return parser


if __name__ == "__main__":
    run(main)
