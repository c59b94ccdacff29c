rule prepare_driver:
    """Bring one coarse input series onto the region's coarse grid."""
    input:
        target=ancient(paths.TARGET),
        sums=paths.sums(paths.TARGET),
        files=data.driver_files,
    output:
        sums=paths.sums(paths.DRIVER),
        driver=directory(paths.DRIVER),
    log:
        "<logs>/prepare_driver/{region}/{driver}.log",
    benchmark:
        "<benchmarks>/prepare_driver/{region}/{driver}.tsv"
    wildcard_constraints:
        driver=one_of(PROJECT.region.raw_drivers),
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        mem=jobs.gigabytes(3),
        runtime=jobs.minutes(10),
    params:
        region=data.inputs_of_driver,
        code=data.driver_code,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_driver"
        " --region {params.region:q}"
        " --driver {wildcards.driver:q}"
        " --target {input.target:q}"
        " --output {output.driver:q}"
        " > {log:q} 2>&1"


rule write_data_page:
    """Write the page of the region's data: checks, figures and sources of all its series."""
    input:
        target=ancient(paths.TARGET),
        drivers=ancient(data_page.drivers),
        regional_models=ancient(data_page.regional_models),
        stations=ancient(data_page.stations),
        sums=paths.sums(paths.TARGET),
        driver_sums=sums_of(data_page.drivers),
        run_sums=sums_of(data_page.regional_models),
        station_sums=data_page.station_sums,
        files=data_page.files,
    output:
        report=report(paths.DATA_PAGE, category="Pages", labels={"page": "data"}),
    log:
        "<logs>/write_data_page/{region}.log",
    benchmark:
        "<benchmarks>/write_data_page/{region}.tsv"
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(30),
    params:
        region=literal(data_page.region),
        datasets=literal(data_page.datasets),
        series=data_page.series_arguments,
        code=code_version("downbench.steps.write_data_page", wording=True),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.write_data_page"
        " --region {params.region:q}"
        " --datasets {params.datasets:q}"
        " --target {input.target:q}"
        " {params.series}"
        " --report {output.report:q}"
        " > {log:q} 2>&1"


rule fit_transforms:
    """Fit the statistics of the normalised space on the training years."""
    input:
        target=ancient(paths.TARGET),
        driver=ancient(paths.TRAINING_DRIVER),
        sums=paths.sums(paths.TARGET, paths.TRAINING_DRIVER),
    output:
        transforms=paths.TRANSFORMS,
    log:
        "<logs>/fit_transforms/{region}/{trained_on}.log",
    benchmark:
        "<benchmarks>/fit_transforms/{region}/{trained_on}.tsv"
    localrule: True
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        region=data.section,
        code=code_version("downbench.steps.fit_transforms"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.fit_transforms"
        " --region {params.region:q}"
        " --target {input.target:q}"
        " --driver {input.driver:q}"
        " --transforms {output.transforms:q}"
        " > {log:q} 2>&1"
