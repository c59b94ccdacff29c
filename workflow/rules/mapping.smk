rule fit_correction:
    """Fit one quantile map: a historical run towards the coarsened target."""
    input:
        source=series_of_correction("fitted_on"),
        reference=series_of_correction("reference"),
    output:
        fitted="<results>/{region}/corrections/{correction}.nc",
    log:
        "<logs>/fit_correction/{region}/{correction}.log",
    benchmark:
        "<benchmarks>/fit_correction/{region}/{correction}.tsv"
    wildcard_constraints:
        correction=one_of(PROJECT.region.corrections),
    group:
        with_its_correction
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        abreast=1,
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        correction=correction_options,
        start=PROJECT.region.year_start_month,
        code=code_version("downbench.steps.fit_correction"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.fit_correction"
        " --correction {params.correction:q}"
        " --year-start-month {params.start}"
        " --source {input.source}"
        " --reference {input.reference}"
        " --fitted {output.fitted}"
        " > {log} 2>&1"


rule correct_driver:
    """Correct one run of a climate model by a fitted quantile map."""
    input:
        fitted=fit_of_correction,
        series=raw_series,
    output:
        driver=directory("<results>/{region}/drivers/{driver}.zarr"),
    log:
        "<logs>/correct_driver/{region}/{driver}.log",
    benchmark:
        "<benchmarks>/correct_driver/{region}/{driver}.tsv"
    wildcard_constraints:
        driver=one_of(PROJECT.region.corrected_drivers),
    group:
        with_its_correction
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        abreast=1,
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        correction=correction_options,
        name=raw_name,
        code=code_version("downbench.steps.correct_driver"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.correct_driver"
        " --correction {params.correction:q}"
        " --fitted {input.fitted}"
        " --driver {input.series}"
        " --driver-name {params.name}"
        " --output {output.driver}"
        " > {log} 2>&1"
