rule evaluate:
    """Score one ensemble: tidy table, daily statistics, and example days for maps."""
    input:
        ensemble=paths.ENSEMBLE,
        reference=paths.TARGET,
    output:
        scores=paths.SCORES,
        daily=paths.DAILY_SCORES,
        maps=paths.EXAMPLE_DAYS,
    log:
        "<logs>/evaluate/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/evaluate/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        groups.scores
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        slots=jobs.slots(jobs.budget.scoring_memory_gb),
        mem=jobs.gigabytes(jobs.budget.scoring_memory_gb),
        runtime=jobs.minutes(jobs.budget.scoring_minutes),
    params:
        evaluation=parameters.evaluation,
        code=code_version("downbench.steps.evaluate"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.evaluate"
        " --ensemble {input.ensemble}"
        " --reference {input.reference}"
        " --evaluation {params.evaluation:q}"
        " --scores {output.scores}"
        " --daily {output.daily}"
        " --maps {output.maps}"
        " > {log} 2>&1"


rule compare:
    """Compare the models of an experiment: skill, ratio to the oracle, cost, paired intervals."""
    input:
        scores=experiments.of_each_model(paths.SCORES),
        daily=experiments.of_each_model(paths.DAILY_SCORES),
        physics=experiments.of_physics(experiments.of_each_model(paths.PHYSICS_TABLE)),
    output:
        comparison=paths.COMPARISON,
    log:
        "<logs>/compare/{region}/{trained_on}/{experiment}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/compare/{region}/{trained_on}/{experiment}/{driver}/{split}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(1),
        runtime=jobs.minutes(10),
    params:
        experiment=parameters.experiment,
        evaluation=parameters.evaluation,
        code=code_version("downbench.steps.compare"),
        scores=lambda wildcards, input: experiments.model_arguments(input.scores, wildcards),
        daily=lambda wildcards, input: experiments.model_arguments(input.daily, wildcards),
        physics=lambda wildcards, input: experiments.physics_argument(input.physics, wildcards),
        benchmarks=BENCHMARKS,
        costs=models.cost_sources,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.compare"
        " --experiment {params.experiment:q}"
        " --scores {params.scores}"
        " --daily {params.daily}"
        " {params.physics}"
        " --benchmarks {params.benchmarks}"
        " --costs {params.costs:q}"
        " --evaluation {params.evaluation:q}"
        " --comparison {output.comparison}"
        " > {log} 2>&1"
