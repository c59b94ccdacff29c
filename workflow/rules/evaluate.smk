rule sample_reference:
    """Sample other outcomes of the scored days, from the known distribution of the target."""
    input:
        target=ancient(paths.TARGET),
        driver=ancient(paths.fill(paths.DRIVER, driver=PERFECT)),
        sums=paths.sums(paths.TARGET, paths.fill(paths.DRIVER, driver=PERFECT)),
    output:
        sums=paths.sums(paths.REDRAWS),
        redraws=directory(paths.REDRAWS),
    log:
        "<logs>/sample_reference/{region}/{split}.log",
    benchmark:
        "<benchmarks>/sample_reference/{region}/{split}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        slots=1,
        mem=jobs.gigabytes(4),
        runtime=jobs.minutes(20),
    params:
        region=data.section,
        model=redraws.oracle,
        sampling=redraws.sampling,
        seed=PROJECT.seed,
        code=redraws.code,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.sample_reference"
        " --region {params.region:q}"
        " --model {params.model:q}"
        " --sampling {params.sampling:q}"
        " --seed {params.seed}"
        " --split {wildcards.split:q}"
        " --target {input.target:q}"
        " --driver {input.driver:q}"
        " --redraws {output.redraws:q}"
        " > {log:q} 2>&1"


rule score_density:
    """Evaluate the exact log density of the target under a model that has one."""
    input:
        bundle=ancient(paths.BUNDLE),
        target=ancient(paths.TARGET),
        driver=ancient(paths.DRIVER),
        sums=paths.sums(paths.BUNDLE, paths.TARGET, paths.DRIVER),
    output:
        density=paths.LOG_DENSITY,
    log:
        "<logs>/score_density/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/score_density/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        groups.scores
    conda:
        "../../envs/train.yaml"
    threads: jobs.half_of_cores_if(models.samples)
    resources:
        slots=jobs.slots(jobs.budget.sampling_memory_gb),
        mem=jobs.gigabytes(jobs.of_network(models.samples, jobs.budget.sampling_memory_gb, 2)),
        runtime=jobs.minutes(jobs.of_network(models.samples, jobs.budget.sampling_minutes, 20)),
    params:
        region=data.section,
        sampling=models.sampling,
        seed=PROJECT.seed,
        code=models.code("downbench.steps.score_density"),
        expected=expected.bundle,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.score_density"
        " --region {params.region:q}"
        " --sampling {params.sampling:q}"
        " --seed {params.seed}"
        " --bundle {input.bundle:q}"
        " --model-name {wildcards.model:q}"
        " --expected {params.expected:q}"
        " --target {input.target:q}"
        " --driver {input.driver:q}"
        " --driver-name {wildcards.driver:q}"
        " --split {wildcards.split:q}"
        " --log-density {output.density:q}"
        " > {log:q} 2>&1"


rule evaluate:
    """Score one ensemble: tidy table, daily statistics, and example days for maps."""
    input:
        ensemble=ancient(paths.ENSEMBLE),
        reference=ancient(paths.TARGET),
        redraws=ancient(redraws.store),
        sums=paths.sums(paths.ENSEMBLE, paths.TARGET),
        sums_of_redraws=sums_of(redraws.store),
        density=densities.file,
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
        expected=expected.ensemble,
        redraws=redraws.argument,
        density=densities.argument,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.evaluate"
        " --ensemble {input.ensemble:q}"
        " --expected {params.expected:q}"
        " --reference {input.reference:q}"
        " {params.redraws}"
        " {params.density}"
        " --evaluation {params.evaluation:q}"
        " --scores {output.scores:q}"
        " --daily {output.daily:q}"
        " --maps {output.maps:q}"
        " > {log:q} 2>&1"


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
        expected=expected.daily,
        scores=lambda wildcards, input: experiments.model_arguments(input.scores, wildcards),
        daily=lambda wildcards, input: experiments.model_arguments(input.daily, wildcards),
        physics=lambda wildcards, input: experiments.physics_argument(input.physics, wildcards),
        benchmarks=BENCHMARKS,
        costs=models.cost_sources,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.compare"
        " --experiment {params.experiment:q}"
        " --scores {params.scores:q}"
        " --daily {params.daily:q}"
        " --expected {params.expected:q}"
        " {params.physics}"
        " --benchmarks {params.benchmarks:q}"
        " --costs {params.costs:q}"
        " --evaluation {params.evaluation:q}"
        " --comparison {output.comparison:q}"
        " > {log:q} 2>&1"
