rule evaluate:
    """Score one ensemble: the tidy table, daily statistics, and the two days for the maps."""
    input:
        ensemble="<results>/{region}/{trained_on}/ensembles/{model}/{driver}/{split}.zarr",
        reference="<results>/{region}/target.zarr",
    output:
        scores="<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}.csv",
        daily="<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-daily.nc",
        maps="<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-maps.nc",
    log:
        "<logs>/evaluate/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/evaluate/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        with_its_scores
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        abreast=side_by_side(NEEDS.scoring_memory_gb),
        mem=gigabytes(NEEDS.scoring_memory_gb),
        runtime=minutes(NEEDS.scoring_minutes),
    params:
        evaluation=EVALUATION,
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
    """Skill, ratio to the oracle and cost of all models of an experiment, with paired intervals."""
    input:
        scores=per_model("<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}.csv"),
        daily=per_model("<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-daily.nc"),
        physics=with_laws(
            per_model(
                "<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-physics.csv"
            )
        ),
    output:
        comparison="<results>/{region}/{trained_on}/comparison/{experiment}/{driver}/{split}.csv",
    log:
        "<logs>/compare/{region}/{trained_on}/{experiment}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/compare/{region}/{trained_on}/{experiment}/{driver}/{split}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=gigabytes(1),
        runtime=minutes(10),
    params:
        experiment=experiment_numbers,
        evaluation=EVALUATION,
        code=code_version("downbench.steps.compare"),
        scores=lambda wildcards, input: named(input.scores, wildcards),
        daily=lambda wildcards, input: named(input.daily, wildcards),
        physics=lambda wildcards, input: law_option(named(input.physics, wildcards)),
        benchmarks=BENCHMARKS,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.compare"
        " --experiment {params.experiment:q}"
        " --scores {params.scores}"
        " --daily {params.daily}"
        " {params.physics}"
        " --benchmarks {params.benchmarks}"
        " --evaluation {params.evaluation:q}"
        " --comparison {output.comparison}"
        " > {log} 2>&1"
