rule score_climate:
    """Climate of one ensemble beside the truth's: distributions and indices, no pairs of days."""
    input:
        ensemble="<results>/{region}/{trained_on}/ensembles/{model}/{driver}/climate.zarr",
        reference="<results>/{region}/target.zarr",
    output:
        scores="<results>/{region}/{trained_on}/climate/{model}/{driver}.csv",
        fields="<results>/{region}/{trained_on}/climate/{model}/{driver}.nc",
    log:
        "<logs>/score_climate/{region}/{trained_on}/{model}/{driver}.log",
    benchmark:
        "<benchmarks>/score_climate/{region}/{trained_on}/{model}/{driver}.tsv"
    group:
        with_its_climates
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        abreast=side_by_side(NEEDS.climate_memory_gb),
        mem=gigabytes(NEEDS.climate_memory_gb),
        runtime=minutes(NEEDS.climate_minutes),
    params:
        evaluation=EVALUATION,
        code=code_version("downbench.steps.score_climate"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.score_climate"
        " --ensemble {input.ensemble}"
        " --reference {input.reference}"
        " --evaluation {params.evaluation:q}"
        " --scores {output.scores}"
        " --fields {output.fields}"
        " > {log} 2>&1"


rule sample_pseudo_reality:
    """Truth of a synthetic climate run: its weather without faults, refined by the very law."""
    input:
        target="<results>/{region}/target.zarr",
        bundle=lambda wildcards: (f"<results>/{wildcards.region}/perfect/models/{PROJECT.oracle}"),
    output:
        ensemble=directory("<results>/{region}/pseudo-reality/{pseudo_reality}-{period}.zarr"),
    log:
        "<logs>/sample_pseudo_reality/{region}/{pseudo_reality}-{period}.log",
    benchmark:
        "<benchmarks>/sample_pseudo_reality/{region}/{pseudo_reality}-{period}.tsv"
    group:
        with_its_climates
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        abreast=side_by_side(NEEDS.climate_memory_gb),
        mem=gigabytes(NEEDS.climate_memory_gb),
        runtime=minutes(NEEDS.climate_minutes),
    params:
        region=place_of_simulation,
        sampling=verbatim(canonical(PROJECT.budget.climate)),
        seed=PROJECT.seed,
        driver=simulation,
        code=code_version(
            "downbench.steps.sample_pseudo_reality", "downbench.labs.baselines.oracle"
        ),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.sample_pseudo_reality"
        " --region {params.region:q}"
        " --sampling {params.sampling:q}"
        " --seed {params.seed}"
        " --bundle {input.bundle}"
        " --driver {params.driver}"
        " --name {wildcards.pseudo_reality}-{wildcards.period}"
        " --target {input.target}"
        " --ensemble {output.ensemble}"
        " > {log} 2>&1"


use rule score_climate as score_climate_pseudo_reality with:
    input:
        ensemble="<results>/{region}/pseudo-reality/{pseudo_reality}-{period}.zarr",
        reference="<results>/{region}/target.zarr",
    output:
        scores="<results>/{region}/pseudo-reality/climate/{pseudo_reality}-{period}.csv",
        fields="<results>/{region}/pseudo-reality/climate/{pseudo_reality}-{period}.nc",
    log:
        "<logs>/score_climate_pseudo_reality/{region}/{pseudo_reality}-{period}.log",
    benchmark:
        "<benchmarks>/score_climate_pseudo_reality/{region}/{pseudo_reality}-{period}.tsv"


rule measure_change:
    """Climate change of one model under one run, and how much of the raw signal it keeps."""
    input:
        historical=fields_of("historical"),
        future=fields_of("future"),
        raw_historical=raw_fields_of("historical"),
        raw_future=raw_fields_of("future"),
    output:
        table="<results>/{region}/{trained_on}/change/{model}/{run}.csv",
        maps="<results>/{region}/{trained_on}/change/{model}/{run}.nc",
    log:
        "<logs>/measure_change/{region}/{trained_on}/{model}/{run}.log",
    benchmark:
        "<benchmarks>/measure_change/{region}/{trained_on}/{model}/{run}.tsv"
    wildcard_constraints:
        model=one_of([*PROJECT.models, *apart()]),
    group:
        with_its_climates
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        abreast=1,
        mem=gigabytes(1),
        runtime=minutes(10),
    params:
        evaluation=EVALUATION,
        raw=raw_option,
        code=code_version("downbench.steps.measure_change"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.measure_change"
        " --historical {input.historical}"
        " --future {input.future}"
        " {params.raw}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table}"
        " --maps {output.maps}"
        " > {log} 2>&1"


rule compare_warm:
    """Skill in the warmest held-out years against other held-out years."""
    input:
        test=daily_of("test"),
        warm=daily_of("warm"),
    output:
        table="<results>/{region}/{trained_on}/warm/{experiment}.csv",
    log:
        "<logs>/compare_warm/{region}/{trained_on}/{experiment}.log",
    benchmark:
        "<benchmarks>/compare_warm/{region}/{trained_on}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=gigabytes(2),
        runtime=minutes(20),
    params:
        experiment=experiment_numbers,
        evaluation=EVALUATION,
        code=code_version("downbench.steps.compare_warm"),
        test=lambda wildcards, input: named(input.test, wildcards),
        warm=lambda wildcards, input: named(input.warm, wildcards),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.compare_warm"
        " --experiment {params.experiment:q}"
        " --test {params.test}"
        " --warm {params.warm}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table}"
        " > {log} 2>&1"


rule measure_bias_contribution:
    """What raw runs add to each model's distance from the truth's climate, and mapping corrects."""
    input:
        fields=gathered_tables(past_fields),
    output:
        table="<results>/{region}/{trained_on}/excess/{experiment}.csv",
    log:
        "<logs>/measure_bias_contribution/{region}/{trained_on}/{experiment}.log",
    benchmark:
        "<benchmarks>/measure_bias_contribution/{region}/{trained_on}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=gigabytes(2),
        runtime=minutes(20),
    params:
        runs=verbatim(canonical(PROJECT.region.climate) if PROJECT.region.climate else "{}"),
        percent=bias_removed_percent,
        evaluation=EVALUATION,
        code=code_version("downbench.steps.measure_bias_contribution"),
        fields=gathered_option("fields", past_fields),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.measure_bias_contribution"
        " --climate-runs {params.runs:q}"
        " --trained-on {wildcards.trained_on}"
        " {params.fields}"
        " --bias-removed-percent {params.percent}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table}"
        " > {log} 2>&1"


rule gather_driver_chain:
    """One table of all that is known of a transfer, each row with its place in the chain."""
    input:
        climate=gathered_tables(climates),
        change=gathered_tables(changes),
        stations=gathered_tables(tables_at_stations),
        shift=gathered_tables(shift_tables),
        excess="<results>/{region}/{trained_on}/excess/{experiment}.csv",
        warm="<results>/{region}/{trained_on}/warm/{experiment}.csv",
    output:
        table="<results>/{region}/{trained_on}/transfer/{experiment}.csv",
    log:
        "<logs>/gather_driver_chain/{region}/{trained_on}/{experiment}.log",
    benchmark:
        "<benchmarks>/gather_driver_chain/{region}/{trained_on}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=gigabytes(2),
        runtime=minutes(20),
    params:
        runs=verbatim(canonical(PROJECT.region.climate) if PROJECT.region.climate else "{}"),
        code=code_version("downbench.steps.gather_driver_chain"),
        climate=gathered_option("climate", climates),
        change=gathered_option("change", changes),
        stations=gathered_option("stations", tables_at_stations),
        shift=gathered_option("shift", shift_tables),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.gather_driver_chain"
        " --climate-runs {params.runs:q}"
        " --trained-on {wildcards.trained_on}"
        " {params.climate}"
        " {params.change}"
        " {params.stations}"
        " {params.shift}"
        " --excess {input.excess}"
        " --warm {input.warm}"
        " --table {output.table}"
        " > {log} 2>&1"
