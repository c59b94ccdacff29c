rule fit_correction:
    """Fit one quantile map: a historical run towards the coarsened target."""
    input:
        source=series_of_map("fitted_on"),
        reference=series_of_map("reference"),
    output:
        fitted="<results>/{region}/mappings/{mapping}.nc",
    log:
        "<logs>/fit_correction/{region}/{mapping}.log",
    benchmark:
        "<benchmarks>/fit_correction/{region}/{mapping}.tsv"
    wildcard_constraints:
        mapping=one_of(PROJECT.region.mappings),
    group:
        with_its_map
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        abreast=1,
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        mapping=mapping_options,
        start=PROJECT.region.year_start_month,
        code=code_version("downbench.steps.fit_correction"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.fit_correction"
        " --mapping {params.mapping:q}"
        " --year-start-month {params.start}"
        " --source {input.source}"
        " --reference {input.reference}"
        " --fitted {output.fitted}"
        " > {log} 2>&1"


rule correct_driver:
    """Correct one run of a climate model by a fitted quantile map."""
    input:
        fitted=fit_of_map,
        series=raw_series,
    output:
        driver=directory("<results>/{region}/drivers/{driver}.zarr"),
    log:
        "<logs>/correct_driver/{region}/{driver}.log",
    benchmark:
        "<benchmarks>/correct_driver/{region}/{driver}.tsv"
    wildcard_constraints:
        driver=one_of(PROJECT.region.mapped_drivers),
    group:
        with_its_map
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        abreast=1,
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        mapping=mapping_options,
        name=raw_name,
        code=code_version("downbench.steps.correct_driver"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.correct_driver"
        " --mapping {params.mapping:q}"
        " --fitted {input.fitted}"
        " --driver {input.series}"
        " --driver-name {params.name}"
        " --output {output.driver}"
        " > {log} 2>&1"
