"""Where a run has its jobs, and the environment that they inherit. No result depends on it."""

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from downbench.core import execution
from downbench.core.config.loading import Project
from downbench.core.errors import UserError
from downbench.dag import command_line, short_commands, stale_runs
from downbench.dag.models import chained_rules

Workflow = Any
"""Snakemake's workflow, whose class cannot be imported on its own."""

CLUSTER_CORES = 8
PLANNED: ContextVar[frozenset[str]] = ContextVar("PLANNED", default=frozenset())
"""Targets that this program plans, without being Snakemake."""
VARIABLES = {
    # glibc returns arrays of megabytes at once, only to fetch them again a moment later: an
    # eighth of the time of sampling.
    "MALLOC_MMAP_THRESHOLD_": str(2**26),
    "MALLOC_TRIM_THRESHOLD_": str(2**29),
    # Passive waiting avoids a fivefold slowdown when jobs share cores and costs nothing otherwise.
    "OMP_WAIT_POLICY": "PASSIVE",
}


def prepare(workflow: Workflow, project: Project) -> None:
    """Set the cores of a run and the environment of its jobs, and reserve its folder.

    Raises
    ------
    UserError
        If Snakemake would read the command line otherwise than it looks, if another run is at
        work in the folder, or if a killed run left its lock there.
    """
    _use_all_cores(workflow)
    short_commands.shorten()
    for name, value in VARIABLES.items():  # what the user has set remains
        os.environ.setdefault(name, value)
    execution.announce(project.dask)
    if workflow.is_main_process:
        _report_left_out(project)
        jobs = execution.CLUSTER if _on_cluster(workflow) else execution.HERE
        os.environ[execution.JOBS] = jobs
        if stale_runs.is_snakemake():
            command_line.check(sys.argv[1:], chained_rules(project))
            if command_line.takes_a_lock(sys.argv[1:]):
                stale_runs.reserve(Path.cwd(), Path(project.results_dir), jobs)


def _report_left_out(project: Project) -> None:
    """Print the ensembles made elsewhere that have not what an experiment scores."""
    for name in project.experiments:
        view = project.view(name, *project.region.trained_on)
        for model, reason in view.left_out.items():
            print(f"{name} leaves out {model}: {reason}", file=sys.stderr)


def local_cores(workflow: Workflow) -> int | None:
    """Return the cores of a run on one machine."""
    return None if _on_cluster(workflow) else workflow.resource_settings.cores


def network_cores(workflow: Workflow) -> int:
    """Return the cores that networks share.

    A job on a cluster evaluates its threads again, and has to come to the same number.
    """
    on_cluster = _on_cluster(workflow) or not workflow.is_main_process
    return CLUSTER_CORES if on_cluster else workflow.resource_settings.cores


def targets() -> frozenset[str]:
    """Return the targets of this call of Snakemake, or of a plan; none within another program.

    Snakemake sets `workflow.dag_settings` only after it has read the Snakefile.
    """
    if not stale_runs.is_snakemake():
        return PLANNED.get()
    options = command_line.options_of(sys.argv[1:])
    return frozenset(options.targets if options else ())


@contextmanager
def planning(targets: Collection[str]) -> Iterator[None]:
    """Let `targets` return these while this program reads the Snakefile.

    Raises
    ------
    UserError
        If `figures` is given with other targets.
    """
    if problems := list(command_line.figures_beside(targets)):
        raise UserError("\n".join(problems))
    token = PLANNED.set(frozenset(targets))
    try:
        yield
    finally:
        PLANNED.reset(token)


def _on_cluster(workflow: Workflow) -> bool:
    return workflow.resource_settings.nodes is not None


def _use_all_cores(workflow: Workflow) -> None:
    """Plain `snakemake TARGET` takes all granted cores, as profiles/local does."""
    settings = workflow.resource_settings
    if settings.cores is None and settings.nodes is None:
        settings.cores = workflow.global_resources["_cores"] = execution.granted_cores()
