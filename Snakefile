"""Entry point: check the configuration, include the rules, name the targets."""

from snakemake.utils import min_version

min_version("9.20")


include: "workflow/rules/common.smk"


# Steps of one group run side by side in the slots of their job; the profile sets how many.
resource_scopes:
    slots="local",


pathvars:
    results=PROJECT.results_dir,
    downloads=PROJECT.download_dir,
    logs=LOGS,
    benchmarks=BENCHMARKS,


wildcard_constraints:
    region=one_of([PROJECT.region.name]),
    trained_on=one_of(PROJECT.region.drivers),
    driver=one_of(PROJECT.region.drivers),
    model=one_of(PROJECT.models),
    split=one_of([*SPLITS, CLIMATE]),
    experiment=one_of(PROJECT.experiments),
    rcm=one_of(PROJECT.region.rcms),
    pseudo_reality=one_of(climate_runs.pseudo_reality),
    period=one_of(PERIODS),
    figure=one_of(figure_modules.known()),


rule all:
    """Every experiment."""
    input:
        experiments.pages(),
    localrule: True


# `snakemake figures` shows the scores that exist: it has no rule that could compute others.
if not DRAWS_ONLY:

    include: "workflow/rules/download.smk"
    include: "workflow/rules/data.smk"
    include: "workflow/rules/drivers.smk"
    include: "workflow/rules/corrections.smk"
    include: "workflow/rules/labs.smk"
    include: "workflow/rules/exchange.smk"
    include: "workflow/rules/evaluate.smk"
    include: "workflow/rules/physics.smk"
    include: "workflow/rules/transfer.smk"
    include: "workflow/rules/stations.smk"
    include: "workflow/rules/shift.smk"


include: "workflow/rules/figures.smk"
include: "workflow/rules/targets.smk"


onstart:
    run_messages.show(run_messages.trainings(workflow.dag.needrun_jobs()))
    run_messages.show(
        remaining_time.start_lines(workflow.dag, LOCAL_CORES, PROJECT.budget_name)
    )


onsuccess:
    run_messages.show(run_messages.results(workflow.dag.jobs))


onerror:
    run_messages.show(run_messages.failures(workflow.scheduler.failed))
    run_messages.show(
        run_messages.pages_after_failure(workflow.dag.jobs, workflow.dag.needrun_jobs())
    )
