rule fit_correction:
    """Fit one bias correction: quantiles of a historical run and of the coarsened target."""
    input:
        source=ancient(corrections.series("fitted_on")),
        reference=ancient(corrections.series("reference")),
        sums_of_source=sums_of(corrections.series("fitted_on")),
        sums_of_reference=sums_of(corrections.series("reference")),
    output:
        fitted=paths.CORRECTION,
    log:
        "<logs>/fit_correction/{region}/{correction}.log",
    benchmark:
        "<benchmarks>/fit_correction/{region}/{correction}.tsv"
    wildcard_constraints:
        correction=one_of(PROJECT.region.corrections),
    group:
        corrections.group
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        slots=1,
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        correction=corrections.section,
        start=PROJECT.region.year_start_month,
        code=code_version("downbench.steps.fit_correction"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.fit_correction"
        " --correction {params.correction:q}"
        " --year-start-month {params.start}"
        " --source {input.source:q}"
        " --reference {input.reference:q}"
        " --fitted {output.fitted:q}"
        " > {log:q} 2>&1"


rule correct_driver:
    """Apply a fitted bias correction to one run of a climate model."""
    input:
        fitted=corrections.fitted,
        series=ancient(corrections.raw_series),
        sums=sums_of(corrections.raw_series),
    output:
        sums=paths.sums(paths.DRIVER),
        driver=directory(paths.DRIVER),
    log:
        "<logs>/correct_driver/{region}/{driver}.log",
    benchmark:
        "<benchmarks>/correct_driver/{region}/{driver}.tsv"
    wildcard_constraints:
        driver=one_of(PROJECT.region.corrected_drivers),
    group:
        corrections.group
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        slots=1,
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        correction=corrections.section,
        name=corrections.raw_name,
        code=code_version("downbench.steps.correct_driver"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.correct_driver"
        " --correction {params.correction:q}"
        " --fitted {input.fitted:q}"
        " --driver {input.series:q}"
        " --driver-name {params.name:q}"
        " --output {output.driver:q}"
        " > {log:q} 2>&1"
