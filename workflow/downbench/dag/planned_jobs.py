"""Jobs of some targets, from the DAG that Snakemake builds."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from downbench.core.errors import UserError
from downbench.core.execution import granted_cores
from downbench.dag.environment import planning


@dataclass(frozen=True)
class PlannedJob:
    """One job with the resources of its first attempt.

    `gpu` counts accelerators; `benchmark` is the file that the job writes its costs to; `budget`
    is the compute budget of the run; `threads` are those of a run with all cores of this machine.
    """

    rule: str
    wildcards: Mapping[str, str]
    outputs: tuple[Path, ...]
    benchmark: Path
    gpu: int
    mem_mb: int
    runtime_min: int
    budget: str = ""
    threads: int = 1


def planned_jobs(
    targets: Sequence[str], config: Mapping[str, Any], *, remaining: bool = False
) -> list[PlannedJob]:
    """Return the jobs of these targets, finished ones as well unless `remaining`.

    Parameters
    ----------
    targets
        Rules or files.
    config
        Values that replace those of `config/default.yaml`.
    remaining
        Leave out jobs whose outputs exist and are up to date.

    Raises
    ------
    UserError
        With Snakemake's message if it cannot build the DAG; if `figures` is not the only target.
    """
    from snakemake.api import SnakemakeApi
    from snakemake.exceptions import RuleException, WorkflowError
    from snakemake.settings.types import (
        ConfigSettings,
        DAGSettings,
        OutputSettings,
        Quietness,
        ResourceSettings,
    )

    with planning(targets), SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=granted_cores()),
            config_settings=ConfigSettings(config=dict(config)),
            snakefile=Path("Snakefile"),
        )
        dag = workflow.dag(DAGSettings(targets=frozenset(targets), forceall=not remaining))
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                dag.execute_workflow(executor="dryrun")
        except (RuleException, WorkflowError) as error:
            raise UserError(f"snakemake {' '.join(targets)}: {error}") from error
        jobs = workflow._workflow.dag.jobs
        if remaining:
            jobs = workflow._workflow.dag.needrun_jobs(exclude_finished=False)
        budget = workflow._workflow.globals["PROJECT"].budget_name
        return [planned(job, budget) for job in jobs if job.benchmark]


def planned(job: Any, budget: str = "") -> PlannedJob:
    """Return what is planned for a job of Snakemake in a run of a compute budget."""
    return PlannedJob(
        rule=job.rule.name,
        wildcards=dict(job.wildcards_dict),
        outputs=tuple(Path(path) for path in job.output),
        benchmark=Path(job.benchmark),
        gpu=job.resources.get("gpu", 0),
        mem_mb=job.resources.mem_mb,
        runtime_min=job.resources.runtime,
        budget=budget,
        threads=job.threads,
    )
