rule score_climate:
    """Compare the climate of one ensemble with the reference: no pairs of days."""
    input:
        ensemble=ancient(paths.fill(paths.ENSEMBLE, split=CLIMATE)),
        reference=ancient(paths.TARGET),
        sums=paths.sums(paths.fill(paths.ENSEMBLE, split=CLIMATE), paths.TARGET),
    output:
        scores=paths.CLIMATE_TABLE,
        fields=paths.CLIMATE_FIELDS,
    log:
        "<logs>/score_climate/{region}/{trained_on}/{model}/{driver}.log",
    benchmark:
        "<benchmarks>/score_climate/{region}/{trained_on}/{model}/{driver}.tsv"
    group:
        groups.climates
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        slots=jobs.slots(jobs.budget.climate_memory_gb),
        mem=jobs.gigabytes(jobs.budget.climate_memory_gb),
        runtime=jobs.minutes(jobs.budget.climate_minutes),
    params:
        evaluation=parameters.evaluation,
        code=code_version("downbench.steps.score_climate"),
        expected=expected.ensemble,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.score_climate"
        " --ensemble {input.ensemble:q}"
        " --expected {params.expected:q}"
        " --reference {input.reference:q}"
        " --evaluation {params.evaluation:q}"
        " --scores {output.scores:q}"
        " --fields {output.fields:q}"
        " > {log:q} 2>&1"


rule sample_pseudo_reality:
    """Sample the known truth of a synthetic GCM run: its weather without biases."""
    input:
        target=ancient(paths.TARGET),
        bundle=ancient(paths.fill(paths.BUNDLE, trained_on=PERFECT, model=PROJECT.oracle)),
        sums=paths.sums(
            paths.TARGET, paths.fill(paths.BUNDLE, trained_on=PERFECT, model=PROJECT.oracle)
        ),
    output:
        sums=paths.sums(paths.PSEUDO_REALITY_RUN),
        ensemble=directory(paths.PSEUDO_REALITY_RUN),
    log:
        "<logs>/sample_pseudo_reality/{region}/{pseudo_reality}-{period}.log",
    benchmark:
        "<benchmarks>/sample_pseudo_reality/{region}/{pseudo_reality}-{period}.tsv"
    group:
        groups.climates
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        slots=jobs.slots(jobs.budget.climate_memory_gb),
        mem=jobs.gigabytes(jobs.budget.climate_memory_gb),
        runtime=jobs.minutes(jobs.budget.climate_minutes),
    params:
        region=lambda wildcards: data.inputs_with(climate_runs.simulation(wildcards)),
        sampling=parameters.climate_sampling,
        seed=PROJECT.seed,
        driver=climate_runs.simulation,
        expected=expected.oracle,
        code=code_version(
            "downbench.steps.sample_pseudo_reality", "downbench.labs.baselines.oracle"
        ),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.sample_pseudo_reality"
        " --region {params.region:q}"
        " --sampling {params.sampling:q}"
        " --seed {params.seed}"
        " --bundle {input.bundle:q}"
        " --expected {params.expected:q}"
        " --driver {params.driver:q}"
        " --name {wildcards.pseudo_reality:q}-{wildcards.period:q}"
        " --target {input.target:q}"
        " --ensemble {output.ensemble:q}"
        " > {log:q} 2>&1"


use rule score_climate as score_climate_pseudo_reality with:
    input:
        ensemble=ancient(paths.PSEUDO_REALITY_RUN),
        reference=ancient(paths.TARGET),
        sums=paths.sums(paths.PSEUDO_REALITY_RUN, paths.TARGET),
    output:
        scores=paths.fill(paths.EXTERNAL_TABLE, kind="pseudo-reality", run="{pseudo_reality}"),
        fields=paths.fill(paths.EXTERNAL_FIELDS, kind="pseudo-reality", run="{pseudo_reality}"),
    log:
        "<logs>/score_climate_pseudo_reality/{region}/{pseudo_reality}-{period}.log",
    benchmark:
        "<benchmarks>/score_climate_pseudo_reality/{region}/{pseudo_reality}-{period}.tsv"
    params:
        expected=expected.pseudo_reality,


rule measure_change:
    """Measure the climate change of one model under one run, and the preserved raw signal."""
    input:
        historical=climate_runs.fields("historical"),
        future=climate_runs.fields("future"),
        raw_historical=climate_runs.raw_fields("historical"),
        raw_future=climate_runs.raw_fields("future"),
    output:
        table=paths.CHANGE_TABLE,
        maps=paths.CHANGE_MAPS,
    log:
        "<logs>/measure_change/{region}/{trained_on}/{model}/{run}.log",
    benchmark:
        "<benchmarks>/measure_change/{region}/{trained_on}/{model}/{run}.tsv"
    wildcard_constraints:
        model=one_of([*PROJECT.models, *climate_runs.external]),
    group:
        groups.climates
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        slots=1,
        mem=jobs.gigabytes(1),
        runtime=jobs.minutes(10),
    params:
        evaluation=parameters.evaluation,
        raw=climate_runs.raw_arguments,
        code=code_version("downbench.steps.measure_change"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.measure_change"
        " --historical {input.historical:q}"
        " --future {input.future:q}"
        " {params.raw}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table:q}"
        " --maps {output.maps:q}"
        " > {log:q} 2>&1"


rule compare_warm:
    """Compare skill in the warmest held-out years with that in other held-out years."""
    input:
        test=experiments.daily_scores("test"),
        warm=experiments.daily_scores("warm"),
    output:
        table=paths.WARM_YEARS,
    log:
        "<logs>/compare_warm/{region}/{trained_on}/{experiment}.log",
    benchmark:
        "<benchmarks>/compare_warm/{region}/{trained_on}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(20),
    params:
        experiment=parameters.experiment,
        evaluation=parameters.evaluation,
        code=code_version("downbench.steps.compare_warm"),
        expected=expected.daily,
        test=lambda wildcards, input: experiments.model_arguments(input.test, wildcards),
        warm=lambda wildcards, input: experiments.model_arguments(input.warm, wildcards),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.compare_warm"
        " --experiment {params.experiment:q}"
        " --test {params.test:q}"
        " --warm {params.warm:q}"
        " --expected {params.expected:q}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table:q}"
        " > {log:q} 2>&1"


rule measure_bias_contribution:
    """Measure the error that GCM biases add to each model, and the part that is corrected."""
    input:
        fields=climate_runs.gathered(climate_runs.historical_fields),
    output:
        table=paths.BIAS_CONTRIBUTION,
    log:
        "<logs>/measure_bias_contribution/{region}/{trained_on}/{experiment}.log",
    benchmark:
        "<benchmarks>/measure_bias_contribution/{region}/{trained_on}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(20),
    params:
        runs=data.climate,
        percent=climate_runs.bias_removed_percent,
        evaluation=parameters.evaluation,
        code=code_version("downbench.steps.measure_bias_contribution"),
        fields=climate_runs.gathered_arguments("fields", climate_runs.historical_fields),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.measure_bias_contribution"
        " --climate-runs {params.runs:q}"
        " --trained-on {wildcards.trained_on:q}"
        " {params.fields}"
        " --bias-removed-percent {params.percent}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table:q}"
        " > {log:q} 2>&1"


rule gather_driver_chain:
    """Gather all tables on climate models in one; each row has its place in the driver chain."""
    input:
        climate=climate_runs.gathered(climate_runs.climates),
        change=climate_runs.gathered(climate_runs.changes),
        stations=climate_runs.gathered(station_scores.tables),
        shift=climate_runs.gathered(climate_runs.shifts),
        bias_contribution=paths.BIAS_CONTRIBUTION,
        warm=paths.WARM_YEARS,
    output:
        table=paths.DRIVER_CHAIN,
    log:
        "<logs>/gather_driver_chain/{region}/{trained_on}/{experiment}.log",
    benchmark:
        "<benchmarks>/gather_driver_chain/{region}/{trained_on}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(20),
    params:
        runs=data.climate,
        code=code_version("downbench.steps.gather_driver_chain"),
        climate=climate_runs.gathered_arguments("climate", climate_runs.climates),
        change=climate_runs.gathered_arguments("change", climate_runs.changes),
        stations=climate_runs.gathered_arguments("stations", station_scores.tables),
        shift=climate_runs.gathered_arguments("shift", climate_runs.shifts),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.gather_driver_chain"
        " --climate-runs {params.runs:q}"
        " --trained-on {wildcards.trained_on:q}"
        " {params.climate}"
        " {params.change}"
        " {params.stations}"
        " {params.shift}"
        " --bias-contribution {input.bias_contribution:q}"
        " --warm {input.warm:q}"
        " --table {output.table:q}"
        " > {log:q} 2>&1"
