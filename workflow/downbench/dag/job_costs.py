"""What jobs took, from the benchmark files of earlier runs."""

import csv
import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from downbench.dag.planned_jobs import PlannedJob
from downbench.dag.reference_costs import ANOTHER_MACHINE, REGION, reference_cost


@dataclass(frozen=True)
class JobCost:
    """Wall time [s], time of all cores [s], peak memory [MB] and files [MB] of a job.

    Snakemake samples every half second at first and later every half minute, so the peak of a
    short job can be missed.
    """

    wall_s: float
    core_s: float
    memory_mb: float
    stored_mb: float


def measured(job: PlannedJob) -> JobCost | None:
    """Return the highest cost of the runs of a job, or None if it has not run."""
    return _cost([job.benchmark], job.outputs, max) if job.benchmark.is_file() else None


def expected(job: PlannedJob) -> tuple[JobCost | None, str]:
    """Return the cost of a job, and the region that it was measured in.

    The median of the same rule (and model) stands for a job that has not run: of the job's own
    region, else of any region. A first job of the embedded region costs what it did on another
    machine.
    """
    region = job.wildcards["region"]
    benchmarks = _benchmarks(job)
    regions = {_region(path, job.rule): path for path in benchmarks}
    source = region if region in regions else min(regions, default="")
    if not source:
        return _elsewhere(job)
    files = [path for path in benchmarks if _region(path, job.rule) == source]
    return _cost(files, _outputs(job, source), statistics.median), source


def _elsewhere(job: PlannedJob) -> tuple[JobCost | None, str]:
    """Return the cost of a job that has run on another machine alone; its threads share it."""
    reference = reference_cost(job.budget, job.rule, job.wildcards.get("model", ""))
    if reference is None or job.wildcards["region"] != REGION:
        return None, ""
    core_s, memory_mb, stored_mb = reference
    return JobCost(core_s / job.threads, core_s, memory_mb, stored_mb), ANOTHER_MACHINE


def minutes(costs: Sequence[JobCost], cores: int) -> float:
    """Return the time of jobs that fill the cores, but not less than that of the longest [min].

    A job keeps at least one core busy, also while it waits for files.
    """
    busy_s = sum(max(cost.core_s, cost.wall_s) for cost in costs)
    return max(busy_s / cores, *(cost.wall_s for cost in costs)) / 60


def _benchmarks(job: PlannedJob) -> list[Path]:
    """Benchmark files of the same rule, and of the same model if the rule has one."""
    folder = next(parent for parent in job.benchmark.parents if parent.name == job.rule)
    model = job.wildcards.get("model")
    files = sorted(folder.rglob("*.tsv"))
    return [path for path in files if model in (None, path.stem, *path.parts)]


def _region(benchmark: Path, rule: str) -> str:
    """The region of a benchmark file: the folder, or the file, below that of the rule."""
    parts = benchmark.with_suffix("").parts
    return parts[parts.index(rule) + 1]


def _outputs(job: PlannedJob, region: str) -> list[Path]:
    """Where a job of another region has its outputs."""
    planned = job.wildcards["region"]
    return [
        Path(*(region if part == planned else part for part in path.parts)) for path in job.outputs
    ]


def _cost(
    files: Sequence[Path], outputs: Iterable[Path], over: Callable[[list[float]], float]
) -> JobCost:
    rows = [row for path in files for row in csv.DictReader(path.open(), delimiter="\t")]
    values = {
        column: [float(row[column]) for row in rows if _is_number(row.get(column))]
        for column in ("s", "cpu_time", "max_rss")
    }
    wall, core, memory = (over(numbers) if numbers else 0.0 for numbers in values.values())
    return JobCost(wall, core, memory, sum(map(_bytes, outputs)) / 1e6)


def _is_number(text: str | None) -> bool:
    """Whether Snakemake measured something; it writes NA or - for a job that was too short.

    A line that was cut off has None in its last columns.
    """
    try:
        return math.isfinite(float(text))
    except (TypeError, ValueError):
        return False


def _bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
